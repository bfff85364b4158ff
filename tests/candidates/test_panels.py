"""What the village's page and the lists of what is to be done say about candidates."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import batches, flags
from candidates.deadlines import final_list_due
from candidates.models import Candidacy, Flag, ReviewItem
from election_admin.places.models import Place
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.review import answer_all, make_batch, reviewed, send
from tests.cast import ELECTION_DAY, NOW, TODAY
from villages.models import Election, Term
from villages.registry import Urgency, needs_of

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 15)
REVIEW_DUE = date(2026, 12, 10)


def needs(county, on, who="township_official"):
    found = needs_of(getattr(county, who), [county.village], on=on)[county.village.pk]
    return [need for need in found if "/candidates/" in need.url]


@pytest.mark.parametrize(
    ("on", "urgency"),
    [
        (TODAY, Urgency.NOW),
        (DUE, Urgency.NOW),
        (DUE + timedelta(days=1), Urgency.OVERDUE),
    ],
)
def test_somebody_disqualified_cannot_stay(county, candidacy, on, urgency):
    Candidacy.objects.update(verdict="disqualified")

    (need,) = needs(county, on)

    assert need.urgency == urgency
    assert need.url == reverse("candidates:candidate_list", args=[county.election.pk])
    assert need.text.startswith("1名候选人不符合资格")


@pytest.mark.parametrize(
    ("on", "urgency"),
    [
        (DUE - timedelta(days=11), None),
        (DUE - timedelta(days=10), Urgency.SOON),
        (DUE - timedelta(days=2), Urgency.NOW),
        (DUE + timedelta(days=1), Urgency.OVERDUE),
        (ELECTION_DAY + timedelta(days=1), None),
    ],
)
def test_somebody_not_sent_up_yet(county, candidacy, on, urgency):
    """In time for the departments to answer before the final list is due."""
    found = needs(county, on)

    assert [need.urgency for need in found] == ([] if urgency is None else [urgency])
    for need in found:
        assert need.text == "1名候选人还没有上报联审，正式候选人名单最迟2026年12月15日公布"
        assert need.url == reverse("candidates:open_batch", args=[county.township.code])


def test_a_draft_is_where_it_goes_on(county, candidacy):
    batch = make_batch(county, candidacy)

    (need,) = needs(county, DUE - timedelta(days=5))

    assert need.url == reverse("candidates:batch", args=[batch.pk])


def test_a_returned_batch_cannot_wait(county, candidacy):
    batch = send(county, candidacy)
    batches.return_batch(batch=batch, reason="漏报一人", actor=county.county_reviewer, at=NOW)

    (need,) = needs(county, TODAY)

    assert (need.text, need.urgency) == ("第1批联审被县里退回，请补正后重新上报", Urgency.NOW)
    assert need.url == reverse("candidates:batch", args=[batch.pk])


@pytest.mark.parametrize(
    ("on", "urgency"),
    [
        (REVIEW_DUE - timedelta(days=2), Urgency.SOON),
        (REVIEW_DUE - timedelta(days=1), Urgency.NOW),
        (REVIEW_DUE + timedelta(days=1), Urgency.OVERDUE),
    ],
)
def test_departments_that_have_not_answered(county, candidacy, on, urgency):
    send(county, candidacy)
    answer_all(county, candidacy, but=["court", "health"])

    (need,) = needs(county, on)

    assert need.text == "2个部门还没有答复联审，答复期限2026年12月10日"
    assert need.urgency == urgency


def test_all_answered_and_something_still_open(county, candidacy):
    send(county, candidacy)
    answer_all(county, candidacy)
    Candidacy.objects.update(verdict="not_established")

    (need,) = needs(county, DUE - timedelta(days=5))

    assert need.text.startswith("1名候选人的资格尚未查清")
    assert need.url == reverse("candidates:candidate_list", args=[county.election.pk])


def test_the_county_is_told_what_it_can_sign(county, candidacy):
    batch = send(county, candidacy)
    answer_all(county, candidacy)

    assert needs(county, TODAY) == []
    (need,) = needs(county, TODAY, "county_reviewer")
    assert need.url == reverse("candidates:batch", args=[batch.pk])
    assert "请签署" in need.text


def test_signed_the_list_is_settled_next(county, candidacy):
    reviewed(county, candidacy)

    (need,) = needs(county, DUE)

    assert need.text == "联审已签署，请确定正式候选人名单（1人待定），最迟2026年12月15日公布"
    assert need.url == reverse("candidates:final_list", args=[county.election.pk])
    Candidacy.objects.update(state="final")
    assert needs(county, DUE) == []


def test_a_verdict_that_changed_since_it_was_signed(county, candidacy):
    reviewed(county, candidacy)
    ReviewItem.objects.update(verdict="disqualified")

    (need,) = needs(county, DUE)

    assert need.text == "1名候选人签署联审以后结论有变，请重新上报"


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_the_township_is_told_of_what_is_frozen(county, candidacy, who):
    flag = flags.open_flag(candidacy, Flag.Kind.LATE_FINDING, {"situation": "incapacity"}, actor=None, at=NOW)
    flags.refreeze([candidacy], at=NOW)

    (need,) = [one for one in needs(county, TODAY, who) if "冻结" in one.text]

    assert need.urgency == Urgency.NOW
    assert need.url == f"{reverse('candidates:flags')}?village={county.village.code}&state=open"
    assert flag.resolved_at is None


@pytest.mark.parametrize("state", ["declined", "struck_off", "not_listed"])
def test_who_no_longer_stands_needs_nothing(county, candidacy, state):
    Candidacy.objects.update(verdict="disqualified", state=state)

    assert needs(county, TODAY) == []


def test_a_committee_is_not_told(county, candidacy):
    Candidacy.objects.update(verdict="disqualified")

    assert needs(county, TODAY, "committee_member") == []


def test_queries_of_needs_do_not_grow(county, candidacy):
    """Not with villages, not with candidates: a county's list holds hundreds of them."""
    source = county.county_reviewer

    def queries(places):
        source.held_memberships  # noqa: B018 - read once a request
        with CaptureQueriesContext(connection) as captured:
            needs_of(source, places, on=TODAY)
        return len([one for one in captured if "candidates_" in one["sql"]])

    few = queries([county.village])
    for name, order in (("李水", 13), ("李山", 15)):
        make_candidate(county, name, id_number=make_id_number(order=order))
    assert queries(list(Place.objects.villages())) == few


@pytest.mark.parametrize(
    ("procedure", "due"), [("zhejiang-2020", DUE), ("shanghai-2020", DUE), ("national-2018", ELECTION_DAY)]
)
def test_final_list_due(procedure, due):
    election = Election(term=Term(procedure=procedure))
    assert final_list_due(election, ELECTION_DAY) == due


def village_page(client, county, who):
    client.force_login(getattr(county, who))
    return client.get(reverse("villages:village", args=[county.village.code])).content.decode()


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_panel(client, county, candidacy, who):
    make_candidate(county, "李水", id_number=make_id_number(order=13))

    page = village_page(client, county, who)

    assert "王大山" in page
    assert "李水" in page
    assert "2人" in page
    assert reverse("candidates:candidate_list", args=[county.election.pk]) in page
    assert (reverse("candidates:record_candidate", args=[county.election.pk]) in page) is (
        who == "township_official"
    )
    assert make_id_number() not in page


def test_panel_of_nobody(client, county):
    assert "还没有登记候选人" in village_page(client, county, "township_official")


def test_panel_is_not_for_the_committee(client, county, candidacy):
    assert "王大山" not in village_page(client, county, "committee_member")


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_the_home_page_counts_the_review(client, county, candidacy, who):
    """What came back, what waits, what is late, what is frozen: each number opens its list."""
    send(county, candidacy)
    flags.open_flag(candidacy, Flag.Kind.LATE_FINDING, {"situation": "incapacity"}, actor=None, at=NOW)
    client.force_login(getattr(county, who))

    page = client.get(reverse("home"), follow=True).content.decode()

    assert "批等待部门答复" in page
    assert f"{reverse('candidates:batches')}?situation=waiting" in page
    assert f"{reverse('candidates:flags')}?state=open" in page
