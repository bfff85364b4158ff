"""What each notice says from the office's records. What they do not hold stays empty: a blank."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import cn2an
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.committee import Committee, committee_of
from ballots.models import Notice, Step, Voter
from ballots.notices import issuer, law_of, numeral, signed_by, title_of
from ballots.parameters import VOID, Row, parameter_rows
from ballots.rolls import roll_of
from ballots.rules.roll import youngest_birthday
from ballots.wording import cite
from candidates.models import Candidacy
from candidates.order import in_order, order_of, order_words
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.notice_sets import Notice as NoticeLaw
from election_admin.rulebooks.procedures import Procedure
from election_admin.sentences import listed
from villages.models import Election, Seat
from villages.procedures import course_of, procedure_of

Facts = dict[str, Any]
# Names a row of the voter list, and signs that fit a name's place beside the gap after it.
COLUMNS = 5
SIGNS_A_COLUMN = 5.2
# Rows to write names in by hand, besides one for each seat.
SPARE_ROWS = 2
MEMBERS_UNKNOWN = 5


@dataclass(frozen=True)
class PostNames:
    """The people standing for one post, in the order in which a notice has them.

    ``empty_rows`` are there to be written in where nobody is entered yet. ``allowed``: with more
    names than these a preliminary vote is held, None where the law sets no upper end.
    """

    title: str
    seats: int
    people: tuple[Candidacy, ...]
    empty_rows: range
    allowed: int | None

    @property
    def voted(self) -> bool:
        """Whether the votes received are entered for it."""
        return any(one.votes is not None for one in self.people)

    @property
    def skipped(self) -> bool:
        """Whether no preliminary vote is needed for it."""
        return self.allowed is not None and len(self.people) <= self.allowed


@dataclass(frozen=True)
class GroupNames:
    """The voters of one villagers' group as rows of names; ``name`` empty where none is known."""

    name: str
    count: int
    rows: tuple[tuple[str, bool], ...]


def facts_of(notice: Notice) -> Facts:
    """Everything a notice shows, in the language that is active."""
    law, election = law_of(notice), notice.election
    procedure = procedure_of(election)
    day = election.election_day
    age = procedure.parameters.voter_age.value
    common: Facts = {
        "notice": notice,
        "body_template": f"ballots/documents/notices/{notice.code}.html",
        "issuer": issuer(notice),
        "signer": signed_by(notice),
        "number": law.number or "",
        "serial": numeral(notice.serial) if law.number and notice.serial > 1 else "",
        "title": title_of(election, law),
        "election": election,
        "village": election.place.name,
        "term": numeral(election.term.number),
        "self_nominated": election.mode == "self_nominated",
        "cited": cite(procedure, law.source),
        "procedure": procedure,
        "rules": rules_in_words(procedure),
        "fill": filled(law, notice.details),
        "seats": seats_words(election),
        "voter_age": age,
        "youngest": youngest_birthday(on=day, years=age) if day else None,
    }
    own = FACTS.get(notice.code)
    return {**common, **(own(notice, law) if own else {})}


def seats_words(election: Election) -> str:
    """The seats of each post, in a list; nothing while none are set."""
    return listed(
        _("%(post)s%(count)d人") % {"post": seat.get_post_display(), "count": seat.seats}
        for seat in Seat.objects.filter(election=election)
    )


def rules_in_words(procedure: Procedure) -> dict[str, Row]:
    """What the rulebook fixes besides dates, in words; without what it is silent on."""
    return {row.code: row for row in parameter_rows(procedure) if row.source}


def filled(law: NoticeLaw, details: Mapping[str, Any]) -> Facts:
    """What the office has typed in, by field: days as days, lines as a list of lines."""
    return {field.code: _value(field.kind, details.get(field.code)) for field in law.fields}


def _value(kind: str, value: Any) -> Any:
    if kind == "lines":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if kind == "date" and value:
        return date.fromisoformat(value)
    return "" if value is None else value


# People ------------------------------------------------------------------------------------


def _posts(notice: Notice, law: NoticeLaw, people: Iterable[Candidacy]) -> Facts:
    election = notice.election
    order = order_of(election, (law.people and law.people.order) or {})
    surplus = procedure_of(election).parameters.surplus.value
    standing = in_order(people, order)
    posts = []
    for seat in Seat.objects.filter(election=election):
        own = tuple(one for one in standing if one.post == seat.post)
        most = surplus.of(seat.post).most
        posts.append(
            PostNames(
                title=seat.get_post_display(),
                seats=seat.seats,
                people=own,
                empty_rows=range(0 if own else seat.seats + SPARE_ROWS),
                allowed=None if most is None else seat.seats + most,
            )
        )
    return {"posts": posts, "order_words": order_words(order, voted=any(one.voted for one in posts))}


def _nominees(notice: Notice, law: NoticeLaw) -> Facts:
    return _posts(notice, law, _candidacies(notice.election).standing())


def _preliminary_vote(notice: Notice, law: NoticeLaw) -> Facts:
    """The people voted on; ``too_few``: fewer took part than must (Zhejiang art. 18, Organic Law art. 26).

    More than half of the voters where they hold it themselves, else two thirds of the meeting.
    """
    parameters = procedure_of(notice.election).parameters
    share = (parameters.nomination_turnout or parameters.meeting_quorum_representatives).value
    short, fill = False, filled(law, notice.details)
    if fill["due"] != "" and fill["present"] != "":
        ahead = fill["present"] * share.denominator - fill["due"] * share.numerator
        short = ahead <= 0 if parameters.nomination_turnout else ahead < 0
    return {**_nominees(notice, law), "too_few": short}


def _final(notice: Notice, law: NoticeLaw) -> Facts:
    final = _candidacies(notice.election).filter(state=Candidacy.State.FINAL)
    return {**_posts(notice, law, final), "withdraw_until": _latest(notice.election, "withdrawals_closed")}


def _candidacies(election: Election) -> Any:
    return Candidacy.objects.filter(election=election).select_related("person")


def _committee(notice: Notice, law: NoticeLaw) -> Facts:
    committee = committee_of(notice.election)
    if committee is None or not committee.votes:
        least = committee.least if committee else None
        return {"committee": None, "empty_rows": range(least or MEMBERS_UNKNOWN)}
    return {"committee": committee, "vote": committee.votes[0], "members": _members(committee)}


def _members(committee: Committee) -> list[tuple[str, str]]:
    return [(one.get_post_display(), one.name) for one in committee.serving]


def _replacements(notice: Notice, law: NoticeLaw) -> Facts:
    committee = committee_of(notice.election)
    return {
        "replacements": committee.replacements if committee else (),
        "members": _members(committee) if committee else [],
    }


# The roll ----------------------------------------------------------------------------------


def _registration(notice: Notice, law: NoticeLaw) -> Facts:
    steps = _steps(notice.election)
    fill = filled(law, notice.details)
    return {
        "starts": fill["starts"] or _done_on(steps, "registration_notice"),
        "ends": fill["ends"] or _done_on(steps, "registration_done"),
        "list_by": _latest(notice.election, "voter_list_published"),
    }


def _voter_list(notice: Notice, law: NoticeLaw) -> Facts:
    election = notice.election
    steps = course_of(election).steps
    days = _days(steps, "objections_closed")
    decided = _days(steps, "objections_decided")
    published = notice.posted_on or _done_on(_steps(election), law.step or "") or notice.dated
    groups = voters_by_group(election)
    total = sum(group.count for group in groups) or filled(law, notice.details)["registered"]
    return {
        "groups": groups,
        "total": total,
        "published": published,
        "objection_days": days,
        "decision_days": decided,
        "object_until": published + timedelta(days=days) if published and days else None,
    }


def voters_by_group(election: Election) -> list[GroupNames]:
    """The roll by villagers' group, the groups by their number; names as they were entered."""
    groups: dict[str, list[str]] = {}
    voters = Voter.objects.filter(election=roll_of(election)).order_by("pk")
    for name, group in voters.values_list("name", "group"):
        groups.setdefault(group, []).append(name)
    found = sorted(groups, key=lambda group: (not group, _group_number(group)))
    return [GroupNames(group, len(groups[group]), tuple(rows_of(groups[group]))) for group in found]


def _group_number(group: str) -> int:
    """The number in a group's name, 第十二组 or 12组; a name without one comes after all numbers."""
    written = re.search(r"[0-9]+|[〇零一二三四五六七八九十百]+", group)
    if written is None:
        return 10**6
    return int(written[0]) if written[0].isascii() else _read_numeral(written[0])


def _read_numeral(numeral: str) -> int:
    try:
        return int(cn2an.cn2an(numeral, "smart"))
    except ValueError:
        return 10**6


def rows_of(names: Sequence[str], columns: int = COLUMNS) -> Iterable[tuple[str, bool]]:
    """Names as rows of tabs, none wider than the paper; and whether a row is one long name.

    A long name takes the place of two or more; one longer than a row stands alone and wraps.
    """
    row: list[str] = []
    taken = 0
    for name in names:
        places = int(len(name) // SIGNS_A_COLUMN) + 1
        if row and taken + places > columns:
            yield "\t".join(row), False
            row, taken = [], 0
        if places > columns:
            yield name, True
        else:
            row.append(name)
            taken += places
    if row:
        yield "\t".join(row), False


def _roll_total(notice: Notice, law: NoticeLaw) -> Facts:
    typed = filled(law, notice.details)["registered"]
    return {"registered": typed or Voter.objects.filter(election=roll_of(notice.election)).count() or ""}


# The vote ----------------------------------------------------------------------------------


def _nomination(notice: Notice, law: NoticeLaw) -> Facts:
    source = load_eligibility_list(notice.election.term.eligibility_list)
    language = get_language() or ""
    return {
        "situations": [one.sentence.in_(language) for one in source.situations],
        "eligibility_title": source.title.in_(language),
        "self_nomination_until": _latest(notice.election, "self_nomination_closed"),
    }


def _proxies(notice: Notice, law: NoticeLaw) -> Facts:
    return {"asked_until": _latest(notice.election, "proxies_closed")}


def _void(notice: Notice, law: NoticeLaw) -> Facts:
    reasons = procedure_of(notice.election).parameters.void_ballots
    return {"void": [str(VOID[code]) for code in reasons.value] if reasons else []}


# Dates -------------------------------------------------------------------------------------


def _steps(election: Election) -> dict[str, Step]:
    return {step.code: step for step in election.steps.all()}


def _done_on(steps: Mapping[str, Step], code: str) -> date | None:
    return steps[code].done_on if code in steps else None


def _latest(election: Election, code: str) -> date | None:
    step = election.steps.filter(code=code).order_by("position").first()
    return step.latest if step else None


def _days(steps: Mapping[str, Any], code: str) -> int | None:
    """The days a rulebook gives for a step, None where its course has no such step."""
    deadline = steps[code].latest if code in steps else None
    return deadline.days if deadline else None


FACTS: Mapping[str, Callable[[Notice, NoticeLaw], Facts]] = {
    "election_committee": _committee,
    "committee_replacement": _replacements,
    "voter_registration": _registration,
    "voter_list": _voter_list,
    "voter_list_supplement": _roll_total,
    "nomination_call": _nomination,
    "preliminary_candidates": _nominees,
    "preliminary_vote_method": _nominees,
    "preliminary_vote_result": _preliminary_vote,
    "final_candidates": _final,
    "proxies": _proxies,
    "void_ballots": _void,
    "result": _roll_total,
}
