"""What a desk in a hurry, two desks at once, or an election held anew would break."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse

from ballots.actions import occasions
from ballots.actions.committee import choose_chair
from ballots.actions.notices import post_notice
from ballots.actions.recalls import record_recall_vote
from ballots.actions.roll import strike_off
from ballots.actions.steps import record_step, undo_step
from ballots.deadlines import due_steps
from ballots.digest import send_digests
from ballots.models import CommitteeMember, Recall, Step, Vacancy
from ballots.month import day_lines
from ballots.panels import _needs as needs_of_steps
from election_admin.accounts.models import Membership, Role, User
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from election_admin.places.models import Place
from tests.ballots.office import choose_committee, enrol, mark_done, step_of
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY, County, make_user
from tests.test_turns import at_once
from villages.actions.editions import adopt_edition
from villages.actions.terms import PlannedDay, set_election_day, set_planned_days
from villages.models import Election, RulebookEdition

VOTED_ON = date(2026, 11, 20)
COUNTED = {"vote_held": VOTED_ON, "count_done": VOTED_ON}


def counted(county: County) -> Election:
    mark_done(county.election, COUNTED, county.township_official)
    return county.election


def further(county: County, base: Election) -> Election:
    return occasions.open_further(base=base, seats={"member": 1}, actor=county.township_official, at=NOW)


def give_day(county: County, election: Election, day: date, at=NOW) -> Election:
    return set_election_day(
        election=election,
        election_day=day,
        mode=election.mode,
        seats={"member": 1},
        actor=county.township_official,
        at=at,
    )


def ready_to_vote(county: County, election: Election) -> None:
    """Everything before the vote is done."""
    vote = step_of(election, "vote_held")
    before = election.steps.filter(position__lt=vote.position)
    mark_done(election, dict.fromkeys(before.values_list("code", flat=True), TODAY), county.township_official)


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
class TestTheDayOfTheVote:
    """A further election votes on the day that was set and announced, not on any day in the law's thirty."""

    def opened(self, county: County, day: date) -> Election:
        election = give_day(county, further(county, counted(county)), day)
        ready_to_vote(county, election)
        return election

    def test_on_no_other_day(self, county: County) -> None:
        election = self.opened(county, date(2026, 12, 3))
        at = NOW + timedelta(days=5)
        actor = county.township_official
        for day in (date(2026, 12, 4), date(2026, 12, 6)):
            with pytest.raises(ValidationError, match="2026年12月3日"):
                record_step(step=step_of(election, "vote_held"), done_on=day, remark="", actor=actor, at=at)
        # It really was held a day later: the day is put right, then the vote is recorded.
        give_day(county, election, date(2026, 12, 4), at=at)
        record_step(
            step=step_of(election, "vote_held"), done_on=date(2026, 12, 4), remark="", actor=actor, at=at
        )

    def test_on_the_day_that_was_set(self, county: County) -> None:
        election = self.opened(county, TODAY)
        record_step(
            step=step_of(election, "vote_held"),
            done_on=TODAY,
            remark="",
            actor=county.township_official,
            at=NOW,
        )

    def test_a_day_still_to_come_is_not_moved_into_the_past(self, county: County) -> None:
        election = give_day(county, further(county, counted(county)), date(2026, 12, 9))
        with pytest.raises(ValidationError, match="已经过去"):
            give_day(county, election, date(2026, 11, 30))


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
class TestWhatStandsOnAVote:
    """A further or new election stands on the vote before it; a by-election on the recall."""

    def test_the_count_stays_once_the_further_election_has_begun(self, county: County) -> None:
        base = counted(county)
        after = give_day(county, further(county, base), date(2026, 12, 9))
        first = after.steps.order_by("position").first()
        mark_done(after, {first.code: TODAY}, county.township_official)
        for code in ("count_done", "vote_held"):
            with pytest.raises(ValidationError, match="另行选举"):
                undo_step(step=step_of(base, code), reason="记错", actor=county.township_official, at=NOW)

    def test_a_slip_in_the_vote_is_put_right_and_the_time_runs_from_the_right_day(
        self, county: County
    ) -> None:
        base = county.election
        ready_to_vote(county, base)
        at, actor = NOW + timedelta(days=22), county.township_official
        late, right = ELECTION_DAY + timedelta(days=1), ELECTION_DAY
        mark_done(base, {"vote_held": late, "count_done": late}, actor)
        after = occasions.open_further(base=base, seats={"member": 1}, actor=actor, at=at)
        for code in ("count_done", "vote_held"):
            undo_step(step=step_of(base, code), reason="日期记错", actor=actor, at=at)
        give_day(county, after, right + timedelta(days=9), at=at)
        first = after.steps.order_by("position").first()
        with pytest.raises(ValidationError, match="计票"):
            record_step(step=first, done_on=TODAY, remark="", actor=actor, at=at)
        record_step(step=step_of(base, "vote_held"), done_on=right, remark="", actor=actor, at=at)
        after.refresh_from_db()
        assert after.occasion_day == right
        assert step_of(after, "vote_held").latest == right + timedelta(days=30)

    def test_no_vacancy_from_a_recall_whose_vote_was_taken_back(self, county: County) -> None:
        actor = county.township_official
        election = occasions.open_recall(
            place=county.village,
            received_on=TODAY,
            values={
                "member": "罗志强",
                "post": "vice_chair",
                "grounds": "挪用补偿款。",
                "asked_by": "voters",
                "signatures": 200,
                "out_of": 1000,
            },
            actor=actor,
            at=NOW,
        )
        mark_done(election, {"vote_held": TODAY}, actor)
        recall = record_recall_vote(
            recall=election.recall, registered=1000, voted=600, agreed=400, actor=actor, at=NOW
        )
        undo_step(step=step_of(election, "vote_held"), reason="记错村", actor=actor, at=NOW)
        with pytest.raises(ValidationError, match="投票表决"):
            occasions.open_by_election(
                place=county.village,
                vacant_since=TODAY,
                seats=1,
                values={"member": "罗志强", "post": "vice_chair", "because": "recalled", "remaining": 4},
                recall=recall,
                actor=actor,
                at=NOW,
            )

    def test_a_further_election_of_an_invalid_one_is_due_no_more(self, county: County) -> None:
        """Once the vote is held anew, nobody chases the seats it had left."""
        base = counted(county)
        after = give_day(county, further(county, base), date(2026, 12, 3))
        assert Step.objects.open().filter(election=after).exists()
        occasions.open_new(base=base, reason="认定无效", actor=county.township_official, at=NOW)
        assert not Step.objects.open().filter(election=after).exists()

    def test_nor_is_a_day_asked_for_it(self, county: County) -> None:
        base = counted(county)
        further(county, base)
        occasions.open_new(base=base, reason="认定无效", actor=county.township_official, at=NOW)
        said = [need.text for need in needs_of_steps([county.village], TODAY)[county.village.pk]]
        assert not [text for text in said if "另行选举" in text]


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
class TestTwoHats:
    """Somebody of one village's committee who also answers for a county department."""

    def test_deadlines_and_calendar_hold_only_the_village_they_sit_in(self, county: County) -> None:
        user = make_user("two-hats", Role.COMMITTEE, county.second_village)
        Membership.objects.create(user=user, place=county.county, role=Role.DEPARTMENT, department="court")
        user = User.objects.get(pk=user.pk)
        assert due_steps(county.court, on=ELECTION_DAY).count() == 0
        assert not due_steps(user, on=ELECTION_DAY).exclude(election__place=county.second_village).exists()
        lines = day_lines(user, TODAY, TODAY + timedelta(days=60), today=TODAY)
        assert county.village.name not in {name for line in lines for name in line.villages}


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
class TestTheJournalNamesNobody:
    """Names of villagers are erased one day; the journal, which never changes, must not hold them."""

    def test_of_a_committee(self, county: County) -> None:
        members = choose_committee(county.election, county.township_official)
        choose_chair(member=members[1], chosen_on=TODAY, actor=county.township_official, at=NOW)
        entry = Entry.objects.get(verb="ballots.choose_chair")
        assert "赵明" not in str(entry.after) + str(entry.before)
        assert "钱明" not in str(entry.after) + str(entry.before)

    @pytest.mark.parametrize(
        ("model", "name"), [(CommitteeMember, "name"), (Recall, "member"), (Vacancy, "member")]
    )
    def test_of_any_of_them(self, model: Any, name: str) -> None:
        assert name in model.personal_fields


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
class TestWhatNobodyIsTold:
    """What a page or a log must not give away."""

    def test_an_approved_plan_alone_keeps_no_old_edition(self, county: County) -> None:
        """The edition is on every page of a village: an old one would tell that it is a key village."""
        mark_done(county.election, {"plan_approved": TODAY}, county.county_reviewer)
        edition = adopt(county)
        county.election.refresh_from_db()
        assert county.election.edition == edition

    def test_a_refused_letter_leaves_no_address_in_the_log(
        self, county: County, settings, monkeypatch, caplog
    ) -> None:
        settings.EMAIL_CONFIGURED = True
        for user in (county.township_official, county.county_reviewer):
            user.email, user.wants_digest = "zhang@example.com", True
            user.save()
        tried = []

        def refuse(letter: EmailMessage) -> None:
            tried.append(letter)
            raise (
                SMTPRecipientsRefused({"zhang@example.com": (550, b"no such user")})
                if len(tried) == 1
                else UnicodeError("label too long")
            )

        monkeypatch.setattr(EmailMessage, "send", refuse)
        assert send_digests(on=TODAY, at=NOW) == 0
        assert len(tried) == 2
        assert "SMTPRecipientsRefused" in caplog.text
        assert "zhang@example.com" not in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("first_of_december")
def test_who_is_under_age_by_the_new_day_is_said_at_once(client, county: County) -> None:
    """Art. 13: a day moved forward can leave somebody on the final list who may not vote yet."""
    voter = enrol(county.election)[0]
    voter.born = date(2008, 12, 20)
    voter.save()
    client.force_login(county.township_official, backend="django.contrib.auth.backends.ModelBackend")
    seats = {f"seats_{post}": count for post, count in SEATS.items()}
    page = client.post(
        reverse("ballots:set_election_day", args=[county.election.pk]),
        {"election_day": "2026-12-19", "mode": "nominated", **seats},
        follow=True,
    )
    assert "选民名单中有1人选举日未满十八周岁" in page.content.decode()


def adopt(county: County) -> RulebookEdition:
    return adopt_edition(
        county=county.county,
        rulebook="zhejiang-2020",
        path="steps.voter_list_published.latest.days",
        new=-25,
        document="区换届工作方案",
        article="三",
        rank="arrangement",
        in_force_from=TODAY,
        remark="",
        actor=county.administrator,
        at=NOW,
    )


@pytest.mark.django_db(transaction=True)
class TestTwoDesks:
    """Two clicks at the same time: one is done, the other refused in a sentence, nothing crashes."""

    def one_of_two(self, act) -> None:
        raised = at_once([act, act])
        assert [type(error) for error in raised] == [ValidationError], raised
        assert list(verify()) == []

    def test_a_further_election(self, county: County) -> None:
        base = counted(county)
        self.one_of_two(lambda: further(county, base))
        assert base.followed_by.count() == 1

    def test_a_new_election(self, county: County) -> None:
        base = counted(county)
        actor = county.township_official
        self.one_of_two(lambda: occasions.open_new(base=base, reason="无效", actor=actor, at=NOW))
        assert base.followed_by.count() == 1

    def test_a_notice_with_its_step(self, county: County) -> None:
        mark_done(county.election, {"election_committee_chosen": date(2026, 11, 6)}, county.township_official)
        self.one_of_two(
            lambda: post_notice(
                election=county.election,
                code="election_day",
                serial=1,
                posted_on=date(2026, 11, 10),
                posted_where="村务公开栏",
                with_step=True,
                actor=county.committee_member,
                at=NOW,
            )
        )
        assert county.election.notices.count() == 1

    def test_an_edition(self, county: County) -> None:
        self.one_of_two(lambda: adopt(county))
        assert RulebookEdition.objects.count() == 1

    def test_a_voter_struck_off(self, county: County) -> None:
        voter = enrol(county.election)[0]
        self.one_of_two(lambda: strike_off(voter=voter, reason="重复", actor=county.committee_member, at=NOW))

    def test_days_planned(self, county: County) -> None:
        other = Election.objects.get(place=county.second_village, term=county.term)
        days = [
            PlannedDay(election_id=other.pk, before=None, election_day=date(2026, 12, 27), guidance_team=None)
        ]
        self.one_of_two(
            lambda: set_planned_days(
                township=Place.objects.get(pk=county.township.pk),
                days=days,
                actor=county.township_official,
                at=NOW,
            )
        )
