"""What only some villages show: elections between general ones, breaches, notices, objections, late news."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ballots.demo.story import VillageStory

VOTED, UNDATED, OVERDUE = "330604101217", "330604101208", "330604101205"
CLANS, VOTES_TODAY = "330604101200", "330604101216"
# Posted where the village's board is, on the day of the step that it belongs to.
NOTICES = {
    "election_day": "election_day_announced",
    "election_committee": "election_committee_chosen",
    "voter_registration": "registration_notice",
    "voter_list": "voter_list_published",
}
NOTICED = ("330604101203", "330604101216", VOTED)
BOARD = "村务公开栏和各村民小组张贴点"


@dataclass(frozen=True, kw_only=True)
class OccasionStory:
    """One election between general ones; ``follows`` is the occasion of the one it takes up."""

    village: str
    occasion: str
    follows: str
    occasion_day: date
    election_day: date
    seats: dict[str, int]
    done: dict[str, date]
    recall: dict[str, Any] = field(default_factory=dict)
    vacancy: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ViolationStory:
    """One breach at one step of a village's general election; without ``correction`` it is open."""

    village: str
    step: str
    what: str
    found_on: date
    correction: str = ""
    corrected_on: date | None = None
    voids: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeStory:
    """One notice posted in a village."""

    village: str
    code: str
    posted_on: date


def occasions(stories: dict[str, VillageStory], *, today: date) -> list[OccasionStory]:
    """A further election where a seat was left; a recall that passed, and the by-election after it."""
    voted_on = stories[VOTED].done["vote_held"]
    voters = stories[UNDATED].profile["voters"]
    recalled_on = today - timedelta(days=8)
    member = {"member": "沈国庆", "post": "vice_chair"}
    return [
        OccasionStory(
            village=VOTED,
            occasion="further",
            follows="general",
            occasion_day=voted_on,
            election_day=today + timedelta(days=12),
            seats={"member": 1},
            done=_days({"seats_left_announced": 1, "voter_list_final": 2}, voted_on),
        ),
        OccasionStory(
            village=UNDATED,
            occasion="recall",
            follows="general",
            occasion_day=recalled_on - timedelta(days=20),
            election_day=recalled_on,
            seats={},
            done=_days(_RECALL_DAYS, recalled_on),
            recall={
                **member,
                "grounds": "未经村民代表会议同意，把两处集体仓库长期低价租给亲属。",
                "asked_by": "voters",
                "signatures": voters // 5 + 23,
                "out_of": voters,
                "registered": voters - 20,
                "voted": voters * 7 // 10,
                "agreed": voters * 5 // 10,
            },
        ),
        OccasionStory(
            village=UNDATED,
            occasion="by_election",
            follows="recall",
            occasion_day=recalled_on,
            election_day=today + timedelta(days=20),
            seats={"vice_chair": 1},
            done=_days({"vacancy_announced": 1, "filling_decided": 3, "nomination_notice": 5}, recalled_on),
            vacancy={**member, "because": "recalled", "remaining": 4},
        ),
    ]


# Days from the vote on the recall.
_RECALL_DAYS = {
    "demand_received": -20,
    "demand_checked": -17,
    "demand_filed": -17,
    "member_heard": -7,
    "meeting_announced": -12,
    "voter_list_final": -6,
    "place_time_tellers_published": -5,
    "ballots_printed": -2,
    "vote_held": 0,
    "count_done": 0,
    "result_announced": 0,
    "ballots_sealed": 0,
    "result_filed": 2,
}


def violations(stories: dict[str, VillageStory], *, today: date) -> list[ViolationStory]:
    """Two that were stopped and put right, and one still open, which keeps its step open."""
    published_on = stories[OVERDUE].done["voter_list_published"]
    printed_on = stories[VOTED].done["ballots_printed"]
    return [
        ViolationStory(
            village=OVERDUE,
            step="voter_list_published",
            what="选民名单比法定最迟日期迟公布，村民选举委员会没有报告。",
            found_on=published_on,
            correction="已张贴名单并说明原因，异议期从实际公布之日起算。",
            corrected_on=published_on,
            voids="nothing",
        ),
        ViolationStory(
            village=OVERDUE,
            step="objections_decided",
            what="3名村民对选民名单提出的异议，只作口头答复，没有在三日内书面处理并公布。",
            found_on=today - timedelta(days=1),
        ),
        ViolationStory(
            village=VOTED,
            step="ballots_printed",
            what="首批选票把一名候选人的姓名印错，且未经监票人清点。",
            found_on=printed_on - timedelta(days=1),
            correction="错票当众销毁，重新印制并由监票人清点封存。",
            corrected_on=printed_on,
            voids="step",
        ),
    ]


def notices(stories: dict[str, VillageStory]) -> list[NoticeStory]:
    """The first notices of the villages whose committees have accounts, and of the one that has voted."""
    return [
        NoticeStory(village=code, code=notice, posted_on=stories[code].done[step])
        for code in NOTICED
        for notice, step in NOTICES.items()
        if step in stories[code].done
    ]


@dataclass(frozen=True, kw_only=True)
class ObjectionStory:
    """One objection to a candidate, a refusal or a list; without ``outcome`` it is open.

    ``candidate`` is named, and nobody by an objection to a whole list.
    """

    village: str
    about: str
    office: str
    received_on: date
    content: str
    candidate: str = ""
    raised_by: str = ""
    outcome: str = ""
    decided_on: date | None = None
    decided_body: str = ""
    grounds: str = ""


def objections(stories: dict[str, VillageStory], *, today: date) -> list[ObjectionStory]:
    """One that waits, one about a list that was put right, one about a refusal that stands."""
    clans, voted = stories[CLANS], stories[VOTED]
    doubted = next(each for each in clans.candidates if each.findings)
    told = [
        ObjectionStory(
            village=CLANS,
            about="candidate",
            office="township",
            received_on=today,
            candidate=doubted.person["name"],
            content="听说他刑满释放到选举日还不满五年，请核实释放日期。",
        ),
        ObjectionStory(
            village=VOTES_TODAY,
            about="list",
            office="committee",
            received_on=today - timedelta(days=4),
            raised_by="章水娟",
            content="正式候选人名单只贴在村委会门口，第3、第5小组没有张贴。",
            outcome="upheld",
            decided_on=today - timedelta(days=3),
            decided_body="村民选举委员会",
            grounds="经查属实，已于当日在第3、第5小组补贴名单，并用广播告知。名单本身没有变化。",
        ),
    ]
    refused = next((each for each in voted.candidates if each.state == "struck_off"), None)
    if refused is not None:
        listed_on = voted.done["final_list_published"]
        told.append(
            ObjectionStory(
                village=VOTED,
                about="refusal",
                office="township",
                received_on=listed_on,
                candidate=refused.person["name"],
                raised_by=refused.person["name"],
                content="对不能确定为候选人的决定不服，认为处理决定作出的时间已满五年。",
                outcome="rejected",
                decided_on=listed_on + timedelta(days=1),
                decided_body="长塘镇人民政府",
                grounds="已与卫健部门核对处理决定书，作出日期到选举日不满五年，原决定正确。",
            )
        )
    return told


def listed_before_the_vote(stories: Iterable[VillageStory], *, today: date) -> VillageStory:
    """A village whose final list is out and which votes in some days: there late news freezes somebody."""
    return next(
        story
        for story in stories
        if "final_list_published" in story.done
        and story.election_day is not None
        and story.election_day > today
        and story.village.code[:9] != CLANS[:9]
    )


LATE_FINDING = {
    "situation": "gang_related",
    "status": "alleged",
    "source": "村民来信",
    "remark": "反映曾替人出面催债，已转公安机关核查。",
}


def _days(offsets: dict[str, int], base: date) -> dict[str, date]:
    return {step: base + timedelta(days=days) for step, days in offsets.items()}
