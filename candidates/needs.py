"""What a village's candidates need next, stage by stage: sent up, answered, signed, put on the list."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.batch_tables import enquiries_url
from candidates.deadlines import final_list_due
from candidates.flag_tables import OPEN, flags_url
from candidates.models import Candidacy, DepartmentReply, Enquiry, ReviewBatch, ReviewItem, Verdict
from election_admin.places.models import Place
from villages.models import Election
from villages.registry import Need, Urgency

# The joint review takes about this long before the final list; sooner, what is open is no worry.
REVIEW_TIME = timedelta(days=10)
# This near to the final list, what is still open cannot wait.
LAST_DAYS = timedelta(days=3)
# A department that has a day left is not late.
ANSWER_DAYS = timedelta(days=1)

State = ReviewBatch.State


@dataclass
class _Stages:
    """The standing candidates of one election, by what is to be done about them next."""

    election: Election
    day: date
    frozen: int = 0
    disqualified: int = 0
    unsent: int = 0
    changed: int = 0
    open_verdicts: int = 0
    unlisted: int = 0
    draft: int | None = None
    # Batches that came back, and that are under way: their numbers and days by their keys.
    returned: dict[int, int] = field(default_factory=dict)
    sent: dict[int, tuple[int, date]] = field(default_factory=dict)
    people: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    waiting: dict[int, set[str]] = field(default_factory=dict)

    @property
    def due(self) -> date:
        """The last day for the final list."""
        return final_list_due(self.election, self.day)


def needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """What candidates need of the offices, in a fixed number of queries."""
    found: dict[int, list[Need]] = {place.pk: [] for place in places}
    for stages in _stages(found):
        found[stages.election.place_id] += _of_both(stages, on)
    return found


def needs_signing(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """The batches that only the county's signature is missing from."""
    found: dict[int, list[Need]] = {place.pk: [] for place in places}
    for stages in _stages(found):
        if stages.frozen or stages.open_verdicts:
            continue
        for pk, (number, due_on) in stages.sent.items():
            if not stages.waiting[pk]:
                text = _("第%d批联审在本村的答复已齐，全批齐全后请签署") % number
                found[stages.election.place_id].append(
                    Need(text, reverse("candidates:batch", args=[pk]), Urgency.SOON, due_on)
                )
    return found


def _stages(places: Collection[int]) -> list[_Stages]:
    rows = list(
        Candidacy.objects.current()
        .standing()
        .filter(election__place__in=places, election__election_day__isnull=False)
        .order_by("election_id", "pk")
        .values("pk", "election_id", "verdict", "state", "frozen_at")
    )
    elections = Election.objects.with_place().in_bulk({row["election_id"] for row in rows})
    stages = {
        pk: _Stages(election, election.election_day)
        for pk, election in elections.items()
        if election.election_day is not None
    }
    running, signed = _batches_of([row["pk"] for row in rows])
    for row in rows:
        _take_in(stages[row["election_id"]], row, running.get(row["pk"]), signed.get(row["pk"]))
    _look_who_waits(list(stages.values()))
    return list(stages.values())


def _batches_of(candidacies: list[int]) -> tuple[dict[int, Mapping[str, Any]], dict[int, str]]:
    """The batch not signed yet in which each of these is, and what was last signed of each."""
    running: dict[int, Mapping[str, Any]] = {}
    signed: dict[int, str] = {}
    items = ReviewItem.objects.filter(candidacy__in=candidacies).order_by("batch__signed_at", "pk")
    for item in items.values(
        "candidacy", "verdict", "batch_id", "batch__state", "batch__number", "batch__due_on"
    ):
        if item["batch__state"] != State.SIGNED:
            running[item["candidacy"]] = item
        elif item["verdict"]:
            signed[item["candidacy"]] = item["verdict"]
    return running, signed


def _take_in(
    stages: _Stages, row: Mapping[str, Any], running: Mapping[str, Any] | None, signed: str | None
) -> None:
    """Put one candidate where the next thing to be done stands."""
    state = running["batch__state"] if running else None
    if running and state == State.RETURNED:
        stages.returned[running["batch_id"]] = running["batch__number"]
    elif running and state == State.SENT:
        stages.sent[running["batch_id"]] = (running["batch__number"], running["batch__due_on"])
        stages.people[running["batch_id"]].add(row["pk"])
    elif running:
        stages.draft = running["batch_id"]
    if row["frozen_at"] is not None:
        stages.frozen += 1
    elif row["verdict"] == Verdict.DISQUALIFIED:
        stages.disqualified += 1
    elif state == State.DRAFT or (running is None and signed is None):
        stages.unsent += 1
    elif row["verdict"] == Verdict.NOT_ESTABLISHED:
        stages.open_verdicts += 1
    elif running is None and signed != row["verdict"]:
        stages.changed += 1
    elif running is None and row["state"] != Candidacy.State.FINAL:
        stages.unlisted += 1


def _look_who_waits(all_stages: list[_Stages]) -> None:
    """Find the departments that have not answered about everybody of an election, batch by batch."""
    batches = {pk for stages in all_stages for pk in stages.sent}
    people = {pk for stages in all_stages for each in stages.people.values() for pk in each}
    asked: dict[int, list[str]] = defaultdict(list)
    for batch, code in Enquiry.objects.filter(batch__in=batches).values_list("batch", "department"):
        asked[batch].append(code)
    given: dict[str, set[int]] = defaultdict(set)
    for code, candidacy in (
        DepartmentReply.objects.newest().filter(candidacy__in=people).values_list("department", "candidacy")
    ):
        given[code].add(candidacy)
    for stages in all_stages:
        for pk in stages.sent:
            stages.waiting[pk] = {code for code in asked[pk] if not stages.people[pk] <= given[code]}


def _of_both(stages: _Stages, on: date) -> Iterator[Need]:
    """What township and county see of one election."""
    if stages.frozen and on <= stages.day:
        yield _frozen(stages)
    if stages.disqualified:
        yield _disqualified(stages, on)
    if on > stages.day:
        return
    for pk, number in stages.returned.items():
        text = _("第%d批联审被县里退回，请补正后重新上报") % number
        yield Need(text, reverse("candidates:batch", args=[pk]), _late(stages, on, Urgency.NOW), stages.due)
    if on >= stages.due - REVIEW_TIME:
        yield from _to_send(stages, on)
    for pk, (_number, due_on) in stages.sent.items():
        if stages.waiting[pk]:
            yield _waiting(stages, pk, due_on, on)
    if stages.open_verdicts and on >= stages.due - REVIEW_TIME and not any(stages.waiting.values()):
        yield _open_verdicts(stages, on)
    if stages.unlisted:
        yield _unlisted(stages, on)


def _frozen(stages: _Stages) -> Need:
    text = ngettext(
        "%(count)d名候选人有待县里处理的事项，资格已冻结",
        "%(count)d名候选人有待县里处理的事项，资格已冻结",
        stages.frozen,
    )
    url = flags_url(village=stages.election.place.code, state=OPEN)
    return Need(text % {"count": stages.frozen}, url, Urgency.NOW, stages.due)


def _disqualified(stages: _Stages, on: date) -> Need:
    text = ngettext(
        "%(count)d名候选人不符合资格，仍在候选人之列，请核实并变更状态",
        "%(count)d名候选人不符合资格，仍在候选人之列，请核实并变更状态",
        stages.disqualified,
    )
    return Need(
        text % {"count": stages.disqualified}, _list_url(stages), _late(stages, on, Urgency.NOW), stages.due
    )


def _to_send(stages: _Stages, on: date) -> Iterator[Need]:
    """Whoever has to be sent up still, or again."""
    township = stages.election.place.parent
    url = reverse("candidates:open_batch", args=[township.code if township else ""])
    if stages.draft is not None:
        url = reverse("candidates:batch", args=[stages.draft])
    words = {"due": date_format(stages.due)}
    if stages.unsent:
        text = ngettext(
            "%(count)d名候选人还没有上报联审，正式候选人名单最迟%(due)s公布",
            "%(count)d名候选人还没有上报联审，正式候选人名单最迟%(due)s公布",
            stages.unsent,
        )
        yield Need(text % {**words, "count": stages.unsent}, url, _pressing(stages, on), stages.due)
    if stages.changed:
        text = ngettext(
            "%(count)d名候选人签署联审以后结论有变，请重新上报",
            "%(count)d名候选人签署联审以后结论有变，请重新上报",
            stages.changed,
        )
        yield Need(text % {"count": stages.changed}, url, _pressing(stages, on), stages.due)


def _waiting(stages: _Stages, batch: int, due_on: date, on: date) -> Need:
    number = len(stages.waiting[batch])
    text = ngettext(
        "%(count)d个部门还没有答复联审，答复期限%(due)s",
        "%(count)d个部门还没有答复联审，答复期限%(due)s",
        number,
    )
    urgency = Urgency.SOON
    if on >= due_on - ANSWER_DAYS:
        urgency = Urgency.OVERDUE if on > due_on else Urgency.NOW
    url = enquiries_url(batch=str(batch), missing="yes")
    return Need(text % {"count": number, "due": date_format(due_on)}, url, urgency, due_on)


def _open_verdicts(stages: _Stages, on: date) -> Need:
    text = ngettext(
        "%(count)d名候选人的资格尚未查清，正式候选人名单最迟%(due)s公布",
        "%(count)d名候选人的资格尚未查清，正式候选人名单最迟%(due)s公布",
        stages.open_verdicts,
    )
    words = {"count": stages.open_verdicts, "due": date_format(stages.due)}
    return Need(text % words, _list_url(stages), _pressing(stages, on), stages.due)


def _unlisted(stages: _Stages, on: date) -> Need:
    text = ngettext(
        "联审已签署，请确定正式候选人名单（%(count)d人待定），最迟%(due)s公布",
        "联审已签署，请确定正式候选人名单（%(count)d人待定），最迟%(due)s公布",
        stages.unlisted,
    )
    words = {"count": stages.unlisted, "due": date_format(stages.due)}
    url = reverse("candidates:final_list", args=[stages.election.pk])
    return Need(text % words, url, _pressing(stages, on), stages.due)


def _list_url(stages: _Stages) -> str:
    return reverse("candidates:candidate_list", args=[stages.election.pk])


def _late(stages: _Stages, on: date, otherwise: Urgency) -> Urgency:
    return Urgency.OVERDUE if on > stages.due else otherwise


def _pressing(stages: _Stages, on: date) -> Urgency:
    return _late(stages, on, Urgency.NOW if on > stages.due - LAST_DAYS else Urgency.SOON)
