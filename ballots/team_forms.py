"""A guidance team, and the choosing of election days for a township."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.planning import MARGIN, Options
from ballots.rules.planner import Wishes
from election_admin.forms import OfficeForm, OfficeModelForm
from election_admin.tables import NO_SUCH_CHOICE
from villages.models import GuidanceTeam

LONGEST_MARGIN = 60
_BETWEEN = re.compile(r"[\s,，、;；]+")


class TeamForm(OfficeModelForm):
    """A team's name, leader and members."""

    class Meta:
        model = GuidanceTeam
        fields = ("name", "leader", "members")
        help_texts: ClassVar[dict[str, Any]] = {"members": _lazy("可不填。写姓名，用顿号隔开。")}


class OptionsForm(OfficeForm):
    """How the days are to be proposed."""

    submit_label: ClassVar[Any] = _lazy("重新拟定")

    margin = forms.IntegerField(
        label=_lazy("余量（天）"),
        min_value=0,
        max_value=LONGEST_MARGIN,
        initial=MARGIN,
        help_text=_lazy("比依法最早的选举日再晚几天，留出办事的时间。"),
    )
    weekends_only = forms.BooleanField(label=_lazy("只排在周末"), required=False)
    avoid = forms.CharField(
        label=_lazy("避开的日子（可不填）"),
        max_length=400,
        required=False,
        help_text=_lazy("例如：2026-12-25 2027-01-01，用空格或逗号隔开。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It only asks: sent by GET, so that its answer can be bookmarked.
        self.helper.form_method = "get"
        self.helper.disable_csrf = True

    def clean_avoid(self) -> frozenset[date]:
        """Return the days; a ValidationError names the one that is none."""
        field = forms.DateField()
        days = set()
        for text in filter(None, _BETWEEN.split(self.cleaned_data["avoid"])):
            try:
                days.add(field.clean(text))
            except ValidationError as error:
                raise ValidationError(_("“%s”不是有效的日期，请写成2026-12-25的样子。") % text) from error
        return frozenset(days)

    @property
    def options(self) -> Options:
        """What was chosen, as the planning takes it."""
        chosen = self.cleaned_data
        wishes = Wishes(weekends_only=chosen["weekends_only"], avoid=chosen["avoid"])
        return Options(margin=chosen["margin"], wishes=wishes)


class PlannedDayForm(OfficeForm):
    """One election's line of the plan: whether to set it, the day, the team.

    ``before`` is the day it had when the plan was shown.
    """

    use = forms.BooleanField(label=_lazy("采用"), required=False)
    election_day = forms.DateField(label=_lazy("选举日"), required=False)
    guidance_team = forms.TypedChoiceField(
        label=_lazy("指导组"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NO_SUCH_CHOICE},
    )
    before = forms.DateField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        teams: Iterable[GuidanceTeam],
        village: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        choices = [("", _("暂不安排")), *((str(team.pk), team.name) for team in teams)]
        self.fields["guidance_team"].choices = choices  # type: ignore[attr-defined]
        self.fields["before"].widget = forms.DateInput(format="%Y-%m-%d")
        self.fields["before"].widget.input_type = "hidden"
        for name, label, css in (
            ("use", _("采用：%s"), "form-check-input"),
            ("election_day", _("选举日：%s"), "form-control form-control-sm"),
            ("guidance_team", _("指导组：%s"), "form-select form-select-sm"),
        ):
            self.fields[name].widget.attrs |= {"aria-label": label % village, "class": css}

    def clean(self) -> dict[str, Any] | None:
        """Ask for the day of a line that is to be set."""
        data = super().clean()
        if data and data.get("use") and not data.get("election_day") and not self.errors:
            self.add_error("election_day", _("请填写选举日，或者不要勾选这一行。"))
        return data
