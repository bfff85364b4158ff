"""One person nominated in two villages is found across the county, and a person says whether it is one."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.actions import doubles as actions
from candidates.doubles import Double, Numbers, doubles_of, doubtful, told_apart
from candidates.models import Candidacy, Namesakes, Person
from election_admin.accounts.models import User
from election_admin.journal.models import Entry
from election_admin.places.models import Place
from tests.ballots.office import branch_election
from tests.candidates.conftest import BORN, POSTED, make_candidate, make_id_number
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY, County
from villages.actions.terms import set_election_day
from villages.models import Election
from villages.registry import Urgency, needs_of

pytestmark = pytest.mark.django_db
LIST = "/candidates/doubles/"


def official_of(county: County, place: Place) -> User:
    own = place.code.startswith(county.township.code)
    return county.township_official if own else county.other_township_official


def election_in(county: County, place: Place) -> Election:
    """The committee's election of a village, with its day."""
    election = Election.objects.of_committee().get(place=place, term=county.term)
    set_election_day(
        election=election,
        election_day=ELECTION_DAY,
        mode="nominated",
        seats=SEATS,
        actor=official_of(county, place),
        at=NOW,
    )
    return Election.objects.with_place().get(pk=election.pk)


def stand(county: County, place: Place, **changes: Any) -> Candidacy:
    """A man of the same name and birthday who stands in another village, with no ID number known."""
    values: dict[str, Any] = {"id_number": "", "actor": official_of(county, place)} | changes
    return make_candidate(county, election=election_in(county, place), **values)


@pytest.fixture
def own(county) -> Candidacy:
    return make_candidate(county)


@pytest.fixture
def beside(county, own) -> Candidacy:
    """The namesake in the second village of the same township."""
    return stand(county, county.second_village)


@pytest.fixture
def away(county, own) -> Candidacy:
    """The namesake in a village of the other township."""
    return stand(county, county.other_village)


def page(client, user, address: str = LIST, **query: str) -> str:
    client.force_login(user)
    return client.get(address, query).content.decode()


def url(name: str, one: Candidacy, other: Candidacy) -> str:
    return reverse(f"candidates:{name}", args=[one.pk, other.pk])


# --- who is found ----------------------------------------------------------------
def test_same_name_and_birthday_in_two_villages(own, away):
    assert set(doubtful()) == {own, away}
    assert doubles_of([own])[own.pk] == [Double(own, away)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"id_number": make_id_number(order=13)}, True),
        ({"name": "王小山"}, False),
        ({"born": date(1980, 5, 2)}, False),
        ({"sex": "female", "post": "women"}, True),
    ],
)
def test_what_counts_as_the_same(county, own, changes, found):
    """Different ID numbers do not clear by themselves: one of them may be a slip of the hand."""
    stand(county, county.other_village, **changes)

    assert doubtful().exists() is found


@pytest.mark.parametrize("state", ["declined", "struck_off", "not_listed"])
def test_who_no_longer_stands_is_nobodys_double(own, away, state):
    Candidacy.objects.filter(pk=away.pk).update(state=state)

    assert not doubtful().exists()
    assert doubles_of([own])[own.pk] == []


def test_two_elections_of_one_village_are_no_double(county, own):
    """The Party branch and the committee of a village share people: 两委交叉任职."""
    party = branch_election(county)
    person = Person.objects.create(place=county.village, name="王大山", born=BORN, sex="male")
    Candidacy.objects.create(election=party, person=person, post="secretary", how="party", nominated_on=TODAY)

    assert not doubtful().exists()


def test_one_village_person_in_two_elections_is_named_once(county, own, away):
    Candidacy.objects.create(
        election=branch_election(county),
        person=own.person,
        post="secretary",
        how="party",
        nominated_on=TODAY,
    )

    assert [one.other.person for one in doubles_of([away])[away.pk]] == [own.person]


def test_another_county_and_a_past_term_do_not_count(county, neighbour, own):
    make_candidate(neighbour, actor=neighbour.township_official, id_number="")
    assert not doubtful().exists()

    stand(county, county.other_village)
    assert doubtful().count() == 2
    county.term.current = False
    county.term.save()
    assert not doubtful().exists()


@pytest.mark.parametrize(
    ("number", "says"),
    [("", Numbers.MISSING), (make_id_number(order=13), Numbers.DIFFERENT)],
)
def test_what_the_numbers_say(county, own, number, says):
    away = stand(county, county.other_village, id_number=number)

    assert Double(own, away).numbers == says


def test_equal_numbers_are_shown_and_never_told_apart(county, own, away):
    """Refused when entered; should two stand all the same, nobody clears them by a click."""
    Person.objects.filter(pk=away.person_id).update(id_hash=own.person.id_hash)

    assert set(doubtful()) == {own, away}
    with pytest.raises(ValidationError, match="是同一人"):
        tell(county, own, away)


# --- telling apart ---------------------------------------------------------------
def tell(county: County, one: Candidacy, other: Candidacy, **changes: Any) -> Namesakes:
    values: dict[str, Any] = {"actor": county.county_reviewer, "at": NOW}
    values |= {"grounds": "已核对双方身份证原件"} | changes
    return actions.tell_apart(own=one, other=other, **values)


def test_tell_apart(county, own, away):
    row = tell(county, away, own)

    assert row.place == county.county
    assert (row.first, row.second) == (own.person, away.person)
    assert not doubtful().exists()
    assert set(told_apart()) == {own, away}
    entry = Entry.objects.get(verb="candidates.tell_apart")
    assert (entry.actor, entry.place) == (county.county_reviewer, county.county)
    assert "身份证" not in str(entry.after)


def test_telling_two_apart_leaves_the_third_doubtful(county, own, beside, away):
    tell(county, own, beside)

    assert doubles_of([own])[own.pk] == [Double(own, away)]
    assert doubles_of([own], settled=True)[own.pk] == [Double(own, beside)]
    assert set(doubtful()) == {own, beside, away}


def test_a_township_tells_apart_what_is_its_own(county, own, beside):
    row = tell(county, own, beside, actor=county.township_official)

    assert row.place == county.township


def test_a_township_does_not_decide_about_another(county, own, away):
    with pytest.raises(PermissionDenied):
        tell(county, own, away, actor=county.township_official)
    assert not Namesakes.objects.exists()


@pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
def test_other_roles_do_not_decide(county, own, beside, who):
    with pytest.raises(PermissionDenied):
        tell(county, own, beside, actor=getattr(county, who))


def test_tell_apart_refuses(county, own, away):
    with pytest.raises(ValidationError, match="请写明核对了什么"):
        tell(county, own, away, grounds="  ")
    tell(county, own, away)
    with pytest.raises(ValidationError, match="已经认定"):
        tell(county, away, own)
    Person.objects.filter(pk=away.person_id).update(name="王小山")
    with pytest.raises(ValidationError, match="不用核对"):
        tell(county, own, away)


def test_in_a_term_that_is_over_nothing_is_decided(county, own, away):
    county.term.current = False
    county.term.save()
    with pytest.raises(ValidationError):
        tell(county, own, away)


def test_two_at_once_decide_once(county, own, away):
    """The database keeps what two clicks at the same moment would write twice."""
    row = tell(county, own, away)
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_take_back(county, own, away):
    tell(county, own, away)

    actions.take_back_telling_apart(
        own=own, other=away, reason="身份证是借来的", actor=county.county_reviewer, at=NOW
    )

    assert set(doubtful()) == {own, away}
    assert Entry.objects.get(verb="candidates.take_back_telling_apart").reason == "身份证是借来的"
    tell(county, own, away)
    assert Namesakes.objects.count() == 2


def test_take_back_refuses(county, own, away):
    changes = {"own": own, "other": away, "actor": county.county_reviewer, "at": NOW}
    with pytest.raises(ValidationError, match="没有认定过"):
        actions.take_back_telling_apart(reason="误", **changes)
    tell(county, own, away)
    with pytest.raises(ValidationError, match="请写明撤销的原因"):
        actions.take_back_telling_apart(reason=" ", **changes)
    with pytest.raises(PermissionDenied):
        actions.take_back_telling_apart(reason="误", **(changes | {"actor": county.other_township_official}))


# --- the list --------------------------------------------------------------------
def test_the_county_sees_both(client, county, own, away):
    shown = page(client, county.county_reviewer)

    assert "组织法第13条" in shown
    assert "长塘镇桃园村" in shown
    assert "上浦镇昆仑村" in shown
    assert url("double", own, away) in shown
    assert url("double", away, own) in shown
    assert "至少一方没有登记号码" in shown
    assert own.person.id_number not in shown
    assert "1980-05-01" not in shown


def test_a_township_sees_no_more_than_that_there_is_one(client, county, own, away):
    """Who the other is, and where, is the other township's affair."""
    Person.objects.filter(pk=away.person_id).update(ethnicity="畲族", education="初中", id_number="")
    shown = page(client, county.township_official)

    assert "桃园村" in shown
    assert "在本县另一个村" in shown
    for hidden in ("昆仑村", "上浦镇", "畲族", reverse("candidates:candidate", args=[away.pk])):
        assert hidden not in shown
    assert client.get(url("double", own, away)).status_code == 404
    assert client.get(url("double", away, own)).status_code == 404


def test_a_township_with_both_decides_itself(client, county, own, beside):
    shown = page(client, county.township_official)

    assert url("double", own, beside) in shown
    assert "在本县另一个村" not in shown


def test_nobody_is_doubtful(client, county, own):
    assert "没有符合条件的候选人" in page(client, county.county_reviewer)


def test_what_is_settled_is_listed_apart(client, county, own, away):
    tell(county, own, away)

    assert url("double", own, away) not in page(client, county.county_reviewer)
    assert url("double", own, away) in page(client, county.county_reviewer, show="settled")


def test_filters(client, county, own, away):
    shown = page(client, county.county_reviewer, village=county.other_village.code)
    assert reverse("candidates:candidate", args=[away.pk]) in shown
    assert reverse("candidates:candidate", args=[own.pk]) not in shown

    assert "请重新选择" in page(client, county.county_reviewer, show="nothing")
    assert "没有符合条件的候选人" in page(
        client, county.county_reviewer, township=county.township.code, village=county.other_village.code
    )


def test_excel(client, county, own, away):
    client.force_login(county.township_official)

    response = client.get(LIST, {"export": "xlsx"})

    rows = CalamineWorkbook.from_filelike(BytesIO(response.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "王大山"
    assert rows[1][1] == 1980
    assert "在本县另一个村" in rows[1]
    assert own.person.id_number not in str(rows)
    assert "昆仑村" not in str(rows)


def test_queries_do_not_grow(client, county, own, away):
    client.force_login(county.county_reviewer)
    client.get(LIST)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    before = queries()
    for number in range(6):
        name = f"李{'一二三四五六'[number]}"
        make_candidate(county, name, id_number="")
        Candidacy.objects.create(
            election=away.election,
            person=Person.objects.create(place=county.other_village, name=name, born=BORN, sex="male"),
            post="chair",
            how="self",
            nominated_on=TODAY,
        )
    assert "李六" in client.get(LIST).content.decode()
    assert queries() == before


def test_entering_a_double_says_so_at_once(client, county):
    """Whoever types the second one learns of it while the papers still lie on the desk."""
    stand(county, county.other_village)
    client.force_login(county.township_official)

    address = reverse("candidates:record_candidate", args=[county.election.pk])
    said = client.post(address, POSTED, follow=True).content.decode()

    assert "另一个村也有同名、同日出生的候选人" in said
    assert "昆仑村" not in said


# --- the pair --------------------------------------------------------------------
def test_the_pair(client, county, own, away):
    shown = page(client, county.county_reviewer, url("double", own, away))

    for part in ("长塘镇桃园村", "上浦镇昆仑村", "不是同一人", "组织法第13条", own.person.masked_id_number):
        assert part in shown
    assert own.person.id_number not in shown
    assert reverse("candidates:candidate", args=[away.pk]) in shown


def test_telling_apart_on_the_page(client, county, own, away):
    client.force_login(county.county_reviewer)

    response = client.post(url("tell_apart", own, away), {"grounds": "已核对身份证"}, follow=True)

    assert "两名王大山不是同一人" in response.content.decode()
    shown = page(client, county.county_reviewer, url("double", own, away))
    assert "已认定不是同一人" in shown
    assert "已核对身份证" in shown
    client.post(url("take_back_telling_apart", own, away), {"reason": "误点"})
    assert set(doubtful()) == {own, away}


@pytest.mark.parametrize(
    ("grounds", "sentence"), [("", "请填写“核对依据”"), ("😀", "表情符号"), ("长" * 501, "最多500个字")]
)
def test_bad_grounds_come_back(client, county, own, away, grounds, sentence):
    client.force_login(county.county_reviewer)

    shown = client.post(url("tell_apart", own, away), {"grounds": grounds}).content.decode()

    assert sentence in shown
    assert grounds in shown
    assert not Namesakes.objects.exists()


def test_equal_numbers_on_the_page(client, county, own, away):
    Person.objects.filter(pk=away.person_id).update(id_hash=own.person.id_hash)

    shown = page(client, county.county_reviewer, url("double", own, away))

    assert "号码相同，是同一人" in shown
    assert url("tell_apart", own, away) not in shown


def test_two_who_are_no_double_have_no_page(client, county, own):
    other = make_candidate(county, "李水", id_number=make_id_number(order=13))
    client.force_login(county.county_reviewer)

    assert client.get(url("double", own, other)).status_code == 404
    assert client.get(url("double", own, own)).status_code == 404


class TestAccess:
    NAMES = ("double", "tell_apart", "take_back_telling_apart")

    @pytest.mark.parametrize("name", NAMES)
    def test_anonymous(self, client, own, away, name):
        assert client.post(url(name, own, away)).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("name", NAMES)
    def test_outsider(self, client, neighbour, own, away, name):
        client.force_login(neighbour.county_reviewer)
        method = client.get if name == "double" else client.post

        assert method(url(name, own, away)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, own, away, who):
        client.force_login(getattr(county, who))

        assert client.get(LIST).status_code == 403
        assert client.get(url("double", own, away)).status_code == 403

    def test_wrong_verb_and_bad_id(self, client, county, own, away):
        client.force_login(county.county_reviewer)

        assert client.post(LIST).status_code == 405
        assert client.get(url("tell_apart", own, away)).status_code == 405
        assert client.get(reverse("candidates:double", args=[own.pk, 999_999])).status_code == 404


# --- what is to be done ------------------------------------------------------------
def test_need(county, own, away):
    for user, village in (
        (county.township_official, county.village),
        (county.other_township_official, county.other_village),
        (county.county_reviewer, county.village),
    ):
        (need,) = [
            one for one in needs_of(user, [village], on=TODAY)[village.pk] if "同名、同日出生" in one.text
        ]
        assert need.text.startswith("1名")
        assert (need.url, need.urgency) == (LIST, Urgency.NOW)


def test_no_need_once_told_apart_or_voted(county, own, away):
    def needs(on: date = TODAY) -> list[str]:
        return [
            need.text
            for need in needs_of(county.county_reviewer, [county.village], on=on)[county.village.pk]
            if "同名" in need.text
        ]

    assert needs()
    assert not needs(date(2026, 12, 21))
    tell(county, own, away)
    assert not needs()
