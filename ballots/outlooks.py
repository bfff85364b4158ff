"""The earliest lawful day of an election, and why no earlier, in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.actions.steps import VOTE, days_that_bind
from ballots.law import schedule_law
from ballots.models import Step
from ballots.rules.outlook import Link, Outlook, earliest_lawful_day
from ballots.rules.schedule import ELECTION_DAY, OCCASION_DAY, plan
from ballots.wording import cite, deadline_words, step_title, violation_sentence
from election_admin.rulebooks.procedures import Deadline
from villages.models import Election
from villages.procedures import course_of, procedure_of

# What the township does where a villagers' committee has let the time for a recall run out.
STEP_IN = "township_steps_in"


@dataclass(frozen=True)
class ShownOutlook:
    """The earliest lawful day, None where there is none; why; what stays unlawful on any day."""

    day: date | None
    reasons: tuple[str, ...]
    standing: tuple[str, ...]


def outlook_of(
    election: Election,
    *,
    today: date,
    steps: Iterable[Step] | None = None,
    not_before: date | None = None,
) -> Outlook:
    """The earliest lawful day of an election from today, or a day, on; ``steps`` as for ``schedule_of``."""
    return earliest_lawful_day(
        schedule_law(course_of(election)),
        mode=election.mode,
        actual=days_that_bind(election, steps),
        today=today,
        occasion_day=election.occasion_day,
        not_before=not_before,
    )


def shown_outlook(
    election: Election, *, today: date, steps: list[Step], not_before: date | None = None
) -> ShownOutlook:
    """The earliest lawful day of an election from today, or a day, on, with its reasons in sentences."""
    outlook = outlook_of(election, today=today, steps=steps, not_before=not_before)
    return ShownOutlook(
        day=outlook.day,
        reasons=tuple(reasons(election, outlook, today=today)),
        standing=tuple(_standing(election, outlook, steps)),
    )


def reasons(election: Election, outlook: Outlook, *, today: date) -> list[str]:
    """Why the election cannot be held sooner, or at all, a sentence for each link of the chain."""
    said = [_link(election, link) for link in outlook.chain if link.bond != "today"]
    if not outlook.chain or outlook.chain[0].bond != "today":
        begun = []
    elif outlook.chain[0].step == ELECTION_DAY:
        begun = [_("法定步骤都不妨碍当天投票，选举日最早可以是今天（%s）。") % date_format(today)]
    else:
        values = {"step": step_title(election, outlook.chain[0].step), "day": date_format(today)}
        begun = [_("“%(step)s”还没有办，最早今天（%(day)s）办理。") % values]
    if outlook.day is not None:
        return begun + said
    if outlook.limit is None:
        return [*said, _("这些规定互相矛盾，没有一天能同时满足，请与县级核对选举办法的改动。")]
    return [*begun, *said, _limit(election, outlook.limit), *_still_owed(election, outlook)]


def _link(election: Election, link: Link) -> str:
    """Why one thing cannot be sooner."""
    values = {"head": _name(election, link.step), "day": date_format(link.day)}
    if link.bond == "not_before":
        return _("%(head)s不早于%(day)s。") % values
    if link.bond == "after":
        return _("%(head)s须在“%(base)s”之后，最早%(day)s。") % {
            **values,
            "base": step_title(election, link.base),
        }
    if link.bond == "latest":
        values |= _law(election, link.base, "latest") | {"base": step_title(election, link.base)}
        values["base_day"] = date_format(link.base_day) if link.base_day else ""
        if link.base_is_actual:
            sentence = _(
                "“%(base)s”已于%(base_day)s办理，最迟须在%(when)s（%(source)s），所以%(head)s最早%(day)s。"
            )
        else:
            sentence = _(
                "“%(base)s”最早%(base_day)s办理，最迟须在%(when)s（%(source)s），所以%(head)s最早%(day)s。"
            )
        return sentence % values
    if link.bond == "open_until":
        values |= _law(election, link.step, "open_until")
        return _("%(head)s须等期限届满：%(when)s（%(source)s），最早%(day)s。") % values
    values |= _law(election, link.step, "earliest")
    return _("%(head)s最早为%(when)s（%(source)s），即%(day)s。") % values


def _limit(election: Election, limit: Link) -> str:
    """What the chain runs against: a last day that has passed, a record that holds the day fast."""
    bond: Literal["earliest", "latest", "open_until"] = "latest"
    if limit.bond == "earliest" or limit.bond == "open_until":
        bond = limit.bond
    values = {
        "step": step_title(election, limit.base),
        "last": date_format(limit.day),
        "done": date_format(limit.base_day) if limit.base_day else "",
        **_law(election, limit.base, bond),
    }
    if bond == "latest":
        return _("但“%(step)s”最迟须在%(when)s（%(source)s），即%(last)s，已经来不及。") % values
    return (
        _("但“%(step)s”已登记为%(done)s办理，它最早为%(when)s（%(source)s），选举日不能晚于%(last)s。")
        % values
    )


def _still_owed(election: Election, outlook: Outlook) -> Iterator[str]:
    """Yield what holds when a vote can no longer come in time: the right to it has not lapsed.

    Zhejiang art. 35: the township has sixty days more in which to see a recall voted on. Whoever
    only asks about a day too late is not told so.
    """
    course, limit = course_of(election), outlook.limit
    vote = course.steps[VOTE]
    if any(link.bond == "not_before" for link in outlook.chain):
        return
    if limit is None or limit.base != VOTE or vote.latest is None or vote.latest.from_ != OCCASION_DAY:
        return
    yield _("逾期不等于可以不办：请尽快确定日期投票，系统照样登记，并标明迟办。")
    step_in = course.steps.get(STEP_IN)
    if step_in is None or step_in.latest is None or election.occasion_day is None:
        return
    yield _("请按“%(step)s”办理，最迟%(day)s（%(source)s）。") % {
        "step": step_title(election, STEP_IN),
        "day": date_format(election.occasion_day + timedelta(days=step_in.latest.days)),
        "source": cite(procedure_of(election), step_in.latest.source),
    }


def _law(election: Election, code: str, end: Literal["earliest", "latest", "open_until"]) -> dict[str, str]:
    """When the law wants a step, and by which article."""
    course = course_of(election)
    deadline: Deadline = getattr(course.steps[code], end)
    return {
        "when": deadline_words(course, deadline),
        "source": cite(procedure_of(election), deadline.source),
    }


def _name(election: Election, code: str) -> str:
    if code == ELECTION_DAY:
        return _("投票日") if course_of(election).occasion == "recall" else _("选举日")
    return _("“%s”") % step_title(election, code)


def _standing(election: Election, outlook: Outlook, steps: list[Step]) -> list[str]:
    """What no election day makes lawful any more."""
    if outlook.day is None or not outlook.standing:
        return []
    recorded = days_that_bind(election, steps)
    schedule = plan(
        schedule_law(course_of(election)),
        election_day=outlook.day,
        mode=election.mode,
        actual={**recorded, **outlook.soonest},
        occasion_day=election.occasion_day,
    )
    language = get_language() or ""
    said = []
    for violation in outlook.standing:
        latest = schedule.steps[violation.step].latest
        if violation.step in recorded:
            said.append(violation_sentence(election, schedule, violation))
        elif latest is not None:
            title = course_of(election).steps[violation.step].title.in_(language)
            said.append(
                _("“%(step)s”最迟应在%(day)s办理，已经逾期。") % {"step": title, "day": date_format(latest)}
            )
    return said
