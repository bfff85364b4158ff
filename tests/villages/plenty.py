"""A county of any size, made in bulk: every band, stage and lack occurs, by turns."""

from datetime import date, timedelta
from decimal import Decimal

from ballots.models import Step
from election_admin.places.models import Kind, Level, Place
from tests.cast import NOW, TODAY
from villages.models import Audit, Band, DisposalPlan, Election, Rating, Stage, Term

# Of ten villages: two difficult, two key, three ordinary, two settled, one without a rating.
BANDS = (
    "settled",
    "difficult",
    "ordinary",
    "key",
    "ordinary",
    None,
    "difficult",
    "key",
    "ordinary",
    "settled",
)
SCORES = {"difficult": 68, "key": 47, "ordinary": 28, "settled": 9}
AUDITS = (None, "draft", "completed", "published")
PLANS = (None, "draft", "submitted", "approved")
DAYS = (None, 5, 19, 40, -2)


def make_villages(township: Place, number: int, *, first: int = 301, name: str = "村") -> list[Place]:
    """That many villages of a township, which nothing is known of yet."""
    return Place.objects.bulk_create(
        Place(
            code=f"{township.code}{first + each}",
            name=f"{name}{first + each}村",
            level=Level.VILLAGE,
            kind=Kind.VILLAGE,
            parent=township,
        )
        for each in range(number)
    )


def make_townships(county: Place, names: list[str]) -> list[Place]:
    """Townships of a county, by their names."""
    return Place.objects.bulk_create(
        Place(code=f"{county.code}{201 + each}", name=name, level=Level.TOWNSHIP, parent=county)
        for each, name in enumerate(names)
    )


def make_standing(villages: list[Place], term: Term, *, today: date = TODAY) -> None:
    """Ratings, elections with two steps each, plans and audits of these villages."""
    stages = Stage.values
    ratings, elections, plans, audits = [], [], [], []
    for turn, village in enumerate(villages):
        band, day = BANDS[turn % 10], DAYS[turn % 5]
        if band is not None:
            decided = turn % 3 == 0
            computed = "key" if decided and band == "difficult" else band
            ratings.append(
                Rating(
                    place=village,
                    term=term,
                    model=term.risk_model,
                    score=Decimal(SCORES[band]) + Decimal(turn % 50) / 10,
                    completeness=Decimal("0.9"),
                    computed_band=computed,
                    band=band,
                    at=NOW,
                    decided_at=NOW if decided else None,
                    decision_reason="实地走访后调整" if computed != band else "",
                )
            )
        elections.append(
            Election(
                place=village,
                term=term,
                election_day=today + timedelta(days=day) if day is not None else None,
                stage=stages[turn % len(stages)],
            )
        )
        if band in {Band.KEY, Band.DIFFICULT} and PLANS[turn % 4]:
            plans.append(
                DisposalPlan(
                    place=village, term=term, state=PLANS[turn % 4], situation="情况", written_at=NOW
                )
            )
        if AUDITS[turn % 4]:
            audits.append(_audit(village, term, AUDITS[turn % 4]))
    Rating.objects.bulk_create(ratings)
    DisposalPlan.objects.bulk_create(plans)
    Audit.objects.bulk_create(audits)
    Step.objects.bulk_create(
        Step(
            election=election,
            code=code,
            stage="register",
            position=position,
            latest=today + timedelta(days=left) if turn % 6 == 0 else today,
            done_on=None,
        )
        for turn, election in enumerate(Election.objects.bulk_create(elections))
        for position, (code, left) in enumerate(
            (("voter_list_published", -3), ("objections_closed", -1)), start=1
        )
    )


def _audit(village: Place, term: Term, state: str) -> Audit:
    return Audit(
        place=village,
        term=term,
        state=state,
        auditor="区审计局",
        period_start=date(2021, 12, 1),
        period_end=date(2026, 9, 30),
        published_on=date(2026, 11, 20) if state == "published" else None,
        published_where="村务公开栏" if state == "published" else "",
        updated_at=NOW,
    )
