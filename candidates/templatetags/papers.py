"""Papers: what is known, or a blank to write it in by hand; and the buttons that ask for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candidates.kinds.lists import FINAL_LIST, PRELIMINARY_LIST
from candidates.kinds.qualification import QUALIFICATION_FORM
from candidates.kinds.refusals import REFUSAL
from candidates.kinds.reviews import REVIEW_FORM
from candidates.models import Candidacy, Decision, Objection, ReviewBatch
from election_admin import sentences
from election_admin.accounts.models import User
from election_admin.documents.models import Document, Language
from villages.models import Election

register = template.Library()

# So many papers a page lists; the rest stand in the list of documents.
PAPERS_SHOWN = 5
# What a blank is made of: a space no line drops, as wide as a character.
SPACE = "\u3000"
WIDTH = 6


@register.filter
def blank(value: Any, width: int = WIDTH) -> Any:
    """The value, or a space as wide as so many characters to write it in."""
    return value if value not in (None, "") else _blank(width)


@register.filter
def day(value: date | None) -> str | SafeString:
    """A day in full, or blanks for year, month and day."""
    if value:
        return date_format(value)
    parts = {"year": _blank(3), "month": _blank(2), "day": _blank(2)}
    return format_html(_("{year}年{month}月{day}日"), **parts)


@register.filter
def month(value: date) -> str:
    """A birthday as a form has it: 1980年5月."""
    return date_format(value, "F Y" if (get_language() or "").startswith("en") else "Y年n月")


@register.filter
def listed(parts: Iterable[object]) -> str:
    """``{{ titles|listed }}``: the parts as a list in a sentence."""
    return sentences.listed(parts)


@dataclass(frozen=True)
class Papers:
    """What can be printed about a row, and what was printed last."""

    documents: list[Document]
    refusal: Decision | None = None


@register.simple_tag
def document_languages() -> list[tuple[str, str]]:
    """``{% document_languages as languages %}``: code and name of each language papers are written in."""
    return [(str(code), str(name)) for code, name in Language.choices]


@register.simple_tag(takes_context=True)
def papers_of_candidate(context: template.Context, candidacy: Candidacy) -> Papers:
    """The papers about one person; the notice of refusal only while the refusal stands."""
    refusal = None
    if candidacy.state == Candidacy.State.STRUCK_OFF:
        refused = candidacy.decisions.filter(state=Candidacy.State.STRUCK_OFF)
        refusal = refused.order_by("-pk").only("pk", "candidacy").first()
    subjects: list[tuple[str, Any]] = [(QUALIFICATION_FORM, candidacy)]
    if refusal is not None:
        subjects.append((REFUSAL, refusal))
    return Papers(_printed(context["user"], subjects), refusal)


@register.simple_tag(takes_context=True)
def papers_of_batch(context: template.Context, batch: ReviewBatch) -> Papers:
    """The joint-review forms of a batch."""
    return Papers(_printed(context["user"], [(REVIEW_FORM, batch)]))


@register.simple_tag(takes_context=True)
def papers_of_election(context: template.Context, election: Election) -> Papers:
    """The lists of an election."""
    kinds: list[tuple[str, Any]] = [(PRELIMINARY_LIST, election), (FINAL_LIST, election)]
    return Papers(_printed(context["user"], kinds))


@register.simple_tag(takes_context=True)
def open_objections(context: template.Context, election: Election) -> int:
    """How many objections in an election wait for an answer, of those the reader may read."""
    return Objection.objects.readable_by(context["user"]).open().filter(election=election).count()


def _printed(user: User, subjects: list[tuple[str, Any]]) -> list[Document]:
    """The newest documents of these kinds about these rows that the user may see."""
    wanted = Document.objects.none()
    for code, row in subjects:
        wanted = wanted | Document.objects.filter(kind=code, subject_id=str(row.pk))
    seen = Document.objects.visible_to(user).filter(pk__in=wanted.values("pk"))
    return list(seen.select_related("requested_by").order_by("-pk")[:PAPERS_SHOWN])


def _blank(width: int) -> SafeString:
    return format_html('<span class="blank">{}</span>', SPACE * int(width))
