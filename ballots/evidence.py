"""What of an election, besides its steps, can have photos and scans: a violation, a posted notice."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ballots.models import Notice, Violation
from ballots.notices import law_of, number_words, title_of
from ballots.violations import title_of_step
from election_admin.evidence.registry import EvidenceKind, register_evidence
from villages.models import Election

VIOLATION = "violation"
NOTICE = "notice"

_OF_ELECTION = ("election__place__parent", "election__term", "election__edition")


def _check_current(row: Any) -> None:
    """Raise ValidationError in a term that is over: what was done in it is only read."""
    row.election.term.require_current()


def _violation_page(violation: Violation) -> str:
    return reverse("ballots:correct_violation", args=[violation.pk])


def _notice_page(notice: Notice) -> str:
    return reverse("ballots:notice", args=[notice.election_id, notice.code, notice.serial])


def _named(election: Election, what: str) -> str:
    return _("%(village)s：%(what)s") % {"village": election.place.name, "what": what}


def _violation_name(violation: Violation) -> str:
    return _named(
        violation.election, _("“%s”的违规") % title_of_step(violation.election, violation.step.code)
    )


def _notice_name(notice: Notice) -> str:
    law = law_of(notice)
    what = _("公告（%(number)s）%(title)s") % {
        "number": number_words(law, notice.serial),
        "title": title_of(notice.election, law),
    }
    return _named(notice.election, what)


register_evidence(
    EvidenceKind(
        code=VIOLATION,
        subject=lambda: Violation.objects.select_related("step", *_OF_ELECTION),
        see_permission="ballots.see_violation",
        add_permission="ballots.record_violation",
        withdraw_permission="ballots.withdraw_evidence",
        back=_violation_page,
        name=_violation_name,
        check_open=_check_current,
    )
)
register_evidence(
    EvidenceKind(
        code=NOTICE,
        subject=lambda: Notice.objects.select_related(*_OF_ELECTION),
        see_permission="ballots.see_procedure",
        add_permission="ballots.draft_notice",
        withdraw_permission="ballots.withdraw_evidence",
        back=_notice_page,
        name=_notice_name,
        check_open=_check_current,
    )
)
