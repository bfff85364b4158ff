"""Files with whole ID numbers or findings: given for a reason, which is journalled first."""

import tempfile
from collections.abc import Callable
from typing import IO

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from candidates.actions import exporting
from candidates.exports import write_candidates, write_findings
from candidates.filters import CandidateFilter, sees_many_townships
from candidates.forms import ReasonForm
from candidates.models import Finding, Nomination
from candidates.tables import listed_candidacies
from candidates.views.lists import OFFICIALS, asked_departments
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Place
from election_admin.tables import EXCEL_TYPE


@never_cache
@allow(*OFFICIALS)
@require_http_methods(["GET", "POST"])
def export_candidates(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give the listed candidates with everything their import takes, once the journal has why."""
    filterset = _filterset(request)
    nominations = Prefetch("nominations", Nomination.objects.in_force(), to_attr="nominated")
    rows = filterset.understood.defer(None).prefetch_related(nominations)

    def export(form: ReasonForm, place: Place, *, with_township: bool) -> FileResponse:
        candidacies = list(rows)
        exporting.export_candidates(
            candidacies=candidacies,
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            at=timezone.now(),
        )
        return _file(
            _("候选人完整信息-%(place)s-%(day)s"),
            place,
            lambda file: write_candidates(file, candidacies, place=place, with_township=with_township),
        )

    return _answer(request, "candidates/export_candidates.html", filterset, rows.count, export)


@never_cache
@allow(*OFFICIALS)
@require_http_methods(["GET", "POST"])
def export_findings(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give the findings in force about the listed candidates, once the journal has why."""
    filterset = _filterset(request)
    rows = (
        Finding.objects.in_force()
        .filter(candidacy__in=filterset.understood.order_by().values("pk"))
        .select_related(
            "candidacy__person", "candidacy__election__place__parent", "candidacy__election__term"
        )
        .order_by("candidacy__election__place__code", "candidacy_id", "id")
    )

    def export(form: ReasonForm, place: Place, *, with_township: bool) -> FileResponse:
        findings = list(rows)
        exporting.export_findings(
            findings=findings,
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            at=timezone.now(),
        )
        return _file(
            _("认定材料-%(place)s-%(day)s"),
            place,
            lambda file: write_findings(file, findings, place=place, with_township=with_township),
        )

    return _answer(request, "candidates/export_findings.html", filterset, rows.count, export)


def _filterset(request: HttpRequest) -> CandidateFilter:
    reach = reach_of(signed_in(request), *OFFICIALS)
    return CandidateFilter(request, listed_candidacies(reach), reach=reach, asked=asked_departments(reach))


def _answer(
    request: HttpRequest,
    template: str,
    filterset: CandidateFilter,
    count: Callable[[], int],
    export: Callable[..., FileResponse],
) -> HttpResponse | FileResponse:
    """The page that asks why, or the file for whoever has said it."""
    reach = reach_of(signed_in(request), *OFFICIALS)
    form = ReasonForm(request.POST or None, submit_label=_("导出"), today=timezone.localdate())
    if form.is_valid():
        try:
            return export(form, _place(request), with_township=sees_many_townships(reach))
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "filterset": filterset, "count": count(), "filters": filterset.address}
    return render(request, template, context)


def _place(request: HttpRequest) -> Place:
    """The first place where the user is an official: after it the file is named, by its term the columns."""
    held = signed_in(request).held_memberships
    return next(one.place for one in held if one.role in OFFICIALS)


def _file(name: str, place: Place, write: Callable[[IO[bytes]], None]) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(file)
    file.seek(0)
    named = name % {"place": place.name, "day": timezone.localdate()}
    return FileResponse(file, as_attachment=True, filename=f"{named}.xlsx", content_type=EXCEL_TYPE)
