"""The demo county: told alike each time, lawful where it means to be, and marked as a demo."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils.timezone import localdate
from stdnum.cn import ric

from ballots.actions.steps import date_steps, record_step, schedule_of
from ballots.committee import committees
from ballots.demo import load as loading
from ballots.demo.accounts import LISTED, PASSWORD
from ballots.demo.load import PlacesAreThere, load_demo
from ballots.demo.story import tell_all
from ballots.models import CommitteeMember, CommitteeVote, Notice, Recall, Step, Vacancy, Violation, Voter
from ballots.recalls import demand, outcome_of
from ballots.rolls import count_under_age
from candidates.actions.batches import follow_answers, sign_off_faults
from candidates.actions.judging import reassess
from candidates.actions.nominations import leading
from candidates.doubles import doubtful
from candidates.final_lists import proposal_of
from candidates.law import eligibility_law
from candidates.models import (
    Assessment,
    Candidacy,
    DepartmentReply,
    Enquiry,
    FinalList,
    Flag,
    Nomination,
    Objection,
    Person,
    ReviewBatch,
    ReviewItem,
    Verdict,
)
from candidates.registry import names_on_roll
from election_admin.accounts.models import Role, User
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from election_admin.places.demo import forget_demo_mark, is_demo
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments
from election_admin.rulebooks.notice_sets import load_notice_set
from election_admin.rulebooks.procedures import load_procedure
from election_admin.validators import validate_person_name, validate_printable
from tests.cast import make_place
from villages.actions.risk import Answer, record_survey
from villages.models import (
    Audit,
    Band,
    DisposalPlan,
    Dispute,
    Election,
    GuidanceTeam,
    Rating,
    Stage,
    SurveyAnswer,
    Term,
)
from villages.models.audits import Subject
from villages.rules.audits import closing_difference

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def stories():
    return tell_all(today=TODAY)


class TestStory:
    """The story alone, without a database."""

    def test_the_same_day_tells_the_same_story(self, stories):
        assert tell_all(today=TODAY) == stories

    @pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 3, 1)])
    def test_any_day_has_a_story(self, today):
        told = tell_all(today=today)
        assert all(day <= today for story in told for day in story.done.values())

    def test_nothing_has_happened_in_the_future(self, stories):
        for story in stories:
            assert all(day <= TODAY for day in story.done.values())
            assert all(dispute.raised_on <= TODAY for dispute in story.disputes)
            assert story.audit is None or (story.audit.published_on or TODAY) <= TODAY

    def test_every_word_can_be_printed(self, stories):
        for story in stories:
            for evidence in story.survey.evidence.values():
                validate_printable(evidence)
                assert "{" not in evidence
                assert len(evidence) <= 500
            for candidate in story.candidates:
                validate_person_name(candidate.person["name"])

    def test_marked_levels_rest_on_something(self, stories):
        for story in stories:
            assert all(story.survey.evidence[f] for f, level in story.survey.levels.items() if level >= 2)

    def test_id_numbers_agree_with_the_person_and_belong_to_nobody(self, stories):
        for person in (candidate.person for story in stories for candidate in story.candidates):
            number = person["id_number"]
            assert ric.is_valid(number)
            assert ric.get_birth_date(number) == person["born"]
            assert (int(number[16]) % 2 == 0) == (person["sex"] == "female")
            # Kept for people of a hundred years.
            assert number[14:17] >= "996"

    def test_a_womens_seat_is_a_womans(self, stories):
        candidates = [candidate for story in stories for candidate in story.candidates]
        assert {each.person["sex"] for each in candidates if each.values["post"] == "women"} == {"female"}

    def test_there_are_more_final_candidates_than_seats(self, stories):
        for story in stories:
            if "final_list_published" in story.done:
                final = Counter(each.values["post"] for each in story.candidates if each.state == "final")
                assert all(final[post] > seats for post, seats in story.seats.items())


@pytest.fixture(scope="class")
def demo(django_db_setup, django_db_blocker):
    """The demo, loaded once for the class and rolled back after it."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic():
        with quick:
            load_demo(today=TODAY, at=NOW)
        yield
        transaction.set_rollback(True)
    forget_demo_mark()


@pytest.mark.usefixtures("demo", "db")
class TestLoaded:
    def test_the_whole_county(self):
        assert Place.objects.townships().count() == 20
        assert Place.objects.filter(level="village").count() == 364
        assert Place.objects.villages().count() == 279
        assert Election.objects.of_committee().count() == 279
        assert Election.objects.of_party_branch().count() == 279
        assert Counter(Election.objects.exclude(occasion="general").values_list("occasion", flat=True)) == {
            "further": 1,
            "recall": 1,
            "by_election": 1,
        }

    def test_the_party_branch_comes_first(self):
        """Two to six weeks before; whoever has voted has its branch elected."""
        branches = {one.place_id: one for one in Election.objects.of_party_branch().dated()}
        announced = set(
            Step.objects.filter(
                election__in=branches.values(), code="result_announced", done_on__isnull=False
            ).values_list("election__place", flat=True)
        )
        for election in Election.objects.of_committee().dated():
            days = (election.election_day - branches[election.place_id].election_day).days
            assert 14 <= days <= 42
            if election.steps.filter(code="vote_held", done_on__isnull=False).exists():
                assert election.place_id in announced
        assert set(Election.objects.of_party_branch().values_list("mode", flat=True)) == {
            "two_recommendations",
            "open_recommendation",
        }
        assert {one.stage for one in branches.values()} > {"prepare", "nominate", "closed"}

    def test_every_election_lies_in_the_window(self):
        term = Term.objects.get()
        for election in Election.objects.filter(occasion="general").dated():
            assert term.window_start <= election.election_day <= term.window_end

    def test_an_election_committee_where_one_is_chosen(self):
        """Zhejiang art. 8: five to nine members; each has next in line, and nobody ties at the cut."""
        chosen = Step.objects.filter(code="election_committee_chosen", done_on__isnull=False)
        votes = CommitteeVote.objects.all()
        assert set(chosen.values_list("election", flat=True)) == set(votes.values_list("election", flat=True))
        for vote in votes.prefetch_related("members"):
            members = list(vote.members.all())
            serving = [one for one in members if one.state == "serving"]
            assert len(serving) == vote.seats in range(5, 10)
            assert 3 * vote.present >= 2 * vote.due
            assert len({one.votes for one in members}) == len({one.name for one in members}) == len(members)

    def test_one_member_still_has_to_leave(self):
        found = {
            committee.election.place.name: [one.because for one in committee.must_leave]
            for committee in committees(
                Election.objects.of_committee().within("330604101").with_place()
            ).values()
            if committee.must_leave
        }
        assert found == {"长塘村": ["candidate"]}
        left = CommitteeMember.objects.get(state="left")
        assert left.place.name == "广陵村"
        assert left.replaced_by.state == "serving"

    def test_rolls_where_the_accounts_work(self):
        rolls = Counter(Voter.objects.values_list("election__place__code", flat=True))
        assert rolls
        assert all(code.startswith("330604101") and 200 < number <= 330 for code, number in rolls.items())
        for election in Election.objects.filter(voters__isnull=False).distinct():
            assert count_under_age(election) == 0

    @pytest.mark.parametrize(
        ("village", "login", "code", "day"),
        [
            ("330604101203", "xuanweihui", "voter_list_published", TODAY),
            ("330604101216", "xuanweihui2", "vote_held", TODAY),
        ],
    )
    def test_the_committees_can_go_on(self, village, login, code, day):
        """What waits to be recorded can be: the roll, the committee and the Party's result are there."""
        election = Election.objects.of_committee().get(place__code=village)
        step = record_step(
            step=election.steps.get(code=code),
            done_on=day,
            remark="",
            actor=User.objects.get(login=login),
            at=NOW,
        )
        assert step.done_on == day

    def test_guidance_teams(self):
        """Three to six in a township; one of them is wanted in two villages on one day."""
        teams = Counter(GuidanceTeam.objects.values_list("place", flat=True))
        assert len(teams) == 20
        assert set(teams.values()) <= {3, 4, 5, 6}
        guided = Counter(
            Election.objects.filter(guidance_team__isnull=False).values_list("guidance_team", "election_day")
        )
        clashes = [key for key, number in guided.items() if number > 1]
        assert len(guided) > 200
        [(team, _day)] = clashes
        assert GuidanceTeam.objects.get(pk=team).place.name == "长塘镇"

    def test_violations_and_notices(self):
        assert Violation.objects.count() == 3
        assert Violation.objects.open().count() == 1
        for violation in Violation.objects.exclude(correction=""):
            assert violation.step.done_on is not None
        for violation in Violation.objects.open():
            assert violation.step.done_on is None
        known = load_notice_set(Term.objects.get().notice_set).for_occasion("general")
        for notice in Notice.objects.select_related("election"):
            assert notice.code in known
            assert notice.election.steps.get(code=known[notice.code].step).done_on == notice.posted_on

    def test_the_recall_has_passed(self):
        recall = Recall.objects.get()
        assert outcome_of(recall).passed
        procedure = load_procedure("zhejiang-2020")
        asked = demand(
            procedure, asked_by=recall.asked_by, signatures=recall.signatures, out_of=recall.out_of
        )
        assert asked.met
        assert Vacancy.objects.get().election.follows == recall.election

    def test_every_stage_and_every_band(self):
        assert set(Election.objects.values_list("stage", flat=True)) == set(Stage.values)
        bands = Counter(Rating.objects.values_list("computed_band", flat=True))
        assert set(bands) == set(Band.values)
        assert bands["settled"] > bands["ordinary"] > bands["key"] > bands["difficult"] > bands["unrated"]
        assert Election.objects.filter(election_day=None).exists()

    def test_it_says_that_it_is_a_demo(self):
        assert is_demo()

    def test_loading_again_changes_nothing(self):
        assert load_demo(today=date(2027, 1, 1), at=NOW) is None

    def test_journal(self):
        assert not list(verify())
        assert list(Entry.objects.values_list("verb", flat=True).order_by("id")) == [
            "places.import_places",
            "villages.open_term",
            # What freezes somebody is opened by the rules themselves, and so are its entries.
            "candidates.open_flag",
            "candidates.record_finding",
            "candidates.open_flag",
            "candidates.open_flag",
            "places.load_demo",
        ]

    def test_no_step_comes_before_its_turn_or_too_early(self):
        broken = Counter()
        for election in Election.objects.with_place().prefetch_related("steps"):
            schedule = schedule_of(election, today=TODAY)
            broken.update(one.code for one in (schedule.violations if schedule else ()))
        assert set(broken) == {"late"}
        assert Step.objects.overdue(on=TODAY).exists()

    @pytest.mark.parametrize("township", ["330604101", "330604106"])
    def test_steps_are_dated_as_the_action_dates_them(self, township):
        def written(election):
            return election.stage, list(
                election.steps.order_by("position").values_list("code", "position", "earliest", "latest")
            )

        for election in Election.objects.within(township):
            before = written(election)
            date_steps(election)
            assert written(Election.objects.get(pk=election.pk)) == before

    def test_followed_steps_follow_the_records(self):
        published = Audit.objects.filter(state="published").count()
        assert Step.objects.filter(code="audit_published", done_on__isnull=False).count() == published
        approved = DisposalPlan.objects.approved().values("place").distinct().count()
        assert Step.objects.filter(code="plan_approved", done_on__isnull=False).count() == approved

    def test_ratings_are_those_of_the_action(self):
        official = User.objects.get(login="xiangzhen")
        for held in Rating.objects.within("330604101").filter(current=True):
            answer = SurveyAnswer.objects.newest().filter(place=held.place, factor="voters_away").get()
            rated = record_survey(
                place=held.place,
                term=held.term,
                answers={"voters_away": Answer(answer.level, "再次核实。")},
                actor=official,
                at=NOW,
            )
            for field in ("score", "completeness", "computed_band", "band", "floors", "decided_by_id"):
                assert getattr(rated, field) == getattr(held, field), field
            assert [one | {"evidence": ""} for one in rated.contributions] == [
                one | {"evidence": ""} for one in held.contributions
            ]

    def test_assessments_are_those_of_the_action(self):
        candidacies = Candidacy.objects.within("330604101").select_related(
            "person", "election__term", "election__place"
        )
        held = {one.candidacy_id: one for one in Assessment.objects.filter(current=True)}
        assert held.keys() == set(Candidacy.objects.values_list("pk", flat=True))
        for again in reassess(list(candidacies), cause="candidates.reply", at=NOW):
            assert again.verdict == held[again.candidacy_id].verdict
            assert again.snapshot["answer"] == held[again.candidacy_id].snapshot["answer"]

    def test_verdicts(self):
        assert set(Candidacy.objects.values_list("verdict", flat=True)) == set(Verdict.values)
        assert set(Candidacy.objects.values_list("state", flat=True)) == set(Candidacy.State.values)
        final = Candidacy.objects.filter(state="final")
        assert set(final.filter(frozen_at=None).values_list("verdict", flat=True)) == {Verdict.QUALIFIED}
        # Late news has frozen one: nobody is cleared, and nobody is out, until it is settled.
        assert final.get(frozen_at__isnull=False).verdict == Verdict.NOT_ESTABLISHED
        struck_off = Candidacy.objects.filter(state="struck_off").values_list("verdict", flat=True)
        assert set(struck_off) == {Verdict.DISQUALIFIED}

    def test_batches_of_every_state(self):
        batches = Counter(ReviewBatch.objects.values_list("state", flat=True))
        assert set(batches) == set(ReviewBatch.State.values)
        assert ReviewBatch.objects.within("330604101").filter(state="sent").exists()
        assert ReviewBatch.objects.within("330604101").filter(state="draft").exists()
        returned = ReviewBatch.objects.get(state="returned")
        assert returned.place.code == "330604102"
        assert returned.returned_because
        near = ReviewBatch.objects.filter(state="sent", due_on__lte=TODAY + timedelta(days=3))
        assert near.exists()
        for batch in ReviewBatch.objects.exclude(state="draft"):
            asked = batch.enquiries.values_list("department", flat=True)
            assert len(asked) == len(load_departments())
            assert batch.made_at <= batch.sent_at <= NOW

    def test_who_is_asked_and_who_is_silent(self):
        """Departments that are missing are noted as such, and some of them were reminded."""
        for batch in ReviewBatch.objects.filter(state="sent"):
            before = dict(batch.enquiries.values_list("department", "answered_at"))
            follow_answers(batch, at=NOW)
            assert dict(batch.enquiries.values_list("department", "answered_at")) == before
        assert Enquiry.objects.open().filter(reminders__gt=0).exists()
        assert Enquiry.objects.filter(answered_at__isnull=False, batch__state="sent").exists()
        assert not Enquiry.objects.filter(batch__state="signed", answered_at=None).exists()

    def test_a_review_that_is_done_was_signed_on_that_day(self):
        reviewed = Step.objects.filter(
            code="joint_review_done", done_on__isnull=False, election__body="villagers_committee"
        ).filter(election__candidacies__isnull=False)
        for step in reviewed.select_related("election").distinct():
            items = ReviewItem.objects.filter(candidacy__election=step.election).select_related("batch")
            assert {localdate(item.batch.signed_at) for item in items} == {step.done_on}
            assert {item.verdict for item in items} <= {Verdict.QUALIFIED, Verdict.DISQUALIFIED}
            assert all(item.assessment.verdict == item.verdict for item in items)

    def test_a_signed_batch_could_be_signed(self):
        for batch in ReviewBatch.objects.filter(state="signed").prefetch_related("items__candidacy"):
            standing = [item.candidacy for item in batch.items.all() if item.candidacy.is_standing]
            settled = [one for one in standing if not one.is_frozen]
            assert sign_off_faults(batch, settled) == []

    def test_answers_bring_their_findings(self):
        """Each record names its situation and brings its facts; nobody else's are changed by it."""
        records = [
            one
            for one in DepartmentReply.objects.prefetch_related("findings")
            if one.answer == DepartmentReply.Answer.RECORD
        ]
        assert records
        law = eligibility_law(Term.objects.get().eligibility_list)
        for reply in records:
            own = {each.code for each in law.situations if reply.department in each.departments}
            assert set(reply.situations) <= own
            assert {one.details["situation"] for one in reply.findings.all()} == set(reply.situations)
            assert all(one.details["source"] for one in reply.findings.all())

    def test_flags(self):
        flags = Counter(Flag.objects.open().values_list("kind", flat=True))
        assert flags == {"disagreement": 1, "late_finding": 1, "verdict_changed": 1}
        assert set(Candidacy.objects.filter(frozen_at__isnull=False)) == {
            one.candidacy for one in Flag.objects.open()
        }
        assert Flag.objects.get(kind="disagreement").place.name == "广陵村"

    def test_nominations(self):
        for one in Candidacy.objects.prefetch_related("nominations"):
            rows = list(one.nominations.all())
            shown = leading([row for row in rows if row.post == one.post])
            assert (one.how, one.nominated_on, one.supporters) == (
                shown.how,
                shown.nominated_on,
                shown.supporters,
            )
        chosen = Candidacy.objects.filter(post_chosen_on__isnull=False)
        assert chosen.exists()
        assert set(Candidacy.objects.choosing().values_list("state", flat=True)) <= {
            "preliminary",
            "not_listed",
        }
        signed = [one for one in Nomination.objects.within("330604101") if one.supporter_names]
        assert signed
        for row in signed:
            names = names_on_roll(row.candidacy.election)
            assert names is not None
            assert set(row.supporter_names) <= set(names)
            assert len(row.supporter_names) == len(set(row.supporter_names)) == row.supporters
            assert row.candidacy.person.name not in row.supporter_names

    def test_votes_are_those_of_nominated_elections(self):
        for one in Candidacy.objects.filter(votes__isnull=False).select_related("election"):
            assert one.election.mode == "nominated"
            assert one.votes_by_post == {one.post: one.votes}

    def test_final_lists_are_what_the_law_makes_of_those_who_stand(self):
        """Wherever the list is out there is the snapshot, and settling it again would change nothing."""
        published = Step.objects.filter(
            code="final_list_published", done_on__isnull=False, election__candidacies__isnull=False
        )
        lists = FinalList.objects.values_list("election", flat=True)
        assert set(published.values_list("election", flat=True)) == set(lists)
        for settled in FinalList.objects.within("330604101"):
            proposal = proposal_of(settled.election, on=TODAY)
            if settled == settled.election.final_lists.first():
                assert not proposal.settlement.faults
                assert not proposal.differs_from(settled)
        again = FinalList.objects.filter(number=2)
        assert again.exists()
        assert all(one.election.candidacies.filter(state="declined").exists() for one in again)

    def test_decisions(self):
        """Whoever was moved was moved by a decision, the last of which says where they are."""
        for one in Candidacy.objects.exclude(state__in=("preliminary", "in_review")):
            last = one.decisions.first()
            assert last is not None
            assert last.state == one.state
            assert last.reason
            assert last.decided_at <= NOW
        for one in Candidacy.objects.filter(state="declined").select_related("election"):
            published = one.election.steps.get(code="final_list_published").done_on
            closed = one.election.steps.get(code="withdrawals_closed").done_on
            assert published <= one.declined_on <= closed

    def test_objections(self):
        assert Objection.objects.open().count() == 1
        assert set(Objection.objects.values_list("about", flat=True)) >= {"candidate", "list"}
        for row in Objection.objects.filter(decided_on__isnull=False):
            assert row.received_on <= row.decided_on <= TODAY
            assert row.grounds
            assert row.decided_body

    def test_two_namesakes_wait_to_be_compared(self):
        assert doubtful().count() == 2
        assert len(set(doubtful().values_list("election__place__parent", flat=True))) == 2

    def test_audits_hold_up(self):
        for audit in Audit.objects.prefetch_related("subjects"):
            assert {each.subject for each in audit.subjects.all()} == set(Subject.values)
            if audit.state != "draft":
                assert all(each.conclusion for each in audit.subjects.all())
                figures = ("opening_balance", "income", "expenditure", "closing_balance")
                assert closing_difference(**{name: getattr(audit, name) for name in figures}) == 0

    def test_every_state_of_what_a_village_page_shows(self):
        assert set(Audit.objects.values_list("state", flat=True)) == set(Audit.State.values)
        assert set(DisposalPlan.objects.values_list("state", flat=True)) == set(DisposalPlan.State.values)
        assert Dispute.objects.still_open().filter(deadline__lt=TODAY).exists()
        assert Dispute.objects.filter(settled_on__isnull=False).exists()

    def test_rows_would_pass_their_own_checks(self):
        for model in (Audit, DisposalPlan, Dispute, Person, CommitteeVote, CommitteeMember):
            for row in model.objects.within("330604101"):
                row.full_clean(validate_unique=False, validate_constraints=False)

    @pytest.mark.parametrize("account", LISTED, ids=lambda account: account.login)
    def test_accounts_can_log_in(self, client, account):
        client.post(reverse("accounts:log_in"), {"username": account.login, "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(User.objects.get(login=account.login).pk)

    def test_only_listed_accounts_have_a_password(self):
        usable = {user.login for user in User.objects.all() if user.has_usable_password()}
        assert usable == {account.login for account in LISTED}
        assert {account.role for account in LISTED} == set(Role)

    def test_accounts_are_listed(self, capsys):
        call_command("load_demo", accounts=True)
        listed = capsys.readouterr().out.splitlines()
        assert len(listed) == len(LISTED)
        assert listed[0].split() == ["xiangzhen", PASSWORD, "长塘镇", "乡镇干部"]


@pytest.mark.django_db
class TestCommand:
    def test_a_real_office_is_left_alone(self):
        make_place("11", "北京市")
        with pytest.raises(CommandError, match="不能再装入演示数据"):
            call_command("load_demo")
        with pytest.raises(PlacesAreThere):
            load_demo(today=TODAY, at=NOW)

    def test_no_accounts_where_there_is_no_demo(self, capsys):
        call_command("load_demo", accounts=True)
        assert capsys.readouterr().out == ""

    def test_a_load_that_fails_leaves_nothing(self, monkeypatch):
        def fail(*args):
            raise RuntimeError

        monkeypatch.setattr(loading, "write_elections", fail)
        with pytest.raises(RuntimeError):
            load_demo(today=TODAY, at=NOW)
        assert not Place.objects.exists()
        assert not User.objects.exists()
