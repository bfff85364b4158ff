"""Changing a number of a county's rulebook."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from election_admin.forms import OfficeForm

LARGEST_NUMBER = 366
BEFORE, AFTER = "before", "after"


class AdoptEditionForm(OfficeForm):
    """Which number a document changes, to what, and which document it is.

    ``numbers`` are the numbers in words as choices, ``values`` what each is now. Days are asked
    for as people count them, so many before or after; a number is kept with its sign.
    """

    submit_label = _("采用")

    path = forms.ChoiceField(
        label=_("改哪个数"),
        help_text=_("每项后面是现在的规定。"),
        error_messages={"invalid_choice": _("选举办法里没有这个数，请重新选择。")},
    )
    new = forms.IntegerField(label=_("改为"), min_value=0, max_value=LARGEST_NUMBER)
    side = forms.ChoiceField(
        label=_("日期在前还是在后"),
        choices=(
            ("", _("与现在相同，或者不是日期")),
            (BEFORE, _("之前，如选举日前28日")),
            (AFTER, _("之后，如选举日后5日")),
        ),
        required=False,
    )
    document = forms.CharField(
        label=_("依据文件"), max_length=100, help_text=_("文件全称和文号，不加书名号。")
    )
    article = forms.CharField(
        label=_("第几条"), max_length=40, help_text=_("只填数字，如 14；没有条号的，填写所在部分的标题。")
    )
    rank = forms.ChoiceField(
        label=_("文件级别"),
        choices=(
            ("", "—"),
            ("arrangement", _("市县文件")),
            ("local_rule", _("省级法规")),
            ("law", _("法律、党内法规")),
        ),
        help_text=_("下级文件可以比上级规定更严，不能放宽。"),
    )
    in_force_from = forms.DateField(
        label=_("施行日期"), help_text=_("已经登记过步骤的选举不受影响，仍按原来的版本办完。")
    )
    remark = forms.CharField(label=_("备注（可不填）"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        numbers: Sequence[tuple[str, list[tuple[str, str]]]],
        values: dict[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.values = values
        self.fields["path"].choices = [("", "—"), *numbers]  # type: ignore[attr-defined]

    def clean_document(self) -> str:
        """The title without the marks that the rulebook puts around it."""
        title: str = self.cleaned_data["document"].removeprefix("《")
        return title.removesuffix("》") if "《" not in title else title

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        path, new, side = data.get("path"), data.get("new"), data.get("side")
        if path and path.endswith(".days") and new:
            old = self.values[path]
            if side == BEFORE or (not side and old < 0):
                data["new"] = -new
            elif not side and old == 0:
                self.add_error("side", _("现在的规定是当日，请选择改为之前还是之后。"))
        return data
