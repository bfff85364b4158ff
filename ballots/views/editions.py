"""A county's own editions of a rulebook: listed, and adopted number by number."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots.law_pages import edition_words
from ballots.numbers import last_change, number_choices, number_words
from ballots.views.named_law import NamedLaw, editions_open_to
from election_admin.accounts.access import allow, get_visible, reach_of, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Level, Place
from election_admin.rulebooks.loading import UnknownRulebook
from election_admin.rulebooks.procedures import Procedure, load_procedure
from election_admin.rulebooks.revisions import numbers_of, settings_of
from election_admin.sentences import one_after_another
from villages.actions import editions as actions
from villages.forms.editions import AdoptEditionForm
from villages.models import RulebookEdition, Term
from villages.procedures import last_edition, procedure_in


@allow()
@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """What the user's county has changed in its rulebooks, and by which document."""
    user = signed_in(request)
    editions = editions_open_to(user).order_by("county__code", "rulebook", "-number")
    terms = Term.objects.visible_to(reach_of(user, Role.ADMINISTRATOR)).filter(current=True)
    return render(
        request,
        "ballots/edition_list.html",
        {
            "rows": [
                {
                    "edition": one,
                    "law": NamedLaw(load_procedure(one.rulebook), one),
                    "change": last_change(one),
                }
                for one in editions
            ],
            "to_change": [
                {"term": term, "law": load_procedure(term.procedure)}
                for term in terms.select_related("county").order_by("county__code")
            ],
            "today": timezone.localdate(),
        },
    )


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def adopt_edition(request: HttpRequest, rulebook_id: str, code: str) -> HttpResponse:
    """Adopt a county's next edition of a rulebook: one number, changed by a document."""
    user = signed_in(request)
    county = get_visible(Place.objects.filter(level=Level.COUNTY), request, code=code)
    require(user, "villages.adopt_edition", county)
    last = last_edition(county, rulebook_id)
    law = procedure_in(last) if last else _rulebook(rulebook_id)
    form = AdoptEditionForm(
        request.POST if request.method == "POST" else None,
        numbers=number_choices(law),
        values={number.path: number.value for number in numbers_of(law)},
        initial={"path": request.GET.get("path", "")},
        today=timezone.localdate(),
    )
    if form.is_valid():
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in form.fields if name != "side"}
        try:
            edition = actions.adopt_edition(
                county=county, rulebook=rulebook_id, actor=user, at=timezone.now(), **values
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _adopted(edition))
            return redirect("ballots:edition", edition.pk)
    return render(
        request,
        "ballots/adopt_edition.html",
        {
            "form": form,
            "county": county,
            "law": law,
            "last": last,
            "named": NamedLaw(law, last),
            "present": _present(law, str(form["path"].value() or "")),
        },
    )


def _present(law: Procedure, path: str) -> dict[str, str] | None:
    """What the number chosen says now, and by which article."""
    settings = settings_of(law, [], path)
    if not settings:
        return None
    number = number_words(law, path, settings[-1].value)
    return {"words": str(number), "source": settings[-1].cited.in_(get_language() or "")}


def _rulebook(rulebook_id: str) -> Procedure:
    try:
        return load_procedure(rulebook_id)
    except UnknownRulebook as error:
        raise Http404(_("没有找到。")) from error


def _adopted(edition: RulebookEdition) -> str:
    """What was adopted, and which elections go by it from now on."""
    sentences = [_("已采用%s。") % edition_words(edition)]
    moved = edition.elections.count()
    if edition.in_force_from > timezone.localdate():
        sentences.append(_("到施行之日，还没有登记过步骤的选举自动改用这一版。"))
    elif moved:
        sentence = ngettext(
            "%d个还没有登记过步骤的选举已改用这一版，法定日期已重新计算。",
            "%d个还没有登记过步骤的选举已改用这一版，法定日期已重新计算。",
            moved,
        )
        sentences.append(sentence % moved)
    sentences.append(_("登记过步骤的选举仍按原来的版本办理。"))
    return one_after_another(sentences)
