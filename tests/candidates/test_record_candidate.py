"""Entering a candidate: what is taken, what is refused and how it is said, who stands twice."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidacy, Person
from tests.candidates.conftest import POSTED, make_candidate, make_id_number
from tests.cast import NOW, SEATS
from villages.actions.terms import set_election_day
from villages.models import Election

pytestmark = pytest.mark.django_db

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def number_ending_in_x() -> str:
    return next(number for order in range(1, 999, 2) if (number := make_id_number(order=order)).endswith("X"))


def text(response) -> str:
    return response.content.decode()


def record_url(county) -> str:
    return reverse("candidates:record_candidate", args=[county.election.pk])


def list_url(county) -> str:
    return reverse("candidates:candidate_list", args=[county.election.pk])


def page_url(candidacy, name="candidate") -> str:
    return reverse(f"candidates:{name}", args=[candidacy.pk])


# --- recording ----------------------------------------------------------------
def test_record_candidate(official, county):
    assert "妇女委员" in text(official.get(record_url(county)))

    response = official.post(record_url(county), POSTED)

    candidacy = Candidacy.objects.select_related("person").get()
    assert response.url == page_url(candidacy)
    assert candidacy.person.id_number == POSTED["id_number"]
    assert candidacy.standing == {"registered_voter": True, "deprived_of_political_rights": False}
    assert (candidacy.verdict, candidacy.state) == ("not_established", "preliminary")
    assert "候选人已登记" in text(official.get(response.url))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (make_id_number().translate(FULL_WIDTH), make_id_number()),
        (
            "  " + make_id_number()[:6] + " " + make_id_number()[6:14] + "　" + make_id_number()[14:],
            make_id_number(),
        ),
        (number_ending_in_x().lower(), number_ending_in_x()),
        (number_ending_in_x().translate(FULL_WIDTH), number_ending_in_x()),
        # A county whose code is in no list of today.
        (make_id_number(prefix="330682"), make_id_number(prefix="330682")),
        ("", ""),
    ],
)
def test_id_numbers_accepted(official, county, typed, kept):
    official.post(record_url(county), POSTED | {"id_number": typed})

    assert Person.objects.get().id_number == kept


BAD = [
    ("name", "", "请填写“姓名”"),
    ("name", "王😀", "表情符号"),
    ("name", "王5", "不能含数字"),
    ("name", "王" * 41, "最多40个字，现有41个字"),
    ("sex", "other", "“性别”没有这个选项"),
    ("born", "2026-12-02", "日期还没有到"),
    ("born", "1899-12-31", "早于1900年"),
    ("born", "1980-02-30", "“出生日期”不是有效的日期"),
    ("born", "", "请填写“出生日期”"),
    ("born", "1981-05-01", "号码中的出生日期是1980年5月1日，与填写的出生日期1981年5月1日不一致"),
    ("sex", "female", "号码中的性别是“男”，与选择的性别“女”不一致"),
    ("id_number", make_id_number()[:17], "现为17位"),
    ("id_number", "3306041980050101a1", "前17位是数字"),
    ("id_number", "330604198002300110", "不是有效的出生日期"),
    ("id_number", make_id_number()[:-1] + ("1" if make_id_number()[-1] != "1" else "2"), "校验码"),
    ("id_number", "3" * 61, "最多60个字"),
    ("ethnicity", "😀", "表情符号"),
    ("ethnicity", "汉" * 21, "最多20个字"),
    ("party_member", "", "请选择“中共党员”"),
    ("post", "mayor", "“竞选职务”没有这个选项"),
    ("post", "", "请选择“竞选职务”"),
    ("post", "women", "妇女委员只能由女性竞选"),
    ("how", "appointed", "“产生方式”没有这个选项"),
    ("nominated_on", "2026-12-02", "日期还没有到"),
    ("nominated_on", "1979-01-01", "提名日期早于出生日期"),
    ("supporters", "-1", "“提名人数”不能是负数"),
    ("supporters", "", "村民联名提名的，请填写提名人数"),
    ("supporters", "0", "村民联名提名的，请填写提名人数"),
    ("supporters", "三十", "“提名人数”应是整数"),
    ("supporters", "9" * 30, "“提名人数”过大"),
    ("registered_voter", "", "请选择“是否为本村登记选民”"),
    ("deprived_of_political_rights", "unknown", "没有这个选项"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), BAD)
def test_bad_input_is_said_and_nothing_is_lost(official, county, field, value, sentence):
    response = official.post(record_url(county), POSTED | {field: value})

    page = text(response)
    assert response.status_code == 200
    assert sentence in page
    assert not Candidacy.objects.exists()
    assert not Person.objects.exists()
    for name in ("education", "nominated_on", "supporters", "id_number"):
        if name != field:
            assert f'value="{POSTED[name]}"' in page
    if value and field not in {"sex", "how", "post", "deprived_of_political_rights"}:
        assert f'value="{value}"' in page


def test_empty_form_says_all_at_once(official, county):
    page = text(official.post(record_url(county), {"name": ""}))

    for label in ("姓名", "出生日期", "提名日期"):
        assert f"请填写“{label}”" in page


@pytest.mark.parametrize("without", ["day", "seats"])
def test_record_candidate_before_there_is_a_day(official, county, without):
    if without == "day":
        Election.objects.update(election_day=None)
    else:
        county.election.seats.all().delete()

    for response in (official.get(record_url(county)), official.post(record_url(county), POSTED)):
        assert "还没有设定选举日和职位名额" in text(response)
    assert "还没有设定选举日和职位名额" in text(official.get(list_url(county)))
    assert not Candidacy.objects.exists()


def test_record_candidate_in_an_earlier_term(official, county):
    county.term.current = False
    county.term.save()

    assert "往届选举" in text(official.post(record_url(county), POSTED))
    assert not Candidacy.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "一人只能竞选一个职务"),
        ({"id_number": ""}, "同名、同日出生"),
        ({"id_number": make_id_number(order=13), "name": "王小山"}, None),
        ({"id_number": make_id_number(order=13)}, None),
    ],
)
def test_nobody_stands_twice(official, county, candidacy, changes, sentence):
    page = official.post(record_url(county), POSTED | changes)

    assert Candidacy.objects.count() == (1 if sentence else 2)
    if sentence:
        assert sentence in text(page)


def test_nobody_stands_in_two_villages(official, county, candidacy):
    second = _open_second_village(county)

    page = text(official.post(reverse("candidates:record_candidate", args=[second.pk]), POSTED))

    assert "任何人不得同时参加两个村的选举" in page
    assert "桃园村" not in page


def _open_second_village(county) -> Election:
    return set_election_day(
        election=Election.objects.get(place=county.second_village),
        election_day=date(2026, 12, 22),
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )


def test_another_countys_people_are_no_concern(official, county, neighbour):
    make_candidate(neighbour, actor=neighbour.township_official)

    official.post(record_url(county), POSTED)

    assert Candidacy.objects.filter(election=county.election).count() == 1


def test_self_nominated_election_takes_self_nominees_only(official, county):
    Election.objects.filter(pk=county.election.pk).update(mode="self_nominated")

    assert "“产生方式”没有这个选项" in text(official.post(record_url(county), POSTED))
    official.post(record_url(county), POSTED | {"how": "self", "supporters": ""})
    assert Candidacy.objects.get().supporters is None
