"""What a step and its undoing are asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from election_admin.forms import OfficeForm

REASON_LENGTH = 300


class RecordStepForm(OfficeForm):
    """The day on which a step was done, by whom, and what is worth remembering of it."""

    past_dates: ClassVar[tuple[str, ...]] = ("done_on",)

    done_on = forms.DateField(label=_("办理日期"))
    done_by = forms.CharField(label=_("办理人（可不填）"), max_length=80, required=False)
    remark = forms.CharField(label=_("备注（可不填）"), max_length=300, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["done_on"].initial = self.today


class UndoStepForm(OfficeForm):
    """Why a recorded step is taken back."""

    reason = forms.CharField(
        label=_("撤销原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：日期登记错了，应为11月30日。原来的登记和撤销原因都留在操作日志中。"),
        error_messages={"required": _("请写明撤销的原因。")},
    )
    submit_label: ClassVar[Any] = _("撤销这一步")
