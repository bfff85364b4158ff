"""The joint-review form 联审表: a batch on paper, a row a person and a column a department."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext

from candidates.judgements import department_title
from candidates.kinds.signers import government_of
from candidates.models import Candidacy, DepartmentReply, ReviewBatch, ReviewItem, Verdict
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.sentences import listed
from villages.models import Seat

REVIEW_FORM = "review_form"


@dataclass(frozen=True)
class Row:
    """One person: who, the word of each department, the verdict, and what else is to be known."""

    number: int
    candidacy: Candidacy
    answers: tuple[str, ...]
    verdict: str
    remark: str


@dataclass(frozen=True)
class DepartmentColumn:
    """One department, and when it had answered about everybody."""

    code: str
    title: str
    answered_at: datetime | None


def review(batch: ReviewBatch, language: str) -> Mapping[str, Any]:
    """What the form shows: everybody in the batch by village and post, and every department asked.

    The verdict is the one that was signed; before that it is left open, to be written in. ID numbers
    are masked: the paper passes through many hands, and village, year of birth and name tell people apart.
    """
    source = load_eligibility_list(batch.term.eligibility_list)
    asked = {one.department: one.answered_at for one in batch.enquiries.all()}
    # Whoever the list names, in its order; then whoever was asked by a list given up since.
    codes = [*source.departments.value, *(code for code in asked if code not in source.departments.value)]
    rows = _rows(batch, codes)
    return {
        "batch": batch,
        "township": batch.place,
        "government": government_of(batch.place),
        "columns": [DepartmentColumn(code, department_title(code), asked.get(code)) for code in codes],
        "rows": rows,
        "counts": _counts(rows) if batch.state == ReviewBatch.State.SIGNED else "",
        "list_title": source.title.in_(language),
        "list_verified": source.verified,
    }


def _rows(batch: ReviewBatch, codes: list[str]) -> list[Row]:
    items = list(ReviewItem.objects.filter(batch=batch).with_person())
    ranks = _ranks(items)
    items.sort(
        key=lambda item: (
            item.place.code,
            item.candidacy.election_id,
            ranks.get((item.candidacy.election_id, item.candidacy.post), len(ranks)),
            item.pk,
        )
    )
    words = _answers(items)
    return [
        Row(
            number=number,
            candidacy=item.candidacy,
            answers=tuple(words.get((item.candidacy_id, code), "") for code in codes),
            verdict=str(Verdict(item.verdict).label) if item.verdict else "",
            remark=_remark(item),
        )
        for number, item in enumerate(items, start=1)
    ]


def _ranks(items: Iterable[ReviewItem]) -> dict[tuple[int, str], int]:
    elections = {item.candidacy.election_id for item in items}
    seats = Seat.objects.filter(election__in=elections).values_list("election_id", "post", "rank")
    return {(election, post): rank for election, post, rank in seats}


def _answers(items: Iterable[ReviewItem]) -> dict[tuple[int, str], str]:
    """What stands in each department's column: one sign, because twelve of them share a sheet."""
    words = {
        DepartmentReply.Answer.NO_RECORD.value: pgettext("a department's record, in a narrow column", "无"),
        DepartmentReply.Answer.RECORD.value: pgettext("a department's record, in a narrow column", "有"),
    }
    people = [item.candidacy_id for item in items]
    return {
        (reply.candidacy_id, reply.department): words[reply.answer]
        for reply in DepartmentReply.objects.newest().filter(candidacy__in=people)
    }


def _remark(item: ReviewItem) -> str:
    """What the columns do not say: no longer standing, frozen, another verdict since the signing."""
    candidacy = item.candidacy
    said: list[str] = []
    if not candidacy.is_standing:
        said.append(candidacy.get_state_display())
    if candidacy.is_frozen:
        said.append(_("有待处理事项"))
    if item.verdict and item.verdict != candidacy.verdict:
        said.append(_("现为“%s”") % candidacy.get_verdict_display())
    return listed(said)


def _counts(rows: list[Row]) -> str:
    """How many of each verdict were signed, in a list."""
    titles = [str(verdict.label) for verdict in Verdict]
    counted = [(title, sum(row.verdict == title for row in rows)) for title in titles]
    return listed(
        ngettext("%(verdict)s%(count)d人", "%(verdict)s%(count)d人", count)
        % {"verdict": title, "count": count}
        for title, count in counted
        if count
    )


def _name(batch: ReviewBatch) -> str:
    return _("%(township)s第%(number)d批候选人资格联审表") % {
        "township": batch.place.name,
        "number": batch.number,
    }


register_kind(
    Kind(
        code=REVIEW_FORM,
        title=_lazy("候选人资格联审表"),
        template="candidates/documents/review_form.html",
        subject=lambda: ReviewBatch.objects.select_related("place__parent", "term", "sent_by", "signed_by"),
        context=review,
        name=_name,
        permission="candidates.see_review",
        confidential=True,
    )
)
