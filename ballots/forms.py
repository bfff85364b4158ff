"""What a step, its undoing and an election day are asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from election_admin.forms import OfficeForm
from villages.models import Election, Mode, Seat

POSTS = ("chair", "vice_chair", "women", "member")
REASON_LENGTH = 300


class RecordStepForm(OfficeForm):
    """The day on which a step was done, and what is worth remembering of it."""

    past_dates: ClassVar[tuple[str, ...]] = ("done_on",)

    done_on = forms.DateField(label=_("办理日期"))
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


class ElectionDayForm(OfficeForm):
    """The election day, how candidates come about, and the seats of each post."""

    election_day = forms.DateField(label=_("选举日"))
    mode = forms.ChoiceField(
        label=_("选举方式"),
        error_messages={"invalid_choice": _("本届采用的选举办法不允许这种方式，请重新选择。")},
    )
    seats_chair = forms.IntegerField(label=_("主任（人）"), min_value=0, max_value=9)
    seats_vice_chair = forms.IntegerField(label=_("副主任（人）"), min_value=0, max_value=9)
    seats_women = forms.IntegerField(
        label=_("妇女委员（人）"), min_value=0, max_value=9, help_text=_("在选票上单列的妇女名额。")
    )
    seats_member = forms.IntegerField(label=_("委员（人）"), min_value=0, max_value=9)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        election: Election,
        modes: tuple[str, ...],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _as_they_are(election)
        super().__init__(data, **kwargs)
        term = election.term
        day, mode = self.fields["election_day"], self.fields["mode"]
        day.widget.attrs |= {"min": term.window_start.isoformat(), "max": term.window_end.isoformat()}
        if isinstance(mode, forms.ChoiceField):
            mode.choices = [choice for choice in Mode.choices if choice[0] in modes]

    @property
    def seats(self) -> dict[str, int]:
        """The seats by post, as the action takes them."""
        return {post: self.cleaned_data[f"seats_{post}"] for post in POSTS}


def _as_they_are(election: Election) -> dict[str, Any]:
    """What is set now. Where no seats are set, only the one chair, which art. 6 fixes."""
    seats = {seat.post: seat.seats for seat in Seat.objects.filter(election=election)}
    known = {post: seats.get(post, 0) for post in POSTS} if seats else {"chair": 1}
    return {
        "election_day": election.election_day,
        "mode": election.mode,
        **{f"seats_{post}": count for post, count in known.items()},
    }
