"""Villages with what the office must know of each at a glance, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.db.models import BooleanField, CharField, ExpressionWrapper, IntegerField
from django.db.models.functions import Coalesce

from election_admin.accounts.models import Role, User
from election_admin.places.models import Place
from villages.models import Audit, Band, DisposalPlan, Stage, Term
from villages.panels import AUDIT_NOTICE
from villages.registry import overdue_count

WANT_A_PLAN = (Band.DIFFICULT, Band.KEY)


@dataclass(frozen=True)
class _Subtrees:
    """Places by their codes, as ``visible_to`` asks for them."""

    place_codes: Iterable[str]


def overview(user: User, *, on: date, roles: Iterable[str] = (Role.TOWNSHIP, Role.COUNTY)) -> QuerySet[Place]:
    """Return the villages where the user holds one of the roles, each with how it stands.

    ``band`` and what belongs to the rating in force, ``election_day`` and ``stage``, the states
    of plan and audit (null: there is none), ``overdue`` (how many things), and what is wrong:
    ``lacks_plan`` (key or difficult, no version of a plan approved), ``lacks_audit``
    (not published, and the election within 30 days or over), ``rating_waits`` (for the county),
    ``wants_attention`` (any of it, or key or difficult).
    """
    held = _Subtrees([one.place.code for one in user.held_memberships if one.role in set(roles)])
    terms = Term.objects.filter(current=True).values("pk")
    approved = DisposalPlan.objects.approved().filter(place=OuterRef("pk"), term__current=True)
    return (
        Place.objects.villages()
        .visible_to(held)
        .select_related("parent")
        .annotate(
            rating=FilteredRelation(
                "ratings", condition=Q(ratings__current=True, ratings__term__in=terms)
            ),
            election=FilteredRelation("elections", condition=Q(elections__term__in=terms)),
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
            overdue=overdue_count(on),
        )
        .annotate(
            band_rank=_rank("band", Band.values),
            stage_rank=_rank("stage", Stage.values),
            lacks_plan=_holds(Q(band__in=WANT_A_PLAN, plan_approved=False)),
            lacks_audit=_holds(
                Q(election_day__lte=on + AUDIT_NOTICE)
                & (Q(audit_state__isnull=True) | ~Q(audit_state=Audit.State.PUBLISHED))
            ),
            rating_waits=_holds(Q(decided_at__isnull=True) & ~Q(band=Band.UNRATED)),
        )
        .annotate(
            wants_attention=_holds(
                Q(band__in=WANT_A_PLAN) | Q(lacks_plan=True) | Q(lacks_audit=True) | Q(overdue__gt=0)
            )
        )
    )
