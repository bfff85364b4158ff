"""Violations: recorded where they happened, put right, never lost from sight before."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ballots.actions.steps import undo_step
from ballots.actions.violations import correct_violation, record_violation
from ballots.models import Violation
from ballots.violation_needs import need_words
from ballots.violations import unsettled
from election_admin.accounts.models import User
from election_admin.evidence.actions import attach
from election_admin.journal.models import Entry
from tests.ballots.office import end_term, log_in, mark_done, record, step_of
from tests.cast import NOW, TODAY, County
from tests.evidence.uploads import make_photo
from villages.models import Body, Election, Occasion
from villages.registry import Urgency, needs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]

WHAT = "流动票箱只有一名监票人跟随"
FILLED = {"what": WHAT, "found_on": "2026-11-30", "stopped_by": "镇选举指导组"}
PUT_RIGHT = {"correction": "补派两名监票人", "corrected_on": "2026-12-01", "voids": "nothing"}
YESTERDAY = TODAY - timedelta(days=1)


def violate(county: County, code: str = "seats_decided", **changes: Any) -> Violation:
    values: dict[str, Any] = {"what": WHAT, "found_on": YESTERDAY, "stopped_by": "镇选举指导组"}
    values |= {"actor": county.township_official, "at": NOW}
    return record_violation(step=step_of(county.election, code), **(values | changes))


def put_right(violation: Violation, actor: User, **changes: Any) -> Violation:
    values: dict[str, Any] = {
        "at": NOW,
        "correction": "补派两名监票人",
        "corrected_on": TODAY,
        "voids": Violation.Voids.NOTHING,
    }
    return correct_violation(violation=violation, actor=actor, **(values | changes))


def recording(county: County, code: str = "seats_decided") -> str:
    return reverse("ballots:record_violation", args=[step_of(county.election, code).pk])


def page_of(violation: Violation) -> str:
    return reverse("ballots:correct_violation", args=[violation.pk])


def needs(county: County, user: User) -> list[str]:
    return [need.text for need in needs_of(user, [county.village], on=TODAY)[county.village.pk]]


# --- recording --------------------------------------------------------------


@pytest.mark.parametrize("who", ["township_official", "committee_member"])
def test_recorded_at_its_step(client, county, who) -> None:
    log_in(client, getattr(county, who))
    assert "“确定村民委员会职数”：登记违规" in client.get(recording(county)).content.decode()

    response = client.post(recording(county), FILLED, follow=True)

    violation = Violation.objects.get()
    assert response.redirect_chain[-1][0] == page_of(violation)
    assert "纠正以前，“确定村民委员会职数”不能办结。" in response.content.decode()
    assert (violation.what, violation.found_on, violation.stopped_by) == (WHAT, YESTERDAY, "镇选举指导组")
    assert violation.election == county.election
    entry = Entry.objects.get(verb="ballots.record_violation")
    assert (entry.place, entry.actor, entry.after["what"]) == (county.village, getattr(county, who), WHAT)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("what", "", "请写明违规的情况。"),
        ("what", "  ", "请写明违规的情况。"),
        ("what", "长" * 501, "500"),
        ("what", "打人😀", "无法打印的字符"),
        ("found_on", "", "请填写发现的日期。"),
        ("found_on", "2026-12-02", "日期还没有到"),
        ("stopped_by", "", "请写明由谁制止。"),
        ("stopped_by", "长" * 81, "80"),
    ],
)
def test_refused_with_a_sentence_and_as_it_was_filled(client, county, field, value, sentence) -> None:
    response = log_in(client, county.committee_member).post(recording(county), {**FILLED, field: value})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert response.context["form"][field].value() == value
    assert not Violation.objects.exists()


def test_the_day_of_finding_from_both_sides(county) -> None:
    assert violate(county, found_on=TODAY).pk
    with pytest.raises(ValidationError, match="日期还没有到"):
        violate(county, found_on=TODAY + timedelta(days=1))


@pytest.mark.parametrize("field", ["what", "stopped_by"])
def test_the_act_refuses_what_the_form_refuses(county, field) -> None:
    with pytest.raises(ValidationError):
        violate(county, **{field: " "})


@pytest.mark.parametrize("who", ["county_reviewer", "court", "administrator"])
def test_who_only_reads_records_nothing(client, county, who) -> None:
    log_in(client, getattr(county, who))

    assert client.get(recording(county)).status_code == 403
    assert client.post(recording(county), FILLED).status_code == 403
    with pytest.raises(PermissionDenied):
        violate(county, actor=getattr(county, who))


def test_outsiders_strangers_and_bad_ids(client, county, neighbour) -> None:
    violation = violate(county)
    listed = reverse("ballots:violation_list", args=[county.election.pk])
    for address in (recording(county), page_of(violation), listed):
        client.logout()
        assert client.get(address).status_code == 302
        log_in(client, neighbour.committee_member)
        assert client.get(address).status_code == 404
        log_in(client, county.other_township_official)
        assert client.get(address).status_code == 404
        assert client.put(address).status_code == 405
    assert client.get("/elections/violations/987654321/").status_code == 404


def test_nothing_is_recorded_in_a_past_term(client, county) -> None:
    end_term(county)
    page = log_in(client, county.township_official).post(recording(county), FILLED, follow=True)

    assert "这是往届的选举，只能查看，不能再改。" in page.content.decode()
    with pytest.raises(ValidationError, match="往届"):
        violate(county)


def test_a_committee_learns_nothing_of_a_step_that_tells_the_rating(client, county) -> None:
    """That a plan was wanted at all would tell the village that it counts as difficult."""
    hidden = violate(county, "plan_approved", what="预案未经审批")
    log_in(client, county.committee_member)

    assert client.get(recording(county, "plan_approved")).status_code == 404
    assert client.post(recording(county, "plan_approved"), FILLED).status_code == 404
    assert client.get(page_of(hidden)).status_code == 404
    assert client.post(page_of(hidden), PUT_RIGHT).status_code == 404
    listed = client.get(reverse("ballots:violation_list", args=[county.election.pk]))
    assert "预案未经审批" not in listed.content.decode()
    assert not any("预案未经审批" in text for text in needs(county, county.committee_member))
    with pytest.raises(PermissionDenied):
        violate(county, "plan_approved", actor=county.committee_member)
    with pytest.raises(PermissionDenied):
        put_right(hidden, county.committee_member)

    assert any("预案未经审批" in text for text in needs(county, county.township_official))
    log_in(client, county.township_official)
    assert client.get(page_of(hidden)).status_code == 200


# --- putting right ----------------------------------------------------------


@pytest.mark.parametrize("who", ["township_official", "committee_member"])
def test_put_right(client, county, who) -> None:
    violation = violate(county)
    log_in(client, getattr(county, who))

    page = client.post(page_of(violation), PUT_RIGHT, follow=True).content.decode()

    assert "已登记纠正情况。" in page
    assert "不影响效力，已纠正" in page
    assert "登记纠正" not in page.partition("已登记纠正情况。")[2]
    violation.refresh_from_db()
    assert (violation.correction, violation.corrected_on, violation.voids) == (
        "补派两名监票人",
        TODAY,
        "nothing",
    )
    assert (violation.closed_by, violation.closed_at) == (getattr(county, who), NOW)
    entry = Entry.objects.get(verb="ballots.correct_violation")
    assert (entry.before["corrected_on"], entry.after["corrected_on"]) == (None, "2026-12-01")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("correction", "", "请写明是怎样纠正的。"),
        ("corrected_on", "", "请填写纠正的日期。"),
        ("corrected_on", "2026-12-02", "日期还没有到"),
        ("corrected_on", "2026-11-29", "纠正不能早于发现（2026年11月30日），请核对日期。"),
        ("voids", "", "请选择这次违规对效力的影响。"),
        ("voids", "nobody", "nobody"),
    ],
)
def test_not_put_right_without_how_when_and_what_it_voids(client, county, field, value, sentence) -> None:
    violation = violate(county)
    response = log_in(client, county.committee_member).post(page_of(violation), {**PUT_RIGHT, field: value})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    violation.refresh_from_db()
    assert violation.corrected_on is None


def test_the_day_of_putting_right_from_both_sides(county) -> None:
    assert put_right(violate(county), county.committee_member, corrected_on=YESTERDAY).pk
    for day in (YESTERDAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ValidationError):
            put_right(violate(county), county.committee_member, corrected_on=day)


@pytest.mark.parametrize("changes", [{"correction": " "}, {"voids": ""}, {"voids": "nobody"}])
def test_the_act_wants_it_complete(county, changes) -> None:
    with pytest.raises(ValidationError):
        put_right(violate(county), county.committee_member, **changes)


def test_put_right_only_once(client, county) -> None:
    """What was certified stays; the journal is not the only place that remembers."""
    violation = put_right(violate(county), county.committee_member)

    page = log_in(client, county.township_official).post(
        page_of(violation), {**PUT_RIGHT, "correction": "另一种说法"}
    )

    assert "这条违规已登记为2026年12月1日纠正，不能再改。" in page.content.decode()
    violation.refresh_from_db()
    assert violation.correction == "补派两名监票人"


def test_the_county_reads_and_writes_nothing(client, county) -> None:
    violation = violate(county)
    log_in(client, county.county_reviewer)
    page = client.get(page_of(violation))

    assert WHAT in page.content.decode()
    assert page.context["form"] is None
    assert client.post(page_of(violation), PUT_RIGHT).status_code == 403
    with pytest.raises(PermissionDenied):
        put_right(violation, county.county_reviewer)


@pytest.mark.parametrize("who", ["court", "administrator"])
def test_who_has_no_business_there(client, county, who) -> None:
    violation = violate(county)
    log_in(client, getattr(county, who))

    for name, args in (
        ("violation_list", [county.election.pk]),
        ("correct_violation", [violation.pk]),
        ("violations", []),
    ):
        assert client.get(reverse(f"ballots:{name}", args=args)).status_code == 403


def test_in_a_past_term_it_is_only_read(client, county) -> None:
    violation = violate(county)
    end_term(county)
    log_in(client, county.township_official)

    assert client.get(page_of(violation)).context["form"] is None
    assert "这是往届的选举" in client.post(page_of(violation), PUT_RIGHT).content.decode()
    with pytest.raises(ValidationError, match="往届"):
        put_right(violation, county.township_official)


def test_photos_stand_on_its_page(client, county) -> None:
    violation = violate(county)
    attach(kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW)

    page = log_in(client, county.county_reviewer).get(page_of(violation)).content.decode()

    assert "公告栏.png" in page
    assert 'type="file"' not in page
    assert 'type="file"' in log_in(client, county.committee_member).get(page_of(violation)).content.decode()


# --- what it voids ----------------------------------------------------------


@pytest.fixture
def recorded(county) -> County:
    record(county.election, county.committee_member, {"seats_decided": date(2026, 11, 5)})
    return county


def test_a_void_step_that_is_recorded_has_to_be_taken_back(client, recorded) -> None:
    """Else the timeline would go on saying that it is done."""
    violation = violate(recorded)
    log_in(client, recorded.committee_member)

    page = client.post(page_of(violation), {**PUT_RIGHT, "voids": "step"}, follow=True).content.decode()

    assert "已登记为2026年11月5日办理，这一步因违规无效。请先撤销登记，重新办理后再登记。" in page
    undoing = reverse("ballots:undo_step", args=[step_of(recorded.election, "seats_decided").pk])
    assert undoing in page
    sentence = "“确定村民委员会职数”因违规无效，须撤销登记、重新办理"
    assert sentence in needs(recorded, recorded.township_official)

    undo_step(
        step=step_of(recorded.election, "seats_decided"),
        reason="因违规无效",
        actor=recorded.committee_member,
        at=NOW,
    )
    assert sentence not in needs(recorded, recorded.township_official)
    assert undoing not in client.get(page_of(violation)).content.decode()


def test_done_again_after_it_was_void(recorded) -> None:
    """The new record is good: nothing is demanded any more."""
    violation = put_right(violate(recorded), recorded.committee_member, voids="step")
    assert list(unsettled(Violation.objects.all())) == [violation]

    step = step_of(recorded.election, "seats_decided")
    step.recorded_at = NOW + timedelta(hours=1)
    step.save()

    assert list(unsettled(Violation.objects.all())) == []


def test_a_committee_is_told_who_takes_the_void_step_back(client, county) -> None:
    record(county.election, county.township_official, {"seats_decided": date(2026, 11, 5)})
    violation = put_right(violate(county), county.township_official, voids="step")

    page = log_in(client, county.committee_member).get(page_of(violation)).content.decode()

    assert "请由乡镇撤销。" in page
    assert "去撤销登记" not in page
    reader = log_in(client, county.county_reviewer).get(page_of(violation)).content.decode()
    assert "这一步因违规无效" in reader
    assert "去撤销登记" not in reader


def test_a_void_step_not_recorded_demands_nothing_more(client, county) -> None:
    violation = put_right(violate(county), county.committee_member, voids="step")

    assert list(unsettled(Violation.objects.all())) == []
    page = log_in(client, county.committee_member).get(page_of(violation)).content.decode()
    assert "撤销" not in page


def test_an_invalid_election_is_followed_by_a_new_one(client, county) -> None:
    """Art. 15 and 17: until the new election is there, the office is reminded of it."""
    violation = violate(county)
    page = log_in(client, county.township_official).post(
        page_of(violation), {**PUT_RIGHT, "voids": "election"}, follow=True
    )

    assert "须依法组织重新选举（组织法第15条、第17条）" in page.content.decode()
    assert reverse("ballots:open_new", args=[county.election.pk]) in page.content.decode()
    sentence = "村民委员会换届选举无效，须组织重新选举"
    assert sentence in needs(county, county.township_official)
    committee = log_in(client, county.committee_member).get(page_of(violation)).content.decode()
    assert "须依法组织重新选举" in committee
    assert reverse("ballots:open_new", args=[county.election.pk]) not in committee

    Election.objects.create(
        place=county.village,
        term=county.term,
        occasion=Occasion.NEW,
        follows=county.election,
        occasion_day=TODAY,
    )
    assert sentence not in needs(county, county.township_official)


def test_a_partys_election_cites_no_law_of_villagers(client, county) -> None:
    violation = put_right(violate(county), county.committee_member, voids="election")
    Election.objects.filter(pk=county.election.pk).update(body=Body.PARTY_BRANCH, mode="two_recommendations")

    page = log_in(client, county.township_official).get(page_of(violation)).content.decode()

    assert "请报上级党组织" in page
    assert "组织法" not in page


# --- lists ------------------------------------------------------------------


def test_open_ones_are_needs_of_now(county) -> None:
    violation = violate(county, what="流动票箱" + "长" * 60)
    found = needs_of(county.committee_member, [county.village], on=TODAY)[county.village.pk]
    [need] = [one for one in found if "违规" in one.text]

    assert need.urgency == Urgency.NOW
    assert need.url == page_of(violation)
    assert need.text.startswith("违规没有纠正（确定村民委员会职数）：流动票箱")
    assert len(need.text) < 60

    put_right(violation, county.committee_member)
    assert not any("违规" in text for text in needs(county, county.committee_member))


def test_needs_of_many_villages_cost_no_more(county, django_assert_max_num_queries) -> None:
    villages = [county.village, county.second_village]
    violate(county)
    for election in Election.objects.filter(place__in=villages):
        Violation.objects.create(
            election=election,
            step=election.steps.get(code="seats_decided"),
            what=WHAT,
            found_on=TODAY,
            stopped_by="镇",
            recorded_by=county.township_official,
            recorded_at=NOW,
        )
    with django_assert_max_num_queries(1):
        rows = unsettled(Violation.objects.filter(election__place__in=villages))
        rows = rows.select_related("step", "election__term", "election__edition")
        assert [need_words(row) for row in rows]


def test_the_list_of_an_election_shows_open_ones_first(client, county) -> None:
    put_right(violate(county, what="已经纠正的"), county.committee_member)
    violate(county, what="还没有纠正的", found_on=date(2026, 11, 1))
    attach(
        kind="violation",
        subject=Violation.objects.get(what="已经纠正的"),
        file=make_photo(),
        actor=county.committee_member,
        at=NOW,
    )

    page = log_in(client, county.committee_member).get(
        reverse("ballots:violation_list", args=[county.election.pk])
    )
    text = page.content.decode()

    assert text.index("还没有纠正的") < text.index("已经纠正的")
    assert "1个" in text


def test_the_list_of_an_election_does_not_ask_row_by_row(
    client, county, django_assert_max_num_queries
) -> None:
    for number in range(12):
        violate(county, what=f"第{number}次")
    log_in(client, county.committee_member)

    with django_assert_max_num_queries(7):
        client.get(reverse("ballots:violation_list", args=[county.election.pk]))


def test_the_empty_lists_say_what_would_be_here(client, county) -> None:
    log_in(client, county.township_official)

    assert "没有违规记录" in client.get(reverse("ballots:violations")).content.decode()
    listed = client.get(reverse("ballots:violation_list", args=[county.election.pk]))
    assert "没有违规记录" in listed.content.decode()


@pytest.fixture
def three(county) -> County:
    """One open, one put right, one in another township that made its election invalid."""
    violate(county, what="没有纠正")
    put_right(violate(county, what="已经纠正"), county.committee_member)
    other = Election.objects.of_committee().get(place=county.other_village)
    elsewhere = Violation.objects.create(
        election=other,
        step=other.steps.get(code="seats_decided"),
        what="别镇作废",
        found_on=TODAY,
        stopped_by="县级",
        recorded_by=county.other_township_official,
        recorded_at=NOW,
    )
    put_right(elsewhere, county.other_township_official, voids="election")
    return county


@pytest.mark.parametrize(
    ("who", "query", "shown"),
    [
        ("township_official", "", {"没有纠正", "已经纠正"}),
        ("other_township_official", "", {"别镇作废"}),
        ("county_reviewer", "", {"没有纠正", "已经纠正", "别镇作废"}),
        ("county_reviewer", "?state=open", {"没有纠正"}),
        ("county_reviewer", "?state=corrected", {"已经纠正", "别镇作废"}),
        ("county_reviewer", "?state=waiting", {"别镇作废"}),
        ("county_reviewer", "?voids=election", {"别镇作废"}),
        ("county_reviewer", "?township=330604102", {"别镇作废"}),
        ("county_reviewer", "?q=桃园", {"没有纠正", "已经纠正"}),
        ("county_reviewer", "?state=nonsense", set()),
    ],
)
def test_the_offices_list_by_reach_and_filter(client, three, who, query, shown) -> None:
    page = log_in(client, getattr(three, who)).get(reverse("ballots:violations") + query)

    found = {row.record.what for row in page.context["table"].page.object_list}
    assert found == shown


@pytest.mark.parametrize("column", ["village", "township", "step", "found_on", "state", "-state", "nonsense"])
def test_the_offices_list_sorts(client, three, column) -> None:
    page = log_in(client, three.county_reviewer).get(reverse("ballots:violations") + f"?sort={column}")

    assert page.status_code == 200
    assert len(page.context["table"].page.object_list) == 3


def test_another_countys_violations_are_on_no_list(client, three, neighbour) -> None:
    page = log_in(client, neighbour.county_reviewer).get(reverse("ballots:violations"))

    assert "没有违规记录" in page.content.decode()


def test_the_offices_list_does_not_ask_row_by_row(client, county, django_assert_max_num_queries) -> None:
    for number in range(30):
        violate(county, what=f"第{number}次")
    log_in(client, county.county_reviewer)

    with django_assert_max_num_queries(6):
        client.get(reverse("ballots:violations"))


def test_the_excel_file_says_how_each_was_put_right(client, three) -> None:
    response = log_in(client, three.county_reviewer).get(reverse("ballots:violations") + "?export=xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(response.getvalue()))
    rows = book.get_sheet_by_index(0).to_python()

    assert rows[0][:5] == ["村", "乡镇（街道）", "选举", "步骤", "违规情况"]
    [void] = [row for row in rows if "别镇作废" in row]
    assert {"补派两名监票人", "选举无效，须重新选举", "已纠正，选举无效，须重新选举"} <= set(void)


def test_marked_done_stays_done_for_a_followed_step(county) -> None:
    """A step that follows the village's records cannot be taken back here: nobody is sent to do it."""
    mark_done(county.election, {"audit_published": date(2026, 11, 5)}, county.township_official)
    put_right(violate(county, "audit_published"), county.township_official, voids="step")

    assert list(unsettled(Violation.objects.all())) == []
