"""The timeline, the page it stands on, and the way to it."""

from datetime import date

import pytest
from django.urls import reverse

from ballots.actions.violations import correct_violation, record_violation
from ballots.timeline import timeline
from election_admin.evidence.actions import attach
from tests.ballots.office import (
    UP_TO_THE_LIST,
    choose_committee,
    end_term,
    log_in,
    mark_done,
    rate,
    record,
    step_of,
)
from tests.cast import NOW, TODAY
from tests.evidence.uploads import make_photo
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
    """Session, user, offices, election, steps, violations, files; a guard asks for what it needs."""
    log_in(client, county.committee_member)
    record(county.election, county.committee_member, UP_TO_THE_LIST)
    client.get(address(county.election))
    with django_assert_max_num_queries(7):
        client.get(address(county.election))
    for code in UP_TO_THE_LIST:
        step = step_of(county.election, code)
        record_violation(
            step=step,
            what="名单漏了第3组",
            found_on=TODAY,
            stopped_by="镇包村干部",
            actor=county.township_official,
            at=NOW,
        )
        attach(kind="step", subject=step, file=make_photo(), actor=county.committee_member, at=NOW)
    with django_assert_max_num_queries(7):
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


def test_the_page_says_which_election_it_is(client, county) -> None:
    """A village has several elections a term; a step recorded in the wrong one is hard to find."""
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()

    assert "<h1>桃园村村民委员会换届选举程序</h1>" in page


def test_another_offices_step_has_no_form_but_says_whose_it_is(client, county) -> None:
    step = step_of(county.election, "survey_done")
    form = reverse("ballots:record_step", args=[step.pk])

    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()
    assert form not in page
    assert "这一步由乡镇登记。" in page

    page = log_in(client, county.township_official).get(address(county.election)).content.decode()
    assert form in page


def test_the_next_step_is_one_the_readers_office_records(county) -> None:
    """A committee that is shown the township's step would wait, or call the township, for nothing."""
    mark_done(county.election, {"village_affairs_published": date(2026, 11, 2)}, county.committee_member)

    assert shown_to(county.township_official, county.election).next.code == "cadre_review_done"
    assert shown_to(county.committee_member, county.election).next.code == "seats_decided"


def test_objections_wait_for_the_last_of_the_five_days(county) -> None:
    """Art. 14: who finds the list wrong has five days from its publication, the last one included."""
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    before = line(county, "objections_closed", date(2026, 12, 4))
    assert (before.turn, before.recordable, before.too_early) == (True, False, True)
    assert before.open_until.day == date(2026, 12, 5)
    assert line(county, "objections_closed", date(2026, 12, 5)).recordable


def test_the_page_says_why_not_yet_and_where_to_go(client, county) -> None:
    days = {code: day for code, day in UP_TO_THE_LIST.items() if code != "voter_list_published"}
    record(county.election, county.committee_member, days)

    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()

    assert "为什么还不能登记" in page
    assert "选民名单还是空的：请先登记选民，再办理这一步。" in page
    assert reverse("ballots:roll", args=[county.election.pk]) in page
    assert (
        reverse("ballots:record_step", args=[step_of(county.election, "voter_list_published").pk]) not in page
    )


def test_a_missing_committee_is_pointed_out_until_it_is_there(client, county) -> None:
    log_in(client, county.committee_member)
    assert "还没有登记推选结果" in client.get(address(county.election)).content.decode()

    choose_committee(county.election, county.committee_member)

    assert "还没有登记推选结果" not in client.get(address(county.election)).content.decode()


def test_an_open_violation_is_a_problem_until_it_is_put_right(client, county) -> None:
    violation = record_violation(
        step=step_of(county.election, "seats_decided"),
        what="会议到会不足半数",
        found_on=TODAY,
        stopped_by="镇包村干部",
        actor=county.township_official,
        at=NOW,
    )
    form = reverse("ballots:record_step", args=[violation.step.pk])
    page = log_in(client, county.committee_member).get(address(county.election)).content.decode()
    assert "会议到会不足半数" in page
    assert "2026年12月1日发现，镇包村干部制止" in page
    assert form not in page

    correct_violation(
        violation=violation,
        correction="另行召开会议",
        corrected_on=TODAY,
        voids="nothing",
        actor=county.township_official,
        at=NOW,
    )

    page = client.get(address(county.election)).content.decode()
    assert "会议到会不足半数" not in page
    assert form in page


@pytest.mark.parametrize(("who", "offered"), [("committee_member", True), ("county_reviewer", False)])
def test_files_stand_with_their_step(client, county, who, offered) -> None:
    record(county.election, county.committee_member, {"seats_decided": date(2026, 11, 5)})
    step = step_of(county.election, "seats_decided")
    file = attach(kind="step", subject=step, file=make_photo(), actor=county.committee_member, at=NOW)

    page = log_in(client, getattr(county, who)).get(address(county.election)).content.decode()

    assert reverse("evidence:open_evidence", args=[file.pk]) in page
    assert (reverse("evidence:attach", args=["step", step.pk]) in page) is offered


def test_the_doer_is_shown_beside_the_recorder(client, county) -> None:
    record(county.election, county.committee_member, {"seats_decided": date(2026, 11, 5)})

    page = log_in(client, county.county_reviewer).get(address(county.election)).content.decode()

    assert "办理人：村民会议或村民代表会议" in page
