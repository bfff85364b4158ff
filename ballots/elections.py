"""The elections of a village in the term being held, and how far each of them is."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from ballots.actions.occasions import COUNT, LEAVES_SEATS
from ballots.actions.steps import CONFIDENTIAL, VOTE
from ballots.rules.schedule import OCCASION_DAY
from ballots.timeline import BANDS_WITH_PLAN
from ballots.wording import cite, deadline_words, election_day_words
from election_admin.accounts.models import User
from election_admin.places.models import Place
from election_admin.rulebooks.procedures import Course, Procedure
from election_admin.sentences import bracketed, explained
from villages.law_words import OCCASION_DAYS
from villages.models import Body, Election, Occasion, Rating, Stage
from villages.procedures import course_of

# The Party branch first, then the villagers' committee, then what came of its vote, in order.
_BODIES = (Body.PARTY_BRANCH, Body.VILLAGERS_COMMITTEE)


@dataclass(frozen=True)
class Standing:
    """One election as a list shows it.

    ``latest_vote``: the last lawful day of a vote whose time runs from its occasion.
    ``about``: the member to be recalled, the post to be filled. ``may_have_further`` and
    ``may_be_held_anew``: whether it has come so far that seats may be left, or its vote be void.
    """

    election: Election
    stage: str
    day_words: str
    done: int
    total: int
    overdue: int
    latest_vote: date | None
    about: str
    may_have_further: bool
    may_be_held_anew: bool

    @property
    def title(self) -> str:
        """What the election is called."""
        return self.election.title

    @property
    def occasion_words(self) -> str:
        """What its time runs from; nothing for a general election."""
        return "" if self.election.general else str(OCCASION_DAYS[Occasion(self.election.occasion)])


def standings(place: Place, *, on: date, user: User) -> list[Standing]:
    """Every current election of a village, the Party branch's first, as far as the user may know it.

    One query. Steps that tell how the village is rated are counted only for who may know it.
    """
    elections = list(_counted(place, on, rated=user.has_perm("villages.see_facts", place)))
    elections.sort(key=lambda one: (not one.general, _BODIES.index(Body(one.body)), one.pk))
    followed = {(one.follows_id, one.occasion) for one in elections if one.stage != Stage.CLOSED}
    return [_standing(election, on, followed) for election in elections]


def latest_vote(election: Election) -> date | None:
    """The last lawful day of a vote whose time runs from its occasion, None where no law sets one."""
    step = course_of(election).steps.get(VOTE)
    if election.occasion_day is None or step is None or step.latest is None:
        return None
    if step.latest.from_ != OCCASION_DAY:
        return None
    return election.occasion_day + timedelta(days=step.latest.days)


def limits(procedure: Procedure, course: Course) -> list[str]:
    """The days of a course that run from its occasion: 投票：收到罢免要求之日后30日，《…》第三十五条."""
    language = get_language() or ""
    return [
        explained(
            step.title.in_(language),
            deadline_words(course, step.latest) + bracketed(cite(procedure, step.latest.source)),
        )
        for step in course.steps.values()
        if step.latest is not None and step.latest.from_ == OCCASION_DAY
    ]


def stage_title(election: Election) -> str:
    """The stage an election is at, as its own rulebook calls it."""
    stages = course_of(election).stages
    if election.stage in stages:
        return stages[election.stage].in_(get_language() or "")
    return election.get_stage_display()


def _counted(place: Place, on: date, *, rated: bool) -> QuerySet[Election]:
    needs_plan = Exists(
        Rating.objects.current().filter(
            place=OuterRef("place"), term=OuterRef("term"), band__in=BANDS_WITH_PLAN
        )
    )
    known = Q() if rated else ~Q(steps__code__in=CONFIDENTIAL)
    done, still_open = Q(steps__done_on__isnull=False), Q(steps__done_on__isnull=True)
    must = Q(steps__if_needed=False) | (Q(steps__code__in=CONFIDENTIAL) & Q(needs_plan=True))
    return (
        Election.objects.with_place()
        .current()
        .filter(place=place)
        .select_related("recall", "vacancy")
        .annotate(needs_plan=needs_plan)
        .annotate(
            steps_done=Count("steps", filter=known & done),
            steps_counted=Count("steps", filter=known & (done | must)),
            votes_held=Count("steps", filter=done & Q(steps__code=VOTE)),
            votes_counted=Count("steps", filter=done & Q(steps__code=COUNT)),
            steps_overdue=Count(
                "steps", filter=known & still_open & Q(steps__if_needed=False, steps__latest__lt=on)
            ),
        )
    )


def _standing(election: Election, on: date, followed: set[tuple[int | None, str]]) -> Standing:
    day = election.election_day
    # What the query has counted beside the row.
    counted = vars(election)
    of_committee = election.body == Body.VILLAGERS_COMMITTEE
    return Standing(
        election=election,
        stage=stage_title(election),
        day_words=election_day_words(day, on=on) if day else "",
        done=counted["steps_done"],
        total=counted["steps_counted"],
        overdue=counted["steps_overdue"],
        latest_vote=latest_vote(election) if day is None else None,
        about=_about(election),
        may_have_further=bool(
            of_committee
            and counted["votes_counted"]
            and election.occasion in LEAVES_SEATS
            and (election.pk, Occasion.FURTHER) not in followed
        ),
        may_be_held_anew=bool(
            of_committee
            and counted["votes_held"]
            and election.occasion != Occasion.RECALL
            and (election.pk, Occasion.NEW) not in followed
        ),
    )


def _about(election: Election) -> str:
    if election.occasion == Occasion.RECALL and hasattr(election, "recall"):
        return election.recall.member
    if election.occasion == Occasion.BY_ELECTION and hasattr(election, "vacancy"):
        return election.vacancy.get_post_display()
    return ""
