"""Steps and dates in sentences."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.rules.schedule import ELECTION_DAY, Reason
from election_admin.rulebooks.procedures import load_procedure
from villages.models import Election


def step_title(election: Election, code: str) -> str:
    """What the rulebook calls a step, in the reader's language."""
    step = load_procedure(election.term.procedure).steps[code]
    return step.title.in_(get_language() or "")


def date_reason(election: Election, reason: Reason) -> str:
    """Why a date holds: counted from which day, by which article."""
    procedure = load_procedure(election.term.procedure)
    language = get_language() or ""
    if reason.base == ELECTION_DAY:
        base = _("选举日")
    else:
        base = _("“%s”") % step_title(election, reason.base)
    values = {
        "base": base,
        "day": date_format(reason.base_date),
        "days": abs(reason.days),
        "document": procedure.documents[reason.document].title.in_(language),
        "article": reason.article,
    }
    if reason.days == 0:
        sentence = _("与%(base)s（%(day)s）同日")
    elif reason.days < 0:
        sentence = _("%(base)s（%(day)s）前%(days)d日")
    else:
        sentence = _("%(base)s（%(day)s）后%(days)d日")
    return (sentence + _("，%(document)s第%(article)s条")) % values


def days_left(day: date, *, on: date) -> str:
    """How far a day is: still so many days, today, so many days ago."""
    distance = (day - on).days
    if distance > 0:
        return _("还有%d天") % distance
    if distance == 0:
        return _("今天到期")
    return _("已逾期%d天") % -distance
