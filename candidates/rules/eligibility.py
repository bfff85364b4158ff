"""Whether a person may stand, judged as of election day, with every reason.

Two kinds of rule meet here. The statute bars those under age, deprived of political rights
or not registered (村民委员会组织法 art. 13). The eligibility list adopted by the county names
the situations in which nobody may be made a candidate (浙村换发〔2013〕4号 and its
successors); its years, facts and departments are handed in as `EligibilityLaw`.

Nobody passes on what is not known: a missing date, an unproven allegation or a department
that has not answered makes the verdict `not_established`, never `qualified`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from candidates.rules.eligibility_law import EligibilityLaw, SituationLaw
from candidates.rules.facts import Concerning, Finding, Person, Replies, Reply, Status, contradictions
from candidates.rules.reasons import Reason

_MONTHS_IN_A_YEAR = 12


class State(StrEnum):
    """What is known of one situation on election day."""

    HOLDS = "holds"
    CLEAR = "clear"
    NOT_ESTABLISHED = "not_established"


class Verdict(StrEnum):
    """What the whole comes to. Disqualified beats not established beats qualified."""

    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    NOT_ESTABLISHED = "not_established"


@dataclass(frozen=True)
class SituationJudgement:
    """One situation on election day; `until` is the first day on which it no longer holds."""

    situation: str
    state: State
    until: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict on one person and all it rests on; what an assessment snapshots.

    `reasons` are those of the verdict that belong to no situation; `warnings` bar nobody.
    """

    verdict: Verdict
    situations: tuple[SituationJudgement, ...]
    bars: tuple[str, ...]
    not_known: tuple[str, ...]
    missing_replies: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    def situation(self, code: str) -> SituationJudgement:
        """The judgement of that situation."""
        return next(each for each in self.situations if each.situation == code)

    def as_json(self) -> dict[str, object]:
        """The judgement in plain values, as the command prints and a snapshot keeps it."""
        return {
            "verdict": self.verdict.value,
            "situations": {
                each.situation: {
                    "state": each.state.value,
                    "until": each.until.isoformat() if each.until else None,
                    "reasons": [reason.as_json() for reason in each.reasons],
                }
                for each in self.situations
            },
            "bars": list(self.bars),
            "not_known": list(self.not_known),
            "missing_replies": list(self.missing_replies),
            "reasons": [reason.as_json() for reason in self.reasons],
            "warnings": [reason.as_json() for reason in self.warnings],
        }


class UnknownSituation(ValueError):
    """A finding names a situation that the list does not have: passing it over would clear."""


def anniversary(since: date, months: int) -> date:
    """The day `months` after `since`; the 29th (30th, 31st) falls back to the month's last day.

    So five years from 29 February end on 28 February (rulebook: how dates are judged).
    """
    return since + relativedelta(months=months)


def assess(
    *,
    law: EligibilityLaw,
    election_day: date,
    person: Person,
    findings: Sequence[Finding],
    replies: Replies,
    concerning: Concerning | None = None,
) -> Judgement:
    """Judge one person against the statute (组织法 art. 13) and one eligibility list.

    ``concerning`` says which situations a department's record is about; a record of a department
    left out, or that names none, leaves open every situation the department answers for.

    Facts that contradict each other establish nothing; a form or command that wants to say
    which ones asks `faults` first. A situation that the list lacks raises `UnknownSituation`.
    """
    for finding in findings:
        if not law.names(finding.situation):
            raise UnknownSituation(finding.situation)
    facts = _Facts(law, election_day, person, tuple(findings), replies, concerning or {})
    situations = tuple(_judge_situation(facts, each) for each in law.situations)
    bars, not_known = _statute(facts)
    missing = tuple(sorted(_silent(law.departments, replies)))
    reasons = [*bars, *not_known]
    if missing:
        reasons.append(Reason("replies_missing", on=election_day, departments=missing))
    return Judgement(
        verdict=_verdict(
            barred=bool(bars) or any(each.state is State.HOLDS for each in situations),
            established=not not_known
            and not missing
            and all(each.state is State.CLEAR for each in situations),
        ),
        situations=situations,
        bars=tuple(each.code for each in bars),
        not_known=tuple(each.fact for each in not_known),
        missing_replies=missing,
        reasons=tuple(reasons),
        warnings=_warnings(facts),
    )


@dataclass(frozen=True)
class _Facts:
    """One case, passed round whole."""

    law: EligibilityLaw
    day: date
    person: Person
    findings: tuple[Finding, ...]
    replies: Replies = field(hash=False)
    concerning: Concerning = field(hash=False)

    def has_record(self, department: str, situation: str) -> bool:
        """Whether the department says it has a record that may be about the situation."""
        named = self.concerning.get(department) or ()
        return self.replies.get(department) == Reply.RECORD and (not named or situation in named)


@dataclass(frozen=True)
class _Outcome:
    """What one finding comes to by itself."""

    state: State
    until: date | None
    reason: Reason


def _verdict(*, barred: bool, established: bool) -> Verdict:
    if barred:
        return Verdict.DISQUALIFIED
    return Verdict.QUALIFIED if established else Verdict.NOT_ESTABLISHED


def _statute(facts: _Facts) -> tuple[list[Reason], list[Reason]]:
    """The statutory bars of art. 13, and what is not known of them."""
    bars, not_known = [], []
    months = facts.law.voting_age * _MONTHS_IN_A_YEAR
    comes_of_age = anniversary(facts.person.born, months)
    if facts.day < comes_of_age:
        bars.append(
            Reason(
                "under_18",
                on=facts.day,
                fact="born",
                since=facts.person.born,
                until=comes_of_age,
                months=months,
            )
        )
    deprived = facts.person.deprived_of_political_rights
    registered = facts.person.registered_voter
    if deprived:
        bars.append(Reason("deprived_of_political_rights", on=facts.day))
    if registered is False:
        bars.append(Reason("not_registered", on=facts.day))
    for name, value in (
        ("deprived_of_political_rights", deprived),
        ("registered_voter", registered),
    ):
        if value is None:
            not_known.append(Reason("fact_not_known", on=facts.day, fact=name))
    return bars, not_known


def _judge_situation(facts: _Facts, situation: SituationLaw) -> SituationJudgement:
    """Put the findings and the replies for one situation together.

    One finding that holds is enough, and the situation lasts as long as the longest of them;
    one that cannot be said to end outlasts any date. Otherwise every doubt must be gone.
    """
    concerned = [each for each in facts.findings if each.situation == situation.code]
    outcomes = [_outcome(facts, situation, each) for each in concerned if each.status != Status.CLEARED]
    cleared = [
        Reason("finding_cleared", on=facts.day, situation=situation.code)
        for each in concerned
        if each.status == Status.CLEARED
    ]
    reasons = tuple([each.reason for each in outcomes] + cleared)
    holding = [each for each in outcomes if each.state is State.HOLDS]
    if holding:
        ends = [each.until for each in holding if each.until]
        until = max(ends) if len(ends) == len(holding) else None
        return SituationJudgement(situation.code, State.HOLDS, until, reasons)
    explained = any(each.status == Status.CONFIRMED for each in concerned)
    doubts = _reply_doubts(facts, situation, explained=explained)
    if doubts or any(each.state is State.NOT_ESTABLISHED for each in outcomes):
        return SituationJudgement(situation.code, State.NOT_ESTABLISHED, None, (*reasons, *doubts))
    return SituationJudgement(
        situation.code, State.CLEAR, None, reasons or (_all_answered(facts, situation),)
    )


def _reply_doubts(facts: _Facts, situation: SituationLaw, *, explained: bool) -> tuple[Reason, ...]:
    """Departments whose answer leaves the situation open.

    A record that a confirmed finding explains is no doubt; one that nothing explains is,
    and so is silence.
    """
    silent = _silent(situation.departments, facts.replies)
    records = [code for code in situation.departments if facts.has_record(code, situation.code)]
    return tuple(
        Reason(code, on=facts.day, situation=situation.code, departments=tuple(sorted(who)))
        for code, who in (
            ("reply_missing", silent),
            ("record_unexplained", [] if explained else records),
        )
        if who
    )


def _silent(departments: Sequence[str], replies: Replies) -> list[str]:
    """Those that have given neither answer; whatever else may stand there is no answer."""
    return [code for code in departments if replies.get(code) not in tuple(Reply)]


def _all_answered(facts: _Facts, situation: SituationLaw) -> Reason:
    return Reason(
        "no_record",
        on=facts.day,
        situation=situation.code,
        departments=tuple(sorted(situation.departments)),
    )


def _outcome(facts: _Facts, situation: SituationLaw, finding: Finding) -> _Outcome:
    if finding.status == Status.ALLEGED:
        return _open(facts, situation, "alleged")
    contradiction = contradictions(facts.person, finding)
    if contradiction:
        return _open(facts, situation, "contradiction", fact=contradiction[0].key)
    if situation.ending == "never":
        return _endless(facts, situation, "no_end")
    if situation.ending == "sanction":
        return _sanction_outcome(facts, situation, finding)
    return _term_outcome(facts, situation, finding)


def _term_outcome(facts: _Facts, situation: SituationLaw, finding: Finding) -> _Outcome:
    dated = [(day, name) for name in situation.since if (day := finding.day(name))]
    if not dated:
        if situation.undated_holds:
            return _endless(facts, situation, "end_not_recorded", fact=situation.since[0])
        return _open(facts, situation, "date_missing", fact=situation.since[0])
    # Of a release and an end of probation the later one counts: until then the penalty ran.
    since, name = max(dated)
    return _counted(facts, situation, name, since, situation.months or 0)


def _sanction_outcome(facts: _Facts, situation: SituationLaw, finding: Finding) -> _Outcome:
    """Party sanctions (纪律处分条例 arts. 10-13); the discipline department's own date wins."""
    sanction = facts.law.sanction(finding.sanction)
    if finding.barred_until:
        return _dated(
            facts,
            Reason(
                "barred_until",
                on=facts.day,
                situation=situation.code,
                fact="barred_until",
                until=finding.barred_until,
                sanction=sanction.code if sanction else "",
            ),
            finding.barred_until,
        )
    if sanction is None:
        return _open(facts, situation, "sanction_missing", fact="sanction")
    if sanction.months is None:
        return _Outcome(
            State.CLEAR,
            None,
            Reason(
                "sanction_without_bar",
                on=facts.day,
                situation=situation.code,
                sanction=sanction.code,
            ),
        )
    since = finding.day(sanction.since)
    if since is None:
        missing = _endless if sanction.undated_holds else _open
        code = "rights_not_restored" if sanction.undated_holds else "date_missing"
        return missing(facts, situation, code, fact=sanction.since, sanction=sanction.code)
    return _counted(facts, situation, sanction.since, since, sanction.months, sanction=sanction.code)


def _counted(
    facts: _Facts, situation: SituationLaw, fact: str, since: date, months: int, sanction: str = ""
) -> _Outcome:
    """ "Less than N years since X" holds before the Nth anniversary, no longer on it."""
    until = anniversary(since, months)
    reason = Reason(
        "term",
        on=facts.day,
        situation=situation.code,
        fact=fact,
        since=since,
        until=until,
        months=months,
        sanction=sanction,
    )
    return _dated(facts, reason, until)


def _dated(facts: _Facts, reason: Reason, until: date) -> _Outcome:
    if facts.day < until:
        return _Outcome(State.HOLDS, until, reason.coded(f"{reason.code}_running"))
    return _Outcome(State.CLEAR, None, reason.coded(f"{reason.code}_over"))


def _open(facts: _Facts, situation: SituationLaw, code: str, fact: str = "", sanction: str = "") -> _Outcome:
    reason = Reason(code, on=facts.day, situation=situation.code, fact=fact, sanction=sanction)
    return _Outcome(State.NOT_ESTABLISHED, None, reason)


def _endless(
    facts: _Facts, situation: SituationLaw, code: str, fact: str = "", sanction: str = ""
) -> _Outcome:
    reason = Reason(code, on=facts.day, situation=situation.code, fact=fact, sanction=sanction)
    return _Outcome(State.HOLDS, None, reason)


def _warnings(facts: _Facts) -> tuple[Reason, ...]:
    """What reviewers should look at and what bars nobody.

    A record held by a department that answers for no situation (a petition lodged, say) is
    no ground for anything: it is named so that nobody takes it for one.
    """
    found = [
        Reason(f"unsuitable_{each.status}", on=facts.day, situation=each.situation)
        for each in facts.findings
        if each.situation in facts.law.unsuitable and each.status != Status.CLEARED
    ]
    answering = {code for each in facts.law.situations for code in each.departments}
    outside = sorted(
        code for code, reply in facts.replies.items() if reply == Reply.RECORD and code not in answering
    )
    if outside:
        found.append(Reason("record_outside_list", on=facts.day, departments=tuple(outside)))
    # One that answers for situations, and says that its record is about none of the list's.
    listed = {each.code for each in facts.law.situations}
    elsewhere = sorted(
        code
        for code, named in facts.concerning.items()
        if code in answering
        and facts.replies.get(code) == Reply.RECORD
        and named
        and listed.isdisjoint(named)
    )
    if elsewhere:
        found.append(Reason("record_not_of_list", on=facts.day, departments=tuple(elsewhere)))
    return tuple(found)
