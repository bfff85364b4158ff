"""A department's answer as a form: no record, or a record with the facts of the situations it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.findings import PAST_FACTS
from candidates.actions.replies import STATED, Said
from candidates.forms import SayingForm
from candidates.models import DepartmentReply
from candidates.rules.facts import FACTS
from candidates.wording import FACTS as FACT_TITLES
from candidates.wording import STATUSES, words
from election_admin.rulebooks.eligibility_lists import EligibilityList, Situation

REMARK_LENGTH = 500
SOURCE_LENGTH = 120
# Two convictions, two sanctions: a person's own page always has room for another of a kind.
USUAL_PIECES = 2


def situations_of(source: EligibilityList, department: str) -> tuple[Situation, ...]:
    """The situations of a list for which a department answers."""
    return tuple(each for each in source.situations if department in each.departments)


@dataclass(frozen=True)
class Piece:
    """The fields of one fact of one situation: ``about`` is its tick, the rest what the list asks of it."""

    situation: Situation
    about: str
    fields: dict[str, str] = field(default_factory=dict)


class ReplyForm(SayingForm):
    """A department's answer about one candidate.

    Nothing is preset. The facts of every situation the department answers for are there, so that it
    can be filled in without scripts; ``pieces`` is how many of each, none where only the answer is
    asked. What was typed for a situation that is not ticked is pointed out, never dropped.
    """

    submit_label: ClassVar[Any] = _lazy("提交答复")

    answer = forms.ChoiceField(label=_lazy("答复"), choices=DepartmentReply.Answer, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_lazy("说明"),
        max_length=REMARK_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("不属于清单所列情形的，请写明是什么情况、文书编号和日期。加密保存。"),
    )

    def __init__(
        self,
        *args: Any,
        source: EligibilityList,
        department: str,
        pieces: int = USUAL_PIECES,
        **kwargs: Any,
    ) -> None:
        self.list = source
        self.own = situations_of(source, department)
        self.pieces = [_piece(each, number) for each in self.own for number in range(pieces)]
        declared = type(self).base_fields
        asked = {name: made for piece in self.pieces for name, made in _fields(piece, source)}
        if self.own and pieces:
            asked["outside"] = forms.BooleanField(label=_lazy("不属于清单所列情形"), required=False)
        remark = {"remark": declared["remark"]} if pieces or not self.own else {}
        # The forms below dress every field they find here: dates, refusals, printable text.
        self.base_fields = {"answer": declared["answer"], **asked, **remark}  # type: ignore[misc]
        self.past_dates = tuple(  # type: ignore[misc]
            name for piece in self.pieces for fact, name in piece.fields.items() if fact in PAST_FACTS
        )
        super().__init__(*args, **kwargs)
        self.said_pieces: list[Piece] = []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.said_pieces = [piece for piece in self.pieces if data.get(piece.about)]
        for piece in self.pieces:
            typed = any(data.get(name) not in (None, "") for name in piece.fields.values())
            if typed and not data.get(piece.about):
                self.add_error(
                    piece.about, _("填写了这一情形的内容，但没有勾选。有这一情形的请勾选，没有的请清空。")
                )
        if data.get("answer") == DepartmentReply.Answer.RECORD:
            self._require_what(data)
        return data

    def _require_what(self, data: Mapping[str, Any]) -> None:
        if self.own and not self.said_pieces and not data.get("outside"):
            self.add_error(
                "answer",
                _("请勾选是哪一种情形的记录；都不是的，请勾选“不属于清单所列情形”，并写明情况。"),
            )
        if data.get("outside") and not data.get("remark") and "remark" not in self.errors:
            self.add_error("remark", _("有记录的，请说明是什么情况、文书编号和日期。"))

    @property
    def said(self) -> Said:
        """What a form that is valid says."""
        data = self.cleaned_data
        situations = list(dict.fromkeys(piece.situation.code for piece in self.said_pieces))
        record = data["answer"] == DepartmentReply.Answer.RECORD
        if data.get("outside") or (record and not self.own):
            situations.append(DepartmentReply.OUTSIDE)
        return Said(
            answer=data["answer"],
            remark=data.get("remark", ""),
            situations=tuple(situations),
            findings=tuple(
                {
                    "situation": piece.situation.code,
                    **{fact: data.get(name) for fact, name in piece.fields.items()},
                }
                for piece in self.said_pieces
            ),
        )

    def refuse(self, error: ValidationError) -> None:
        """Put what the action refused beside the fields it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        names = {
            f"findings[{index}].{fact}": name
            for index, piece in enumerate(self.said_pieces)
            for fact, name in piece.fields.items()
        }
        for key, errors in error.error_dict.items():
            name = names.get(key, key)
            self.add_error(name if name in self.fields else "answer", errors)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The situations with their fields, as the page shows them."""
        return [
            {
                "title": _("第%(item)d项　%(title)s") % {"item": each.item, "title": words(each.title)},
                "sentence": words(each.sentence),
                "pieces": [self._shown(piece) for piece in self.pieces if piece.situation is each],
            }
            for each in self.own
        ]

    def _shown(self, piece: Piece) -> dict[str, Any]:
        bound = [self[name] for name in piece.fields.values()]
        about = self[piece.about]
        return {
            "about": about,
            "fields": bound,
            "used": bool(about.value()) or any(one.value() or one.errors for one in bound) or about.errors,
        }


def initial_of(
    reply: DepartmentReply | None, found: list[Mapping[str, Any]], source: EligibilityList, department: str
) -> tuple[dict[str, Any], int]:
    """What the form shows of an answer that stands, and how many pieces of a situation it needs.

    Facts of a list that the county has changed since are not asked for any more.
    """
    if reply is None:
        return {}, USUAL_PIECES
    initial: dict[str, Any] = {
        "answer": reply.answer,
        "remark": reply.remark,
        "outside": DepartmentReply.OUTSIDE in reply.situations,
    }
    taken: dict[str, int] = {}
    own = {each.code: each for each in situations_of(source, department)}
    for details in found:
        code = details["situation"]
        if code not in own:
            continue
        piece = _piece(own[code], taken.get(code, 0))
        taken[code] = taken.get(code, 0) + 1
        initial[piece.about] = True
        for fact, name in piece.fields.items():
            value = details.get(fact)
            if value:
                initial[name] = value if fact in _PLAIN else date.fromisoformat(value)
    return initial, max(USUAL_PIECES, max(taken.values(), default=0) + 1)


_PLAIN = frozenset({"status", "source", "sanction"})


def _piece(situation: Situation, number: int) -> Piece:
    about = f"{situation.code}_{number}"
    facts = ("status", *(fact for fact in FACTS if fact in situation.facts), "source")
    return Piece(situation, about, {fact: f"{about}_{fact}" for fact in facts})


def _fields(piece: Piece, source: EligibilityList) -> Iterator[tuple[str, forms.Field]]:
    yield piece.about, forms.BooleanField(label=_lazy("有这一情形的记录"), required=False)
    for fact, name in piece.fields.items():
        yield name, _field(fact, source)


def _field(fact: str, source: EligibilityList) -> forms.Field:
    if fact == "status":
        return forms.ChoiceField(
            label=_lazy("核实程度"),
            choices=[("", "—"), *((status.value, STATUSES[status]) for status in STATED)],
            required=False,
        )
    if fact == "sanction":
        return forms.ChoiceField(
            label=FACT_TITLES["sanction"],
            choices=[("", "—"), *((each.code, words(each.title)) for each in source.sanctions)],
            required=False,
        )
    if fact == "source":
        return forms.CharField(
            label=_lazy("文书编号"),
            max_length=SOURCE_LENGTH,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    return forms.DateField(label=FACT_TITLES[fact], required=False)
