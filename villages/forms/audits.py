"""The audit of a village."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm, OfficeModelForm
from villages.models import Audit, AuditFinding
from villages.models.audits import Subject


class AuditForm(OfficeModelForm):
    """Figures, conclusions on the six subjects of art. 35, opinion."""

    past_dates = ("period_start", "period_end")

    completed = forms.BooleanField(
        label=_lazy("审计已完成"),
        required=False,
        help_text=_lazy("勾选后检查各项是否齐全；向村民公布以后不能再改。"),
    )

    class Meta:
        model = Audit
        fields = Audit.recorded_fields
        widgets: ClassVar = {"opinion": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, conclusions: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = []
        for number, (subject, label) in enumerate(Subject.choices, start=1):
            name = f"conclusion_{subject}"
            names.append(name)
            self.fields[name] = forms.CharField(
                label=f"{number}. {label}",
                max_length=1000,
                required=False,
                initial=conclusions.get(subject, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
                validators=self.fields["opinion"].validators[-1:],
            )
        self.helper.form_tag = False
        self.helper.inputs = []
        self.helper.layout = Layout(
            Row(
                Column("auditor", css_class="col-md-6"),
                Column("period_start", css_class="col-md-3"),
                Column("period_end", css_class="col-md-3"),
            ),
            Fieldset(
                _("收支与结余"),
                Row(
                    *(
                        Column(name, css_class="col-sm-6 col-lg-3")
                        for name in ("opening_balance", "income", "expenditure", "closing_balance")
                    )
                ),
            ),
            Fieldset(_("六项审计事项的结论（组织法第35条）"), *names),
            "opinion",
            "completed",
        )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        start, end = data.get("period_start"), data.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("审计期间的结束日期早于开始日期。"))
        return data

    def close(self) -> None:
        """Show what was published, to be read and not changed."""
        for field in self.fields.values():
            field.disabled = True

    def conclusions(self) -> dict[str, str]:
        """The conclusions by subject, as the action takes them."""
        return {subject: self.cleaned_data[f"conclusion_{subject}"] for subject in Subject.values}


class FindingForm(OfficeModelForm):
    """One thing the audit found wrong."""

    past_dates = ("rectified_on",)

    class Meta:
        model = AuditFinding
        fields = ("subject", "description", "amount", "rectify_by", "rectified_on")
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 2})}


FindingRows = forms.formset_factory(FindingForm, extra=2, can_delete=True, max_num=60)


def filled_rows(rows: forms.BaseFormSet[Any]) -> list[dict[str, Any]]:
    """Return what stands in the rows of a valid table that are filled in and not to be deleted."""
    return [
        form.cleaned_data
        for number, form in enumerate(rows.forms)
        # A row that was there before counts although nobody changed it.
        if (number < rows.initial_form_count() or form.has_changed())
        and form.cleaned_data
        and not form.cleaned_data.get("DELETE")
    ]


def rows_helper() -> FormHelper:
    """A crispy helper that lays a formset out as a table inside the page's own form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.template = "bootstrap5/table_inline_formset.html"
    return helper


class PublicationForm(OfficeForm):
    """Where and when the audit was made public in the village."""

    past_dates = ("published_on",)
    submit_label = _lazy("登记公布")

    published_on = forms.DateField(label=_lazy("公布日期"))
    published_where = forms.CharField(
        label=_lazy("公布地点"), max_length=100, help_text=_lazy("例如：村务公开栏。")
    )
