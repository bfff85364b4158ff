"""What every form of the office has: a crispy helper, printable text, dates that have been."""

import datetime
import unicodedata
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from election_admin.validators import validate_printable

# A date outside these is a slip of the hand: no record an office still uses is older, and
# none is kept for longer. Deadlines reckoned from a later one would leave the calendar.
EARLIEST_DATE = datetime.date(1900, 1, 1)
LATEST_DATE = datetime.date(2199, 12, 31)


def half_width(text: str) -> str:
    """Return text with full-width letters, digits and spaces as half-width ones."""
    return unicodedata.normalize("NFKC", text)


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class OfficeFormMixin:
    """Adds to a form what the whole office expects of one.

    ``today`` is the day on which the form is filled in; ``past_dates`` names the date fields
    that cannot lie after it.
    """

    past_dates: ClassVar[tuple[str, ...]] = ()
    submit_label: ClassVar[Any] = _("保存")
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                latest = today if name in self.past_dates else LATEST_DATE
                field.widget = DateInput(attrs={"min": EARLIEST_DATE.isoformat(), "max": latest.isoformat()})
                field.validators.append(_in_a_plausible_year)
            elif isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField):
                field.validators.append(validate_printable)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", self.submit_label))

    def clean(self) -> dict[str, Any] | None:
        data: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        for name in self.past_dates:
            value = (data or {}).get(name)
            if isinstance(value, datetime.date) and value > self.today:
                self.add_error(name, future_date(value))  # type: ignore[attr-defined]
        return data


def _in_a_plausible_year(value: datetime.date) -> None:
    if value < EARLIEST_DATE:
        raise ValidationError(_("日期早于1900年，请检查年份。"), code="too_early")
    if value > LATEST_DATE:
        raise ValidationError(_("日期晚于2199年，请检查年份。"), code="too_late")


def future_date(value: datetime.date) -> str | Promise:
    """Return the sentence for a date that has not come yet."""
    return _("日期还没有到，请填写今天或以前的日期。")


class OfficeForm(OfficeFormMixin, forms.Form):
    """A form that belongs to no model."""


class OfficeModelForm(OfficeFormMixin, forms.ModelForm[Any]):
    """A form over a model's fields; it validates, an action saves."""


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action refused beside the fields it names, and on top what names none."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
