"""Every address of the office, with rows to fill its arguments from a county of the cast.

A route that takes arguments and is not named here fails the tests that walk all of them: what
is not tried on another county's rows is not known to be closed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from candidates.actions.people import record_candidate, record_finding
from candidates.models import Candidacy, Finding
from election_admin.documents.actions import request_document
from election_admin.documents.models import Document
from tests.cast import NOW, TODAY, County
from villages.actions.audits import record_audit
from villages.actions.facts import record_dispute, record_profile
from villages.actions.plans import write_plan
from villages.actions.risk import Answer, record_survey
from villages.models import Audit, DisposalPlan, Dispute, Rating, VillageProfile
from villages.models.audits import Subject


@dataclass(frozen=True)
class Rows:
    """One row of each kind, all of one county's first village."""

    county: County
    audit: Audit
    candidacy: Candidacy
    dispute: Dispute
    document: Document
    finding: Finding
    plan: DisposalPlan
    rating: Rating


CANDIDATE: dict[str, Any] = {
    "name": "王建国",
    "sex": "male",
    "born": TODAY.replace(year=1980),
    "id_number": "",
    "ethnicity": "汉族",
    "education": "高中",
    "party_member": True,
}


def make_rows(county: County) -> Rows:
    """Fill the first village of a county with one row of each kind, by the actions."""
    official, village = county.township_official, county.village
    context: dict[str, Any] = {"actor": official, "at": NOW}
    record_profile(
        place=village,
        values=dict.fromkeys(VillageProfile.recorded_fields)
        | {"population": 1200, "ethnic_groups": "", "largest_clan": "", "remark": ""},
        **context,
    )
    rating = record_survey(
        place=village,
        term=county.term,
        answers={"clan_factions": Answer(3, "两姓争夺主任职位")},
        **context,
    )
    audit = record_audit(
        place=village,
        term=county.term,
        values={
            "auditor": "镇农经站",
            "period_start": TODAY.replace(year=2021),
            "period_end": TODAY,
            "opening_balance": None,
            "income": None,
            "expenditure": None,
            "closing_balance": None,
            "opinion": "",
        },
        conclusions=dict.fromkeys(Subject.values, ""),
        findings=[],
        completed=False,
        **context,
    )
    dispute = record_dispute(
        place=village,
        values={
            "subject": "land",
            "summary": "机耕路占地补偿未谈妥",
            "parties": "",
            "raised_on": TODAY,
            "mediator": "",
            "deadline": None,
        },
        **context,
    )
    plan = write_plan(
        place=village,
        term=county.term,
        values=dict.fromkeys(DisposalPlan.recorded_fields, "两姓争夺主任职位。"),
        measures=[],
        **context,
    )
    candidacy = record_candidate(
        election=county.election,
        person=CANDIDATE,
        values={
            "post": "chair",
            "how": "joint",
            "nominated_on": TODAY,
            "supporters": 12,
            "registered_voter": True,
            "deprived_of_political_rights": False,
        },
        **context,
    )
    finding = record_finding(
        candidacy=candidacy, details={"situation": "incapacity", "status": "alleged"}, **context
    )
    document = request_document(
        kind="disposal_plan", subject=plan, language="zh-hans", actor=official, at=NOW
    )
    return Rows(
        county=county,
        audit=audit,
        candidacy=candidacy,
        dispute=dispute,
        document=document,
        finding=finding,
        plan=plan,
        rating=rating,
    )


def _code(rows: Rows) -> dict[str, Any]:
    return {"code": rows.county.village.code}


def _election(rows: Rows) -> dict[str, Any]:
    return {"election_id": rows.county.election.pk}


def _step(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.county.election.steps.get(code="seats_decided").pk}


def _pk(name: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"pk": getattr(rows, name).pk}


def _document(rows: Rows) -> dict[str, Any]:
    return {"document_id": rows.document.pk}


ARGUMENTS: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "accounts:set_account_active": lambda rows: {"user_id": rows.county.committee_member.pk},
    "documents:request_document": lambda rows: {"kind": "audit_report", "subject_id": rows.audit.pk},
    "documents:document": _document,
    "documents:document_status": _document,
    "documents:open_document": _document,
    "documents:cancel_document": _document,
    "documents:retry_document": _document,
    "villages:settle_dispute": _pk("dispute"),
    "villages:publish_audit": _pk("audit"),
    "villages:plan": _pk("plan"),
    "villages:submit_plan": _pk("plan"),
    "villages:review_plan": _pk("plan"),
    "villages:decide_rating": _pk("rating"),
    "villages:village": _code,
    "villages:edit_profile": _code,
    "villages:survey": _code,
    "villages:rating": _code,
    "villages:record_dispute": _code,
    "villages:edit_audit": _code,
    "villages:write_plan": _code,
    "candidates:candidate_list": _election,
    "candidates:record_candidate": _election,
    "candidates:candidate": _pk("candidacy"),
    "candidates:look": _pk("candidacy"),
    "candidates:change_state": _pk("candidacy"),
    "candidates:correct_candidate": _pk("candidacy"),
    "candidates:finding_facts": _pk("candidacy"),
    "candidates:close_look": _pk("candidacy"),
    "candidates:record_finding": _pk("candidacy"),
    "candidates:withdraw_finding": _pk("finding"),
    "candidates:reply": _pk("candidacy"),
    "ballots:procedure": _election,
    "ballots:set_election_day": _election,
    "ballots:record_step": _step,
    "ballots:undo_step": _step,
}
# Rulebooks are nobody's rows: the law is the same for all.
OF_NO_PLACE: dict[str, dict[str, Any]] = {
    "ballots:rulebook": {"rulebook_id": "zhejiang-2020"},
    "ballots:eligibility": {"rulebook_id": "five-situations-2013"},
    "ballots:risk_model": {"rulebook_id": "default-2026"},
}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every route of the project under its full name."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, prefix + namespace)
            else:
                yield prefix + str(pattern.name), pattern

    yield from walk(get_resolver().url_patterns, "")
