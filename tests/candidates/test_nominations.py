"""Nominations: several of one person, who signed them, taking them back; and one post for one person."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from candidates.actions import batches, nominations, people
from candidates.actions.supporters import read_names
from candidates.models import Candidacy, Nomination
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.ballots.notices import enrol
from tests.candidates.conftest import POSTED, make_candidate
from tests.candidates.review import DUE
from tests.cast import NOW, SEATS, TODAY
from villages.actions.terms import set_election_day
from villages.models import Election, Occasion

pytestmark = pytest.mark.django_db

NOMINATED = date(2026, 11, 29)


def text(response) -> str:
    return response.content.decode()


def url(name: str, pk: int) -> str:
    return reverse(f"candidates:{name}", args=[pk])


def nominate(county, candidacy, **changes: Any) -> Nomination:
    """Nominated once more, by the Party for vice-chair unless said otherwise."""
    values: dict[str, Any] = {
        "post": "vice_chair",
        "how": "party",
        "nominated_on": NOMINATED,
        "supporters": None,
        "supporter_names": [],
    }
    return nominations.record_nomination(
        candidacy=candidacy, values=values | changes, actor=county.township_official, at=NOW
    )


def choose(county, candidacy, post="vice_chair", chosen_on=TODAY, at=NOW) -> Candidacy:
    return nominations.choose_post(
        candidacy=candidacy, post=post, chosen_on=chosen_on, actor=county.township_official, at=at
    )


def refusal(act, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        act(*args, **kwargs)
    return " ".join(refused.value.messages)


POSTED_NOMINATION = {
    "post": "vice_chair",
    "how": "joint",
    "nominated_on": "2026-11-29",
    "supporters": "",
    "supporter_names": "李四、王五\n赵六",
}


# --- the first one -----------------------------------------------------------------
def test_entering_a_candidate_keeps_the_nomination(county, candidacy):
    row = candidacy.nominations.get()

    assert (row.post, row.how, row.nominated_on, row.supporters) == (
        "chair",
        "joint",
        date(2026, 11, 28),
        30,
    )
    assert (row.recorded_by, row.recorded_at) == (county.township_official, NOW)


def test_the_names_entered_are_counted(official, county):
    """Who typed 30 and listed three has three supporters."""
    official.post(
        reverse("candidates:record_candidate", args=[county.election.pk]),
        POSTED | {"supporter_names": "李四、王五\n赵六"},
    )

    candidacy = Candidacy.objects.get()
    assert candidacy.supporters == 3
    assert candidacy.nominations.get().supporter_names == ["李四", "王五", "赵六"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("李四\n王五\r\n赵六", ["李四", "王五", "赵六"]),
        ("李四、王五，赵六,孙七；周八;吴九\t郑十", ["李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十"]),
        # Names of two signs are widened on paper.
        ("李　四\n王 五", ["李四", "王五"]),
        ("阿不都·热合曼、欧阳锋", ["阿不都·热合曼", "欧阳锋"]),
        ("王伟（二组）、王伟(三组)", ["王伟（二组）", "王伟(三组)"]),
        ("、\n ，", []),
        ("", []),
    ],
)
def test_reading_names(typed, names):
    assert read_names(typed) == names


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("李四、王5", "“王5”不是姓名"),
        ("李四。王五", "不是姓名"),
        ("李四、王😀", "表情符号"),
        ("王" * 41, "过长"),
        ("\n".join(["王五"] * 5001), "最多5000人"),
    ],
)
def test_what_is_no_name(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        read_names(typed)
    assert sentence in refused.value.messages[0]


# --- further ones ------------------------------------------------------------------
def test_record_nomination(official, county, candidacy):
    assert "联名人名单" in text(official.get(url("record_nomination", candidacy.pk)))

    response = official.post(url("record_nomination", candidacy.pk), POSTED_NOMINATION)

    assert response.url == url("candidate", candidacy.pk)
    row = Nomination.objects.get(post="vice_chair")
    assert (row.how, row.supporters, row.supporter_names) == ("joint", 3, ["李四", "王五", "赵六"])
    assert Entry.objects.filter(verb="candidates.record_nomination").count() == 1
    assert not list(verify())


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("post", "", "请选择“提名职务”"),
        ("post", "mayor", "“提名职务”没有这个选项"),
        ("post", "women", "妇女委员只能由女性竞选"),
        ("how", "appointed", "“产生方式”没有这个选项"),
        ("how", "party", "只有村民联名提名才填写联名人姓名"),
        ("nominated_on", "2026-12-02", "日期还没有到"),
        ("nominated_on", "1979-01-01", "提名日期早于出生日期"),
        ("supporters", "-1", "不能是负数"),
        ("supporter_names", "", "请填写提名人数"),
        ("supporter_names", "李四、王五、李四", "联名人名单中有重复的姓名：李四"),
        ("supporter_names", "李四、王大山", "联名人名单中有被提名人本人：王大山"),
        ("supporter_names", "李四、王5", "“王5”不是姓名"),
    ],
)
def test_a_nomination_that_cannot_be(official, candidacy, field, value, sentence):
    response = official.post(url("record_nomination", candidacy.pk), POSTED_NOMINATION | {field: value})

    page = text(response)
    assert sentence in page
    assert candidacy.nominations.count() == 1
    if field != "nominated_on":
        assert 'value="2026-11-29"' in page
    if field != "supporter_names":
        assert "李四、王五" in page


def test_namesakes_of_the_nominee_and_of_each_other(county, candidacy):
    """Two people of one name both count, once the paper tells them apart."""
    row = nominate(
        county, candidacy, how="joint", supporter_names=["王大山（三组）", "李四（一组）", "李四（二组）"]
    )

    assert row.supporters == 3


def test_supporters_are_registered_voters(county, candidacy):
    """Art. 15: registered villagers nominate. Where the roll is known everybody must be on it."""
    nominate(county, candidacy, how="joint", supporter_names=["李四", "外人"])
    enrol(county, "李四", "王五")

    sentence = refusal(
        nominate,
        county,
        candidacy,
        how="joint",
        post="member",
        supporter_names=["李四", "外人", "王五（一组）"],
    )
    assert "联名人中有1人不在选民名单上：外人" in sentence
    assert "组织法第15条" in sentence
    nominate(county, candidacy, how="joint", post="member", supporter_names=["李四", "王五（一组）"])


@pytest.mark.parametrize(("how", "refused"), [("party", True), ("self", True), ("joint", False)])
def test_the_same_nomination_twice(county, candidacy, how, refused):
    nominate(county, candidacy, how=how, supporters=12)

    if refused:
        assert "已登记过同样方式的提名" in refusal(nominate, county, candidacy, how=how, supporters=12)
    else:
        nominate(county, candidacy, how=how, supporters=12)


def test_the_candidacy_shows_the_nomination_with_the_most_supporters(county, candidacy):
    """The order of the list goes by it; a recommendation before it must not hide it."""
    nominate(county, candidacy, post="chair")
    candidacy.refresh_from_db()
    assert (candidacy.how, candidacy.supporters) == ("joint", 30)

    nominate(county, candidacy, post="chair", how="joint", supporters=45)
    candidacy.refresh_from_db()
    assert (candidacy.supporters, candidacy.nominated_on) == (45, NOMINATED)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("final", "正式候选人名单已经确定"),
        ("not_listed", "正式候选人名单已经确定"),
        ("declined", "不再参选"),
        ("struck_off", "不再参选"),
        ("in_review", None),
    ],
)
def test_when_nominations_are_closed(county, candidacy, state, sentence):
    Candidacy.objects.update(state=state)

    if sentence is None:
        nominate(county, candidacy)
    else:
        assert sentence in refusal(nominate, county, candidacy)


def test_only_the_township_records_nominations(county, neighbour, candidacy):
    for actor in (county.county_reviewer, county.court, neighbour.township_official):
        with pytest.raises(PermissionDenied):
            nominations.record_nomination(
                candidacy=candidacy,
                values={"post": "chair", "how": "self", "nominated_on": NOMINATED, "supporters": None},
                actor=actor,
                at=NOW,
            )


# --- late self-nominations -----------------------------------------------------------
@pytest.mark.parametrize(
    ("mode", "day", "refused"),
    [("self_nominated", 10, False), ("self_nominated", 11, True), ("nominated", 11, False)],
)
def test_self_nomination_by_its_last_day(county, mode, day, refused):
    """Zhejiang art. 20: ten days before; where there are candidates no such day is set."""
    Election.objects.filter(pk=county.election.pk).update(mode=mode)
    election = Election.objects.get(pk=county.election.pk)
    act = {
        "election": election,
        "person": {
            "name": "王大山",
            "sex": "male",
            "born": date(1980, 5, 1),
            "id_number": "",
            "ethnicity": "",
            "education": "",
            "party_member": False,
        },
        "values": {
            "post": "chair",
            "how": "self",
            "nominated_on": date(2026, 12, day),
            "supporters": None,
            "registered_voter": True,
            "deprived_of_political_rights": False,
        },
        "actor": county.township_official,
        "at": NOW.replace(day=15),
    }

    if refused:
        sentence = refusal(people.record_candidate, **act)
        assert "自荐报名最迟2026年12月10日（《浙江省村民委员会选举办法》第二十条）" in sentence
    else:
        people.record_candidate(**act)


# --- one village ---------------------------------------------------------------------
def party_election(county) -> Election:
    election = Election.objects.create(
        place=county.village,
        term=county.term,
        body="party_branch",
        mode="two_recommendations",
        election_day=date(2026, 12, 10),
    )
    election.seats.create(post="member", seats=3, rank=3)
    return election


def test_standing_for_the_party_branch_and_the_committee_of_one_village(county, candidacy):
    """Two bodies change in one term; a Party member may stand for both."""
    branch = make_candidate(county, election=party_election(county), post="member")

    assert branch.person == candidacy.person


@pytest.mark.parametrize("occasion", [Occasion.FURTHER, Occasion.NEW])
def test_standing_again_in_the_election_that_follows(county, candidacy, occasion):
    again = Election.objects.create(
        place=county.village,
        term=county.term,
        occasion=occasion,
        follows=county.election,
        occasion_day=date(2026, 12, 20),
        election_day=date(2026, 12, 28),
    )
    again.seats.create(post="chair", seats=1, rank=1)

    assert make_candidate(county, election=again).person == candidacy.person


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("preliminary", True),
        ("final", True),
        ("not_listed", True),
        ("declined", False),
        ("struck_off", False),
    ],
)
def test_two_villages_never(county, candidacy, state, refused):
    """Art. 13: whoever takes part in one village does not in another, of either body."""
    Candidacy.objects.update(state=state)
    second = set_election_day(
        election=Election.objects.get(place=county.second_village),
        election_day=date(2026, 12, 22),
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )

    if refused:
        assert "任何人不得同时参加两个村的选举" in refusal(make_candidate, county, election=second)
    else:
        make_candidate(county, election=second)


# --- taking back ---------------------------------------------------------------------
def test_withdraw_nomination(official, county, candidacy):
    second = nominate(county, candidacy)
    assert candidacy.nominations.in_force().count() == 2

    response = official.post(url("withdraw_nomination", second.pk), {"reason": "推荐表没有盖章"})

    assert response.url == url("candidate", candidacy.pk)
    second.refresh_from_db()
    assert (second.withdrawn_at, second.withdrawn_by) == (NOW, county.township_official)
    assert Entry.objects.get(verb="candidates.withdraw_nomination").reason == "推荐表没有盖章"
    page = text(official.get(url("candidate", candidacy.pk)))
    assert "已撤销" in page
    assert "还没有选定其中一个" not in page
    assert "这项提名已经撤销" in refusal(
        nominations.withdraw_nomination,
        nomination=second,
        reason="再撤",
        actor=county.township_official,
        at=NOW,
    )


def test_nobody_stands_without_a_nomination(official, candidacy):
    row = candidacy.nominations.get()

    page = text(official.post(url("withdraw_nomination", row.pk), {"reason": "登记有误"}))

    assert "这是此人唯一有效的提名，不能撤销" in page
    assert "登记有误" in page


def test_withdrawing_wants_a_reason(official, county, candidacy):
    second = nominate(county, candidacy)

    assert "请填写“事由”" in text(official.post(url("withdraw_nomination", second.pk), {"reason": ""}))


def test_the_post_goes_with_its_last_nomination(county, candidacy):
    nominate(county, candidacy)
    first = candidacy.nominations.get(post="chair")

    nominations.withdraw_nomination(
        nomination=first, reason="联名人不足", actor=county.township_official, at=NOW
    )

    candidacy.refresh_from_db()
    assert (candidacy.post, candidacy.how, candidacy.supporters) == ("vice_chair", "party", None)


# --- one post ------------------------------------------------------------------------
def test_choose_post(official, county, candidacy):
    nominate(county, candidacy)
    page = text(official.get(url("candidate", candidacy.pk)))
    assert "还没有选定其中一个" in page
    assert "最迟在2026年12月15日选定" in page
    page = text(official.get(url("choose_post", candidacy.pk)))
    assert "任何人不得代为选定" in page
    assert "未查到法律对此有规定" in page

    response = official.post(
        url("choose_post", candidacy.pk), {"post": "vice_chair", "chosen_on": "2026-11-30"}
    )

    assert response.url == url("candidate", candidacy.pk)
    candidacy.refresh_from_db()
    assert (candidacy.post, candidacy.how, candidacy.post_chosen_on) == (
        "vice_chair",
        "party",
        date(2026, 11, 30),
    )
    assert Entry.objects.filter(verb="candidates.choose_post").count() == 1
    assert "2026年11月30日选定竞选副主任" in text(official.get(url("candidate", candidacy.pk)))


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"post": "member"}, "没有这个选项"),
        ({"post": ""}, "请选择“选定的职务”"),
        ({"chosen_on": ""}, "请填写“选定日期”"),
        ({"chosen_on": "2026-12-02"}, "日期还没有到"),
        ({"chosen_on": "2026-11-20"}, "选定日期早于提名日期"),
    ],
)
def test_a_choice_that_cannot_be(official, county, candidacy, posted, sentence):
    nominate(county, candidacy)

    page = text(
        official.post(
            url("choose_post", candidacy.pk), {"post": "vice_chair", "chosen_on": "2026-11-30"} | posted
        )
    )

    assert sentence in page
    assert Candidacy.objects.get().post_chosen_on is None


def test_nobody_chooses_for_somebody_nominated_once(official, county, candidacy):
    assert "不用选定" in text(official.get(url("choose_post", candidacy.pk)))
    assert "不用选定" in refusal(choose, county, candidacy, "chair")


def test_a_choice_after_the_last_day(county, candidacy):
    """The rulebook's step: the final list, five days before (Zhejiang art. 18); its source is named."""
    nominate(county, candidacy)
    late = NOW.replace(day=17)

    sentence = refusal(choose, county, candidacy, chosen_on=date(2026, 12, 16), at=late)

    assert "最迟应在2026年12月15日选定职务（《村级组织换届选举工作部署》职务的选定）" in sentence
    choose(county, candidacy, chosen_on=date(2026, 12, 15), at=late)


def test_where_no_day_is_set_a_choice_is_open_until_the_vote(county, candidacy):
    county.term.procedure = "national-2018"
    county.term.save()
    nominate(county, candidacy)
    late = NOW.replace(day=20)

    assert "早于选举日" in refusal(choose, county, candidacy, chosen_on=date(2026, 12, 20), at=late)
    choose(county, candidacy, chosen_on=date(2026, 12, 19), at=late)


def test_no_review_before_the_choice(county, candidacy):
    nominate(county, candidacy)
    act = {
        "place": county.township,
        "candidacies": [candidacy],
        "due_on": DUE,
        "actor": county.township_official,
        "at": NOW,
    }

    assert "还没有选定" in refusal(batches.open_batch, **act)
    choose(county, candidacy)
    batches.open_batch(**act)


def test_a_later_nomination_for_another_post_asks_again(county, candidacy):
    """What somebody chose between says nothing of a post they were nominated for afterwards."""
    nominate(county, candidacy)
    choose(county, candidacy, chosen_on=date(2026, 11, 30))

    nominate(county, candidacy, post="member", nominated_on=date(2026, 11, 30))
    assert not Candidacy.objects.choosing().exists()
    nominate(county, candidacy, post="member", how="self", nominated_on=TODAY)
    assert Candidacy.objects.choosing().exists()


# --- correcting ----------------------------------------------------------------------
def correct(county, candidacy, **changes: Any) -> Candidacy:
    person = candidacy.person
    recorded = {name: getattr(person, name) for name in type(person).recorded_fields}
    values = {
        "post": candidacy.post,
        "how": candidacy.how,
        "nominated_on": candidacy.nominated_on,
        "supporters": candidacy.supporters,
        "registered_voter": True,
        "deprived_of_political_rights": False,
    }
    return people.correct_candidate(
        candidacy=candidacy, person=recorded, values=values | changes, actor=county.township_official, at=NOW
    )


def test_correcting_puts_the_nomination_right(county, candidacy):
    correct(county, candidacy, post="member", supporters=31)

    row = candidacy.nominations.get()
    assert (row.post, row.supporters) == ("member", 31)
    candidacy.refresh_from_db()
    assert (candidacy.post, candidacy.supporters) == ("member", 31)


def test_names_stay_where_a_correction_says_nothing_of_them(county):
    candidacy = make_candidate(county)
    row = candidacy.nominations.get()
    row.supporter_names, row.supporters = ["李四", "王五"], 2
    row.save()
    candidacy.supporters = 2

    correct(county, candidacy, supporters=40)

    row.refresh_from_db()
    assert (row.supporter_names, row.supporters) == (["李四", "王五"], 2)


def test_the_post_of_a_settled_list_is_not_corrected(county, candidacy):
    """Art. 11: who stands for what is settled; a correction of the person is still possible."""
    Candidacy.objects.update(state="final")

    assert "名单已经确定" in refusal(correct, county, candidacy, post="member")
    correct(county, candidacy)


# --- who sees the names ----------------------------------------------------------------
def test_names_are_a_count_until_a_look_is_open(official, county, candidacy):
    nominate(county, candidacy, post="chair", how="joint", supporter_names=["李四", "王五"])

    page = text(official.get(url("candidate", candidacy.pk)))
    assert "2人" in page
    assert "李四" not in page

    official.post(url("look", candidacy.pk), {"reason": "核对联名人"})
    assert "李四、王五" in text(official.get(url("candidate", candidacy.pk)))


def test_names_are_encrypted_and_not_in_the_journal(county, candidacy):
    nominate(county, candidacy, post="chair", how="joint", supporter_names=["欧阳稀有", "诸葛罕见"])

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM candidates_nomination")
        stored = str(cursor.fetchall())
    written = "".join(f"{one.before}{one.after}{one.reason}" for one in Entry.objects.all())
    for name in ("欧阳稀有", "诸葛罕见"):
        assert name not in stored
        assert name not in written


# --- who may ---------------------------------------------------------------------------
WRITERS = ("record_nomination", "choose_post", "withdraw_nomination")


def address(name: str, candidacy: Candidacy) -> str:
    return url(name, candidacy.nominations.get().pk if name == "withdraw_nomination" else candidacy.pk)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("verb", ["get", "post"])
class TestAccess:
    def test_anonymous(self, client, candidacy, name, verb):
        response = getattr(client, verb)(address(name, candidacy))

        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:log_in"))

    def test_outsider(self, client, county, neighbour, candidacy, name, verb):
        for user in (county.other_township_official, neighbour.township_official):
            client.force_login(user)
            assert getattr(client, verb)(address(name, candidacy)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator", "county_reviewer"])
    def test_other_roles(self, client, county, candidacy, name, verb, who):
        client.force_login(getattr(county, who))

        assert getattr(client, verb)(address(name, candidacy)).status_code == 403

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, official, name, verb, pk):
        assert getattr(official, verb)(url(name, pk)).status_code == 404

    def test_wrong_verb(self, official, candidacy, name, verb):
        assert official.delete(address(name, candidacy)).status_code == 405
