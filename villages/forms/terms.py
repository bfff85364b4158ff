"""Opening a term."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceQuerySet
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from election_admin.rulebooks.risk_models import load_risk_model, risk_model_ids


class TermForm(OfficeForm):
    """A county's general election: nothing about its rules is assumed, each is chosen."""

    submit_label = _lazy("建立本届")

    county = forms.ModelChoiceField(label=_lazy("县（市、区）"), queryset=Place.objects.none())
    number = forms.IntegerField(label=_lazy("届次"), min_value=1, max_value=99)
    window_start = forms.DateField(label=_lazy("选举窗口开始"))
    window_end = forms.DateField(label=_lazy("选举窗口结束"))
    procedure = forms.ChoiceField(label=_lazy("选举办法"))
    eligibility_list = forms.ChoiceField(label=_lazy("资格条件"))
    risk_model = forms.ChoiceField(label=_lazy("风险评估模型"))

    def __init__(self, *args: Any, counties: PlaceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = self.fields["county"]
        county.queryset = counties  # type: ignore[attr-defined]
        if len(counties) == 1:
            county.initial = counties[0]
        language = get_language() or ""
        titles = {
            "procedure": {one: load_procedure(one).title for one in procedure_ids()},
            "eligibility_list": {one: load_eligibility_list(one).title for one in eligibility_list_ids()},
            "risk_model": {one: load_risk_model(one).title for one in risk_model_ids()},
        }
        for name, choices in titles.items():
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", "—"),
                *((code, title.in_(language)) for code, title in choices.items()),
            ]
