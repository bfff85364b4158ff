"""Looks at what is encrypted at rest: each is short, for a reason, and journalled before it begins.

What is looked at is any row: a file, a candidate. The session keeps until when; it ends with the
log-in, so a look is never somebody else's.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm

OPEN_FOR = timedelta(minutes=10)
REASON_LENGTH = 500
_KEY = "opened"


class LookForm(OfficeForm):
    """Why something encrypted is opened. The journal keeps it in clear."""

    reason = forms.CharField(
        label=_lazy("事由"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_lazy("记入操作日志，请不要写文件的内容或者公民身份号码。"),
        error_messages={
            "required": _lazy("请填写“事由”。"),
            "max_length": _lazy("最多%(limit_value)d个字，现有%(show_value)d个字，请删减。"),
        },
    )
    submit_label: ClassVar[Any] = _lazy("查看")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="look-%s", **kwargs)


def stated_reason(reason: str) -> str:
    """The reason as the journal takes it. Raises ValidationError if there is none."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明查看的事由。")})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("最多%d个字，请删减。") % REASON_LENGTH})
    return reason


def open_until(request: HttpRequest, row: models.Model, *, at: datetime) -> datetime | None:
    """Return until when the user's look at this row lasts, None if there is none."""
    until = _moment(request.session.get(_KEY, {}).get(_name(row)))
    return until if until and at < until else None


def remember(request: HttpRequest, row: models.Model, *, at: datetime) -> None:
    """Keep in the session that a look at this row was journalled; forget those run out."""
    running = {
        name: stored
        for name, stored in request.session.get(_KEY, {}).items()
        if (until := _moment(stored)) and at < until
    }
    request.session[_KEY] = {**running, _name(row): (at + OPEN_FOR).isoformat()}


def forget(request: HttpRequest, row: models.Model) -> None:
    """End the look at this row."""
    looks = dict(request.session.get(_KEY, {}))
    looks.pop(_name(row), None)
    request.session[_KEY] = looks


def _name(row: models.Model) -> str:
    return f"{row._meta.label_lower} {row.pk}"


def _moment(stored: str | None) -> datetime | None:
    return parse_datetime(stored) if stored else None
