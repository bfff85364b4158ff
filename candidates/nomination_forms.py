"""What is asked about nominations, the post somebody chooses, and the votes they received."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.turns import REASON_LENGTH
from candidates.actions.votes import MOST_VOTES, Row, posts_of, received, row_key
from candidates.forms import (
    SUPPORTER_NAMES_HELP,
    NamesField,
    SayingForm,
    offer_posts_and_ways,
)
from candidates.models import POST_TITLES, Candidacy
from election_admin.sentences import explained
from villages.models import Election

_MOST_SUPPORTERS = 100_000


class NominationForm(SayingForm):
    """One nomination of somebody who stands already."""

    past_dates: ClassVar[tuple[str, ...]] = ("nominated_on",)
    submit_label: ClassVar[Any] = _lazy("登记提名")

    post = forms.ChoiceField(label=_lazy("提名职务"))
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

    def __init__(self, *args: Any, election: Election, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_posts_and_ways(self, election)


class PostChoiceForm(SayingForm):
    """Which of several posts somebody stands for, by their own statement."""

    past_dates: ClassVar[tuple[str, ...]] = ("chosen_on",)
    submit_label: ClassVar[Any] = _lazy("登记选定的职务")

    post = forms.ChoiceField(label=_lazy("选定的职务"), widget=forms.RadioSelect)
    chosen_on = forms.DateField(
        label=_lazy("选定日期"), help_text=_lazy("本人书面声明上的日期，以本人签名的材料为准。")
    )

    def __init__(self, *args: Any, posts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (post, POST_TITLES.get(post, post)) for post in posts
        ]


@dataclass(frozen=True)
class VotesRow:
    """One line of the table: somebody, a post they are nominated for, and the field for their votes."""

    candidacy: Candidacy
    post_title: str
    stands_for_it: bool
    field: forms.BoundField


class VotesForm(SayingForm):
    """The votes of everybody nominated, each in a field of its own; and why, where one is corrected."""

    submit_label: ClassVar[Any] = _lazy("保存得票")

    reason = forms.CharField(
        label=_lazy("更正原因"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_lazy("更正已经录入的得票时必须填写，如复核计票单。记入操作日志。"),
    )

    def __init__(self, *args: Any, nominees: Iterable[Candidacy], **kwargs: Any) -> None:
        self.nominees = [(one, post) for one in nominees for post in posts_of(one)]
        own = {row_key(one.pk, post): _votes_field(one, post) for one, post in self.nominees}
        self.base_fields = {**own, **self.base_fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    @property
    def votes(self) -> dict[Row, int | None]:
        """What was typed, as the action takes it."""
        return {(one.pk, post): self.cleaned_data[row_key(one.pk, post)] for one, post in self.nominees}

    @property
    def rows(self) -> list[VotesRow]:
        """The lines of the table."""
        return [
            VotesRow(
                candidacy=one,
                post_title=str(POST_TITLES.get(post, post)),
                stands_for_it=post == one.post,
                field=self[row_key(one.pk, post)],
            )
            for one, post in self.nominees
        ]


def _votes_field(candidacy: Candidacy, post: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=explained(candidacy.person.name, POST_TITLES.get(post, post)),
        min_value=0,
        max_value=MOST_VOTES,
        required=False,
        initial=received(candidacy, post),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control form-control-sm"}),
    )
