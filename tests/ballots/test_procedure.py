"""The timeline, the page it stands on, and the way to it."""

from datetime import date

import pytest
from django.urls import reverse

from ballots.timeline import timeline
from tests.ballots.office import UP_TO_THE_LIST, end_term, log_in, mark_done, rate, record, step_of
from tests.cast import TODAY
from villages.models import Election, Term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]


def address(election: Election) -> str:
    return reverse("ballots:procedure", args=[election.pk])


def shown_to(user, election: Election, today: date = TODAY):
    return timeline(Election.objects.with_place().get(pk=election.pk), today=today, user=user)


def line(county, code: str, today: date = TODAY, who: str = "township_official"):
    shown = shown_to(getattr(county, who), county.election, today)
    return next(one for one in shown.lines if one.code == code)


def test_a_committee_member_lands_on_their_own_procedure(client, county) -> None:
    response = log_in(client, county.committee_member).get(reverse("ballots:own_procedure"))

    assert response.status_code == 302
    assert response["Location"] == address(county.election)


def test_without_an_election_the_page_says_so(client, county) -> None:
    Term.objects.update(current=False)

    response = log_in(client, county.committee_member).get(reverse("ballots:own_procedure"))

    assert response.status_code == 200
    assert "本村还没有正在进行的换届选举" in response.content.decode()


@pytest.mark.parametrize("who", ["township_official", "county_reviewer", "court", "administrator"])
def test_own_procedure_is_for_committees(client, county, who) -> None:
    assert log_in(client, getattr(county, who)).get(reverse("ballots:own_procedure")).status_code == 403


def test_the_page_names_every_step_its_legal_day_and_why(client, county) -> None:
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()

    assert page.count("<h1>") == 1
    for title in ("公布选民名单", "公布财务清理审计（任期经济责任审计）结果", "投票", "选举档案归档"):
        assert f'<h3 class="mb-1">{title}</h3>' in page
    assert "2026年11月30日" in page
    assert "选举日（2026年12月20日）前20日，《浙江省村民委员会选举办法》第十四条" in page
    assert "还有19天" in page
    assert "引用条文尚未核对" in page


def test_who_may_not_record_sees_no_form(client, county) -> None:
    page = log_in(client, county.county_reviewer).get(address(county.election)).content.decode()

    assert "公布选民名单" in page
    assert "/record/" not in page
    assert "/undo/" not in page


@pytest.mark.parametrize("who", ["court", "health", "administrator"])
def test_other_roles_are_refused(client, county, who) -> None:
    assert log_in(client, getattr(county, who)).get(address(county.election)).status_code == 403


def test_nobody_gets_in_without_logging_in(client, county) -> None:
    response = client.get(address(county.election))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:log_in"))


@pytest.mark.parametrize("who", ["committee_member", "county_reviewer", "township_official"])
def test_an_election_of_another_county_is_not_there(client, county, neighbour, who) -> None:
    assert log_in(client, getattr(neighbour, who)).get(address(county.election)).status_code == 404


def test_an_election_of_another_township_is_not_there(client, county) -> None:
    assert log_in(client, county.other_township_official).get(address(county.election)).status_code == 404


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_an_election_that_does_not_exist(client, county, number) -> None:
    response = log_in(client, county.committee_member).get(f"/elections/{number}/")

    assert response.status_code == 404


def test_the_page_is_only_read(client, county) -> None:
    assert log_in(client, county.committee_member).post(address(county.election)).status_code == 405


@pytest.mark.parametrize(
    ("code", "today", "kind", "word"),
    [
        ("seats_decided", TODAY, "open", "没有法定期限"),
        ("voter_list_published", date(2026, 11, 20), "open", "还没轮到"),
        ("voter_list_published", date(2026, 11, 30), "warn", "今天到期"),
        ("voter_list_published", date(2026, 12, 3), "bad", "已逾期3天"),
        ("vote_held", TODAY, "open", "还没轮到"),
        ("further_election_held", date(2027, 3, 1), "open", "有此情形才办"),
    ],
)
def test_how_an_open_step_stands(county, code, today, kind, word) -> None:
    mark = line(county, code, today).mark

    assert (mark.kind, mark.word) == (kind, word)


@pytest.mark.parametrize(
    ("today", "kind", "word"),
    [
        (date(2026, 12, 1), "open", "还有4天"),
        (date(2026, 12, 2), "warn", "还有3天"),
        (date(2026, 12, 5), "warn", "今天到期"),
    ],
)
def test_how_a_step_stands_whose_turn_it_is(county, today, kind, word) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    mark = line(county, "objections_closed", today).mark

    assert (mark.kind, mark.word) == (kind, word)


def test_the_next_step_stands_behind_the_last_one_done(county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    shown = shown_to(county.committee_member, county.election)

    assert shown.next.code == "objections_closed"
    assert [stage.mark.word for stage in shown.stages][:3] == ["还差4步", "还差3步", "进行中"]


def test_an_overdue_step_comes_first(county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    late = shown_to(county.committee_member, county.election, date(2026, 12, 6))

    assert late.next.code == "objections_closed"
    assert [one.code for one in late.overdue] == ["objections_closed"]


def test_a_step_that_follows_the_villages_records_says_where_from(client, county) -> None:
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()
    step = step_of(county.election, "audit_published")

    assert "财务清理审计" in page
    assert reverse("ballots:record_step", args=[step.pk]) not in page


def test_without_an_election_day_the_page_says_who_sets_it(client, county) -> None:
    election = Election.objects.get(place=county.second_village)
    day = reverse("ballots:set_election_day", args=[election.pk])

    page = log_in(client, county.township_official).get(address(election)).content.decode()
    assert "还没有确定选举日" in page
    assert day in page
    assert "/record/" not in page

    page = log_in(client, county.county_reviewer).get(address(election)).content.decode()
    assert "请与乡镇干部联系" in page
    assert day not in page


def test_queries_do_not_grow_with_steps(client, county, django_assert_max_num_queries) -> None:
    log_in(client, county.committee_member)
    client.get(address(county.election))
    with django_assert_max_num_queries(5):
        client.get(address(county.election))
    record(county.election, county.committee_member, UP_TO_THE_LIST)
    with django_assert_max_num_queries(5):
        client.get(address(county.election))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages(client, county, language) -> None:
    client.cookies["django_language"] = language
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()

    assert {"zh-hans": "公布选民名单", "en": "Voter list published"}[language] in page


@pytest.mark.parametrize("band", ["key", "difficult"])
@pytest.mark.parametrize("approved", [True, False])
def test_a_committee_sees_nothing_of_the_plan(client, county, band, approved) -> None:
    """Risk never reaches committees: not by the step, a count, a problem or the stage."""
    before = shown_to(county.committee_member, county.election)
    rate(county, band)
    if approved:
        # After the vote, which for officials is a date against the order of steps.
        mark_done(county.election, {"plan_approved": date(2026, 12, 25)}, county.township_official)
        mark_done(county.election, {"vote_held": date(2026, 12, 20)}, county.committee_member)

    shown = shown_to(county.committee_member, county.election)
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()

    for word in ("预案", "重点村", "难点村", "plan_approved"):
        assert word not in page
    assert shown.total == before.total
    assert shown.done == (1 if approved else 0)
    assert not shown.missing
    assert [stage.total for stage in shown.stages] == [stage.total for stage in before.stages]


def test_the_vote_waits_for_the_survey_with_or_without_a_plan(county) -> None:
    """A step that waited for less because a plan is approved would tell that there is one."""
    mark_done(county.election, {"plan_approved": date(2026, 11, 5)}, county.township_official)

    assert "完成村情民意调查" in line(county, "vote_held", who="committee_member").waiting


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
@pytest.mark.parametrize(
    ("band", "approved", "kind", "word", "total"),
    [
        (None, False, "open", "有此情形才办", 40),
        ("settled", False, "open", "有此情形才办", 40),
        ("ordinary", False, "open", "有此情形才办", 40),
        ("key", False, "bad", "重点村、难点村必须有批准的预案", 41),
        ("difficult", False, "bad", "重点村、难点村必须有批准的预案", 41),
        ("difficult", True, "good", "已完成", 41),
        ("ordinary", True, "good", "已完成", 41),
    ],
)
def test_officials_see_that_a_plan_is_missing(client, county, who, band, approved, kind, word, total) -> None:
    if band:
        rate(county, band)
    if approved:
        mark_done(county.election, {"plan_approved": date(2026, 11, 5)}, county.township_official)

    shown = shown_to(getattr(county, who), county.election)
    mark = line(county, "plan_approved", who=who).mark
    page = log_in(client, getattr(county, who)).get(address(county.election)).content.decode()

    assert (mark.kind, mark.word) == (kind, word)
    assert shown.total == total
    assert [one.code for one in shown.missing] == (["plan_approved"] if kind == "bad" else [])
    assert ('<a href="#plan_approved">' in page) is (kind == "bad")


def test_a_plan_is_missing_before_the_day_is_set_too(county) -> None:
    rate(county, "key")
    Election.objects.update(election_day=None)

    assert line(county, "plan_approved").mark.kind == "bad"


def test_a_rating_no_longer_in_force_asks_for_nothing(county) -> None:
    rating = rate(county, "key")
    rating.current = False
    rating.save()

    assert line(county, "plan_approved").mark.kind == "open"


@pytest.mark.parametrize("who", ["committee_member", "township_official"])
def test_an_election_of_a_past_term_is_only_read(client, county, who) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)
    end_term(county)

    page = log_in(client, getattr(county, who)).get(address(county.election)).content.decode()

    assert "这是往届的选举，只能查看，不能再改。" in page
    assert "到了这一天才能登记" not in page
    assert "下一步：" not in page
    for form in ("/record/", "/undo/", "/day/"):
        assert form not in page


def test_after_the_vote_the_day_is_not_offered_for_change(client, county) -> None:
    log_in(client, county.township_official)
    assert "/day/" in client.get(address(county.election)).content.decode()

    mark_done(county.election, {"vote_held": date(2026, 12, 20)}, county.committee_member)

    assert "/day/" not in client.get(address(county.election)).content.decode()


@pytest.mark.parametrize(
    ("who", "recorder", "offered"),
    [
        ("committee_member", "committee_member", True),
        ("committee_member", "township_official", False),
        ("township_official", "committee_member", True),
        ("township_official", "township_official", True),
        ("county_reviewer", "committee_member", False),
    ],
)
def test_undoing_is_offered_to_who_may(client, county, who, recorder, offered) -> None:
    mark_done(county.election, {"seats_decided": date(2026, 11, 5)}, getattr(county, recorder))

    page = log_in(client, getattr(county, who)).get(address(county.election)).content.decode()

    assert ("/undo/" in page) is offered
