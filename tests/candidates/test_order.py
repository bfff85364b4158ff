"""In which order the law lists those who stand."""

import pytest
from django.urls import reverse

from candidates.models import Candidacy, Flag
from candidates.order import in_order, order_of, order_words
from tests.candidates.listing import enter_votes, go_by, stand
from tests.cast import NOW
from villages.models import Election, Mode

pytestmark = pytest.mark.django_db


def rename(rows, *names) -> None:
    for row, name in zip(rows, names, strict=True):
        row.person.name = name
        row.person.save()


def names(rows, order) -> list[str]:
    return [one.person.name for one in in_order(rows, order)]


def test_by_supporters_where_no_vote_was_held(county):
    rows = stand(county, {"chair": 4})
    rename(rows, "魏一", "李二", "张三", "毛五")
    for row, count in zip(rows, (22, 22, 30, None), strict=True):
        row.supporters = count

    assert names(rows, "votes") == ["张三", "李二", "魏一", "毛五"]


def test_votes_go_before_supporters(county):
    """Zhejiang art. 18: by votes received; of equal ones the surname's strokes, not who had signed."""
    rows = stand(county, {"chair": 4})
    rename(rows, "魏一", "李二", "张三", "毛五")
    for row, count, supporters in zip(rows, (22, 22, 30, None), (90, 10, 5, 99), strict=True):
        row.votes, row.supporters = count, supporters

    assert names(rows, "votes") == ["张三", "李二", "魏一", "毛五"]


def test_votes_of_one_post_say_nothing_of_another(county):
    rows = stand(county, {"chair": 2, "member": 2})
    rename(rows, "魏一", "李二", "张三", "毛五")
    rows[0].votes = 5
    rows[2].supporters, rows[3].supporters = 3, 8

    assert [one.person.name for one in in_order(rows, "votes") if one.post == "member"] == ["毛五", "张三"]


def test_by_strokes_compound_surnames_too(county):
    """Zhejiang art. 20: 姓名笔画; 欧阳 counts as one surname."""
    rows = stand(county, {"chair": 5})
    rename(rows, "魏一", "欧阳一", "丁一", "欧一", "赵一")

    assert names(rows, "surname_strokes") == ["丁一", "欧一", "欧阳一", "赵一", "魏一"]


def test_as_entered_where_the_law_is_silent(county):
    rows = stand(county, {"chair": 3})

    assert in_order(reversed(rows), None) == rows
    assert in_order([], None) == []


@pytest.mark.parametrize(
    ("procedure", "mode", "order"),
    [
        ("zhejiang-2020", Mode.NOMINATED, "votes"),
        ("zhejiang-2020", Mode.SELF_NOMINATED, "surname_strokes"),
        ("beijing-2012", Mode.NOMINATED, "votes"),
        ("shanghai-2020", Mode.NOMINATED, "votes"),
        ("national-2018", Mode.NOMINATED, None),
        ("zhejiang-2020", Mode.TWO_RECOMMENDATIONS, None),
    ],
)
def test_order_of(county, procedure, mode, order):
    go_by(county, procedure)
    county.election.mode = mode

    assert order_of(county.election) == order


def test_order_in_words():
    assert order_words("votes") == "以提名人数多少为序，人数相同的以姓名笔画为序"
    assert order_words("votes", voted=True) == "以提名（预选）得票多少为序，得票相同的以姓名笔画为序"
    assert order_words("surname_strokes", voted=True) == "以姓名笔画为序"
    assert order_words(None) == "以登记先后为序"


def test_the_preliminary_list_stands_in_the_lawful_order(official, county):
    rows = stand(county, {"chair": 3})
    enter_votes(county, dict(zip(rows, (20, 90, 50), strict=True)))
    Flag.objects.create(candidacy=rows[2], kind="late_reply", opened_at=NOW)
    Candidacy.objects.filter(pk=rows[2].pk).update(frozen_at=NOW)
    rows[0].nominations.create(post="member", how="party", nominated_on="2026-11-30", recorded_at=NOW)

    page = official.get(reverse("candidates:candidate_list", args=[county.election.pk])).content.decode()

    table = page[page.index("<tbody>") :]
    assert table.index(rows[1].person.name) < table.index(rows[2].person.name)
    assert table.index(rows[2].person.name) < table.index(rows[0].person.name)
    assert "以提名（预选）得票多少为序" in page
    assert "已冻结" in table
    assert "未选定职务" in table
    assert "正式候选人名单还没有确定" in page


def test_who_no_longer_stands_comes_last_and_is_not_counted(official, county):
    rows = stand(county, {"chair": 3})
    enter_votes(county, dict(zip(rows, (20, 90, 50), strict=True)))
    Candidacy.objects.filter(pk=rows[1].pk).update(state="declined")

    page = official.get(reverse("candidates:candidate_list", args=[county.election.pk])).content.decode()

    table = page[page.index("<tbody>") :]
    assert "应选1人，候选人2人" in table
    assert table.index(rows[0].person.name) < table.index(rows[1].person.name)
    assert Election.objects.get(pk=county.election.pk).candidacies.count() == 3
