"""What is asked about a candidate, a finding, a reply, a look. Forms parse; actions decide."""

from typing import Any, ClassVar

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.findings import PAST_FACTS
from candidates.actions.nominations import shown_names
from candidates.actions.people import MOVES
from candidates.actions.supporters import read_names
from candidates.actions.turns import REASON_LENGTH
from candidates.id_numbers import disagreement, fault_of, normalised
from candidates.models import POST_TITLES, Candidacy, Person
from candidates.rules.facts import FACTS
from candidates.wording import FACTS as FACT_TITLES
from candidates.wording import STATUSES, words
from election_admin.forms import OfficeForm
from election_admin.rulebooks.eligibility_lists import EligibilityList
from election_admin.sentences import listed
from election_admin.validators import validate_person_name
from villages.models import Election, Mode

_YES_NO = (("yes", _lazy("是")), ("no", _lazy("否")))
_ANSWERS = {"yes": True, "no": False, "unknown": None}
_MOST_SUPPORTERS = 100_000
_REMARK_LENGTH = 500
# Room for a list of names as long as any village's.
NAMES_LENGTH = 50_000


class SayingForm(OfficeForm):
    """An office form whose every refusal names the field, what is wrong and what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.update(_refusals(field))


def _refusals(field: forms.Field) -> dict[str, Any]:
    said: dict[str, Any] = {"required": format_lazy(_lazy("请填写“{field}”。"), field=field.label)}
    if isinstance(field, forms.ChoiceField):
        said["required"] = format_lazy(_lazy("请选择“{field}”。"), field=field.label)
        said["invalid_choice"] = format_lazy(
            _lazy("“{field}”没有这个选项，请从列出的选项中选择。"), field=field.label
        )
    elif isinstance(field, forms.DateField):
        said["invalid"] = format_lazy(
            _lazy("“{field}”不是有效的日期，请按“年-月-日”填写，如2026-12-01。"), field=field.label
        )
    elif isinstance(field, forms.IntegerField):
        said["invalid"] = format_lazy(_lazy("“{field}”应是整数，请只填数字。"), field=field.label)
        said["min_value"] = format_lazy(_lazy("“{field}”不能是负数，请核对。"), field=field.label)
        said["max_value"] = format_lazy(_lazy("“{field}”过大，请核对。"), field=field.label)
    else:
        said["max_length"] = _lazy("最多%(limit_value)d个字，现有%(show_value)d个字，请删减。")
    return said


class YesNoField(forms.TypedChoiceField):
    """A question answered by yes or no, with no answer given beforehand; or, if wanted, not known yet."""

    def __init__(self, *, label: Any, unknown: bool = False, help_text: Any = "") -> None:
        choices = [*_YES_NO, *([("unknown", _lazy("尚未查明"))] if unknown else [])]
        super().__init__(
            label=label,
            choices=choices,
            coerce=_ANSWERS.__getitem__,
            widget=forms.RadioSelect,
            help_text=help_text,
        )


class NamesField(forms.CharField):
    """A list of names, one a line or with signs between them; cleaned into a list."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=NAMES_LENGTH, **kwargs)
        self.widget.attrs |= {"rows": 4, "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> list[str]:
        return read_names(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


SUPPORTER_NAMES_HELP = _lazy(
    "可以不填。填写的，一行一人，或者用顿号、逗号、分号隔开，提名人数按名单计算；"
    "同名的两人加注区分，如“王伟（二组）”。加密保存，平时只显示人数。"
)


class CandidateForm(SayingForm):
    """The person, and what they stand for. The same for recording and for correcting."""

    past_dates: ClassVar[tuple[str, ...]] = ("born", "nominated_on")

    name = forms.CharField(label=_lazy("姓名"), max_length=40, validators=[validate_person_name])
    sex = forms.ChoiceField(label=_lazy("性别"), choices=Person.Sex, widget=forms.RadioSelect)
    born = forms.DateField(label=_lazy("出生日期"))
    id_number = forms.CharField(
        label=_lazy("公民身份号码"),
        max_length=60,
        required=False,
        help_text=_lazy("18位，可以先不填。加密保存，页面上只显示前6位和后4位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    ethnicity = forms.CharField(
        label=_lazy("民族"), max_length=20, required=False, help_text=_lazy("例如：汉族、回族。")
    )
    education = forms.CharField(
        label=_lazy("文化程度"), max_length=20, required=False, help_text=_lazy("例如：高中、大专。")
    )
    party_member = YesNoField(label=_lazy("中共党员"))
    post = forms.ChoiceField(label=_lazy("竞选职务"))
    how = forms.ChoiceField(label=_lazy("产生方式"))
    nominated_on = forms.DateField(label=_lazy("提名日期"))
    supporters = forms.IntegerField(
        label=_lazy("提名人数"),
        min_value=0,
        max_value=_MOST_SUPPORTERS,
        required=False,
        help_text=_lazy("村民联名提名的必须填写；填写联名人名单的，按名单计算。"),
    )
    supporter_names = NamesField(label=_lazy("联名人名单"), help_text=SUPPORTER_NAMES_HELP)
    registered_voter = YesNoField(
        label=_lazy("是否为本村登记选民"), unknown=True, help_text=_lazy("尚未查明的，资格结论为“尚未查清”。")
    )
    deprived_of_political_rights = YesNoField(label=_lazy("是否依法被剥夺政治权利"))

    def __init__(self, *args: Any, election: Election, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_posts_and_ways(self, election)
        self.helper.layout = Layout(
            Fieldset(
                _("本人情况"),
                _columns("name", "sex", "born", "id_number"),
                _columns("ethnicity", "education", "party_member"),
            ),
            Fieldset(_("参选情况"), _columns("post", "how", "nominated_on", "supporters"), "supporter_names"),
            Fieldset(
                _("选民资格（组织法第13条）"),
                InlineRadios("registered_voter"),
                InlineRadios("deprived_of_political_rights"),
            ),
        )

    def clean_id_number(self) -> str:
        number = normalised(self.cleaned_data["id_number"])
        fault = fault_of(number) if number else None
        if fault:
            raise ValidationError(fault)
        return number

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("id_number"):
            contradiction = disagreement(data["id_number"], born=data.get("born"), stated_sex=data.get("sex"))
            if contradiction:
                self.add_error("id_number", contradiction)
        return data

    @property
    def person(self) -> dict[str, Any]:
        """What the form says of the person, as the actions take it."""
        return {name: self.cleaned_data[name] for name in Person.recorded_fields}

    @property
    def values(self) -> dict[str, Any]:
        """What the form says of the candidacy, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.person}


def offer_posts_and_ways(form: forms.Form, election: Election) -> None:
    """Offer the posts an election has, and the ways of being nominated that its mode knows."""
    posts = [seat.post for seat in election.seats.all()]
    form.fields["post"].choices = [  # type: ignore[attr-defined]
        ("", "—"),
        *((post, POST_TITLES[post]) for post in posts),
    ]
    ways = [Candidacy.How.SELF] if election.mode == Mode.SELF_NOMINATED else list(Candidacy.How)
    form.fields["how"].choices = [  # type: ignore[attr-defined]
        ("", "—"),
        *((way.value, way.label) for way in ways),
    ]


def entered(candidacy: Candidacy) -> dict[str, Any]:
    """Return what was entered about a candidate, as CandidateForm shows it."""
    person, named = candidacy.person, {True: "yes", False: "no", None: "unknown"}
    return {
        **{name: getattr(person, name) for name in Person.recorded_fields},
        "party_member": named[person.party_member],
        **{name: getattr(candidacy, name) for name in ("post", "how", "nominated_on", "supporters")},
        "supporter_names": shown_names(candidacy),
        **{
            name: named[candidacy.standing.get(name)]
            for name in ("registered_voter", "deprived_of_political_rights")
        },
    }


class StateForm(SayingForm):
    """Where a candidate goes next, and on what ground."""

    past_dates: ClassVar[tuple[str, ...]] = ("declined_on",)
    submit_label: ClassVar[Any] = _lazy("变更状态")

    state = forms.ChoiceField(label=_lazy("改为"), widget=forms.RadioSelect)
    declined_on = forms.DateField(
        label=_lazy("退出声明日期"),
        required=False,
        help_text=_lazy("本人退出的必须填写：本人书面声明上的日期。"),
    )
    reason = forms.CharField(
        label=_lazy("依据"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("如本人书面声明、联审结论的文号。随决定加密保存。"),
    )

    def __init__(self, *args: Any, candidacy: Candidacy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state.value, state.label) for state in MOVES[candidacy.state]
        ]
        if Candidacy.State.DECLINED not in MOVES[candidacy.state]:
            del self.fields["declined_on"]


def _fact_date(name: str) -> forms.DateField:
    return forms.DateField(label=FACT_TITLES[name], required=False)


class FindingForm(SayingForm):
    """One fact that bears on eligibility.

    Every fact the list judges on is there, each saying for which situation: so it can be filled
    in without scripts. The action refuses one that the chosen situation does not ask.
    """

    past_dates: ClassVar[tuple[str, ...]] = PAST_FACTS
    submit_label: ClassVar[Any] = _lazy("保存并重新认定")

    situation = forms.ChoiceField(label=_lazy("情形"))
    status = forms.ChoiceField(
        label=_lazy("核实程度"),
        choices=[(status.value, title) for status, title in STATUSES.items()],
        widget=forms.RadioSelect,
        help_text=_lazy("只有“已查实”的才能使人不符合资格；“仅有反映”的，结论为“尚未查清”。"),
    )
    sentenced_on = _fact_date("sentenced_on")
    released_on = _fact_date("released_on")
    probation_ended_on = _fact_date("probation_ended_on")
    dealt_with_on = _fact_date("dealt_with_on")
    sanction = forms.ChoiceField(label=FACT_TITLES["sanction"], required=False)
    sanctioned_on = _fact_date("sanctioned_on")
    rights_restored_on = _fact_date("rights_restored_on")
    barred_until = _fact_date("barred_until")
    source = forms.CharField(
        label=_lazy("文书编号或材料来源"),
        max_length=120,
        help_text=_lazy("例如：判决书编号、处分决定文号、部门答复函。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    remark = forms.CharField(
        label=_lazy("备注"),
        max_length=_REMARK_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, source: EligibilityList, facts_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.list = source
        # With scripts, choosing the situation leaves only its facts to be asked for.
        self.fields["situation"].widget.attrs |= {
            "hx-post": facts_url,
            "hx-target": "#finding-facts",
            "hx-trigger": "change",
        }
        self.fields["situation"].choices = _situation_choices(source)  # type: ignore[attr-defined]
        self.fields["sanction"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((each.code, words(each.title)) for each in source.sanctions),
        ]
        for name in FACTS:
            asking = [words(each.title) for each in source.situations if name in each.facts]
            if asking:
                self.fields[name].help_text = _("只用于：%s。") % listed(asking)
            else:
                del self.fields[name]

    @property
    def fact_names(self) -> list[str]:
        """The facts of the list, in the order in which the form asks for them."""
        return [name for name in self.fields if name in FACTS]

    @property
    def facts(self) -> list[forms.BoundField]:
        """Every fact the list asks for."""
        return [self[name] for name in self.fact_names]

    @property
    def facts_of_situation(self) -> list[forms.BoundField]:
        """The facts of the situation that is chosen, and whatever was typed: all, if none is chosen."""
        chosen = self["situation"].value()
        by_situation: dict[Any, tuple[str, ...]] = {
            **{each.code: each.facts for each in self.list.situations},
            **{each.code: () for each in self.list.unsuitable},
        }
        asked = by_situation.get(chosen, FACTS)
        return [self[name] for name in self.fact_names if name in asked or self[name].value()]


def _situation_choices(source: EligibilityList) -> list[tuple[str, Any]]:
    barring = [
        (
            each.code,
            _("第%(item)d项　%(title)s：%(sentence)s")
            % {"item": each.item, "title": words(each.title), "sentence": words(each.sentence)},
        )
        for each in source.situations
    ]
    warning = [(each.code, words(each.sentence)) for each in source.unsuitable]
    choices: list[tuple[str, Any]] = [("", "—"), (_("不能确定为候选人的情形"), barring)]
    if warning:
        choices.append((_("不宜当选的情形（仅作提示）"), warning))
    return choices


class ReasonForm(SayingForm):
    """Why: of a look behind the mask, of a withdrawal. The journal keeps it in clear."""

    reason = forms.CharField(
        label=_lazy("事由"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_lazy("记入操作日志，请不要写认定材料的内容或者公民身份号码。"),
    )

    def __init__(self, *args: Any, submit_label: Any, **kwargs: Any) -> None:
        self.submit_label = submit_label  # type: ignore[misc]
        super().__init__(*args, **kwargs)


def _columns(*names: str) -> Row:
    return Row(*(Column(_inline(name), css_class="col-sm-6 col-lg-3") for name in names))


def _inline(name: str) -> Any:
    return InlineRadios(name) if name in {"sex", "party_member"} else name
