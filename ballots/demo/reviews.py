"""The joint reviews of the demo: what each township sent up together, and how far each has come.

Every election whose review is done was in a batch that the county signed on that day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ballots.demo.chance import dice
from ballots.demo.days import PROCEDURE
from ballots.demo.people import CandidateStory
from ballots.demo.plots import SHOWCASE
from ballots.demo.story import VillageStory
from election_admin.rulebooks.procedures import load_procedure

# The final list is due five days before the vote; answers a day sooner.
DUE_BEFORE_VOTE = timedelta(days=6)
# Elections whose answers are due so near to each other go up together.
_TOGETHER = timedelta(days=2)
_DRAFT_SHARE = 0.6
# The township whose batch came back, and why.
RETURNED_TO = "330604102"
RETURNED_BECAUSE = "两名候选人的公民身份号码与户口簿复印件不一致，请核对更正后重新上报。"
OPINION = "同意联审结论。不符合资格的，请书面告知本人并说明申请复核的途径。"
_CLANS = next(code for code, plot in SHOWCASE.items() if plot.special == "clans")


@dataclass(frozen=True, kw_only=True)
class BatchStory:
    """One batch of a township: which villages' candidates are in it, and what was done when.

    ``only`` names who is in it where it is not everybody: somebody nominated after the others.
    """

    township: str
    villages: tuple[str, ...]
    state: str
    made_on: date
    due_on: date
    number: int = 0
    sent_on: date | None = None
    returned_on: date | None = None
    signed_on: date | None = None
    reminded_on: date | None = None
    only: str = ""

    @property
    def replied_on(self) -> date | None:
        """The day on which the departments answered, those that have."""
        if self.sent_on is None:
            return None
        ends = [day for day in (self.signed_on, self.returned_on) if day is not None]
        return min([self.sent_on + timedelta(days=2), *ends])


def review(stories: Sequence[VillageStory], *, today: date) -> list[BatchStory]:
    """Tell the batches of every township; the steps and candidates of the stories follow them."""
    told: list[BatchStory] = []
    for township, here in _by_township(stories).items():
        batches = [
            *_signed(township, here),
            *_under_way(township, here, today),
            *_drafts(township, here, today),
        ]
        batches.sort(key=lambda one: (one.made_on, one.villages))
        told += [replace(one, number=number) for number, one in enumerate(batches, start=1)]
    by_code = {story.village.code: story for story in stories}
    for batch in told:
        for code in batch.villages:
            _follow(by_code[code], batch, today)
    return told


def _by_township(stories: Iterable[VillageStory]) -> dict[str, list[VillageStory]]:
    found: dict[str, list[VillageStory]] = {}
    for story in stories:
        if any(_may_be_sent(one) for one in story.candidates):
            found.setdefault(story.village.code[:9], []).append(story)
    return found


def _may_be_sent(candidate: CandidateStory) -> bool:
    """Whoever has not chosen between two posts cannot be sent up."""
    return not candidate.other_post or candidate.chosen_on is not None


def _signed(township: str, stories: Iterable[VillageStory]) -> Iterator[BatchStory]:
    """As many together as were all checked before the first of their reviews was done."""
    waiting = sorted(
        (one for one in stories if "joint_review_done" in one.done),
        key=lambda one: (_ready_on(one), one.village.code),
    )
    while waiting:
        signed_on = waiting[0].done["joint_review_done"]
        group = []
        for one in waiting:
            if _ready_on(one) > min(signed_on, one.done["joint_review_done"]):
                break
            signed_on = min(signed_on, one.done["joint_review_done"])
            group.append(one)
        waiting = waiting[len(group) :]
        sent_on = max(_ready_on(one) for one in group)
        yield BatchStory(
            township=township,
            villages=tuple(one.village.code for one in group),
            state="signed",
            made_on=sent_on,
            sent_on=sent_on,
            due_on=signed_on,
            signed_on=signed_on,
        )


def _ready_on(story: VillageStory) -> date:
    """The day from which the village's candidates could be reviewed: all that comes before is done."""
    before = load_procedure(PROCEDURE).steps["joint_review_done"].depends_on
    return max(story.done[step] for step in ("township_check_done", *before) if step in story.done)


def _under_way(township: str, stories: Iterable[VillageStory], today: date) -> Iterator[BatchStory]:
    """Sent up and not signed; what is due within two days of each other is one batch."""
    waiting = sorted(
        (one for one in stories if "township_check_done" in one.done and "joint_review_done" not in one.done),
        key=lambda one: (_due(one), one.village.code),
    )
    while waiting:
        first = _due(waiting[0])
        group = [one for one in waiting if _due(one) - first <= _TOGETHER]
        waiting = waiting[len(group) :]
        sent_on = max(one.done["township_check_done"] for one in group)
        due_on = max(first, sent_on)
        returned = township == RETURNED_TO and not waiting
        yield BatchStory(
            township=township,
            villages=tuple(one.village.code for one in group),
            state="returned" if returned else "sent",
            made_on=sent_on,
            sent_on=sent_on,
            due_on=due_on,
            returned_on=min(today, sent_on + timedelta(days=2)) if returned else None,
            reminded_on=_reminded_on(sent_on, due_on, today) if not returned else None,
        )


def _reminded_on(sent_on: date, due_on: date, today: date) -> date | None:
    """The county reminds who has not answered when the day is near."""
    day = due_on - timedelta(days=3)
    return max(day, sent_on) if day <= today else None


def _drafts(township: str, stories: Iterable[VillageStory], today: date) -> Iterator[BatchStory]:
    """Put together and not sent up yet; and one for somebody who was nominated after the others."""
    for one in stories:
        checked = "township_check_done" in one.done
        if checked and one.village.code == _CLANS:
            yield _draft(township, one, today, only=one.candidates[-1].person["name"])
        elif not checked and dice(one.village.code, "draft").random() < _DRAFT_SHARE:
            yield _draft(township, one, today)


def _draft(township: str, story: VillageStory, today: date, *, only: str = "") -> BatchStory:
    return BatchStory(
        township=township,
        villages=(story.village.code,),
        state="draft",
        made_on=today,
        due_on=max(_due(story), today),
        only=only,
    )


def _due(story: VillageStory) -> date:
    if story.election_day is None:
        raise ValueError(story.village.code)
    return story.election_day - DUE_BEFORE_VOTE


def _follow(story: VillageStory, batch: BatchStory, today: date) -> None:
    """The village's step and its candidates as the batch has left them."""
    if batch.signed_on is not None:
        story.done["joint_review_done"] = batch.signed_on
    for index, candidate in enumerate(story.candidates):
        name = candidate.person["name"]
        if batch.only:
            if name == batch.only:
                story.candidates[index] = replace(candidate, state="preliminary", replies={}, replied_on=None)
            continue
        if not _may_be_sent(candidate):
            continue
        state = "preliminary" if batch.state == "returned" else candidate.state
        story.candidates[index] = replace(candidate, state=state, replied_on=batch.replied_on)
