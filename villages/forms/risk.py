"""The survey of a village, and the county's decision on its rating."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row
from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.forms import OfficeForm
from election_admin.rulebooks.risk_models import Factor, RiskModel
from election_admin.validators import validate_printable
from villages.actions.risk import Answer
from villages.models import Band

UNKNOWN = ""
LEVEL_WORDS = (_lazy("无"), _lazy("轻微"), _lazy("明显"), _lazy("严重"))


class SurveyForm(OfficeForm):
    """One level and its evidence for each factor of the term's risk model."""

    submit_label = _lazy("保存并重新测算")

    def __init__(self, *args: Any, model: RiskModel, held: Mapping[str, Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model
        for factor in model.factors:
            answer = held.get(factor.code, Answer(None))
            self.fields[f"level_{factor.code}"] = self._level_field(factor, answer)
            self.fields[f"evidence_{factor.code}"] = forms.CharField(
                label=_("依据"),
                max_length=500,
                required=False,
                initial=answer.evidence,
                validators=[validate_printable],
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.helper.layout = Layout(
            HTML(
                '<p class="quiet">{}</p>'.format(
                    _(
                        "按最像的一条选。“明显”和“严重”请写依据：什么事、什么时候、怎么知道的。不掌握的选“尚未掌握”，不要猜。"
                    )
                )
            ),
            *(self._layout(factor) for factor in model.factors),
        )

    def _level_field(self, factor: Factor, answer: Answer) -> forms.ChoiceField:
        language = get_language() or ""
        choices = [
            (
                str(level),
                format_html("<strong>{}　{}</strong>　{}", level, word, factor.levels[level].in_(language)),
            )
            for level, word in enumerate(LEVEL_WORDS)
        ]
        return forms.ChoiceField(
            label=_("程度"),
            choices=[*choices, (UNKNOWN, _("尚未掌握"))],
            widget=forms.RadioSelect,
            required=False,
            initial=UNKNOWN if answer.level is None else str(answer.level),
        )

    def _layout(self, factor: Factor) -> Fieldset:
        return Fieldset(
            factor.title.in_(get_language() or ""),
            Row(
                Column(Field(f"level_{factor.code}"), css_class="col-lg-8"),
                Column(Field(f"evidence_{factor.code}"), css_class="col-lg-4"),
            ),
            css_class="survey-factor",
        )

    def answers(self) -> dict[str, Answer]:
        """What was filled in, as the action takes it."""
        return {
            factor.code: Answer(
                level=int(level) if (level := self.cleaned_data[f"level_{factor.code}"]) else None,
                evidence=self.cleaned_data[f"evidence_{factor.code}"],
            )
            for factor in self.model.factors
        }


class DecisionForm(OfficeForm):
    """A county reviewer confirms the computed band, or overrides it with a reason."""

    submit_label = _lazy("审定")

    band = forms.ChoiceField(
        label=_lazy("审定等级"),
        choices=[(band.value, band.label) for band in Band if band != Band.UNRATED],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_lazy("理由"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("与测算等级一致的可以不写；调整的必须写明理由。"),
    )
