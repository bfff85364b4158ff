"""What a notice is asked for: what the office must write in, the day under it, when it was posted."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ballots.models import Notice
from election_admin.forms import OfficeForm
from election_admin.rulebooks.notice_sets import Field
from election_admin.rulebooks.notice_sets import Notice as NoticeLaw

LINE_LENGTH = 100
TEXT_LENGTH = 6000
MOST_PEOPLE = 1_000_000
DATED = "dated"
# Before the code of a set's field, which may be called like one of the form's own.
PREFIX = "fill_"


def _text(**options: Any) -> forms.Field:
    return forms.CharField(max_length=LINE_LENGTH, **options)


def _lines(**options: Any) -> forms.Field:
    return forms.CharField(max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}), **options)


def _date(**options: Any) -> forms.Field:
    return forms.DateField(**options)


def _time(**options: Any) -> forms.Field:
    clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(widget=clock, input_formats=["%H:%M", "%H:%M:%S"], **options)


def _number(**options: Any) -> forms.Field:
    return forms.IntegerField(min_value=0, max_value=MOST_PEOPLE, **options)


_FIELDS: Mapping[str, Callable[..., forms.Field]] = {
    "text": _text,
    "lines": _lines,
    "date": _date,
    "time": _time,
    "number": _number,
}


class NoticeForm(OfficeForm):
    """The fields its set gives a notice, none of them needed: what is left empty prints as a blank."""

    dated = forms.DateField(
        label=_("落款日期"), required=False, help_text=_("公告落款处印的日期，不填的印成空格。")
    )
    submit_label: ClassVar[Any] = _("保存")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, law: NoticeLaw, notice: Notice, **kwargs: Any
    ) -> None:
        self.law = law
        filled = {f"{PREFIX}{name}": value for name, value in notice.details.items()}
        names = [f"{PREFIX}{field.code}" for field in law.fields]
        super().__init__(data, initial={**filled, DATED: notice.dated}, field_order=[*names, DATED], **kwargs)

    @property
    def details(self) -> dict[str, Any]:
        """What was typed in, by the set's fields, as it is kept."""
        return {
            field.code: _kept(self.cleaned_data.get(f"{PREFIX}{field.code}")) for field in self.law.fields
        }


def notice_form(law: NoticeLaw) -> type[NoticeForm]:
    """The form of one notice: the day under it, and before it the fields of its set."""
    return type("NoticeForm", (NoticeForm,), {f"{PREFIX}{field.code}": _field(field) for field in law.fields})


def _field(field: Field) -> forms.Field:
    language = get_language() or ""
    return _FIELDS[field.kind](
        label=field.label.in_(language),
        help_text=field.help.in_(language) if field.help else "",
        required=False,
    )


def _kept(value: Any) -> Any:
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, datetime.date) else value


class PostNoticeForm(OfficeForm):
    """When and where a notice was posted; whether its step is done by that."""

    past_dates: ClassVar[tuple[str, ...]] = ("posted_on",)

    posted_on = forms.DateField(label=_("张贴日期"))
    posted_where = forms.CharField(
        label=_("张贴地点"),
        max_length=200,
        help_text=_("例如：村务公开栏、各村民小组公告栏。"),
        error_messages={"required": _("请写明张贴地点。")},
    )
    with_step = forms.BooleanField(required=False)
    submit_label: ClassVar[Any] = _("登记张贴")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        step: str,
        step_done_by_it: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["posted_on"].initial = self.today
        if step:
            self.fields["with_step"].label = _("同时登记步骤“%s”") % step
            self.fields["with_step"].initial = step_done_by_it
        else:
            del self.fields["with_step"]


class UndoPostingForm(OfficeForm):
    """Why a posting is taken back."""

    reason = forms.CharField(
        label=_("撤销原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：张贴日期登记错了。原来的登记和撤销原因都留在操作日志中。"),
        error_messages={"required": _("请写明撤销的原因。")},
    )
    submit_label: ClassVar[Any] = _("撤销张贴登记")
