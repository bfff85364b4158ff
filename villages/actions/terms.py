"""Opening a term, and setting each village's election day."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.procedures import load_procedure
from election_admin.rulebooks.risk_models import load_risk_model
from villages.models import Election, Mode, Seat, Term
from villages.signals import election_day_set, elections_opened

TERM_FIELDS = (
    "number",
    "window_start",
    "window_end",
    "procedure",
    "eligibility_list",
    "risk_model",
)
# Rank by post: 1 is the highest. The women's seat ranks with the members'.
POST_RANKS = {"chair": 1, "vice_chair": 2, "women": 3, "member": 3}


@transaction.atomic
def open_term(
    *,
    county: Place,
    number: int,
    window_start: date,
    window_end: date,
    procedure: str,
    eligibility_list: str,
    risk_model: str,
    actor: User | None,
    at: datetime,
) -> Term:
    """Open a county's general election: the term, and one election for each of its villages.

    ``actor`` is None only for the demo. Raises UnknownRulebook for a rulebook that does not
    exist, ValidationError when the window is in disorder or the term is there already.
    """
    take_turn(county)
    if actor is not None:
        require(actor, "villages.open_term", county)
    load_procedure(procedure)
    load_eligibility_list(eligibility_list)
    load_risk_model(risk_model)
    if window_end < window_start:
        raise ValidationError({"window_end": _("选举窗口结束日期早于开始日期。")})
    if Term.objects.filter(county=county, number=number).exists():
        raise ValidationError({"number": _("第%d届已经建立。") % number})
    Term.objects.filter(county=county, current=True).update(current=False)
    term = Term.objects.create(
        county=county,
        number=number,
        window_start=window_start,
        window_end=window_end,
        procedure=procedure,
        eligibility_list=eligibility_list,
        risk_model=risk_model,
    )
    villages = Place.objects.within(county.code).villages()
    elections = Election.objects.bulk_create(Election(place=village, term=term) for village in villages)
    append(
        verb="villages.open_term",
        row=term,
        actor=actor,
        place=county,
        at=at,
        after={**snapshot(term, TERM_FIELDS), "elections": len(elections)},
    )
    elections_opened.send(Term, elections=elections, actor=actor, at=at)
    return term


@transaction.atomic
def set_election_day(
    *,
    election: Election,
    election_day: date,
    mode: str,
    seats: Mapping[str, int],
    actor: User,
    at: datetime,
) -> Election:
    """Set the election day, the way candidates come about, and the seats of each post.

    Whoever depends on the day hears of it in the same transaction. Raises ValidationError when
    the day lies outside the term's window, the mode is not the law's, or the seats are not
    within what art. 6 allows.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "villages.set_election_day", election)
    term = election.term
    term.require_current()
    law = load_procedure(term.procedure).parameters
    errors: dict[str, str] = {}
    if not term.window_start <= election_day <= term.window_end:
        errors["election_day"] = _("选举日须在本届选举窗口%(start)s至%(end)s之间。") % {
            "start": date_format(term.window_start),
            "end": date_format(term.window_end),
        }
    if election_day != election.election_day and election_day < timezone.localdate(at):
        errors["election_day"] = _("选举日不能定在已经过去的日子。")
    if mode not in law.modes.value:
        errors["mode"] = _("本届采用的选举办法不允许这种方式。")
    total = sum(seats.values())
    if total not in law.seats.value:
        errors["seats_member"] = _(
            "村民委员会由主任、副主任和委员共%(least)d至%(most)d人组成（组织法第6条），现为%(total)d人。"
        ) % {"least": law.seats.value.least, "most": law.seats.value.most or 0, "total": total}
    if seats.get("chair") != 1:
        errors["seats_chair"] = _("主任名额应为1人。")
    own_line = law.women_seat_on_ballot
    if own_line is not None and own_line.value and not seats.get("women"):
        errors["seats_women"] = _("本届选举办法规定妇女委员在选票上单列，至少1人。")
    if errors:
        raise ValidationError(errors)
    before = {**snapshot(election, ("election_day", "mode")), "seats": _seats(election)}
    election.election_day, election.mode = election_day, Mode(mode)
    election.save(update_fields=["election_day", "mode"])
    election.seats.all().delete()
    Seat.objects.bulk_create(
        Seat(election=election, post=post, seats=count, rank=POST_RANKS[post], women_only=post == "women")
        for post, count in seats.items()
        if count
    )
    append(
        verb="villages.set_election_day",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={**snapshot(election, ("election_day", "mode")), "seats": _seats(election)},
    )
    election_day_set.send(Election, election=election, actor=actor, at=at)
    return election


def _seats(election: Election) -> dict[str, int]:
    return dict(election.seats.values_list("post", "seats"))
