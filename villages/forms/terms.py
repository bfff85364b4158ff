"""Opening a term."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceQuerySet
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from election_admin.rulebooks.notice_sets import load_notice_set, notice_set_ids
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from election_admin.rulebooks.risk_models import load_risk_model, risk_model_ids
from villages.models import COMMITTEE_MODES, PARTY_MODES, Mode

# What each mode is, in a line.
MODES = {
    Mode.NOMINATED: _lazy("登记参加选举的村民提名候选人，候选人多于名额，从中选举。"),
    Mode.SELF_NOMINATED: _lazy("不提候选人，自荐的人公布后，由村民直接投票选举。"),
    Mode.TWO_RECOMMENDATIONS: _lazy("党员推荐、村民推荐，经乡镇党委审查同意，再由党员大会选举。"),
    Mode.OPEN_RECOMMENDATION: _lazy("公开报名、推荐，审查确定候选人，由党员大会直接选举书记、副书记和委员。"),
}


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
    notice_set = forms.ChoiceField(label=_lazy("公告目录"))

    def __init__(self, *args: Any, counties: PlaceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = self.fields["county"]
        county.queryset = counties  # type: ignore[attr-defined]
        if len(counties) == 1:
            county.initial = counties[0]
        self._offer_rules()
        for mode in Mode:
            self.fields[f"mode_{mode}"] = forms.BooleanField(
                label=mode.label, help_text=MODES[mode], required=False
            )
        self.helper.layout = Layout(
            *(name for name in self.fields if not name.startswith("mode_")),
            Fieldset(
                _("村民委员会的选举方式，至少选一种；都选的，由各村在确定选举日时定"),
                *(f"mode_{mode}" for mode in COMMITTEE_MODES),
            ),
            Fieldset(
                _("村党组织的选举方式；都不选的，村党组织换届不在本系统办理"),
                *(f"mode_{mode}" for mode in PARTY_MODES),
            ),
        )

    def _offer_rules(self) -> None:
        language = get_language() or ""
        titles = {
            "procedure": {one: load_procedure(one).title for one in procedure_ids()},
            "eligibility_list": {one: load_eligibility_list(one).title for one in eligibility_list_ids()},
            "risk_model": {one: load_risk_model(one).title for one in risk_model_ids()},
            "notice_set": {one: load_notice_set(one).title for one in notice_set_ids()},
        }
        for name, choices in titles.items():
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", "—"),
                *((code, title.in_(language)) for code, title in choices.items()),
            ]

    def clean(self) -> dict[str, Any] | None:
        """Take the modes together, and refuse beside each what the rulebook chosen does not know."""
        data = super().clean() or {}
        data["modes"] = [mode for mode in Mode if data.pop(f"mode_{mode}", False)]
        if not any(mode in COMMITTEE_MODES for mode in data["modes"]):
            self.add_error(f"mode_{COMMITTEE_MODES[0]}", _("请至少选一种村民委员会的选举方式。"))
        if data.get("procedure"):
            law = load_procedure(data["procedure"])
            known = {*law.parameters.modes.value, *law.parameters.party_modes.value}
            for mode in data["modes"]:
                if mode not in known:
                    sentence = _("“%(law)s”没有这种方式，请不选，或者另选办法。")
                    title = law.title.in_(get_language() or "")
                    self.add_error(f"mode_{mode}", sentence % {"law": title})
        return data
