"""The election committee: who sits by which vote, who must leave, who moves up, what the pages say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import committee as acts
from ballots.actions.committee_votes import Counted, Meeting, choose_committee, correct_committee_vote
from ballots.committee import committee_of, must_leave, replacements, serving_count
from ballots.models import CommitteeMember, CommitteeVote
from candidates.actions.people import change_state, record_candidate
from candidates.models import Candidacy
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.addresses import CANDIDATE
from tests.ballots.office import end_term, log_in, mark_done
from tests.cast import NOW, TODAY, County
from tests.test_turns import at_once
from villages.models import Body, Election
from villages.registry import Urgency, needs_of

HELD = date(2026, 11, 6)
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七")
pytestmark = pytest.mark.django_db


def meeting(**changes: Any) -> Meeting:
    values: dict[str, Any] = {
        "how": "representatives_meeting",
        "held_on": HELD,
        "due": 45,
        "present": 40,
        "seats": 5,
    }
    return Meeting(**(values | changes))


def votes(*names: str, first: int = 40) -> list[Counted]:
    """Each a vote less than the one before."""
    return [Counted(name, first - number) for number, name in enumerate(names)]


def choose(county: County, counted: list[Counted] | None = None, **changes: Any) -> CommitteeVote:
    return choose_committee(
        election=county.election,
        meeting=meeting(**changes),
        counted=votes(*NAMES) if counted is None else counted,
        actor=county.committee_member,
        at=NOW,
    )


def member(name: str) -> CommitteeMember:
    return CommitteeMember.objects.filter(name=name).latest("vote__number")


def nominate(county: County, name: str, **changes: Any) -> Candidacy:
    return record_candidate(
        election=county.election,
        person={**CANDIDATE, "name": name},
        values={
            "post": "chair",
            "how": "joint",
            "nominated_on": TODAY,
            "supporters": 12,
            "registered_voter": True,
            "deprived_of_political_rights": False,
            **changes,
        },
        actor=county.township_official,
        at=NOW,
    )


def relate(county: County, name: str, candidacy: Candidacy, relation: str) -> None:
    acts.record_kinship(
        member=member(name),
        candidacy=candidacy,
        relation=relation,
        actor=county.committee_member,
        at=NOW,
    )


def leave(county: County, name: str, because: str = "resigned", **changes: Any) -> CommitteeMember:
    values: dict[str, Any] = {"left_on": TODAY, "because": because, "remark": ""} | changes
    return acts.leave_committee(member=member(name), actor=county.committee_member, at=NOW, **values)


def move_up(county: County, name: str) -> CommitteeMember:
    return acts.move_up(member=member(name), moved_up_on=TODAY, actor=county.committee_member, at=NOW)


def serving(county: County) -> list[str]:
    return sorted(one.name for one in committee_of(county.election).serving)


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    return " ".join(caught.value.messages)


class TestTheVote:
    """The vote decides who sits; the office only copies the minutes."""

    def test_those_with_most_votes_sit_whatever_the_order_typed(self, county: County) -> None:
        choose(county, list(reversed(votes(*NAMES))))
        assert serving(county) == sorted(NAMES[:5])
        assert serving_count(county.election) == 5
        assert [one.name for one in committee_of(county.election).runners_up] == ["吴六", "郑七"]

    def test_it_is_in_the_journal_with_everybodys_votes(self, county: County) -> None:
        choose(county)
        entry = Entry.objects.get(verb="ballots.choose_committee")
        assert entry.after["seats"] == 5
        assert [one["votes"] for one in entry.after["members"]] == [40, 39, 38, 37, 36, 35, 34]

    @pytest.mark.parametrize(("seats", "allowed"), [(4, False), (5, True), (9, True), (10, False)])
    def test_as_many_seats_as_the_province_says(self, county: County, seats: int, allowed: bool) -> None:
        """Zhejiang art. 8: five to nine."""
        if allowed:
            assert choose(county, seats=seats).seats == seats
        else:
            assert "第八条" in refused(choose, county, seats=seats)

    def test_no_number_where_the_law_sets_none(self, county: County) -> None:
        county.term.procedure = "national-2018"
        county.term.save()
        choose(county, seats=3)
        assert serving_count(county.election) == 3

    @pytest.mark.parametrize(
        ("how", "due", "present", "allowed"),
        [
            ("representatives_meeting", 45, 29, False),
            ("representatives_meeting", 45, 30, True),
            ("villagers_meeting", 800, 400, False),
            ("villagers_meeting", 800, 401, True),
            ("group_meetings", 90, 59, False),
            ("group_meetings", 90, 60, True),
        ],
    )
    def test_a_meeting_needs_its_quorum(
        self, county: County, how: str, due: int, present: int, allowed: bool
    ) -> None:
        """Organic Law arts. 22 (more than half), 26 and 28 (two thirds)."""
        counted = votes(*NAMES, first=20)
        if allowed:
            choose(county, counted, how=how, due=due, present=present)
        else:
            assert "重新开会推选" in refused(choose, county, counted, how=how, due=due, present=present)

    def test_figures_that_cannot_be(self, county: County) -> None:
        assert "实到人数多于应到人数" in refused(choose, county, present=46)
        assert "赵一的得票多于实到人数" in refused(choose, county, [Counted("赵一", 41)])
        assert "赵一填了两次" in refused(choose, county, [Counted("赵一", 4), Counted("赵一", 3)])
        assert "请填写得票人" in refused(choose, county, [])
        assert "日期还没有到" in refused(choose, county, held_on=TODAY + timedelta(days=1))
        assert not CommitteeVote.objects.exists()

    def test_namesakes_of_two_groups_are_two_people(self, county: County) -> None:
        rows = [Counted("赵一", 4, "一组"), Counted("赵一", 3, "二组"), *votes("钱二", "孙三", "李四")]
        choose(county, rows)
        assert serving(county) == sorted(["赵一", "赵一", "钱二", "孙三", "李四"])

    def test_a_tie_at_the_cut_is_voted_on_again_between_the_tied(self, county: County) -> None:
        """Nobody of the tied sits before; nobody else may be voted on; the new vote decides."""
        choose(county, [*votes("赵一", "钱二", "孙三", "李四"), Counted("周五", 9), Counted("吴六", 9)])
        assert serving(county) == sorted(["赵一", "钱二", "孙三", "李四"])
        again = {"seats": 1, "held_on": TODAY}
        assert "得票相同，空缺的名额只能" in refused(choose, county, [Counted("郑七", 30)], **again)
        assert "只空缺1名" in refused(choose, county, [Counted("周五", 30)], seats=2, held_on=TODAY)
        choose(county, [Counted("周五", 12), Counted("吴六", 28)], **again)
        assert serving(county) == sorted(["赵一", "钱二", "孙三", "李四", "吴六"])
        assert committee_of(county.election).proposal.first.name == "周五"

    def test_a_second_vote_only_for_empty_seats(self, county: County) -> None:
        choose(county)
        assert "没有空缺" in refused(choose, county, [Counted("王八", 30)], seats=1)

    def test_a_sitting_member_is_not_voted_on(self, county: County) -> None:
        choose(county, votes(*NAMES[:5]))
        leave(county, "周五")
        assert "赵一现在就是成员" in refused(choose, county, [Counted("赵一", 3)], seats=1, held_on=TODAY)

    def test_a_new_vote_when_nobody_is_next(self, county: County) -> None:
        """Organic Law art. 12: 也可以另行推选."""
        choose(county, votes(*NAMES[:5]))
        leave(county, "周五")
        assert "没有可以递补的人" in needs_text(county)
        choose(county, votes("冯八", "陈九"), seats=1, held_on=TODAY)
        assert "冯八" in serving(county)
        [gone] = replacements(county.election)
        assert (gone.left.name, gone.left_on, gone.successor.name) == ("周五", TODAY, "冯八")

    def test_not_by_the_county_nor_from_outside(self, county: County, neighbour: County) -> None:
        for actor in (county.county_reviewer, neighbour.committee_member, county.other_township_official):
            with pytest.raises(PermissionDenied):
                choose_committee(
                    election=county.election, meeting=meeting(), counted=votes(*NAMES), actor=actor, at=NOW
                )

    def test_a_past_term_is_only_read(self, county: County) -> None:
        end_term(county)
        assert "往届" in refused(choose, county)


class TestCorrecting:
    """What was copied wrongly is put right for a reason, as long as nothing stands on it."""

    def correct(
        self, county: County, counted: list[Counted], reason: str = "抄错票数", **changes: Any
    ) -> Any:
        return correct_committee_vote(
            vote=CommitteeVote.objects.get(),
            meeting=meeting(**changes),
            counted=counted,
            reason=reason,
            actor=county.committee_member,
            at=NOW,
        )

    def test_who_sits_is_reckoned_anew(self, county: County) -> None:
        choose(county)
        self.correct(county, [*votes(*NAMES[:4]), Counted("周五", 5), Counted("吴六", 9)])
        assert serving(county) == sorted(["赵一", "钱二", "孙三", "李四", "吴六"])
        assert not CommitteeMember.objects.filter(name="郑七").exists()
        entry = Entry.objects.get(verb="ballots.correct_committee_vote")
        assert (len(entry.before["members"]), len(entry.after["members"]), entry.reason) == (7, 6, "抄错票数")

    def test_not_without_a_reason(self, county: County) -> None:
        choose(county)
        assert "请写明更正的原因" in refused(self.correct, county, votes(*NAMES), reason=" ")

    def test_not_once_somebody_left(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        assert "不能再更正" in refused(self.correct, county, votes(*NAMES))

    def test_not_while_the_step_is_recorded(self, county: County) -> None:
        choose(county)
        mark_done(county.election, {"election_committee_chosen": HELD}, county.committee_member)
        assert "撤销这一步" in refused(self.correct, county, votes(*NAMES))


class TestWhoMustLeave:
    """Organic Law art. 12; Zhejiang art. 9."""

    def test_a_namesake_is_to_be_checked_and_holds_things_up(self, county: County) -> None:
        choose(county)
        nominate(county, "赵一")
        [found] = must_leave(county.election)
        assert found.to_check
        assert "请核对" in found.sentence and "《浙江省村民委员会选举办法》第九条" in found.sentence

    def test_the_same_person_must_leave(self, county: County) -> None:
        choose(county)
        relate(county, "赵一", nominate(county, "赵一"), "same")
        [found] = must_leave(county.election)
        assert (found.because, found.member.name) == ("candidate", "赵一")
        assert "第十二条" in found.sentence and "第九条" in found.sentence

    def test_another_person_of_the_name_need_not(self, county: County) -> None:
        choose(county)
        candidacy = nominate(county, "赵一")
        relate(county, "赵一", candidacy, "same")
        relate(county, "赵一", candidacy, "none")
        assert must_leave(county.election) == ()
        assert Entry.objects.filter(verb="ballots.record_kinship").count() == 2

    @pytest.mark.parametrize(
        ("relation", "leaves"),
        [
            ("spouse", True),
            ("parent_child", True),
            ("sibling", True),
            ("grandparent_grandchild", False),
            ("close_relative", False),
        ],
    )
    def test_relatives_by_zhejiangs_measures(self, county: County, relation: str, leaves: bool) -> None:
        choose(county)
        relate(county, "钱二", nominate(county, "王建国"), relation)
        assert [one.because for one in must_leave(county.election)] == ["relative"] * leaves

    def test_relatives_stay_where_the_law_is_silent(self, county: County) -> None:
        county.term.procedure = "national-2018"
        county.term.save()
        choose(county)
        relate(county, "钱二", nominate(county, "王建国"), "spouse")
        assert must_leave(county.election) == ()

    def test_a_candidate_who_withdrew_bars_nobody(self, county: County) -> None:
        choose(county)
        candidacy = nominate(county, "王建国")
        relate(county, "钱二", candidacy, "spouse")
        change_state(
            candidacy=candidacy,
            state="declined",
            declined_on=TODAY,
            reason="本人声明",
            actor=county.township_official,
            at=NOW,
        )
        assert must_leave(county.election) == ()

    def test_before_a_committee_is_chosen_nobody_leaves(self, county: County) -> None:
        nominate(county, "赵一")
        assert must_leave(county.election) == ()
        assert serving_count(county.election) == 0

    def test_a_kinship_with_nobody_who_stands_is_refused(self, county: County, neighbour: County) -> None:
        choose(county)
        stranger = nominate(neighbour, "王建国")
        assert "不是候选人" in refused(relate, county, "赵一", stranger, "spouse")


class TestLeavingAndMovingUp:
    """Seats pass in the order of the votes, and in no other."""

    def test_the_next_in_the_vote_moves_up(self, county: County) -> None:
        choose(county)
        relate(county, "赵一", nominate(county, "赵一"), "same")
        leave(county, "赵一", "candidate")
        move_up(county, "吴六")
        assert must_leave(county.election) == ()
        assert serving(county) == sorted(["钱二", "孙三", "李四", "周五", "吴六"])
        [gone] = replacements(county.election)
        assert (gone.left.name, gone.successor.name) == ("赵一", "吴六")
        assert gone.reason == "本人被提名为候选人"

    def test_nobody_but_the_next(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        assert "现在轮到吴六（35票）" in refused(move_up, county, "郑七")
        move_up(county, "吴六")
        assert "没有空缺" in refused(move_up, county, "郑七")

    def test_nobody_is_removed_on_a_pretext(self, county: County) -> None:
        choose(county)
        assert "没有登记这样的候选人" in refused(leave, county, "赵一", "candidate")
        assert "没有登记这样的候选人" in refused(leave, county, "赵一", "relative")
        nominate(county, "赵一")
        assert "请先核对" in refused(leave, county, "赵一", "candidate")
        assert "请写明是什么原因" in refused(leave, county, "赵一", "other")
        leave(county, "赵一", "other", remark="因病去世")

    def test_days_that_cannot_be(self, county: County) -> None:
        choose(county)
        assert "不能早于" in refused(leave, county, "赵一", left_on=HELD - timedelta(days=1))
        assert "日期还没有到" in refused(leave, county, "赵一", left_on=TODAY + timedelta(days=1))
        leave(county, "赵一")
        day = TODAY - timedelta(days=1)
        assert "不能早于" in refused(
            acts.move_up, member=member("吴六"), moved_up_on=day, actor=county.committee_member, at=NOW
        )
        assert "不是选举委员会成员" in refused(leave, county, "赵一")

    def test_one_unwilling_and_the_one_after_is_next(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        context: dict[str, Any] = {"member": member("吴六"), "actor": county.committee_member, "at": NOW}
        assert "请写明" in refused(acts.decline_place, reason=" ", **context)
        acts.decline_place(reason="常年在外", **context)
        move_up(county, "郑七")
        assert Entry.objects.get(verb="ballots.decline_place").reason == "常年在外"

    def test_a_candidate_next_in_line_is_passed_over(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        candidacy = nominate(county, "吴六")
        assert "请先核对吴六" in refused(move_up, county, "吴六")
        relate(county, "吴六", candidacy, "same")
        assert "现在轮到郑七" in refused(move_up, county, "吴六")
        move_up(county, "郑七")

    def test_tied_runners_up_are_voted_on_again(self, county: County) -> None:
        choose(county, [*votes(*NAMES[:5]), Counted("吴六", 9), Counted("郑七", 9)])
        leave(county, "赵一")
        assert "得票相同" in refused(move_up, county, "吴六")
        choose(county, [Counted("吴六", 12), Counted("郑七", 20)], seats=1, held_on=TODAY)
        assert "郑七" in serving(county)

    def test_who_withdraws_later_does_not_come_back_by_itself(self, county: County) -> None:
        choose(county)
        candidacy = nominate(county, "赵一")
        relate(county, "赵一", candidacy, "same")
        leave(county, "赵一", "candidate")
        change_state(
            candidacy=candidacy,
            state="declined",
            declined_on=TODAY,
            reason="本人声明",
            actor=county.township_official,
            at=NOW,
        )
        assert "赵一" not in serving(county)
        assert committee_of(county.election).proposal.first.name == "吴六"

    def test_a_slip_is_taken_back_for_a_reason(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        move_up(county, "吴六")
        context: dict[str, Any] = {"actor": county.committee_member, "at": NOW}
        assert "先撤销递补" in refused(acts.take_back, member=member("赵一"), reason="点错", **context)
        assert "请写明撤销" in refused(acts.take_back, member=member("吴六"), reason="", **context)
        acts.take_back(member=member("吴六"), reason="点错", **context)
        acts.take_back(member=member("赵一"), reason="点错", **context)
        assert serving(county) == sorted(NAMES[:5])
        assert "没有可以撤销" in refused(acts.take_back, member=member("赵一"), reason="点错", **context)

    def test_taking_back_puts_nobody_before_those_with_more_votes(self, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        leave(county, "钱二")
        move_up(county, "吴六")
        move_up(county, "郑七")
        sentence = refused(
            acts.take_back, member=member("吴六"), reason="点错", actor=county.committee_member, at=NOW
        )
        assert "郑七" in sentence

    def test_the_chair_is_one_of_them(self, county: County) -> None:
        choose(county)
        context: dict[str, Any] = {"chosen_on": TODAY, "actor": county.committee_member, "at": NOW}
        assert "不是现任成员" in refused(acts.choose_chair, member=member("吴六"), **context)
        acts.choose_chair(member=member("赵一"), **context)
        acts.choose_chair(member=member("钱二"), **context)
        assert committee_of(county.election).chair.name == "钱二"
        assert CommitteeMember.objects.filter(post="chair").count() == 1
        entry = Entry.objects.filter(verb="ballots.choose_chair").latest("id")
        assert entry.after["before"] == member("赵一").pk
        leave(county, "钱二")
        assert committee_of(county.election).chair is None

    def test_nobody_outside_may_do_any_of_it(self, county: County, neighbour: County) -> None:
        choose(county)
        for actor in (county.county_reviewer, neighbour.township_official):
            with pytest.raises(PermissionDenied):
                acts.leave_committee(
                    member=member("赵一"), left_on=TODAY, because="resigned", remark="", actor=actor, at=NOW
                )


def needs_text(county: County) -> str:
    needs = needs_of(county.township_official, [county.village], on=TODAY)
    return " ".join(need.text for need in needs[county.village.pk])


class TestNeeds:
    """The township and the committee see on their home page what cannot wait."""

    def test_each_need_is_said_with_its_article(self, county: County) -> None:
        choose(county)
        assert "选举委员会" not in needs_text(county)
        relate(county, "赵一", nominate(county, "赵一"), "same")
        assert "赵一被提名为主任候选人，应当退出选举委员会" in needs_text(county)
        leave(county, "赵一", "candidate")
        assert "现有4人，少于5人（《浙江省村民委员会选举办法》第八条）" in needs_text(county)
        assert "依原推选结果递补：吴六（35票）" in needs_text(county)
        move_up(county, "吴六")
        assert "选举委员会" not in needs_text(county)

    def test_who_sits_on_a_day_too_long_is_overdue(self, county: County) -> None:
        choose(county)
        relate(county, "赵一", nominate(county, "赵一", nominated_on=date(2026, 11, 30)), "same")
        nominate(county, "钱二")
        needs = needs_of(county.committee_member, [county.village], on=TODAY)[county.village.pk]
        found = {need.text[7:9]: need.urgency for need in needs if "候选人" in need.text}
        assert found == {"赵一": Urgency.OVERDUE, "钱二": Urgency.NOW}

    def test_as_many_queries_for_many_villages_as_for_one(self, county: County) -> None:
        choose(county)
        nominate(county, "赵一")
        user = county.township_official

        def queries(*villages: Any) -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                needs_of(user, list(villages), on=TODAY)
            return len(seen)

        queries(county.village)
        assert queries(county.village, county.second_village) == queries(county.village)


class TestPages:
    """What the offices see and send."""

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"ballots:{name}", args=args)

    def sent(self, rows: list[tuple[str, str, str]], **changes: Any) -> dict[str, Any]:
        data = {
            "how": "representatives_meeting",
            "held_on": "2026-11-06",
            "due": "45",
            "present": "40",
            "seats": "5",
            "rows-TOTAL_FORMS": str(len(rows)),
            "rows-INITIAL_FORMS": "0",
        }
        for number, (name, count, group) in enumerate(rows):
            data |= {
                f"rows-{number}-name": name,
                f"rows-{number}-votes": count,
                f"rows-{number}-group": group,
            }
        return data | changes

    def test_from_an_empty_page_to_a_committee(self, client, county: County) -> None:
        log_in(client, county.committee_member)
        page = client.get(self.address("committee", county.election.pk))
        assert "还没有登记推选结果" in page.content.decode()
        rows = [(name, str(40 - number), "") for number, name in enumerate(NAMES)]
        rows.append(("", "", ""))
        response = client.post(self.address("choose_committee", county.election.pk), self.sent(rows))
        assert response.status_code == 302
        text = client.get(response["Location"]).content.decode()
        assert "推选结果已登记" in text and "还没有登记主任" in text
        assert serving(county) == sorted(NAMES[:5])

    def test_a_refusal_keeps_what_was_typed(self, client, county: County) -> None:
        log_in(client, county.committee_member)
        address = self.address("choose_committee", county.election.pk)
        response = client.post(address, self.sent([("赵一", "50", "三组")]))
        text = response.content.decode()
        assert response.status_code == 200
        assert "赵一的得票多于实到人数" in text and 'value="三组"' in text
        response = client.post(address, self.sent([("赵😀", "x", "")]))
        assert {"name", "votes"} <= response.context["rows"].errors[0].keys()

    def test_more_rows_without_losing_any(self, client, county: County) -> None:
        log_in(client, county.committee_member)
        address = self.address("choose_committee", county.election.pk)
        response = client.post(address, self.sent([("赵一", "30", "")], more="1"))
        assert len(response.context["rows"].forms) == 7
        assert 'value="赵一"' in response.content.decode()
        assert not CommitteeVote.objects.exists()

    @pytest.mark.parametrize("total", ["", "many", "99999", "-1", "１２"])
    def test_a_mangled_table_is_no_crash(self, client, county: County, total: str) -> None:
        log_in(client, county.committee_member)
        data = self.sent([("赵一", "30", "")], more="1") | {"rows-TOTAL_FORMS": total}
        response = client.post(self.address("choose_committee", county.election.pk), data)
        assert response.status_code == 200

    def test_no_field_picks_anybody(self, client, county: County) -> None:
        """Domain §11: no field lets an official appoint, replace or re-order."""
        log_in(client, county.township_official)
        page = client.get(self.address("choose_committee", county.election.pk))
        assert set(page.context["form"].fields) == {"how", "held_on", "due", "present", "seats"}
        assert set(page.context["rows"].forms[0].fields) == {"name", "votes", "group", "declined", "DELETE"}

    def test_the_page_asks_who_a_namesake_is_and_takes_the_answer(self, client, county: County) -> None:
        choose(county)
        candidacy = nominate(county, "赵一")
        log_in(client, county.committee_member)
        text = client.get(self.address("committee", county.election.pk)).content.decode()
        assert "是同一人" in text and "不是同一人" in text
        data = {"member": member("赵一").pk, "candidacy": candidacy.pk, "relation": "same"}
        client.post(self.address("record_kinship", county.election.pk), data)
        assert [one.because for one in must_leave(county.election)] == ["candidate"]
        form = client.get(self.address("leave_committee", member("赵一").pk)).context["form"]
        assert form["because"].value() == "candidate"

    def test_the_county_reads_and_writes_nothing(self, client, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        log_in(client, county.county_reviewer)
        page = client.get(self.address("committee", county.election.pk))
        text = page.content.decode()
        assert page.status_code == 200
        assert "吴六（35票）" in text and "登记吴六递补" not in text
        for name, pk in (("move_up", member("吴六").pk), ("leave_committee", member("钱二").pk)):
            assert client.post(self.address(name, pk), {}).status_code == 403

    def test_moving_up_by_the_page(self, client, county: County) -> None:
        choose(county)
        leave(county, "赵一")
        log_in(client, county.township_official)
        wrong = client.get(self.address("move_up", member("郑七").pk), follow=True)
        assert "现在轮到吴六" in wrong.content.decode()
        assert "吴六（35票" in client.get(self.address("move_up", member("吴六").pk)).content.decode()
        client.post(self.address("move_up", member("吴六").pk), {"moved_up_on": "2026-12-01"})
        text = client.get(self.address("committee", county.election.pk)).content.decode()
        assert "吴六已递补为选举委员会成员" in text and "2026年12月1日递补" in text

    def test_correcting_by_the_page(self, client, county: County) -> None:
        vote = choose(county)
        log_in(client, county.committee_member)
        page = client.get(self.address("correct_committee_vote", vote.pk))
        assert page.context["rows"].forms[0]["name"].value() == "赵一"
        rows = [(name, str(30 - number), "") for number, name in enumerate(NAMES)]
        data = self.sent(rows, reason="票数抄错") | {"rows-INITIAL_FORMS": "7"}
        assert client.post(self.address("correct_committee_vote", vote.pk), data).status_code == 302
        assert member("赵一").votes == 30

    def test_a_party_branch_election_has_none(self, client, county: County) -> None:
        """Its course has no such step: the page is not there, and nobody has to leave."""
        branch = Election.objects.create(
            place=county.village, term=county.term, body=Body.PARTY_BRANCH, mode="two_recommendations"
        )
        log_in(client, county.committee_member)
        for name in ("committee", "choose_committee", "choose_chair", "record_kinship"):
            assert client.get(self.address(name, branch.pk)).status_code == 404
        assert (must_leave(branch), serving_count(branch), replacements(branch)) == ((), 0, [])

    def test_the_page_costs_the_same_with_many_members(self, client, county: County) -> None:
        choose(county, votes(*NAMES[:5]))
        log_in(client, county.committee_member)
        address = self.address("committee", county.election.pk)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for name in "冯陈褚卫":
            CommitteeMember.objects.create(
                vote=CommitteeVote.objects.get(), name=name, votes=3, state="runner_up"
            )
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_two_desks_move_up_at_once(county: County) -> None:
    """One seat, two clicks: one person moves up, once."""
    choose(county)
    leave(county, "赵一")
    raised = at_once([lambda: move_up(county, "吴六"), lambda: move_up(county, "吴六")])
    assert [type(error) for error in raised] == [ValidationError]
    assert serving(county) == sorted(["钱二", "孙三", "李四", "周五", "吴六"])
    assert Entry.objects.filter(verb="ballots.move_up").count() == 1
    assert list(verify()) == []


class TestElectionsThatFollow:
    """A further election is presided over by the same committee; a new one may choose another."""

    def follow(self, county: County, occasion: str) -> Election:
        return Election.objects.create(
            place=county.village,
            term=county.term,
            occasion=occasion,
            follows=county.election,
            occasion_day=date(2026, 11, 20),
        )

    def test_a_candidate_of_the_further_election_leaves_too(self, client, county: County) -> None:
        choose(county)
        further = self.follow(county, "further")
        Candidacy.objects.filter(pk=nominate(county, "赵一").pk).update(election=further)
        assert [one.member.name for one in must_leave(further)] == ["赵一"]
        assert must_leave(county.election) == must_leave(further)
        assert serving_count(further) == 5
        log_in(client, county.committee_member)
        page = client.get(reverse("ballots:committee", args=[further.pk]))
        assert "赵一与主任候选人赵一同名" in page.content.decode()

    def test_a_new_election_keeps_the_committee_unless_it_chooses_another(self, county: County) -> None:
        choose(county)
        new = self.follow(county, "new")
        assert committee_of(new).election == county.election
        assert serving_count(new) == 0
        choose_committee(
            election=new,
            meeting=meeting(held_on=TODAY),
            counted=votes(*NAMES[2:]),
            actor=county.committee_member,
            at=NOW,
        )
        assert committee_of(new).election == new
        assert serving_count(new) == 5
        assert serving_count(county.election) == 5

    @pytest.mark.parametrize("occasion", ["recall", "by_election"])
    def test_the_villagers_committee_holds_the_others_itself(self, county: County, occasion: str) -> None:
        choose(county)
        assert committee_of(self.follow(county, occasion)) is None
