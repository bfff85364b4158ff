"""The morning's letter, sent; and its part on the procedure: what is overdue and what falls due."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ballots.deadlines import BUCKET_LABELS, BUCKET_NAMES, WARNED, bucket_of, due_steps, sees_townships
from ballots.models import Digest, Step
from ballots.models.steps import BUCKETS
from ballots.wording import days_left, step_title
from election_admin.accounts.models import User
from election_admin.letters import LetterPart, parts_for, readers, register_letter
from election_admin.sentences import explained, listed

logger = logging.getLogger(__name__)

# A letter names so many steps; the page holds the rest.
STEPS_NAMED = 40


def send_digests(*, on: date, at: datetime) -> int:
    """Send today's letter to everybody who wants it and has not had it, and return how many were sent.

    A letter that cannot be sent is tried again by the next run; one that was sent is not sent
    twice. Nobody is written to about nothing.
    """
    if not settings.EMAIL_CONFIGURED:
        return 0
    return sum(_send(user, on, at) for user in _readers(on))


def _readers(on: date) -> Iterator[User]:
    had = Digest.objects.filter(day=on, sent_at__isnull=False)
    yield from readers().exclude(pk__in=had.values("user"))


def _send(user: User, on: date, at: datetime) -> bool:
    with translation.override(settings.LANGUAGE_CODE):
        parts = parts_for(user, on=on)
        counted = {"overdue": sum(one.overdue for one in parts), "due_soon": sum(one.soon for one in parts)}
        digest, _made = Digest.objects.update_or_create(user=user, day=on, defaults=counted)
        if parts:
            try:
                letter(user, parts).send()
            except (OSError, ValueError) as error:
                # The mail server is away, or does not take the address: the row stays without its time,
                # and the next run tries again. What the server says may hold the address.
                said = type(error).__name__ if isinstance(error, SMTPRecipientsRefused) else error
                logger.warning("The letter to user %s could not be sent: %s", user.pk, said)
                return False
        digest.sent_at = at
        digest.save(update_fields=["sent_at"])
    return bool(parts)


def letter(user: User, parts: Iterable[LetterPart]) -> EmailMessage:
    """The letter itself, in plain text: what each app has to say, and where to read the rest."""
    told = list(parts)
    paragraphs = [_("%(name)s，您好：") % {"name": user.name}]
    for part in told:
        paragraphs += part.paragraphs
        if settings.OFFICE_URL:
            paragraphs.append(_("登录查看：%s") % f"{settings.OFFICE_URL.rstrip('/')}{part.path}")
    paragraphs.append(_("这封邮件由系统自动发送。不想再收到，请登录后在“邮件提醒”里取消。"))
    subject = pgettext("between sentences", "；").join(part.subject for part in told)
    return EmailMessage(subject=subject, body="\n\n".join(paragraphs), to=[user.email])


def steps_part(user: User, on: date) -> LetterPart | None:
    """What the letter says of the procedure: by bucket, each step with its village and its day."""
    steps = list(due_steps(user, on=on))
    if not steps:
        return None
    parts = [_("截至%s，以下程序步骤需要办理。") % date_format(on)]
    if sees_townships(user):
        rows = "\n".join(_township_line(name, own) for name, own in _by_township(steps, on))
        parts.append(_("各乡镇（街道）：\n%s") % rows)
    for name, those in _by_bucket(steps[:STEPS_NAMED], on).items():
        if those:
            lines = "\n".join(_line(step, on) for step in those)
            parts.append(f"{BUCKET_NAMES[name]}\n{lines}")
    if len(steps) > STEPS_NAMED:
        parts.append(_("另有%d步没有列出，请登录查看。") % (len(steps) - STEPS_NAMED))
    # Of all, not of those named: a county's letter names the first only.
    overdue = len(_by_bucket(steps, on)["overdue"])
    soon = len(steps) - overdue
    subject = _("换届选举到期提醒：%(overdue)d步逾期，%(soon)d步七天内到期") % {
        "overdue": overdue,
        "soon": soon,
    }
    return LetterPart(subject, tuple(parts), overdue, soon, reverse("ballots:deadlines"))


def _by_bucket(steps: Iterable[Step], on: date) -> dict[str, list[Step]]:
    gathered: dict[str, list[Step]] = {name: [] for name in BUCKETS}
    for step in steps:
        if step.latest is not None:
            gathered[bucket_of(step.latest, on=on)].append(step)
    return gathered


def _by_township(steps: Iterable[Step], on: date) -> list[tuple[str, dict[str, list[Step]]]]:
    """Each township's steps by bucket, the one with most overdue, then most due soonest, first."""
    of_township: dict[str, list[Step]] = {}
    for step in steps:
        township = step.election.place.parent
        of_township.setdefault(township.name if township else "", []).append(step)
    rows = [(name, _by_bucket(own, on)) for name, own in of_township.items()]
    return sorted(rows, key=lambda row: tuple(-len(those) for those in row[1].values()))


def _township_line(name: str, by_bucket: Mapping[str, Sequence[Step]]) -> str:
    numbers = [f"{len(those)}{BUCKET_LABELS[bucket]}" for bucket, those in by_bucket.items() if those]
    return f"- {explained(name, listed(numbers))}"


def _line(step: Step, on: date) -> str:
    day = step.latest
    return _("- %(village)s：%(step)s，最迟%(day)s（%(left)s）") % {
        "village": step.election.place.name,
        "step": step_title(step.election, step.code),
        "day": date_format(day) if day else "",
        "left": days_left(day, on=on) if day else "",
    }


register_letter(WARNED, steps_part, 10)
