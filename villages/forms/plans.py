"""The disposal plan of a village."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm, OfficeModelForm
from villages.models import DisposalPlan, PlanMeasure


class PlanForm(OfficeModelForm):
    """The parts of a plan that are written out."""

    class Meta:
        model = DisposalPlan
        fields = DisposalPlan.recorded_fields
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 6 if name == "situation" else 4})
            for name in DisposalPlan.recorded_fields
        }
        help_texts: ClassVar = {
            "situation": _lazy("村情、班子、主要矛盾及其由来。"),
            "talks": _lazy("与老干部、有威望的村民、小组长等谁谈、何时谈、谈什么。"),
            "responses": _lazy("发生什么情况时，谁在多长时间内做什么、向谁报告。"),
            "contacts": _lazy("姓名、职务和电话，一行一人。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_tag = False
        self.helper.inputs = []


class MeasureForm(OfficeModelForm):
    """One risk point and what is done about it."""

    past_dates = ("done_on",)

    class Meta:
        model = PlanMeasure
        fields = ("risk_point", "measure", "owner", "due_on", "done_on")
        widgets: ClassVar = {
            "risk_point": forms.Textarea(attrs={"rows": 2}),
            "measure": forms.Textarea(attrs={"rows": 2}),
        }


MeasureRows = forms.formset_factory(MeasureForm, extra=3, can_delete=True, max_num=60)


class ReviewForm(OfficeForm):
    """The county approves a plan or returns it."""

    decision = forms.ChoiceField(
        label=_lazy("审批"),
        choices=(("approve", _lazy("批准")), ("return", _lazy("退回修改"))),
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_lazy("意见"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("退回的必须写明哪里要改。"),
    )
