"""What is asked about an objection and about what was decided on it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.objections import BODY_LENGTH, NAME_LENGTH, TEXT_LENGTH
from candidates.forms import SayingForm
from candidates.kinds.signers import committee_of, government_of
from candidates.models import Candidacy, Objection
from villages.models import Election


class CandidacyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Somebody of the election. Whoever may not see candidates sees names and posts, no more."""

    with_state = False

    def label_from_instance(self, candidacy: Any) -> str:
        values = {"name": candidacy.person.name, "post": candidacy.post_title}
        if self.with_state and not candidacy.is_standing:
            return _("%(name)s（%(post)s，%(state)s）") % {
                **values,
                "state": candidacy.get_state_display(),
            }
        return _("%(name)s（%(post)s）") % values


class RecordObjectionForm(SayingForm):
    """What an objection is about, when and to whom it came, what it says."""

    past_dates: ClassVar[tuple[str, ...]] = ("received_on",)
    submit_label: ClassVar[Any] = _lazy("登记异议")

    about = forms.ChoiceField(
        label=_lazy("对什么提出"), choices=Objection.About.choices, widget=forms.RadioSelect
    )
    candidacy = CandidacyField(
        label=_lazy("涉及的人"),
        queryset=Candidacy.objects.none(),
        required=False,
        empty_label="—",
    )
    office = forms.ChoiceField(
        label=_lazy("受理机构"),
        choices=Objection.Office.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("向谁提出的，由谁处理。乡镇受理的，村民选举委员会看不到。"),
    )
    received_on = forms.DateField(label=_lazy("收到日期"))
    raised_by = forms.CharField(
        label=_lazy("提出人"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_lazy("可以不填。加密保存，只用于答复本人。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    content = forms.CharField(
        label=_lazy("异议事由"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_lazy("按提出人所说如实填写。加密保存。书面异议可以登记后上传扫描件。"),
    )

    def __init__(self, *args: Any, election: Election, official: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Candidacy.objects.filter(election=election).select_related("person")
        field: Any = self.fields["candidacy"]
        field.with_state = official
        field.queryset = people if official else people.standing()
        if official:
            field.help_text = _("对名单提出的不用选。")
            self.fields["office"].initial = Objection.Office.TOWNSHIP
        else:
            field.help_text = _(
                "对名单提出的、对不能确定为候选人的决定提出的，都不用选；后一种请在事由里写明是谁。"
            )
            del self.fields["office"]
        self.fields["received_on"].initial = self.today


class DecideObjectionForm(SayingForm):
    """What was decided, by whom, when and why."""

    past_dates: ClassVar[tuple[str, ...]] = ("decided_on",)
    submit_label: ClassVar[Any] = _lazy("登记处理结果")

    candidacy = CandidacyField(
        label=_lazy("涉及的人"),
        queryset=Candidacy.objects.none(),
        required=False,
        empty_label="—",
        help_text=_lazy("登记时没有对应到人。能够确定是谁的，请选择。"),
    )
    outcome = forms.ChoiceField(
        label=_lazy("处理结果"), choices=Objection.Outcome.choices, widget=forms.RadioSelect
    )
    decided_on = forms.DateField(label=_lazy("决定日期"))
    decided_body = forms.CharField(
        label=_lazy("决定机构"), max_length=BODY_LENGTH, help_text=_lazy("答复书以它的名义落款。")
    )
    grounds = forms.CharField(
        label=_lazy("理由和依据"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_lazy("核实了什么，为什么这样决定。印在答复书上，请不要写候选人的认定材料。加密保存。"),
    )

    def __init__(self, *args: Any, objection: Objection, official: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = objection.candidacy_id is None and objection.about == Objection.About.REFUSAL
        if official and unknown:
            field: Any = self.fields["candidacy"]
            field.queryset = (
                Candidacy.objects.filter(
                    election=objection.election, decisions__state=Candidacy.State.STRUCK_OFF
                )
                .select_related("person")
                .distinct()
            )
        else:
            del self.fields["candidacy"]
        place = objection.place
        by_committee = objection.office == Objection.Office.COMMITTEE
        self.fields["decided_body"].initial = (
            committee_of(place) if by_committee else government_of(place.parent)
        )
        self.fields["decided_on"].initial = self.today
