"""What a voter, a pasted list of voters and a striking off are asked for."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ballots.models import Voter
from ballots.roll_paste import LONGEST_GROUP, LONGEST_NAME, read_voters, tidy_name
from ballots.rules.roll import Registration
from election_admin.forms import OfficeForm, half_width
from election_admin.validators import validate_person_name

REASON_LENGTH = 300
AN_EXAMPLE = "王建国\t男\t1980-01-02\t第3组\t在村\n李玉兰\t女\t1975年6月1日\t第3组\t外出"


class EnrolVoterForm(OfficeForm):
    """One voter, on one of the three grounds of art. 13."""

    past_dates: ClassVar[tuple[str, ...]] = ("born", "accepted_on")
    submit_label: ClassVar[Any] = _("登记选民")

    name = forms.CharField(label=_("姓名"), max_length=LONGEST_NAME)
    sex = forms.ChoiceField(label=_("性别"), choices=Voter.Sex.choices, widget=forms.RadioSelect)
    born = forms.DateField(label=_("出生日期"))
    group = forms.CharField(label=_("村民小组（可不填）"), max_length=LONGEST_GROUP, required=False)
    ground = forms.ChoiceField(label=_("登记依据"), choices=Voter.Ground.choices, widget=forms.RadioSelect)
    accepted_on = forms.DateField(
        label=_("会议同意日期"),
        required=False,
        help_text=_("户籍不在本村的才填：村民会议或者村民代表会议同意登记的日期。"),
    )

    def clean_name(self) -> str:
        """The name without the spaces that widen it."""
        name = tidy_name(self.cleaned_data["name"])
        validate_person_name(name)
        return name

    def clean_group(self) -> str:
        """The group with half-width digits, however it was typed."""
        return half_width(self.cleaned_data["group"])

    @property
    def voter(self) -> Registration:
        """The voter as the action takes one."""
        return Registration(**self.cleaned_data)


class PasteRollForm(OfficeForm):
    """A list of voters, as copied from a spreadsheet."""

    submit_label: ClassVar[Any] = _("登记名单")

    lines = forms.CharField(
        label=_("名单"),
        # What was copied stays as it is: an empty first cell is an empty name, not another column.
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "font-monospace", "wrap": "off"}),
        error_messages={"required": _("没有读到选民：请从表格里复制几行，粘贴到这里。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page lists them above the field: there may be thirty.
        self.helper.form_show_errors = False

    def clean(self) -> dict[str, Any] | None:
        """Read the lines, all or none."""
        data = super().clean() or {}
        if "lines" in data:
            try:
                data["voters"] = read_voters(data["lines"])
            except forms.ValidationError as error:
                self.add_error("lines", error)
        return data


class StrikeOffForm(OfficeForm):
    """Why a voter is struck off the roll."""

    submit_label: ClassVar[Any] = _("移出名单")

    reason = forms.CharField(
        label=_("移出原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：已在户籍所在村登记；登记时出生日期写错，另行登记。原因留在操作日志中。"),
        error_messages={"required": _("请写明移出名单的原因。")},
    )
