"""Changing the eligibility list of a term."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from candidates.forms import SayingForm
from candidates.wording import words
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from villages.actions.eligibility import REASON_LENGTH
from villages.models import Term


class ChangeListForm(SayingForm):
    """Which list, and on which document. Looking at what it would change asks for the list only."""

    submit_label = _lazy("确认更换，全部重新认定")

    eligibility_list = forms.ChoiceField(label=_lazy("改用的资格条件"))
    reason = forms.CharField(
        label=_lazy("更换的依据"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("如省、县文件的名称和文号。记入操作日志。"),
    )

    def __init__(self, *args: Any, term: Term, preview: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not preview
        offered = [load_eligibility_list(one) for one in eligibility_list_ids()]
        self.fields["eligibility_list"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((one.id, words(one.title)) for one in offered if one.id != term.eligibility_list),
        ]
