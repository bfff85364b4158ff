"""A procedure rulebook, handed to the rules as the values they take."""

from fractions import Fraction
from typing import Any

from ballots.rules.counting import Citation, CountingLaw, VacancyLaw
from ballots.rules.schedule import DeadlineLaw, ScheduleLaw, StepLaw
from election_admin.rulebooks.procedures import Course, Deadline, Parameters, Procedure, Step
from election_admin.rulebooks.values import Share, Source, Sourced


def counting_law(procedure: Procedure, round: int) -> CountingLaw:
    """The law of round 1, or of round 2, the further election."""
    parameters = procedure.parameters
    first = round == 1
    share = parameters.elected_above if first else parameters.further_election_from
    relatives = parameters.relatives_not_together
    turnout = parameters.turnout.value
    surplus = parameters.surplus.value
    return CountingLaw(
        turnout_above=_fraction(turnout.more_than) if round in turnout.rounds else None,
        share=_fraction(share.value),
        share_included=not first,
        relations=frozenset(relatives.value if relatives else ()),
        surplus={post: surplus.of(post).least for post in ("chair", "vice_chair")},
        surplus_otherwise=surplus.member.least,
        further_election=first,
        vacancy=_vacancy(parameters, round),
        sources=_sources(parameters, first=first),
    )


def schedule_law(course: Course) -> ScheduleLaw:
    """The steps of a course with their dates and order."""
    return ScheduleLaw(
        steps=tuple(_step(code, step) for code, step in course.steps.items()),
        modes=course.modes,
    )


def _vacancy(parameters: Parameters, round: int) -> VacancyLaw | None:
    if parameters.vacancy is None or round < parameters.vacancy.value.after_round:
        return None
    vacancy = parameters.vacancy.value
    return VacancyLaw(least_elected=vacancy.least_elected, chair_elected=vacancy.chair_elected)


def _sources(parameters: Parameters, *, first: bool) -> dict[str, Citation]:
    named: dict[str, Sourced[Any] | None] = {
        "ballots": parameters.ballots_within_issued,
        "turnout": parameters.turnout,
        "threshold": parameters.elected_above if first else parameters.further_election_from,
        "tie": parameters.tie,
        "relatives": parameters.relatives_not_together,
        "void_win": parameters.disqualified_win_void,
        "vacancy": parameters.vacancy,
        "further_election": parameters.further_election_from,
    }
    return {code: _citation(value.source) for code, value in named.items() if value is not None}


def _step(code: str, step: Step) -> StepLaw:
    return StepLaw(
        code=code,
        depends_on=step.depends_on,
        modes=step.modes,
        if_needed=step.if_needed,
        earliest=_deadline(step.earliest),
        latest=_deadline(step.latest),
        open_until=_deadline(step.open_until),
    )


def _deadline(deadline: Deadline | None) -> DeadlineLaw | None:
    if deadline is None:
        return None
    source = _citation(deadline.source)
    return DeadlineLaw(
        base=deadline.from_,
        days=deadline.days,
        document=source.document,
        article=source.article,
    )


def _citation(source: Source) -> Citation:
    return Citation(document=source.document, article=str(source.article))


def _fraction(share: Share) -> Fraction:
    return Fraction(share.numerator, share.denominator)
