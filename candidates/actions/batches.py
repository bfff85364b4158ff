"""The joint review 联审 from the township's side and the county's: sent up, returned, signed off."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.turns import stated
from candidates.models import (
    Assessment,
    Candidacy,
    DepartmentReply,
    Enquiry,
    Flag,
    ReviewBatch,
    ReviewItem,
    Verdict,
)
from candidates.reviewable import REFUSALS, hindrances, last_answer_day
from candidates.signals import review_signed
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Level, Place
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.sentences import listed
from villages.models import Term

OPINION_LENGTH = 500
# So many people a sentence names before it only counts them.
NAMED = 5


@transaction.atomic
def open_batch(
    *, place: Place, candidacies: Iterable[Candidacy], due_on: date, actor: User, at: datetime
) -> ReviewBatch:
    """Put candidates of a township's villages together to be sent up; ``due_on``: answers until then.

    Raises ValidationError for nobody, for somebody who cannot be reviewed yet (no ID number, no
    choice of post, no election day, in another batch already, signed already), and for a day that
    leaves no time before a final list is due.
    """
    take_turn(place)
    require(actor, "candidates.send_batch", place)
    if place.level != Level.TOWNSHIP:
        raise ValidationError(_("联审由乡镇上报，请选择乡镇。"))
    term = Term.objects.held_in(place)
    if term is None:
        raise ValidationError(_("本县还没有正在进行的换届，不能上报联审。"))
    last = ReviewBatch.objects.filter(place=place, term=term).aggregate(last=Max("number"))["last"] or 0
    batch = ReviewBatch(place=place, term=term, number=last + 1, due_on=due_on, made_by=actor, made_at=at)
    rows = _checked(batch, candidacies, due_on, today=timezone.localdate(at))
    batch.save()
    _put_in(batch, rows)
    _journal("candidates.open_batch", batch, actor, at)
    return batch


@transaction.atomic
def change_items(
    *, batch: ReviewBatch, candidacies: Iterable[Candidacy], due_on: date, actor: User, at: datetime
) -> ReviewBatch:
    """Say anew who is in a batch that is not sent up, or came back. Refuses what open_batch refuses."""
    batch = in_turn(batch)
    require(actor, "candidates.send_batch", batch)
    _require_open(batch)
    rows = _checked(batch, candidacies, due_on, today=timezone.localdate(at))
    before = snapshot(batch, ReviewBatch.recorded_fields)
    batch.due_on = due_on
    batch.save(update_fields=["due_on"])
    batch.items.exclude(candidacy__in=rows).delete()
    _put_in(batch, rows)
    _journal("candidates.change_items", batch, actor, at, before)
    return batch


@transaction.atomic
def drop_batch(*, batch: ReviewBatch, actor: User, at: datetime) -> None:
    """Do away with a batch opened in error. One that was sent up once stays, and is only changed."""
    batch = in_turn(batch)
    require(actor, "candidates.send_batch", batch)
    if batch.sent_at is not None:
        raise ValidationError(_("这一批上报过，不能撤销。请调整名单后重新上报。"))
    people = list(batch.items.order_by("candidacy").values_list("candidacy", flat=True))
    append(
        verb="candidates.drop_batch",
        row=batch,
        actor=actor,
        place=batch.place,
        at=at,
        before={**snapshot(batch, ReviewBatch.recorded_fields), "candidacies": people},
    )
    batch.delete()


@transaction.atomic
def send_batch(*, batch: ReviewBatch, actor: User, at: datetime) -> ReviewBatch:
    """Send a batch up: every department the term's list names is asked about everybody in it.

    A batch that came back keeps the answers it had. Refuses what open_batch refuses; whoever has
    dropped out since is named, and taken out by change_items.
    """
    batch = in_turn(batch)
    require(actor, "candidates.send_batch", batch)
    _require_open(batch)
    rows = _checked(
        batch,
        Candidacy.objects.filter(review_items__batch=batch),
        batch.due_on,
        today=timezone.localdate(at),
    )
    before = snapshot(batch, ReviewBatch.recorded_fields)
    batch.state, batch.sent_by, batch.sent_at = ReviewBatch.State.SENT, actor, at
    batch.save(update_fields=["state", "sent_by", "sent_at"])
    ask_departments(batch)
    Candidacy.objects.filter(pk__in=[one.pk for one in rows]).update(state=Candidacy.State.IN_REVIEW)
    follow_answers(batch, at=at)
    _journal("candidates.send_batch", batch, actor, at, before)
    return batch


@transaction.atomic
def return_batch(*, batch: ReviewBatch, reason: str, actor: User, at: datetime) -> ReviewBatch:
    """Send a batch back to the township with the reason; what departments answered stays."""
    batch = in_turn(batch)
    require(actor, "candidates.sign_off", batch)
    _require_sent(batch)
    reason = stated(reason, _("请写明退回的原因，乡镇要补正什么。"))
    before = snapshot(batch, ReviewBatch.recorded_fields)
    batch.state, batch.returned_by, batch.returned_at = ReviewBatch.State.RETURNED, actor, at
    batch.returned_because = reason
    batch.save(update_fields=["state", "returned_by", "returned_at", "returned_because"])
    Candidacy.objects.filter(review_items__batch=batch, state=Candidacy.State.IN_REVIEW).update(
        state=Candidacy.State.PRELIMINARY
    )
    _journal("candidates.return_batch", batch, actor, at, before, reason=reason)
    return batch


@transaction.atomic
def sign_off(*, batch: ReviewBatch, opinion: str, actor: User, at: datetime) -> ReviewBatch:
    """Sign the outcome of a review: everybody judged, on every department's answer, nothing frozen.

    What was signed of each person is kept with the assessment it stands on. Raises ValidationError
    that names who is still missing: nobody is cleared by silence.
    """
    batch = in_turn(batch)
    require(actor, "candidates.sign_off", batch)
    _require_sent(batch)
    opinion = opinion.strip()
    if len(opinion) > OPINION_LENGTH:
        raise ValidationError({"opinion": _("最多%d个字，请删减。") % OPINION_LENGTH})
    items = list(ReviewItem.objects.filter(batch=batch).standing().with_person())
    faults = sign_off_faults(batch, [item.candidacy for item in items])
    if faults:
        raise ValidationError(faults)
    before = snapshot(batch, ReviewBatch.recorded_fields)
    assessments = {
        one.candidacy_id: one
        for one in Assessment.objects.filter(
            candidacy__in=[item.candidacy_id for item in items], current=True
        ).defer("snapshot")
    }
    for item in items:
        item.assessment = assessments.get(item.candidacy_id)
        item.verdict = item.candidacy.verdict
    ReviewItem.objects.bulk_update(items, ["assessment", "verdict"])
    batch.state, batch.signed_by, batch.signed_at = ReviewBatch.State.SIGNED, actor, at
    batch.opinion = opinion
    batch.save(update_fields=["state", "signed_by", "signed_at", "opinion"])
    _journal("candidates.sign_off", batch, actor, at, before)
    review_signed.send(ReviewBatch, batch=batch, actor=actor, at=at)
    return batch


def sign_off_faults(batch: ReviewBatch, candidacies: Sequence[Candidacy]) -> list[str]:
    """Every reason why a batch cannot be signed yet, as sentences; none if it can."""
    if not candidacies:
        return [_("这一批里已没有仍在参选的人：请退回乡镇。")]
    asked = load_eligibility_list(batch.term.eligibility_list).departments.value
    if not set(asked) <= set(batch.enquiries.values_list("department", flat=True)):
        return [_("本届资格条件要求答复的部门有变，有的部门还没有收到这一批：请退回乡镇重新上报。")]
    answered: dict[int, set[str]] = {one.pk: set() for one in candidacies}
    for candidacy, code in (
        DepartmentReply.objects.newest().filter(candidacy__in=answered).values_list("candidacy", "department")
    ):
        answered[candidacy].add(code)
    frozen = set(Flag.objects.open().filter(candidacy__in=answered).values_list("candidacy", flat=True))
    waiting = [one for one in candidacies if not answered[one.pk].issuperset(asked)]
    # Of whom an answer is missing, nothing can be established yet: they are named once.
    waited_for = {one.pk for one in waiting}
    sentences = (
        (waiting, _("部门答复不齐的有%(count)d人：%(names)s。未答复不等于无记录，请先催办。")),
        (
            [one for one in candidacies if one.pk in frozen],
            _("有待处理的冻结事项的有%(count)d人：%(names)s。请先逐项处理。"),
        ),
        (
            [
                one
                for one in candidacies
                if one.verdict == Verdict.NOT_ESTABLISHED and one.pk not in waited_for
            ],
            _("资格尚未查清的有%(count)d人：%(names)s。请先查清。"),
        ),
    )
    return [sentence % _named(rows) for rows, sentence in sentences if rows]


def ask_departments(batch: ReviewBatch) -> None:
    """Have the enquiries the term's list asks for now; take back what was asked of others in vain.

    One that has answered keeps its answers and its papers on record.
    """
    asked = load_eligibility_list(batch.term.eligibility_list).departments.value
    present = set(batch.enquiries.values_list("department", flat=True))
    answered = (
        DepartmentReply.objects.filter(candidacy__review_items__batch=batch)
        .order_by()
        .values_list("department", flat=True)
        .distinct()
    )
    batch.enquiries.exclude(department__in=[*asked, *answered]).delete()
    Enquiry.objects.bulk_create(
        Enquiry(batch=batch, department=code) for code in asked if code not in present
    )


@transaction.atomic
def remind(*, enquiry: Enquiry, actor: User, at: datetime) -> Enquiry:
    """Remind a department of what it has not answered: it stands at the top of its inbox."""
    take_turn(enquiry.place)
    enquiry = Enquiry.objects.select_related("batch__place", "batch__term").get(pk=enquiry.pk)
    require(actor, "candidates.remind", enquiry)
    enquiry.batch.term.require_current()
    _require_sent(enquiry.batch)
    if enquiry.answered_at is not None:
        raise ValidationError(_("这个部门已全部答复，不用催办。"))
    if _reminded_today(enquiry, at):
        raise ValidationError(_("今天已经催办过这个部门，请明天再催。"))
    return _note_reminder(enquiry, actor=actor, at=at)


@transaction.atomic
def remind_all(*, batch: ReviewBatch, actor: User, at: datetime) -> list[Enquiry]:
    """Remind every department that has not answered in full and was not reminded today.

    Raises ValidationError where there is none.
    """
    batch = in_turn(batch)
    require(actor, "candidates.remind", batch)
    _require_sent(batch)
    rows = [
        enquiry
        for enquiry in Enquiry.objects.open().filter(batch=batch).select_related("batch__place")
        if not _reminded_today(enquiry, at)
    ]
    if not rows:
        raise ValidationError(_("没有可以催办的部门：都已答复，或者今天已经催办过。"))
    return [_note_reminder(enquiry, actor=actor, at=at) for enquiry in rows]


def _reminded_today(enquiry: Enquiry, at: datetime) -> bool:
    reminded_at = enquiry.reminded_at
    return reminded_at is not None and timezone.localdate(reminded_at) == timezone.localdate(at)


def _note_reminder(enquiry: Enquiry, *, actor: User, at: datetime) -> Enquiry:
    """Note that a department is reminded of a batch, inside the caller's act."""
    before = snapshot(enquiry, ("reminded_at", "reminders"))
    enquiry.reminded_by, enquiry.reminded_at = actor, at
    enquiry.reminders += 1
    enquiry.save(update_fields=["reminded_by", "reminded_at", "reminders"])
    append(
        verb="candidates.remind",
        row=enquiry,
        actor=actor,
        place=enquiry.place,
        at=at,
        before=before,
        after=snapshot(enquiry, ("batch", "department", "reminded_at", "reminders")),
    )
    return enquiry


def in_turn(batch: ReviewBatch) -> ReviewBatch:
    """Return the batch as it is now that it is this act's turn; refuses a batch of a past term."""
    take_turn(batch.place)
    batch = ReviewBatch.objects.select_related("place", "term").get(pk=batch.pk)
    batch.term.require_current()
    return batch


def follow_answers(batch: ReviewBatch, *, at: datetime) -> None:
    """Note for each enquiry of a batch whether everybody in it is answered, inside the caller's act."""
    asked = list(ReviewItem.objects.filter(batch=batch).standing().values_list("candidacy", flat=True))
    answered: dict[str, set[int]] = {}
    for code, candidacy in (
        DepartmentReply.objects.newest().filter(candidacy__in=asked).values_list("department", "candidacy")
    ):
        answered.setdefault(code, set()).add(candidacy)
    for enquiry in batch.enquiries.all():
        whole = answered.get(enquiry.department, set()).issuperset(asked)
        answered_at = (enquiry.answered_at or at) if whole else None
        if answered_at != enquiry.answered_at:
            enquiry.answered_at = answered_at
            enquiry.save(update_fields=["answered_at"])


def follow_standing(candidacy: Candidacy, *, at: datetime) -> None:
    """Note that somebody has dropped out of the batches under way, or is back; inside the caller's act."""
    for batch in ReviewBatch.objects.under_way().filter(items__candidacy=candidacy):
        follow_answers(batch, at=at)


def _require_open(batch: ReviewBatch) -> None:
    if not batch.is_open:
        raise ValidationError(_("这一批%s，不能再改。") % batch.get_state_display())


def _require_sent(batch: ReviewBatch) -> None:
    if batch.state != ReviewBatch.State.SENT:
        raise ValidationError(
            _("这一批目前的状态是“%s”，只有联审中的批次可以这样处理。") % batch.get_state_display()
        )


def _checked(
    batch: ReviewBatch, candidacies: Iterable[Candidacy], due_on: date, *, today: date
) -> list[Candidacy]:
    """The candidacies as they are now. Raises ValidationError naming whoever cannot be in the batch."""
    pks = [one.pk for one in candidacies]
    rows = list(Candidacy.objects.with_person().select_related("election__edition").filter(pk__in=pks))
    if not rows:
        raise ValidationError(_("没有选定候选人，请至少选一人。"))
    # Somebody else's village in a forged list is nobody's business: it is told apart from nothing.
    if any(
        one.election.term_id != batch.term_id or not one.place.code.startswith(batch.place.code)
        for one in rows
    ):
        raise ValidationError(_("选定的候选人中有不属于本乡镇本届选举的，请重新选择。"))
    found = hindrances(rows, batch=batch, today=today)
    faults = [
        sentence % _named(these)
        for each, sentence in REFUSALS.items()
        if (these := [one for one in rows if each in found[one.pk]])
    ]
    if faults:
        raise ValidationError(faults)
    _check_due(rows, due_on, today=today)
    return rows


def _check_due(rows: Sequence[Candidacy], due_on: date, *, today: date) -> None:
    if due_on < today:
        raise ValidationError({"due_on": _("答复期限已经过去，请改为今天或以后的日期。")})
    last = last_answer_day(rows, today=today)
    if last is None or due_on <= last.day:
        return
    sentence = _("%(village)s最迟%(day)s公布正式候选人名单，答复期限不能晚于这一天。")
    if last.overdue:
        sentence = _("%(village)s的正式候选人名单已经逾期，%(day)s投票，答复期限不能晚于选举日。")
    raise ValidationError({"due_on": sentence % {"village": last.village, "day": date_format(last.day)}})


def _put_in(batch: ReviewBatch, rows: Iterable[Candidacy]) -> None:
    present = set(batch.items.values_list("candidacy", flat=True))
    ReviewItem.objects.bulk_create(
        ReviewItem(batch=batch, candidacy=one) for one in rows if one.pk not in present
    )


def _named(rows: Sequence[Candidacy]) -> dict[str, object]:
    names = listed(
        _("%(name)s（%(village)s）") % {"name": one.person.name, "village": one.place.name}
        for one in rows[:NAMED]
    )
    if len(rows) > NAMED:
        names = _("%(names)s等%(count)d人") % {"names": names, "count": len(rows)}
    return {"count": len(rows), "names": names}


def _journal(
    verb: str,
    batch: ReviewBatch,
    actor: User,
    at: datetime,
    before: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    people = list(batch.items.order_by("candidacy").values_list("candidacy", flat=True))
    append(
        verb=verb,
        row=batch,
        actor=actor,
        place=batch.place,
        at=at,
        before=before,
        after={**snapshot(batch, ReviewBatch.recorded_fields), "candidacies": people},
        reason=reason,
    )
