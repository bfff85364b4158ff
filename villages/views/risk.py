"""The survey, the rating with its reasons and history, and the county's decision."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Place
from election_admin.rulebooks.risk_models import load_risk_model
from villages.actions import risk as actions
from villages.forms.risk import DecisionForm, SurveyForm
from villages.law import risk_model
from villages.models import Rating, SurveyAnswer, Term
from villages.panels import reasons_of
from villages.rules.risk import rate
from villages.views.scope import term_of, village_of
from villages.wording import easing_sentence, rating_sentence

EASINGS_SHOWN = 3


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the survey; the village is rated anew when an answer changes."""
    place = village_of(request, code, "villages.record_facts")
    term = term_of(place)
    held = {
        one.factor: actions.Answer(one.level, one.evidence)
        for one in SurveyAnswer.objects.newest().filter(place=place, term=term)
    }
    model = load_risk_model(term.risk_model)
    form = SurveyForm(request.POST or None, model=model, held=held, today=timezone.localdate())
    if form.is_valid():
        try:
            rating = actions.record_survey(
                place=place,
                term=term,
                answers=form.answers(),
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            for factor, errors in error.error_dict.items():
                form.add_error(f"evidence_{factor}", errors)
        else:
            _say_what_changed(request, rating)
            return redirect("villages:rating", place.code)
    return render(request, "villages/survey.html", {"place": place, "form": form, "model": model})


def _say_what_changed(request: HttpRequest, rating: Rating | None) -> None:
    if rating is None:
        messages.info(request, _("没有改动，评级不变。"))
        return
    messages.success(request, _("村情调查已保存，重新测算为：%s。") % rating.get_computed_band_display())


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_safe
def rating(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rating in force with its reasons, what would lower it, and its history."""
    place = village_of(request, code, "villages.see_facts")
    return render(request, "villages/rating.html", _rating_context(place, term_of(place)))


def _rating_context(place: Place, term: Term, form: DecisionForm | None = None) -> dict[str, object]:
    ratings = list(
        Rating.objects.filter(place=place, term=term).select_related("decided_by").order_by("-at", "-id")
    )
    current = next((one for one in ratings if one.current), None)
    context: dict[str, object] = {"place": place, "rating": current, "history": ratings}
    if current is not None:
        source = load_risk_model(current.model)
        answers = {one["factor"]: one["level"] for one in current.contributions}
        computed = rate(model=risk_model(current.model), answers=answers)
        context |= {
            "reasons": reasons_of(current),
            "how": rating_sentence(computed, source=source),
            "easings": [easing_sentence(one, source=source) for one in computed.easings[:EASINGS_SHOWN]],
            "unanswered": [source.factor(code).title for code in computed.unanswered],
            "form": form or DecisionForm(initial={"band": current.band}, today=timezone.localdate()),
        }
    return context


@allow(Role.COUNTY)
@require_POST
def decide_rating(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the computed band, or override it with a reason."""
    held = get_visible(Rating.objects.select_related("place__parent", "term"), request, pk=pk)
    user = signed_in(request)
    require(user, "villages.decide_rating", held)
    form = DecisionForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.decide_rating(rating=held, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("评级已审定。"))
            return redirect("villages:rating", held.place.code)
    context = _rating_context(held.place, held.term, form)
    return render(request, "villages/rating.html", context)
