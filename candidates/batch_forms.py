"""What is asked about a batch of the joint review, and about what is frozen. Forms parse; actions decide."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.batches import OPINION_LENGTH
from candidates.actions.flags import RESOLUTION_LENGTH
from candidates.actions.turns import REASON_LENGTH
from candidates.forms import SayingForm
from candidates.models import Candidacy
from candidates.reviewable import Choices


class BatchForm(SayingForm):
    """Who is in a batch, and by when the departments are to answer."""

    due_on = forms.DateField(
        label=_lazy("答复期限"),
        help_text=_lazy("各部门在这一天以前答复，给县级签署和公布正式候选人名单留出时间。"),
    )
    people = forms.TypedMultipleChoiceField(
        label=_lazy("上报的候选人"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _lazy("没有选定候选人，请至少选一人。")},
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (one.pk, one.person.name) for one in choices.free
        ]
        self.fields["people"].error_messages["required"] = _lazy("没有选定候选人，请至少选一人。")

    @property
    def chosen(self) -> list[Candidacy]:
        """The candidacies that were ticked."""
        ticked = set(self.cleaned_data["people"])
        return [one for one in self.choices.free if one.pk in ticked]

    @property
    def villages(self) -> Iterable[dict[str, Any]]:
        """The villages with their candidates, each ticked or not, and how many are."""
        ticked = {str(value) for value in self["people"].value() or ()}
        for place, candidacies in self.choices.by_village:
            rows = [{"candidacy": one, "ticked": str(one.pk) in ticked} for one in candidacies]
            yield {
                "place": place,
                "rows": rows,
                "ticked": sum(row["ticked"] for row in rows),
                "election_day": min(one.election.election_day for one in candidacies),  # type: ignore[type-var]
            }


class ReturnForm(SayingForm):
    """Why a batch goes back to the township."""

    submit_label: ClassVar[Any] = _lazy("退回乡镇")

    reason = forms.CharField(
        label=_lazy("退回原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("写明缺什么、要补正什么。乡镇会看到，也记入操作日志，请不要写查到的情况。"),
    )


class SignForm(SayingForm):
    """The county's opinion on a batch it signs."""

    submit_label: ClassVar[Any] = _lazy("签署联审结果")

    opinion = forms.CharField(
        label=_lazy("县级意见"),
        max_length=OPINION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("对整批的意见，可以不填。乡镇会看到，请不要写个人被查到的情况。"),
    )


class ResolveForm(SayingForm):
    """How the county settles what froze a candidacy."""

    submit_label: ClassVar[Any] = _lazy("处理完毕，解除冻结")

    resolution = forms.CharField(
        label=_lazy("处理意见"),
        max_length=RESOLUTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("写明核实了什么、以什么为准。加密保存，查看时要写明事由。"),
    )
