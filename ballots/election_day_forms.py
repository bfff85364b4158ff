"""What setting an election day asks for."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from election_admin.forms import OfficeForm
from election_admin.tables import NO_SUCH_CHOICE
from villages.actions.terms import POSTS
from villages.models import Body, Election, GuidanceTeam, Mode, Occasion
from villages.procedures import procedure_of

MOST_SEATS = 9
SEAT_LABELS: Mapping[str, Any] = {
    "chair": _("主任（人）"),
    "vice_chair": _("副主任（人）"),
    "women": _("妇女委员（人）"),
    "secretary": _("书记（人）"),
    "deputy_secretary": _("副书记（人）"),
    "member": _("委员（人）"),
}
SEAT_HELP: Mapping[str, Any] = {"women": _("在选票上单列的妇女名额。")}
# What the preview needs to know; nothing else is sent for it.
PREVIEWED = "election_day,mode,guidance_team"


class DayForm(OfficeForm):
    """The election day, how candidates come about, and the team that guides the election."""

    election_day = forms.DateField(label=_("选举日"))
    mode = forms.ChoiceField(
        label=_("选举方式"),
        error_messages={"invalid_choice": _("本届采用的选举办法不允许这种方式，请重新选择。")},
    )
    guidance_team = forms.ModelChoiceField(
        label=_("指导组（可不选）"),
        queryset=GuidanceTeam.objects.none(),
        required=False,
        empty_label=_("暂不安排"),
        error_messages={"invalid_choice": NO_SUCH_CHOICE},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, election: Election, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.election = election
        self._limit_day(election)
        teams = GuidanceTeam.objects.filter(place=election.place.parent_id, active=True)
        self.fields["guidance_team"].queryset = teams  # type: ignore[attr-defined]
        if election.occasion == Occasion.RECALL:
            # Nobody stands for election: there is no way in which candidates come about.
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = list(_modes(election))  # type: ignore[attr-defined]

    def _limit_day(self, election: Election) -> None:
        term, widget = election.term, self.fields["election_day"].widget
        if election.general:
            widget.attrs |= {"min": term.window_start.isoformat(), "max": term.window_end.isoformat()}
        elif election.occasion_day is not None:
            widget.attrs["min"] = election.occasion_day.isoformat()

    @property
    def chosen_mode(self) -> str:
        """The mode chosen, or the one it has where there is none to choose."""
        mode: str = self.cleaned_data.get("mode", self.election.mode)
        return mode


class ElectionDayForm(DayForm):
    """The day, and the seats of each post of the body elected; a recall has none."""

    submit_label: ClassVar[Any] = _("保存")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        election: Election,
        typed: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """``typed`` is what stands in a form that comes back without being saved."""
        kwargs["initial"] = {**_as_they_are(election), **(typed or {})}
        super().__init__(data, election=election, **kwargs)
        self.posts = posts_of(election)
        for post in self.posts:
            self.fields[f"seats_{post}"] = forms.IntegerField(
                label=SEAT_LABELS[post],
                min_value=0,
                max_value=MOST_SEATS,
                help_text=SEAT_HELP.get(post, ""),
            )
        self._offer_preview()

    def _offer_preview(self) -> None:
        """Show what a day brings as soon as it is chosen; without scripts, by a button."""
        address = reverse("ballots:preview_election_day", args=[self.election.pk])
        # The preview without scripts shows this form too: it saves where it always does.
        self.helper.form_action = reverse("ballots:set_election_day", args=[self.election.pk])
        self.helper.attrs = {
            "hx-get": address,
            "hx-trigger": "change",
            "hx-target": "#day-preview",
            "hx-params": PREVIEWED,
        }
        button = Submit("preview", _("先看影响"), formnovalidate="formnovalidate")
        button.field_classes = "btn btn-outline-secondary"
        self.helper.add_input(button)

    @property
    def seats(self) -> dict[str, int]:
        """The seats by post, as the action takes them."""
        return {post: self.cleaned_data[f"seats_{post}"] for post in self.posts}


def posts_of(election: Election) -> tuple[str, ...]:
    """The posts whose seats are asked for."""
    return () if election.occasion == Occasion.RECALL else POSTS[Body(election.body)]


def _modes(election: Election) -> Iterator[tuple[str, Any]]:
    """The modes that the term has chosen and for which the rulebook has such an election."""
    procedure = procedure_of(election)
    offered = election.term.modes_of(election.body)
    if not election.general:
        offered = [*offered, election.mode]
    for mode in Mode:
        try:
            procedure.course(election.body, election.occasion, mode.value)
        except LookupError:
            continue
        if mode.value in offered:
            yield mode.value, mode.label


def _as_they_are(election: Election) -> dict[str, Any]:
    """What is set now. Where no seats are set, only the one head that a body must have."""
    seats = dict(election.seats.values_list("post", "seats"))
    posts = posts_of(election)
    known = {post: seats.get(post, 0) for post in posts}
    if not seats and election.general:
        known = {posts[0]: 1}
    return {
        "election_day": election.election_day,
        "mode": election.mode,
        "guidance_team": election.guidance_team_id,
        **{f"seats_{post}": count for post, count in known.items()},
    }
