"""Villages with what the office must know of each at a glance, in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from election_admin.accounts.models import Role, User
from election_admin.places.models import CODE_DIGITS, Place
from villages.models import Audit, Band, Body, DisposalPlan, Dispute, Occasion, Stage, Term
from villages.panels import AUDIT_NOTICE
from villages.registry import overdue_count

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)
WANT_A_PLAN = (Band.DIFFICULT, Band.KEY)

# How a village can stand: the one meaning of each, for numbers and for the lists behind them.
SITUATIONS: dict[str, Q] = {
    "attention": Q(wants_attention=True),
    "overdue": Q(overdue__gt=0),
    "lacks_plan": Q(lacks_plan=True),
    "lacks_audit": Q(lacks_audit=True),
    "rating_waits": Q(rating_waits=True),
    "rating_decided": Q(decided_at__isnull=False),
    "unrated": Q(band=Band.UNRATED),
    "no_day": Q(election_day__isnull=True),
}


@dataclass(frozen=True)
class _Subtrees:
    """Places by their codes, as ``visible_to`` asks for them."""

    place_codes: Iterable[str]


def subtrees(user: User, roles: Iterable[str]) -> _Subtrees:
    """Return the places where the user holds one of the roles. Another role there shows nothing."""
    return _Subtrees([one.place.code for one in user.held_memberships if one.role in set(roles)])


def overview(user: User, *, on: date, roles: Iterable[str] = OFFICIALS) -> QuerySet[Any]:
    """Return the villages where the user holds one of the roles, each with how it stands.

    ``band`` and what belongs to the rating in force, ``election_day`` and ``stage``, the states
    of plan and audit (null: there is none), ``overdue`` (how many steps and disputes), and what is wrong:
    ``lacks_plan`` (key or difficult, and no version of its plan approved), ``lacks_audit`` (not
    published, with the election within 30 days or over; art. 35), ``rating_waits`` (for the
    county's decision), ``in_trouble`` (overdue or lacking), ``wants_attention`` (in trouble, key
    or difficult).
    """
    held = subtrees(user, roles)
    counties = {code[: CODE_DIGITS["county"]] for code in held.place_codes}
    # A list, because a filtered relation takes no subquery; not empty, because that empties the whole.
    held_terms = Term.objects.filter(current=True, county__code__in=counties)
    terms = list(held_terms.values_list("pk", flat=True)) or [0]
    approved = DisposalPlan.objects.approved().filter(place=OuterRef("pk"), term__current=True)
    standing = (
        Place.objects.villages()
        .visible_to(held)
        .select_related("parent")
        .annotate(
            rating=FilteredRelation("ratings", condition=Q(ratings__current=True, ratings__term__in=terms)),
            election=FilteredRelation(
                "elections",
                condition=Q(
                    elections__term__in=terms,
                    elections__body=Body.VILLAGERS_COMMITTEE,
                    elections__occasion=Occasion.GENERAL,
                ),
            ),
            plan=FilteredRelation("plans", condition=Q(plans__newest=True, plans__term__in=terms)),
            audit=FilteredRelation("audits", condition=Q(audits__term__in=terms)),
        )
        .annotate(
            band=Coalesce(F("rating__band"), Value(Band.UNRATED.value)),
            computed_band=F("rating__computed_band"),
            score=F("rating__score"),
            decided_at=F("rating__decided_at"),
            election_day=F("election__election_day"),
            stage=F("election__stage"),
            plan_state=F("plan__state"),
            audit_state=F("audit__state"),
            plan_approved=Exists(approved),
            overdue=overdue_count(on) + _overdue_disputes(on),
        )
    )
    unpublished = Q(audit_state__isnull=True) | ~Q(audit_state=Audit.State.PUBLISHED)
    return standing.annotate(
        band_rank=_rank("band", Band.values),
        stage_rank=_rank("stage", Stage.values),
        lacks_plan=_whether(Q(band__in=WANT_A_PLAN, plan_approved=False)),
        lacks_audit=_whether(unpublished & Q(election_day__lte=on + AUDIT_NOTICE)),
        rating_waits=_whether(Q(decided_at__isnull=True) & ~Q(band=Band.UNRATED)),
    ).annotate(
        in_trouble=_whether(Q(lacks_plan=True) | Q(lacks_audit=True) | Q(overdue__gt=0)),
        wants_attention=_whether(Q(in_trouble=True) | Q(band__in=WANT_A_PLAN)),
    )


def _overdue_disputes(on: date) -> Combinable:
    """An expression over places: the open disputes that should have been settled by now."""
    counted = (
        Dispute.objects.still_open()
        .filter(place=OuterRef("pk"), deadline__lt=on)
        .order_by()
        .values("place")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _whether(condition: Q) -> Case:
    """The condition as a value that is never null."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _rank(field: str, values: Sequence[str]) -> Case:
    """The place of a field's value among its values; null without one."""
    whens = [When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)]
    return Case(*whens, default=Value(None), output_field=IntegerField())


def hardest_first(villages: QuerySet[Any]) -> QuerySet[Any]:
    """Order by band, then by what is missing, then by how near the election is."""
    return villages.order_by(
        "band_rank", "-lacks_plan", "-overdue", F("election_day").asc(nulls_last=True), "code"
    )


def trouble_first(villages: QuerySet[Any]) -> QuerySet[Any]:
    """Order as ``hardest_first``, with every village where something is wrong before the rest."""
    return villages.order_by(
        "-in_trouble",
        "band_rank",
        "-lacks_plan",
        "-overdue",
        F("election_day").asc(nulls_last=True),
        "code",
    )


def count_situations(villages: QuerySet[Any]) -> dict[str, int]:
    """Return how many villages there are (``total``), and how many in each situation.

    Added up here: Django's aggregate over these annotations leaves out columns that it names.
    """
    flags = {f"counted_{code}": _whether(condition) for code, condition in SITUATIONS.items()}
    rows = list(villages.order_by().annotate(**flags).values_list(*flags))
    numbers = {"total": len(rows)}
    for place, code in enumerate(SITUATIONS):
        numbers[code] = sum(row[place] for row in rows)
    return numbers
