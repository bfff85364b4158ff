"""Further and new elections, recalls and by-elections: who opens them, when, and what they come to."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import occasions as actions
from ballots.actions.recalls import record_recall_vote
from ballots.elections import standings
from ballots.models import Recall
from ballots.recalls import outcome_of
from election_admin.journal.models import Entry
from tests.ballots.office import end_term, log_in, mark_done
from tests.cast import NOW, TODAY
from villages.models import Election, RulebookEdition, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
VOTED_ON = date(2026, 11, 20)
COUNTED = {"vote_held": VOTED_ON, "count_done": VOTED_ON}
DEMAND = {
    "member": "罗志强",
    "post": "vice_chair",
    "grounds": "挪用机耕路补偿款，经核查属实。",
    "asked_by": "voters",
    "signatures": 200,
    "out_of": 1000,
}
VACANCY = {"member": "罗志强", "post": "vice_chair", "because": "resigned", "remaining": 4}


def counted(county) -> Election:
    """The village's general election, whose votes are counted."""
    mark_done(county.election, COUNTED, county.township_official)
    return county.election


def ask(county, *, received_on=TODAY, other_grounds=False, **changes) -> Election:
    return actions.open_recall(
        place=county.village,
        received_on=received_on,
        other_grounds=other_grounds,
        values=DEMAND | changes,
        actor=county.township_official,
        at=NOW,
    )


def vote(county, election, *, registered, voted, agreed) -> Recall:
    mark_done(election, {"vote_held": TODAY}, county.township_official)
    return record_recall_vote(
        recall=election.recall,
        registered=registered,
        voted=voted,
        agreed=agreed,
        actor=county.township_official,
        at=NOW,
    )


def fill(county, *, seats=1, vacant_since=TODAY, recall=None, **changes) -> Election:
    return actions.open_by_election(
        place=county.village,
        vacant_since=vacant_since,
        seats=seats,
        values=VACANCY | changes,
        recall=recall,
        actor=county.township_official,
        at=NOW,
    )


def refusal(raised, field="") -> str:
    """What the office is told, beside the field if one is named."""
    error = raised.value
    return " ".join(error.message_dict[field] if field else error.messages)


class TestFurtherElection:
    def further(self, county, base, **seats):
        return actions.open_further(base=base, seats=seats, actor=county.township_official, at=NOW)

    def test_the_seats_left_are_elected_within_thirty_days(self, county) -> None:
        """Zhejiang art. 29: a further election within 30 days of the vote."""
        election = self.further(county, counted(county), member=1, women=1)

        assert (election.occasion, election.follows, election.occasion_day) == (
            "further",
            county.election,
            VOTED_ON,
        )
        assert dict(election.seats.values_list("post", "seats")) == {"member": 1, "women": 1}
        assert Seat.objects.get(election=election, post="women").women_only
        assert election.steps.filter(code="vote_held").exists()
        [_general, shown] = standings(county.village, on=TODAY, user=county.township_official)
        assert shown.latest_vote == date(2026, 12, 20)

    def test_it_is_journalled(self, county) -> None:
        election = self.further(county, counted(county), member=1)

        entry = Entry.objects.get(verb="ballots.open_further")
        assert entry.object_id == str(election.pk)
        assert entry.after["seats"] == {"member": 1}

    def test_not_before_the_count(self, county) -> None:
        mark_done(county.election, {"vote_held": VOTED_ON}, county.township_official)
        with pytest.raises(ValidationError) as raised:
            self.further(county, county.election, member=1)
        assert "还没有登记。计票以后才知道缺多少名额" in refusal(raised)

    @pytest.mark.parametrize(
        ("seats", "field"), [({"member": 3}, "seats_member"), ({"chair": 2}, "seats_chair")]
    )
    def test_no_more_seats_than_there_were(self, county, seats, field) -> None:
        with pytest.raises(ValidationError) as raised:
            self.further(county, counted(county), **seats)
        assert "缺额不能多于这个数" in refusal(raised, field)

    def test_no_seat_left(self, county) -> None:
        with pytest.raises(ValidationError, match="没有缺额就不用另行选举"):
            self.further(county, counted(county), member=0)

    def test_one_at_a_time(self, county) -> None:
        first = self.further(county, counted(county), member=1)
        with pytest.raises(ValidationError, match="已经在办"):
            self.further(county, county.election, member=1)
        Election.objects.filter(pk=first.pk).update(stage="closed")
        assert self.further(county, county.election, member=1)

    def test_not_after_a_recall(self, county) -> None:
        with pytest.raises(ValidationError, match="只有换届选举、重新选举和补选"):
            self.further(county, ask(county), chair=1)

    def test_it_goes_by_the_edition_now_in_force(self, county) -> None:
        """An election keeps the rules it began with; a later one begins with those of its day."""
        edition = RulebookEdition.objects.create(
            county=county.county,
            rulebook="zhejiang-2020",
            number=1,
            changes=[],
            in_force_from=TODAY,
            adopted_at=NOW,
        )
        assert self.further(county, counted(county), member=1).edition == edition
        assert county.election.edition is None


class TestNewElection:
    def anew(self, county, base, reason="参加投票的不到登记选民的一半。"):
        return actions.open_new(base=base, reason=reason, actor=county.township_official, at=NOW)

    def test_the_same_seats_again(self, county) -> None:
        election = self.anew(county, counted(county))

        assert (election.occasion, election.occasion_day) == ("new", VOTED_ON)
        seats = list(county.election.seats.values_list("post", "seats"))
        assert list(election.seats.values_list("post", "seats")) == seats
        assert Entry.objects.get(verb="ballots.open_new").reason == "参加投票的不到登记选民的一半。"

    def test_not_before_the_vote(self, county) -> None:
        with pytest.raises(ValidationError, match="投票以后才能认定选举无效"):
            self.anew(county, county.election)

    def test_not_without_a_reason(self, county) -> None:
        with pytest.raises(ValidationError) as raised:
            self.anew(county, counted(county), reason=" ")
        assert refusal(raised, "reason") == "请写明原选举为什么无效。"

    def test_once(self, county) -> None:
        first = self.anew(county, counted(county))
        with pytest.raises(ValidationError, match="已经建立"):
            self.anew(county, county.election)
        with pytest.raises(ValidationError, match="已经重新选举，不再组织另行选举"):
            actions.check_further(county.election, on=TODAY)
        # The new one may be invalid too.
        mark_done(first, {"vote_held": TODAY}, county.township_official)
        assert self.anew(county, first)

    def test_no_recall_is_held_anew(self, county) -> None:
        with pytest.raises(ValidationError, match="罢免表决无效的不重新选举"):
            self.anew(county, ask(county))


class TestRecall:
    @pytest.mark.parametrize(
        ("asked_by", "signatures", "out_of", "enough"),
        [
            ("voters", 200, 1000, True),
            ("voters", 199, 1000, False),
            ("representatives", 12, 36, True),
            ("representatives", 11, 36, False),
            ("representatives", 200, 1000, False),  # a fifth is not a third
        ],
    )
    def test_enough_ask(self, county, asked_by, signatures, out_of, enough) -> None:
        """Art. 16: one fifth of the voters, or one third of the representatives."""
        values = {"asked_by": asked_by, "signatures": signatures, "out_of": out_of}
        if enough:
            assert ask(county, **values).recall.signatures == signatures
            return
        with pytest.raises(ValidationError):
            ask(county, **values)
        assert not Recall.objects.exists()

    def test_too_few_are_told_how_many_it_takes(self, county) -> None:
        with pytest.raises(ValidationError) as raised:
            ask(county, signatures=199)
        sentence = refusal(raised, "signatures")
        assert sentence == (
            "需要至少200人联名（1000人的五分之一以上，《浙江省村民委员会选举办法》第三十四条），现有199人，还差1人。"
        )

    def test_the_vote_is_due_thirty_days_from_the_demand(self, county) -> None:
        """Zhejiang art. 35: the vote is held within 30 days of the demand."""
        election = ask(county, received_on=date(2026, 11, 25))

        shown = standings(county.village, on=TODAY, user=county.township_official)[-1]
        assert (shown.election, shown.latest_vote, shown.about) == (election, date(2026, 12, 25), "罗志强")

    def test_not_two_of_the_same_member(self, county) -> None:
        first = ask(county)
        with pytest.raises(ValidationError) as raised:
            ask(county)
        assert "已经在办" in refusal(raised, "member")
        assert ask(county, member="谢美珍")
        vote(county, first, registered=1000, voted=600, agreed=301)
        assert ask(county)  # elected again since, say

    def test_a_demand_is_of_today_or_before(self, county) -> None:
        with pytest.raises(ValidationError) as raised:
            ask(county, received_on=date(2026, 12, 2))
        assert "日期还没有到" in refusal(raised, "received_on")

    @pytest.mark.parametrize(
        ("registered", "voted", "agreed", "code"),
        [
            (1000, 500, 500, "invalid"),
            (1000, 501, 250, "failed"),
            (1000, 501, 251, "passed"),
        ],
    )
    def test_what_the_vote_comes_to(self, county, registered, voted, agreed, code) -> None:
        """Art. 16: more than half vote, and more than half of those agree; exactly half does neither."""
        recall = vote(county, ask(county), registered=registered, voted=voted, agreed=agreed)

        outcome = outcome_of(recall)
        assert outcome.code == code
        assert outcome.sentences[0] == (
            f"登记参加选举的村民1000人，投票{voted}人；须超过一半，即至少501人（《浙江省村民委员会选举办法》第三十六条）。"
        )

    def test_figures_only_after_the_vote(self, county) -> None:
        election = ask(county)
        figures = {"registered": 1000, "voted": 600, "agreed": 301, "actor": county.township_official}
        with pytest.raises(ValidationError, match="再填写表决结果"):
            record_recall_vote(recall=election.recall, at=NOW, **figures)

    @pytest.mark.parametrize(
        ("figures", "field"),
        [
            ({"registered": 0, "voted": 0, "agreed": 0}, "registered"),
            ({"registered": 10, "voted": 11, "agreed": 1}, "voted"),
            ({"registered": 10, "voted": 8, "agreed": 9}, "agreed"),
        ],
    )
    def test_figures_that_cannot_be(self, county, figures, field) -> None:
        with pytest.raises(ValidationError) as raised:
            vote(county, ask(county), **figures)
        assert refusal(raised, field)

    def test_figures_stay_once_the_result_is_announced(self, county) -> None:
        election = ask(county)
        vote(county, election, registered=1000, voted=600, agreed=300)
        vote(county, election, registered=1000, voted=600, agreed=301)  # put right in time
        before = Entry.objects.filter(verb="ballots.record_recall_vote").order_by("id").last().before
        assert before["agreed"] == 300
        mark_done(election, {"result_announced": TODAY}, county.township_official)
        with pytest.raises(ValidationError, match="表决结果不能再改"):
            vote(county, election, registered=1000, voted=600, agreed=302)

    @pytest.mark.parametrize(("voted", "agreed"), [(500, 400), (600, 300)])
    def test_a_failed_one_is_not_repeated_within_a_year(self, county, voted, agreed) -> None:
        """Zhejiang art. 36: not on the same facts and grounds within one year."""
        vote(county, ask(county), registered=1000, voted=voted, agreed=agreed)
        with pytest.raises(ValidationError) as raised:
            ask(county)
        assert refusal(raised, "other_grounds") == (
            "2026年12月1日对这名成员的罢免没有通过，2027年12月1日以前不得以同一事实和理由再次提出"
            "（《浙江省村民委员会选举办法》第三十六条）。这次的事实和理由不同的，请勾选后再登记。"
        )
        assert ask(county, member="谢美珍")
        assert ask(county, other_grounds=True)

    def test_a_failed_one_is_repeated_after_a_year(self, county) -> None:
        failed = ask(county, received_on=date(2025, 11, 1))
        vote(county, failed, registered=1000, voted=600, agreed=300)
        mark_done(failed, {"vote_held": date(2025, 12, 2)}, county.township_official)
        with pytest.raises(ValidationError):
            ask(county)
        mark_done(failed, {"vote_held": date(2025, 12, 1)}, county.township_official)
        assert ask(county)


class TestByElection:
    def test_one_vacant_seat(self, county) -> None:
        """Art. 19: a vacancy is filled by a meeting of villagers or representatives."""
        election = fill(county)

        assert (election.occasion, election.follows) == ("by_election", county.election)
        assert dict(election.seats.values_list("post", "seats")) == {"vice_chair": 1}
        assert election.vacancy.remaining == 4

    @pytest.mark.parametrize(
        ("remaining", "seats", "post", "allowed"),
        [
            (6, 1, "member", True),
            (7, 1, "member", False),
            (4, 3, "member", True),
            (4, 1, "chair", True),
            (3, 2, "chair", False),
        ],
    )
    def test_a_committee_stays_within_its_size(self, county, remaining, seats, post, allowed) -> None:
        """Art. 6: three to seven members, one of them the chair."""
        if allowed:
            assert fill(county, remaining=remaining, seats=seats, post=post)
            return
        with pytest.raises(ValidationError) as raised:
            fill(county, remaining=remaining, seats=seats, post=post)
        assert refusal(raised, "seats")

    def test_after_a_recall_that_passed(self, county) -> None:
        recall = vote(county, ask(county), registered=1000, voted=600, agreed=301)

        election = fill(county, because="recalled", recall=recall)

        assert election.follows == recall.election

    @pytest.mark.parametrize("changes", [{"member": "谢美珍"}, {"post": "member"}])
    def test_the_seat_is_the_recalled_members(self, county, changes) -> None:
        recall = vote(county, ask(county), registered=1000, voted=600, agreed=301)
        with pytest.raises(ValidationError) as raised:
            fill(county, recall=recall, **changes)
        assert "请与罢免登记一致" in refusal(raised, "member")

    def test_no_vacancy_from_a_recall_that_failed(self, county) -> None:
        recall = vote(county, ask(county), registered=1000, voted=600, agreed=300)
        with pytest.raises(ValidationError) as raised:
            fill(county, recall=recall)
        assert "没有通过" in refusal(raised, "recall")

    def test_one_at_a_time_for_a_seat(self, county) -> None:
        fill(county)
        with pytest.raises(ValidationError) as raised:
            fill(county)
        assert "已经在办" in refusal(raised, "post")
        assert fill(county, member="谢美珍", post="member")


class TestWhoMay:
    @pytest.mark.parametrize("who", ["committee_member", "county_reviewer", "court", "administrator"])
    def test_only_the_township_opens(self, client, county, who) -> None:
        counted(county)
        log_in(client, getattr(county, who))
        for address in (
            reverse("ballots:open_further", args=[county.election.pk]),
            reverse("ballots:open_new", args=[county.election.pk]),
            reverse("ballots:open_recall", args=[county.village.code]),
            reverse("ballots:open_by_election", args=[county.village.code]),
        ):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403

    @pytest.mark.parametrize("who", ["committee_member", "other_township_official", "county_reviewer"])
    def test_the_actions_ask_themselves(self, county, who) -> None:
        actor = getattr(county, who)
        with pytest.raises(PermissionDenied):
            actions.open_new(base=county.election, reason="无效", actor=actor, at=NOW)
        with pytest.raises(PermissionDenied):
            actions.open_recall(place=county.village, received_on=TODAY, values=DEMAND, actor=actor, at=NOW)
        with pytest.raises(PermissionDenied):
            actions.open_by_election(
                place=county.village, vacant_since=TODAY, seats=1, values=VACANCY, actor=actor, at=NOW
            )

    @pytest.mark.parametrize(
        ("who", "reads", "writes"),
        [
            ("township_official", 200, 302),
            ("committee_member", 200, 302),
            ("county_reviewer", 200, 403),
            ("other_township_official", 404, 404),
            ("court", 403, 403),
        ],
    )
    def test_who_sees_a_recall_and_enters_its_vote(self, client, county, who, reads, writes) -> None:
        election = ask(county)
        mark_done(election, {"vote_held": TODAY}, county.township_official)
        address = reverse("ballots:recall", args=[election.recall.pk])
        log_in(client, getattr(county, who))

        assert client.get(address).status_code == reads
        figures = {"registered": "1000", "voted": "600", "agreed": "301"}
        assert client.post(address, figures).status_code == writes

    def test_outsiders_and_strangers(self, client, county, neighbour) -> None:
        address = reverse("ballots:elections", args=[county.village.code])
        assert client.get(address).status_code == 302
        for outsider in (county.other_township_official, neighbour.township_official):
            assert log_in(client, outsider).get(address).status_code == 404
        assert client.post(address).status_code == 405
        assert client.get(reverse("ballots:elections", args=["330604999999"])).status_code == 404

    def test_a_past_term_is_only_read(self, county) -> None:
        counted(county)
        end_term(county)
        county.election.refresh_from_db()
        with pytest.raises(ValidationError, match="往届"):
            actions.check_further(Election.objects.get(pk=county.election.pk), on=TODAY)
        with pytest.raises(ValidationError, match="还没有建立本届换届"):
            ask(county)


class TestPages:
    def test_a_further_election_from_form_to_procedure(self, client, county) -> None:
        counted(county)
        log_in(client, county.township_official)
        listed = client.get(reverse("ballots:elections", args=[county.village.code])).content.decode()
        address = reverse("ballots:open_further", args=[county.election.pk])
        assert address in listed

        form = client.get(address).context["form"]
        assert set(form.fields) == {"seats_chair", "seats_vice_chair", "seats_women", "seats_member"}
        empty = dict.fromkeys(form.fields, "0")
        assert "没有缺额" in client.post(address, empty).content.decode()
        response = client.post(address, empty | {"seats_member": "1"}, follow=True)

        opened = Election.objects.get(occasion="further")
        assert response.redirect_chain[-1][0] == reverse("ballots:procedure", args=[opened.pk])
        assert (
            address
            not in client.get(reverse("ballots:elections", args=[county.village.code])).content.decode()
        )

    def test_what_cannot_be_opened_is_explained(self, client, county) -> None:
        log_in(client, county.township_official)
        for name in ("open_further", "open_new"):
            response = client.get(reverse(f"ballots:{name}", args=[county.election.pk]), follow=True)
            assert "还没有登记" in response.content.decode()

    def test_a_recall_from_demand_to_by_election(self, client, county) -> None:
        log_in(client, county.township_official)
        address = reverse("ballots:open_recall", args=[county.village.code])
        page = client.get(address).content.decode()
        assert "总数的五分之一以上（《浙江省村民委员会选举办法》第三十四条）" in page
        assert "收到罢免要求之日后30日（《浙江省村民委员会选举办法》第三十五条）" in page
        sent = {**DEMAND, "received_on": "2026-11-25"}
        refused = client.post(address, sent | {"signatures": "199"})
        assert "需要至少200人联名" in refused.content.decode()
        assert refused.context["form"]["grounds"].value() == DEMAND["grounds"]
        client.post(address, sent)

        recall = Recall.objects.get()
        mark_done(recall.election, {"vote_held": TODAY}, county.township_official)
        own = reverse("ballots:recall", args=[recall.pk])
        client.post(own, {"registered": "1000", "voted": "600", "agreed": "301"})
        page = client.get(own).content.decode()
        assert "罢免通过" in page
        assert "投票600人，同意罢免301票；须超过一半，即至少301票" in page
        by_election = reverse("ballots:open_by_election", args=[county.village.code]) + f"?recall={recall.pk}"
        assert by_election in page

        form = client.get(by_election).context["form"]
        assert (form["member"].value(), form["post"].value(), form["because"].value()) == (
            "罗志强",
            "vice_chair",
            "recalled",
        )
        sent = {**VACANCY, "because": "recalled", "vacant_since": "2026-12-01", "seats": "1"}
        assert client.post(by_election, sent).status_code == 302
        assert Election.objects.get(occasion="by_election").follows == recall.election

    def test_the_figures_are_asked_for_when_their_time_has_come(self, client, county) -> None:
        election = ask(county)
        log_in(client, county.committee_member)
        own = reverse("ballots:recall", args=[election.recall.pk])
        assert "再填写表决结果" in (page := client.get(own).content.decode())
        assert 'name="registered"' not in page

        vote(county, election, registered=1000, voted=600, agreed=301)
        assert 'name="registered"' in client.get(own).content.decode()

        mark_done(election, {"result_announced": TODAY}, county.township_official)
        assert "表决结果不能再改" in (page := client.get(own).content.decode())
        assert 'name="registered"' not in page

    def test_a_recall_of_elsewhere_fills_no_form(self, client, county, neighbour) -> None:
        foreign = ask(neighbour)
        log_in(client, county.township_official)
        address = reverse("ballots:open_by_election", args=[county.village.code])
        for number in (foreign.recall.pk, "9" * 30, "abc"):
            assert client.get(f"{address}?recall={number}").status_code == 404

    def test_a_committee_with_one_election_lands_on_it(self, client, county) -> None:
        response = log_in(client, county.committee_member).get(reverse("ballots:own_procedure"))
        assert response.headers["Location"] == reverse("ballots:procedure", args=[county.election.pk])

    def test_a_committee_with_several_chooses(self, client, county) -> None:
        actions.open_new(base=counted(county), reason="无效", actor=county.township_official, at=NOW)

        page = log_in(client, county.committee_member).get(reverse("ballots:own_procedure")).content.decode()

        for election in Election.objects.filter(place=county.village):
            assert reverse("ballots:procedure", args=[election.pk]) in page
        assert "重新选举" in page

    def test_the_party_branch_comes_first(self, county) -> None:
        ask(county)
        branch = Election.objects.create(
            place=county.village, term=county.term, body="party_branch", mode="two_recommendations"
        )

        shown = standings(county.village, on=TODAY, user=county.committee_member)

        assert [one.election for one in shown][:2] == [branch, county.election]
        assert [one.title for one in shown] == [
            "村党组织换届选举",
            "村民委员会换届选举",
            "村民委员会罢免",
        ]

    def test_queries_do_not_grow_with_elections(self, client, county) -> None:
        log_in(client, county.township_official)
        address = reverse("ballots:elections", args=[county.village.code])
        ask(county)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for member in ("谢美珍", "何永根", "钱卫东"):
            ask(county, member=member)
        with CaptureQueriesContext(connection) as many:
            page = client.get(address)
        assert len(page.context["standings"]) == 5
        assert len(few) == len(many)
