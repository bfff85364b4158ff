"""Elections that stand on the vote of another: what neither may do without the other."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.models import Step
from ballots.wording import step_title
from election_admin.rulebooks.procedures import ELECTION_DAY
from villages.models import Election, Occasion
from villages.models.terms import ElectionQuerySet
from villages.procedures import course_of

VOTE, COUNT = "vote_held", "count_done"
# The step of the election before that one of this occasion stands on.
STANDS_ON: Mapping[str, str] = {Occasion.FURTHER: COUNT, Occasion.NEW: VOTE}


def whose_time_runs_from(election: Election) -> ElectionQuerySet:
    """The elections whose time runs from this one's vote: its further ones, the new one in its place."""
    return Election.objects.filter(follows=election, occasion__in=STANDS_ON)


def check_day_of_vote(election: Election, step: Step, done_on: date) -> None:
    """Raise ValidationError for a vote on another day than the one set, where the law leaves the day open.

    It leaves it open in elections whose time runs from their occasion; announced to the voters,
    and what their age and the other dates are counted from, is the day that was set.
    """
    latest = course_of(election).steps[step.code].latest
    if step.code != VOTE or election.election_day in (None, done_on):
        return
    if latest is not None and latest.from_ == ELECTION_DAY:
        return
    sentence = _(
        "“%(step)s”应在定好的投票日%(day)s办理。如果确实在别的日子投票，请先由乡镇改定投票日，再登记。"
    )
    values = {"step": step_title(election, VOTE), "day": date_format(election.election_day)}
    raise ValidationError({"done_on": sentence % values})


def check_vote_before(election: Election) -> None:
    """Raise ValidationError while what a further or new election stands on is taken back."""
    code, before = STANDS_ON.get(election.occasion), election.follows
    if code is None or before is None:
        return
    if before.steps.filter(code=code, done_on__isnull=True).exists():
        raise ValidationError(
            _("原选举的“%s”已撤销登记，还没有重新登记。请先登记，再办理这次选举的步骤。")
            % step_title(before, code)
        )


def check_nothing_stands_on(election: Election, code: str) -> None:
    """Raise ValidationError for a vote or count on which an election that has begun stands."""
    if code not in {VOTE, COUNT}:
        return
    after = begun_after(election)
    if after is not None:
        raise ValidationError(
            _(
                "已据此建立%(election)s并登记了步骤，不能撤销。确需撤销的，请先从后往前撤销%(election)s的登记。"
            )
            % {"election": after.title}
        )


def begun_after(election: Election) -> Election | None:
    """The first election that stands on this one's vote and of which a step is recorded."""
    stands_on_it = Q(occasion__in=STANDS_ON)
    if election.occasion == Occasion.RECALL:
        stands_on_it |= Q(occasion=Occasion.BY_ELECTION)
    begun = election.followed_by.filter(stands_on_it, steps__done_on__isnull=False)
    return begun.select_related("place", "term", "edition").order_by("pk").first()
