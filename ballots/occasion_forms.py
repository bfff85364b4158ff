"""What an election between general ones is asked for: why it is held, for whom, for which seats."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ballots.models import Recall, Vacancy
from election_admin.forms import OfficeForm, OfficeModelForm
from villages.models import Seat

MOST_PEOPLE = 1_000_000


class FurtherElectionForm(OfficeForm):
    """How many seats of each post the vote has left empty; only posts the vote was for."""

    submit_label: ClassVar[Any] = _("建立另行选举")

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = tuple(seat.post for seat in seats)
        for seat in seats:
            self.fields[f"seats_{seat.post}"] = forms.IntegerField(
                label=_("%(post)s缺额（人）") % {"post": seat.get_post_display()},
                min_value=0,
                max_value=seat.seats,
                initial=0,
                help_text=_("应选%(seats)d人") % {"seats": seat.seats},
            )

    @property
    def seats(self) -> dict[str, int]:
        """The seats left by post, as the action takes them."""
        return {post: self.cleaned_data[f"seats_{post}"] for post in self.posts}


class NewElectionForm(OfficeForm):
    """Why the vote is invalid."""

    submit_label: ClassVar[Any] = _("建立重新选举")

    reason = forms.CharField(
        label=_("原选举为什么无效"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "例如：参加投票的不到登记选民的一半；收回的选票多于投票人数；由谁在哪一天认定。留在操作日志中。"
        ),
        error_messages={"required": _("请写明原选举为什么无效。")},
    )


class RecallForm(OfficeModelForm):
    """Who asks that which member be recalled, and why."""

    past_dates: ClassVar[tuple[str, ...]] = ("received_on",)
    submit_label: ClassVar[Any] = _("登记罢免要求")

    received_on = forms.DateField(
        label=_("收到罢免要求的日期"), help_text=_("罢免程序的期限从这一天起算，当日不计。")
    )
    other_grounds = forms.BooleanField(
        label=_("与以前没有通过的罢免事实、理由不同"),
        required=False,
        help_text=_("以前对这名成员的罢免没有通过、现在另有事实和理由的，才勾选。"),
    )

    class Meta:
        model = Recall
        fields = ("member", "post", "grounds", "asked_by", "signatures", "out_of")
        widgets: ClassVar = {"grounds": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "grounds": _("照联名书上的理由填写；被提出罢免的成员有权申辩。"),
            "out_of": _("村民联名的，填有选举权的村民总数；村民代表联名的，填村民代表总数。"),
        }

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        signatures, out_of = data.get("signatures"), data.get("out_of")
        if signatures is not None and out_of is not None and signatures > out_of:
            self.add_error("signatures", _("联名人数不能多于总人数。"))
        return data


class RecallVoteForm(OfficeForm):
    """The three figures of the vote on a recall."""

    submit_label: ClassVar[Any] = _("保存表决结果")

    registered = forms.IntegerField(label=_("登记参加选举的村民（人）"), min_value=0, max_value=MOST_PEOPLE)
    voted = forms.IntegerField(label=_("投票人数"), min_value=0, max_value=MOST_PEOPLE)
    agreed = forms.IntegerField(label=_("同意罢免票数"), min_value=0, max_value=MOST_PEOPLE)

    def __init__(self, data: Mapping[str, Any] | None = None, *, recall: Recall, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(recall, name) for name in ("registered", "voted", "agreed")}
        super().__init__(data, **kwargs)


class ByElectionForm(OfficeModelForm):
    """Which seat has fallen vacant, why, since when, and who is left."""

    past_dates: ClassVar[tuple[str, ...]] = ("vacant_since",)
    submit_label: ClassVar[Any] = _("建立补选")

    vacant_since = forms.DateField(label=_("出缺日期"), help_text=_("补选的期限从这一天起算，当日不计。"))
    seats = forms.IntegerField(label=_("补选名额（人）"), min_value=1, max_value=9, initial=1)

    class Meta:
        model = Vacancy
        fields = Vacancy.recorded_fields

    def __init__(self, *args: Any, recall: Recall | None = None, **kwargs: Any) -> None:
        if recall is not None:
            kwargs["initial"] = {
                "member": recall.member,
                "post": recall.post,
                "because": Vacancy.Because.RECALLED,
            }
        super().__init__(*args, **kwargs)
