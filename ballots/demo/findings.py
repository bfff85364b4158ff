"""Invented findings: what bars, what no longer bars, what is only said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from dateutil.relativedelta import relativedelta

YEAR = 365
# By what they come to once every department has replied.
KINDS = {
    "barring": (
        "penalty_running",
        "penalty_eve",
        "family_planning_running",
        "gang_running",
        "warning_running",
        "probation",
        "barred_until",
    ),
    "unclear": ("gang_alleged",),  # never in a village whose review is over
    "harmless": ("penalty_over", "sanction_over", "cleared", "withdrawn", "illegal_building", "absent"),
}


# What each department calls its paper on the same fact.
_PAPERS = {
    "procuratorate": "起诉书和不起诉决定书登记簿",
    "public_security": "违法犯罪记录查询单",
    "justice": "安置帮教对象登记表",
    "political_legal": "扫黑除恶线索核查表",
    "organisation": "干部档案",
}


@dataclass(frozen=True, kw_only=True)
class FindingStory:
    """One finding as stored; ``departments`` hold a record of it, and say what in ``remark``.

    They are all that answer for its situation: departments contradict each other only where the
    plot has it so.
    """

    details: dict[str, str]
    withdrawn: bool = False
    departments: tuple[str, ...] = field(default=())
    remark: str = ""

    @classmethod
    def all_of(
        cls, kind: str, person: dict[str, Any], *, vote: date, today: date, chance: Random
    ) -> "list[FindingStory]":
        """The findings of that kind, dated so that they come to what the kind says."""
        return _TELLERS[kind](_Case(vote, today, chance, person["born"]))


@dataclass(frozen=True)
class _Case:
    vote: date
    today: date
    chance: Random
    born: date

    def ago(self, least: int, most: int) -> date:
        """A day so many days before today."""
        return self.today - timedelta(days=self.chance.randint(least, most))


def told_by(finding: FindingStory, department: str) -> dict[str, str]:
    """The finding as a department that holds a record of it brings it."""
    own = {"source": _PAPERS.get(department, finding.details["source"]), "remark": ""}
    return {**finding.details, **own}


def record_departments(findings: Iterable[FindingStory]) -> dict[str, str]:
    """The departments that hold a record, and how each words it."""
    return {code: each.remark for each in findings for code in each.departments}


def _details(situation: str, status: str, source: str, remark: str, **facts: date | str) -> dict[str, str]:
    dates = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    return {"situation": situation, "status": status, "source": source, "remark": remark, **dates}


def _penalty(case: _Case, released_on: date) -> list[FindingStory]:
    sentenced_on = released_on - timedelta(days=case.chance.randint(200, 700))
    return [
        FindingStory(
            details=_details(
                "criminal_penalty", "confirmed", "刑事判决书、释放证明书", "已与法院档案核对",
                sentenced_on=sentenced_on, released_on=released_on,
            ),
            departments=("court", "procuratorate", "public_security", "justice"),
            remark=f"{sentenced_on.year}年被判处有期徒刑，{released_on:%Y-%m-%d}刑满释放。",
        )
    ]  # fmt: skip


def _penalty_running(case: _Case) -> list[FindingStory]:
    return _penalty(case, case.ago(2 * YEAR, 4 * YEAR))


def _penalty_eve(case: _Case) -> list[FindingStory]:
    """Five years are full on the day after the vote: one day too late."""
    return _penalty(case, case.vote + timedelta(days=1) - relativedelta(years=5))


def _penalty_over(case: _Case) -> list[FindingStory]:
    """Five years are full on the day of the vote itself: just in time."""
    return _penalty(case, case.vote - relativedelta(years=5))


def _family_planning(case: _Case) -> list[FindingStory]:
    dealt_with_on = case.ago(2 * YEAR, 4 * YEAR)
    return [
        FindingStory(
            details=_details(
                "family_planning", "confirmed", "原计生档案", "处理决定书在卷", dealt_with_on=dealt_with_on
            ),
            departments=("health",),
            remark=f"{dealt_with_on:%Y-%m-%d}作出处理决定。",
        )
    ]


def _gang_running(case: _Case) -> list[FindingStory]:
    dealt_with_on = case.ago(YEAR, 2 * YEAR)
    return [
        FindingStory(
            details=_details(
                "gang_related", "confirmed", "公安机关处罚决定书", "参与强揽工程", dealt_with_on=dealt_with_on
            ),
            departments=("public_security", "political_legal", "discipline"),
            remark=f"{dealt_with_on:%Y-%m-%d}因参与强揽工程受到处理。",
        )
    ]


def _gang_alleged(case: _Case) -> list[FindingStory]:
    return [
        FindingStory(
            details=_details("gang_related", "alleged", "村民来信", "反映曾替人出面催债，公安机关正在核查")
        )
    ]


def _warning_running(case: _Case) -> list[FindingStory]:
    sanctioned_on = case.ago(60, 240)
    return [
        FindingStory(
            details=_details(
                "party_discipline", "confirmed", "党纪处分决定", "违反财经纪律",
                sanction="warning", sanctioned_on=sanctioned_on,
            ),
            departments=("discipline", "organisation"),
            remark=f"{sanctioned_on:%Y-%m-%d}受党内警告处分。",
        )
    ]  # fmt: skip


def _probation(case: _Case) -> list[FindingStory]:
    sanctioned_on = case.ago(YEAR, 2 * YEAR)
    return [
        FindingStory(
            details=_details(
                "party_discipline", "confirmed", "党纪处分决定", "留党察看两年，尚未恢复党员权利",
                sanction="probation", sanctioned_on=sanctioned_on,
            ),
            departments=("discipline", "organisation"),
            remark=f"{sanctioned_on:%Y-%m-%d}受留党察看处分，尚未恢复党员权利。",
        )
    ]  # fmt: skip


def _barred_until(case: _Case) -> list[FindingStory]:
    sanctioned_on = case.ago(300, 500)
    until = case.vote + timedelta(days=case.chance.randint(30, 300))
    return [
        FindingStory(
            details=_details(
                "party_discipline", "confirmed", "纪检监察机关书面答复", "明确限制任职期限",
                sanction="serious_warning", sanctioned_on=sanctioned_on, barred_until=until,
            ),
            departments=("discipline", "organisation"),
            remark=f"限制任职至{until:%Y-%m-%d}。",
        )
    ]  # fmt: skip


def _sanction_over(case: _Case) -> list[FindingStory]:
    sanctioned_on = case.ago(3 * YEAR, 4 * YEAR)
    return [
        FindingStory(
            details=_details(
                "party_discipline", "confirmed", "党纪处分决定", "处分期已满",
                sanction="serious_warning", sanctioned_on=sanctioned_on,
            ),
            departments=("discipline", "organisation"),
            remark=f"{sanctioned_on:%Y-%m-%d}受党内严重警告处分，影响期已满。",
        )
    ]  # fmt: skip


def _cleared(case: _Case) -> list[FindingStory]:
    return [
        FindingStory(details=_details("gang_related", "cleared", "公安机关核查答复", "同名同姓，查无此事"))
    ]


def _withdrawn(case: _Case) -> list[FindingStory]:
    """Recorded for the wrong person and taken back; it stays on record and no longer counts."""
    dealt_with_on = case.ago(YEAR, 2 * YEAR)
    details = _details(
        "gang_related", "confirmed", "公安机关处罚决定书", "登记错人，已撤销", dealt_with_on=dealt_with_on
    )
    return [FindingStory(details=details, withdrawn=True)]


def _illegal_building(case: _Case) -> list[FindingStory]:
    return [
        FindingStory(
            details=_details(
                "illegal_building", "confirmed", "镇综合执法队", "违建棚屋约四十平方米，逾期未拆"
            )
        )
    ]


def _absent(case: _Case) -> list[FindingStory]:
    return [FindingStory(details=_details("long_absence", "alleged", "入户走访", "多数时间在外经商"))]


_TELLERS: dict[str, Callable[[_Case], list[FindingStory]]] = {
    "penalty_running": _penalty_running,
    "penalty_eve": _penalty_eve,
    "penalty_over": _penalty_over,
    "family_planning_running": _family_planning,
    "gang_running": _gang_running,
    "gang_alleged": _gang_alleged,
    "warning_running": _warning_running,
    "probation": _probation,
    "barred_until": _barred_until,
    "sanction_over": _sanction_over,
    "cleared": _cleared,
    "withdrawn": _withdrawn,
    "illegal_building": _illegal_building,
    "absent": _absent,
}
