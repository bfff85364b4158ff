"""The profile and the disputes of a village."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm, OfficeModelForm
from villages.models import Dispute, VillageProfile


def _columns(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm-6 col-lg-3") for name in names))


class ProfileForm(OfficeModelForm):
    """The village in figures. What is not known stays empty: empty is not zero."""

    # Names of fields that cannot be larger than another: a figure and what contains it.
    contained: ClassVar[tuple[tuple[str, str], ...]] = (
        ("voters", "population"),
        ("households", "population"),
        ("voters_away", "voters"),
        ("party_members", "population"),
        ("minority_people", "population"),
    )

    class Meta:
        model = VillageProfile
        fields = VillageProfile.recorded_fields
        widgets: ClassVar = {"remark": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ethnic_groups"].help_text = _lazy("例如：汉族约七成、回族约三成。")
        self.fields["land_under_requisition"].help_text = _lazy("没有征收的填0。")
        self.helper.layout = Layout(
            HTML(f'<p class="quiet">{_("不清楚的可以先空着，空着表示“未掌握”，不等于零。")}</p>'),
            Fieldset(
                _("人口"),
                _columns("population", "households", "groups", "voters"),
                _columns("voters_away", "party_members", "minority_people"),
            ),
            Fieldset(_("民族与姓氏"), _columns("ethnic_groups", "largest_clan", "largest_clan_share")),
            Fieldset(
                _("集体经济"),
                _columns("collective_assets", "collective_income", "land_under_requisition"),
            ),
            "remark",
        )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        for name, whole in self.contained:
            part, all_of_it = data.get(name), data.get(whole)
            if part is not None and all_of_it is not None and part > all_of_it:
                self.add_error(
                    name,
                    _("%(part)s（%(number)s）不能多于%(whole)s（%(most)s），请核对。")
                    % {
                        "part": self.fields[name].label,
                        "number": part,
                        "whole": self.fields[whole].label,
                        "most": all_of_it,
                    },
                )
        return data


class DisputeForm(OfficeModelForm):
    """A dispute as it is entered in the register."""

    past_dates = ("raised_on",)

    class Meta:
        model = Dispute
        fields = ("subject", "summary", "parties", "raised_on", "mediator", "deadline")
        widgets: ClassVar = {"parties": forms.TextInput}
        labels: ClassVar = {"parties": _lazy("当事人")}
        help_texts: ClassVar = {
            "parties": _lazy("可以不填。填写的内容加密保存，只有承办人看得到。"),
            "summary": _lazy("写事情本身，不评价人。"),
        }

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        raised_on, deadline = data.get("raised_on"), data.get("deadline")
        if raised_on and deadline and deadline < raised_on:
            self.add_error("deadline", _("调处期限早于发生日期，请检查。"))
        return data


class SettlementForm(OfficeForm):
    """How a dispute was settled."""

    past_dates = ("settled_on",)
    submit_label = _lazy("登记化解")

    settled_on = forms.DateField(label=_lazy("化解日期"))
    outcome = forms.CharField(
        label=_lazy("处理结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
