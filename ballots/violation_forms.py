"""What a violation and its putting right are asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ballots.models import Violation
from election_admin.forms import OfficeForm

TEXT_LENGTH = 500
NAME_LENGTH = 80


class RecordViolationForm(OfficeForm):
    """What went wrong at a step, when it was found, who stopped it."""

    past_dates: ClassVar[tuple[str, ...]] = ("found_on",)

    what = forms.CharField(
        label=_("违规情况"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明时间、地点和经过，例如：流动票箱只有一名监票人跟随。没有必要的不写当事人姓名。"),
        error_messages={"required": _("请写明违规的情况。")},
    )
    found_on = forms.DateField(label=_("发现日期"), error_messages={"required": _("请填写发现的日期。")})
    stopped_by = forms.CharField(
        label=_("由谁制止"),
        max_length=NAME_LENGTH,
        help_text=_("例如：镇选举指导组王建国。"),
        error_messages={"required": _("请写明由谁制止。")},
    )
    submit_label: ClassVar[Any] = _("登记违规")

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["found_on"].initial = self.today


class CorrectViolationForm(OfficeForm):
    """How it was put right, when, and what it voids."""

    past_dates: ClassVar[tuple[str, ...]] = ("corrected_on",)

    correction = forms.CharField(
        label=_("纠正情况"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：当场停止流动投票，补派两名监票人后继续，全程录像。"),
        error_messages={"required": _("请写明是怎样纠正的。")},
    )
    corrected_on = forms.DateField(label=_("纠正日期"), error_messages={"required": _("请填写纠正的日期。")})
    voids = forms.ChoiceField(
        label=_("对效力的影响"),
        choices=Violation.Voids.choices,
        widget=forms.RadioSelect,
        help_text=_("是否无效由依法有权的机关认定，这里登记认定的结果。"),
        error_messages={"required": _("请选择这次违规对效力的影响。")},
    )
    submit_label: ClassVar[Any] = _("登记纠正")

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["corrected_on"].initial = self.today
