"""The legal dates of one election, from a case in JSON."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from ballots.law import schedule_law
from ballots.rules.schedule import ELECTION_DAY, ScheduleError, plan
from election_admin.cases import CaseCommand, CaseError, Day
from election_admin.rulebooks.procedures import load_procedure


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ScheduleCase:
    """One election: ``actual`` is when each step was really done."""

    rulebook: str
    election_day: Day
    mode: Literal["nominated", "self_nominated"]
    actual: dict[str, Day] | None = None
    today: Day | None = None


class Command(CaseCommand[ScheduleCase]):
    """The schedule of each case."""

    help = "Works out the legal dates of an election and what its recorded dates break."
    shape = ScheduleCase

    def answer(self, case: ScheduleCase) -> object:
        law = schedule_law(load_procedure(case.rulebook).general)
        actual: dict[str, date] = case.actual or {}
        try:
            return plan(
                law,
                election_day=case.election_day,
                mode=case.mode,
                actual=actual,
                today=case.today,
            )
        except ScheduleError as error:
            key = error.step if error.step == ELECTION_DAY else f"actual.{error.step}"
            raise CaseError(key, str(error)) from error
