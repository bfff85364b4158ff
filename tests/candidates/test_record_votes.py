"""The votes of the nomination or the preliminary vote: entered together, all or none."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import nominations, votes
from candidates.actions.votes import row_key
from candidates.models import Candidacy
from election_admin.journal.models import Entry
from election_admin.rulebooks.procedures import PostChoice, load_procedure
from tests.ballots.notices import enrol
from tests.candidates.listing import enter_votes, stand
from tests.cast import NOW, TODAY
from villages.models import Election

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def url(county) -> str:
    return reverse("candidates:record_votes", args=[county.election.pk])


def posted(*given, **more):
    return {row_key(one.pk, one.post): str(count) for one, count in given} | more


@pytest.fixture
def pair(county) -> list[Candidacy]:
    return stand(county, {"chair": 2})


def also_nominate(county, candidacy, post="member"):
    return nominations.record_nomination(
        candidacy=candidacy,
        values={"post": post, "how": "party", "nominated_on": TODAY, "supporters": None},
        actor=county.township_official,
        at=NOW,
    )


def test_record_votes(official, county, pair):
    first, second = pair
    page = text(official.get(url(county)))
    assert first.person.name in page

    response = official.post(url(county), posted((first, 120), (second, 98)))

    assert response.url == reverse("candidates:candidate_list", args=[county.election.pk])
    assert [Candidacy.objects.get(pk=one.pk).votes for one in pair] == [120, 98]
    entry = Entry.objects.get(verb="candidates.record_votes")
    assert entry.after == {str(first.pk): {"chair": 120}, str(second.pk): {"chair": 98}}
    page = text(official.get(response.url))
    assert "已保存2项得票" in page
    assert page.index("120") < page.index("98")


def test_a_fault_is_said_in_its_row_and_nothing_is_saved(official, county, pair):
    first, second = pair
    for bad, sentence in (
        ("-1", "不能是负数"),
        ("很多", "应是整数"),
        ("9" * 30, "过大"),
        ("1.5", "应是整数"),
    ):
        page = text(official.post(url(county), posted((first, 120), (second, bad))))
        assert sentence in page
        assert 'value="120"' in page
        assert f'value="{bad}"' in page
    assert not Candidacy.objects.filter(votes__isnull=False).exists()


def test_nobody_has_more_votes_than_there_are_voters(official, county, pair):
    enrol(county, "李四", "王五", "赵六")

    page = text(official.post(url(county), posted((pair[0], 3), (pair[1], 4))))

    assert "得票多于选民名单上的3人" in page
    assert not Candidacy.objects.filter(votes__isnull=False).exists()


def test_a_correction_says_why(official, county, pair):
    """Votes are published: a number that changes afterwards needs its reason, and the journal keeps it."""
    enter_votes(county, {pair[0]: 120, pair[1]: 98})

    page = text(official.post(url(county), posted((pair[0], 120), (pair[1], 99))))
    assert "更正已经录入的得票，请写明原因" in page
    assert 'value="99"' in page

    official.post(url(county), posted((pair[0], 120), (pair[1], 99), reason="复核计票单"))
    entry = Entry.objects.filter(verb="candidates.record_votes").latest("pk")
    assert entry.reason == "复核计票单"
    assert (entry.before, entry.after) == ({str(pair[1].pk): {"chair": 98}}, {str(pair[1].pk): {"chair": 99}})


def test_votes_that_are_not_known_stay_empty(official, county, pair):
    official.post(url(county), posted((pair[0], 120)))
    assert Candidacy.objects.get(pk=pair[1].pk).votes is None

    official.post(url(county), posted((pair[0], "")) | {"reason": "录入错误"})
    assert Candidacy.objects.get(pk=pair[0].pk).votes is None


def test_nothing_changed(official, county, pair):
    enter_votes(county, {pair[0]: 120})

    page = text(official.post(url(county), posted((pair[0], 120)), follow=True))

    assert "得票没有改动" in page
    assert Entry.objects.filter(verb="candidates.record_votes").count() == 1


def test_a_row_for_each_post_somebody_is_nominated_for(official, county, pair):
    first = pair[0]
    also_nominate(county, first)

    official.post(url(county), {row_key(first.pk, "chair"): "10", row_key(first.pk, "member"): "70"})

    first.refresh_from_db()
    assert (first.post, first.votes, first.votes_by_post) == ("chair", 10, {"chair": 10, "member": 70})
    nominations.choose_post(
        candidacy=first, post="member", chosen_on=TODAY, actor=county.township_official, at=NOW
    )
    first.refresh_from_db()
    assert (first.post, first.votes) == ("member", 70)


@pytest.fixture
def by_most_votes(monkeypatch):
    """A rulebook by which the post with the most votes is the one somebody stands for."""
    procedure = load_procedure("zhejiang-2020")
    law = procedure.parameters.post_choice
    other = replace(law, value=PostChoice(how="most_votes", until=law.value.until))
    changed = replace(procedure, parameters=replace(procedure.parameters, post_choice=other))
    monkeypatch.setattr("villages.procedures.load_procedure", lambda _id: changed)


@pytest.mark.usefixtures("by_most_votes")
class TestMostVotes:
    def test_the_post_follows_the_votes(self, county, pair):
        first = pair[0]
        also_nominate(county, first)

        votes.record_votes(
            election=county.election,
            votes={(first.pk, "chair"): 10, (first.pk, "member"): 70},
            actor=county.township_official,
            at=NOW,
        )

        first.refresh_from_db()
        assert (first.post, first.votes, first.post_chosen_on) == ("member", 70, TODAY)
        assert not Candidacy.objects.choosing().exists()

    def test_equal_votes_are_the_persons_own_choice(self, county, pair):
        first = pair[0]
        also_nominate(county, first)
        also_nominate(county, first, "vice_chair")

        votes.record_votes(
            election=county.election,
            votes={(first.pk, "chair"): 10, (first.pk, "member"): 70, (first.pk, "vice_chair"): 70},
            actor=county.township_official,
            at=NOW,
        )

        assert Candidacy.objects.choosing().get() == first
        for post, sentence in (("chair", "应为：委员、副主任"), ("vice_chair", None)):
            act = {
                "candidacy": first,
                "post": post,
                "chosen_on": TODAY,
                "actor": county.township_official,
                "at": NOW,
            }
            if sentence:
                with pytest.raises(ValidationError, match="以得票最多的职务为准") as refused:
                    nominations.choose_post(**act)
                assert sentence in refused.value.messages[0]
            else:
                assert nominations.choose_post(**act).post == post

    def test_no_choice_before_the_votes_are_known(self, county, pair):
        also_nominate(county, pair[0])

        with pytest.raises(ValidationError, match="请先录入此人竞选各职务的得票"):
            nominations.choose_post(
                candidacy=pair[0], post="member", chosen_on=TODAY, actor=county.township_official, at=NOW
            )


def test_somebody_who_left_meanwhile(county, pair):
    Candidacy.objects.filter(pk=pair[1].pk).update(state="declined")

    with pytest.raises(ValidationError, match="名单已有变化"):
        enter_votes(county, {pair[0]: 120, pair[1]: 98})
    assert Candidacy.objects.get(pk=pair[0].pk).votes is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"stage": "after"}, "已经投票"), ({"mode": "self_nominated"}, "没有提名投票")],
)
def test_when_there_are_no_votes_to_enter(official, county, pair, changes, sentence):
    Election.objects.filter(pk=county.election.pk).update(**changes)

    assert sentence in text(official.get(url(county)))
    with pytest.raises(ValidationError, match=sentence):
        enter_votes(county, {pair[0]: 120})


def test_an_election_without_anybody(official, county):
    assert "还没有登记候选人" in text(official.get(url(county)))


def test_only_the_township_enters_votes(county, pair):
    with pytest.raises(PermissionDenied):
        votes.record_votes(
            election=county.election,
            votes={(pair[0].pk, "chair"): 1},
            actor=county.county_reviewer,
            at=NOW,
        )


def test_queries_do_not_grow(official, county):
    def queries(count):
        stand(county, {"chair": count - Candidacy.objects.count()})
        with CaptureQueriesContext(connection) as captured:
            official.get(url(county))
        return len(captured)

    assert queries(2) == queries(10)


@pytest.mark.parametrize("verb", ["get", "post"])
class TestAccess:
    def test_anonymous(self, client, county, verb):
        response = getattr(client, verb)(url(county))

        assert response.url.startswith(reverse("accounts:log_in"))

    def test_outsider(self, client, county, neighbour, verb):
        for user in (county.other_township_official, neighbour.township_official):
            client.force_login(user)
            assert getattr(client, verb)(url(county)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator", "county_reviewer"])
    def test_other_roles(self, client, county, verb, who):
        client.force_login(getattr(county, who))

        assert getattr(client, verb)(url(county)).status_code == 403

    def test_bad_id(self, official, verb):
        assert getattr(official, verb)(reverse("candidates:record_votes", args=[999999])).status_code == 404

    def test_wrong_verb(self, official, county, verb):
        assert official.delete(url(county)).status_code == 405
