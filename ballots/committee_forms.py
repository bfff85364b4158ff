"""What is asked about the election committee. Forms parse; actions decide."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.committee_votes import Counted, Meeting
from ballots.committee import Committee, MustLeave
from ballots.models import CommitteeMember, CommitteeVote, Kinship
from candidates.models import Candidacy
from election_admin.forms import OfficeForm
from election_admin.validators import validate_person_name

REASON_LENGTH = 300
_MOST_PEOPLE = 100_000
_MOST_SEATS = 99
Leaving = CommitteeMember.Leaving


def _reason(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}), **kwargs
    )


class VoteForm(OfficeForm):
    """The meeting that voted: how, when, among how many, for how many seats."""

    past_dates: ClassVar[tuple[str, ...]] = ("held_on",)

    how = forms.ChoiceField(label=_lazy("推选方式"), choices=CommitteeVote.How, widget=forms.RadioSelect)
    held_on = forms.DateField(label=_lazy("推选日期"))
    due = forms.IntegerField(label=_lazy("应到人数"), min_value=1, max_value=_MOST_PEOPLE)
    present = forms.IntegerField(label=_lazy("实到人数"), min_value=1, max_value=_MOST_PEOPLE)
    seats = forms.IntegerField(label=_lazy("推选名额"), min_value=1, max_value=_MOST_SEATS)
    reason = _reason(_lazy("更正原因"), help_text=_lazy("更正前后的内容和原因都留在操作日志中。"))

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correcting:
            del self.fields["reason"]
        self.helper.form_tag = False
        self.helper.inputs = []
        short = ("held_on", "due", "present", "seats")
        columns = Row(*(Column(name, css_class="col-6 col-md-3") for name in short))
        self.helper.layout = Layout("how", columns, *(["reason"] if correcting else []))

    @property
    def meeting(self) -> Meeting:
        """The meeting, as the actions take it."""
        return Meeting(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})


class CountedForm(OfficeForm):
    """One person voted for."""

    name = forms.CharField(label=_lazy("姓名"), max_length=40, validators=[validate_person_name])
    votes = forms.IntegerField(label=_lazy("得票数"), min_value=1, max_value=_MOST_PEOPLE)
    group = forms.CharField(label=_lazy("村民小组（可不填）"), max_length=20, required=False)
    declined = forms.BooleanField(label=_lazy("本人不愿担任"), required=False)


CountedRows = forms.formset_factory(CountedForm, extra=12, can_delete=True, max_num=200)
MORE_ROWS = 6


def counted(rows: forms.BaseFormSet[Any]) -> list[Counted]:
    """What stands in the filled rows of a valid table, as the actions take it."""
    return [
        Counted(data["name"], data["votes"], data["group"].strip(), not data["declined"])
        for number, form in enumerate(rows.forms)
        # A row that was there before counts although nobody changed it.
        if (data := form.cleaned_data)
        and (number < rows.initial_form_count() or form.has_changed())
        and not data.get("DELETE")
    ]


def as_rows(members: Iterable[CommitteeMember], *, with_votes: bool) -> list[dict[str, Any]]:
    """Members as the table shows them at first; for a vote between the tied without their votes."""
    return [
        {
            "name": one.name,
            "group": one.group,
            **(
                {"votes": one.votes, "declined": one.state == CommitteeMember.State.DECLINED}
                if with_votes
                else {}
            ),
        }
        for one in members
    ]


class LeaveForm(OfficeForm):
    """When a member left, and why."""

    past_dates: ClassVar[tuple[str, ...]] = ("left_on",)
    submit_label: ClassVar[Any] = _lazy("登记退出")

    left_on = forms.DateField(label=_lazy("退出日期"))
    because = forms.ChoiceField(label=_lazy("退出原因"), choices=Leaving, widget=forms.RadioSelect)
    remark = _reason(
        _lazy("说明"),
        required=False,
        help_text=_lazy("例如：本人书面声明的日期。选“其他出缺”的，必须写明。记入操作日志。"),
    )

    def __init__(self, *args: Any, found: Iterable[MustLeave], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the records show is proposed; what they do not show cannot be chosen.
        shown = [one.because for one in found if not one.to_check]
        grounded = {Leaving.CANDIDATE, Leaving.RELATIVE} - set(shown)
        because = self.fields["because"]
        if isinstance(because, forms.ChoiceField):
            because.choices = [choice for choice in Leaving.choices if choice[0] not in grounded]
        because.initial = shown[0] if shown else None
        self.fields["left_on"].initial = self.today


class MoveUpForm(OfficeForm):
    """The day on which the next in the vote moved up."""

    past_dates: ClassVar[tuple[str, ...]] = ("moved_up_on",)
    submit_label: ClassVar[Any] = _lazy("确认递补")

    moved_up_on = forms.DateField(label=_lazy("递补日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_up_on"].initial = self.today


class DeclineForm(OfficeForm):
    """That the next in the vote will not move up."""

    submit_label: ClassVar[Any] = _lazy("登记不愿递补")

    reason = _reason(_lazy("情况说明"), help_text=_lazy("例如：12月1日本人书面表示不愿担任。记入操作日志。"))


class TakeBackForm(OfficeForm):
    """Why a record is taken back."""

    submit_label: ClassVar[Any] = _lazy("撤销登记")

    reason = _reason(_lazy("撤销原因"), help_text=_lazy("原来的登记和撤销原因都留在操作日志中。"))


class _MemberField(forms.ModelChoiceField[CommitteeMember]):
    def label_from_instance(self, obj: CommitteeMember) -> str:
        return f"{obj.name} {obj.group}".strip()


class ChairForm(OfficeForm):
    """Whom the members chose as chair."""

    past_dates: ClassVar[tuple[str, ...]] = ("chosen_on",)
    submit_label: ClassVar[Any] = _lazy("登记主任")

    member = _MemberField(
        CommitteeMember.objects.none(),
        label=_lazy("推选出的主任"),
        help_text=_lazy("由选举委员会成员推选产生，不是指定。"),
    )
    chosen_on = forms.DateField(label=_lazy("推选日期"))

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        if isinstance(member, forms.ModelChoiceField):
            member.queryset = CommitteeMember.objects.filter(pk__in=[one.pk for one in committee.serving])


class _CandidacyField(forms.ModelChoiceField[Candidacy]):
    def label_from_instance(self, obj: Candidacy) -> str:
        return f"{obj.person.name} {obj.post_title}"


class KinshipForm(OfficeForm):
    """What somebody of the committee, or next for it, is to a candidate."""

    submit_label: ClassVar[Any] = _lazy("登记关系")

    member = _MemberField(CommitteeMember.objects.none(), label=_lazy("选举委员会成员或候补人员"))
    candidacy = _CandidacyField(Candidacy.objects.none(), label=_lazy("候选人"))
    relation = forms.ChoiceField(
        label=_lazy("是候选人的"), choices=Kinship.Relation, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member, candidacy = self.fields["member"], self.fields["candidacy"]
        if isinstance(member, forms.ModelChoiceField):
            of_committee = [one.pk for one in (*committee.serving, *committee.runners_up)]
            member.queryset = CommitteeMember.objects.filter(pk__in=of_committee)
        if isinstance(candidacy, forms.ModelChoiceField):
            standing = [one.pk for one in committee.candidacies]
            candidacy.queryset = Candidacy.objects.filter(pk__in=standing).select_related("person")
