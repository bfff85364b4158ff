"""Every address of the office, with rows to fill its arguments from a county of the cast.

A route that takes arguments and is not named here fails the tests that walk all of them: what
is not tried on another county's rows is not known to be closed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from ballots.actions.committee import leave_committee
from ballots.actions.committee_votes import Counted, Meeting, choose_committee
from ballots.actions.notices import post_notice
from ballots.actions.occasions import open_by_election, open_recall
from ballots.actions.roll import enrol_voter
from ballots.actions.violations import record_violation
from ballots.models import CommitteeMember, Recall, Violation, Voter
from ballots.rules.roll import Registration
from candidates.actions.findings import record_finding
from candidates.actions.objections import record_objection
from candidates.actions.people import record_candidate
from candidates.models import Candidacy, Enquiry, Finding, Flag, Objection, Person, ReviewBatch, ReviewItem
from election_admin.documents.actions import request_document
from election_admin.documents.models import Document
from election_admin.evidence.actions import attach
from election_admin.evidence.models import Evidence
from election_admin.imports.actions import request_import
from election_admin.imports.models import ImportJob
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from tests.cast import NOW, TODAY, County
from tests.evidence.uploads import make_photo
from tests.imports import staff
from tests.imports.excel import people, upload, workbook
from villages.actions.audits import record_audit
from villages.actions.editions import adopt_edition
from villages.actions.facts import record_dispute, record_profile
from villages.actions.plans import write_plan
from villages.actions.risk import Answer, record_survey
from villages.actions.teams import add_team
from villages.models import (
    Audit,
    DisposalPlan,
    Dispute,
    Election,
    GuidanceTeam,
    Rating,
    VillageProfile,
)
from villages.models.audits import Subject
from villages.models.editions import RulebookEdition

staff.register()


@dataclass(frozen=True)
class Rows:
    """One row of each kind, all of one county's first village."""

    county: County
    audit: Audit
    candidacy: Candidacy
    dispute: Dispute
    document: Document
    edition: RulebookEdition
    evidence: Evidence
    import_job: ImportJob
    finding: Finding
    objection: Objection
    plan: DisposalPlan
    rating: Rating
    team: GuidanceTeam
    violation: Violation
    voter: Voter
    left: CommitteeMember
    recall: Recall
    by_election: Election


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
    violation = record_violation(
        step=county.election.steps.get(code="seats_decided"),
        what="职数没有经村民代表会议讨论",
        found_on=TODAY,
        stopped_by="镇选举指导组",
        **context,
    )
    evidence = attach(kind="violation", subject=violation, file=make_photo(), **context)
    left = make_committee(county)
    post_notice(
        election=county.election,
        code="scribes",
        serial=1,
        posted_on=TODAY,
        posted_where="村务公开栏",
        with_step=False,
        **context,
    )
    voter = enrol_voter(
        election=county.election,
        voter=Registration(
            name="李玉兰",
            sex="female",
            born=TODAY.replace(year=1975),
            group="第1组",
            ground="resident",
        ),
        **context,
    )
    return Rows(
        county=county,
        audit=audit,
        candidacy=candidacy,
        dispute=dispute,
        document=document,
        edition=make_edition(county),
        evidence=evidence,
        import_job=make_import(county),
        finding=finding,
        objection=make_objection(candidacy, official),
        plan=plan,
        rating=rating,
        team=add_team(
            township=county.township,
            values={"name": "第一指导组", "leader": "何永根", "members": ""},
            **context,
        ),
        violation=violation,
        voter=voter,
        left=left,
        recall=make_recall(county),
        by_election=make_by_election(county),
    )


def make_objection(candidacy: Candidacy, official: Any) -> Objection:
    """An objection that was brought to the election committee."""
    return record_objection(
        election=candidacy.election,
        about="candidate",
        candidacy=candidacy,
        received_on=TODAY,
        office="committee",
        raised_by="李四",
        content="其户口不在本村",
        actor=official,
        at=NOW,
    )


def make_import(county: County) -> ImportJob:
    """A file that a township has sent in and nobody has read yet."""
    return request_import(
        kind=staff.CODE,
        place=county.township,
        file=upload(workbook(people(1))),
        actor=county.township_official,
        at=NOW,
    )


def make_edition(county: County) -> RulebookEdition:
    """A county's edition that is not in force yet, so that no date of the cast moves."""
    return adopt_edition(
        county=county.county,
        rulebook=county.term.procedure,
        path="parameters.proxies_per_holder.value",
        new=2,
        document="关于做好村级组织换届选举工作的实施意见",
        article="6",
        rank="arrangement",
        in_force_from=TODAY.replace(year=2027),
        remark="",
        actor=county.administrator,
        at=NOW,
    )


def make_recall(county: County) -> Recall:
    """A recall that enough have asked for."""
    values = {"member": "何永根", "post": "member", "grounds": "长期外出", "asked_by": "representatives"}
    election = open_recall(
        place=county.village,
        received_on=TODAY,
        values={**values, "signatures": 12, "out_of": 36},
        actor=county.township_official,
        at=NOW,
    )
    return election.recall


def make_by_election(county: County) -> Election:
    """A by-election whose votes are counted, after which seats may be left."""
    election = open_by_election(
        place=county.village,
        vacant_since=TODAY,
        seats=1,
        values={"member": "谢美珍", "post": "member", "because": "resigned", "remaining": 4},
        actor=county.township_official,
        at=NOW,
    )
    counted = election.steps.filter(code__in=("vote_held", "count_done"))
    counted.update(done_on=TODAY, recorded_at=NOW, recorded_by=county.township_official)
    return election


def make_committee(county: County) -> CommitteeMember:
    """An election committee of five with two runners-up, of which a member has resigned: this one."""
    names = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七")
    context: dict[str, Any] = {"actor": county.township_official, "at": NOW}
    vote = choose_committee(
        election=county.election,
        meeting=Meeting(
            how="representatives_meeting",
            held_on=TODAY.replace(month=11, day=6),
            due=45,
            present=40,
            seats=5,
        ),
        counted=[Counted(name, 40 - number) for number, name in enumerate(names)],
        **context,
    )
    member = vote.members.get(name="周五")
    return leave_committee(member=member, left_on=TODAY, because="resigned", remark="", **context)


def _committee_member(name: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"pk": rows.left.vote.members.get(name=name).pk}


def _code(rows: Rows) -> dict[str, Any]:
    return {"code": rows.county.village.code}


def _election(rows: Rows) -> dict[str, Any]:
    return {"election_id": rows.county.election.pk}


def _step(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.county.election.steps.get(code="seats_decided").pk}


def _pk(name: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"pk": getattr(rows, name).pk}


def _notice(code: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"election_id": rows.county.election.pk, "code": code, "serial": 1}


def _double(rows: Rows) -> dict[str, Any]:
    """The candidate, and one of the same name and birthday who stands in the second village."""
    own, county = rows.candidacy, rows.county
    person, _made = Person.objects.get_or_create(
        place=county.second_village, name=own.person.name, born=own.person.born, defaults={"sex": "male"}
    )
    other, _made = Candidacy.objects.get_or_create(
        election=Election.objects.of_committee().get(place=county.second_village, term=county.term),
        person=person,
        defaults={"post": "chair", "how": "self", "nominated_on": TODAY},
    )
    return {"pk": own.pk, "other": other.pk}


def _batch(rows: Rows) -> ReviewBatch:
    """A batch under way with the candidate in it, about whom every department is asked."""
    county = rows.county
    batch, made = ReviewBatch.objects.get_or_create(
        place=county.township,
        term=county.term,
        number=1,
        defaults={
            "state": ReviewBatch.State.SENT,
            "due_on": TODAY + timedelta(days=9),
            "made_at": NOW,
            "sent_at": NOW,
            "sent_by": county.township_official,
        },
    )
    if made:
        ReviewItem.objects.create(batch=batch, candidacy=rows.candidacy)
        asked = load_eligibility_list(county.term.eligibility_list).departments.value
        Enquiry.objects.bulk_create(Enquiry(batch=batch, department=code) for code in asked)
    return batch


def _review(rows: Rows) -> dict[str, Any]:
    return {"pk": _batch(rows).pk}


def _asked(rows: Rows) -> dict[str, Any]:
    return {"pk": _batch(rows).enquiries.get(department="court").pk}


def _flag(rows: Rows) -> dict[str, Any]:
    """Two departments contradict each other about the candidate."""
    details = {"situation": "incapacity", "record": ["health"], "no_record": ["civil_affairs"]}
    flag = Flag.objects.filter(candidacy=rows.candidacy).first() or Flag.objects.create(
        candidacy=rows.candidacy, kind=Flag.Kind.DISAGREEMENT, details=details, opened_at=NOW
    )
    return {"pk": flag.pk}


def _document(rows: Rows) -> dict[str, Any]:
    return {"document_id": rows.document.pk}


def _import_into_township(rows: Rows) -> dict[str, Any]:
    return {"kind": staff.CODE, "code": rows.county.township.code}


ARGUMENTS: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "accounts:set_account_active": lambda rows: {"user_id": rows.county.committee_member.pk},
    "documents:request_document": lambda rows: {"kind": "audit_report", "subject_id": rows.audit.pk},
    "documents:document": _document,
    "documents:document_status": _document,
    "documents:open_document": _document,
    "documents:look_into": _document,
    "documents:close_look": _document,
    "documents:cancel_document": _document,
    "documents:retry_document": _document,
    "imports:import_job": _pk("import_job"),
    "imports:import_status": _pk("import_job"),
    "imports:faults": _pk("import_job"),
    "imports:confirm_import": _pk("import_job"),
    "imports:cancel_import": _pk("import_job"),
    "imports:retry_import": _pk("import_job"),
    "imports:request_import": _import_into_township,
    "imports:blank": _import_into_township,
    "evidence:attach": lambda rows: {"kind": "violation", "subject_id": rows.violation.pk},
    "evidence:open_evidence": _pk("evidence"),
    "evidence:look_into": _pk("evidence"),
    "evidence:close_look": _pk("evidence"),
    "evidence:withdraw": _pk("evidence"),
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
    "candidates:assessment": lambda rows: {"pk": rows.candidacy.assessments.get(current=True).pk},
    "candidates:change_eligibility_list": lambda rows: {"pk": rows.county.term.pk},
    "candidates:look": _pk("candidacy"),
    "candidates:change_state": _pk("candidacy"),
    "candidates:correct_candidate": _pk("candidacy"),
    "candidates:finding_facts": _pk("candidacy"),
    "candidates:close_look": _pk("candidacy"),
    "candidates:record_finding": _pk("candidacy"),
    "candidates:withdraw_finding": _pk("finding"),
    "candidates:reply": lambda rows: {"pk": _batch(rows).items.get().candidacy_id},
    "candidates:enquiry": _asked,
    "candidates:enquiry_facts": lambda rows: {**_asked(rows), "item_id": _batch(rows).items.get().pk},
    "candidates:look_at_enquiry": _asked,
    "candidates:close_enquiry": _asked,
    "candidates:sheet": _asked,
    "candidates:open_sheet": _asked,
    "candidates:upload_sheet": _asked,
    "candidates:take_sheet": _asked,
    "ballots:procedure": _election,
    "ballots:edition": _pk("edition"),
    "ballots:adopt_edition": lambda rows: {
        "rulebook_id": rows.county.term.procedure,
        "code": rows.county.county.code,
    },
    "ballots:elections": _code,
    "ballots:open_recall": _code,
    "ballots:open_by_election": _code,
    "ballots:open_further": lambda rows: {"election_id": rows.by_election.pk},
    "ballots:open_new": lambda rows: {"election_id": rows.by_election.pk},
    "ballots:recall": _pk("recall"),
    "ballots:set_election_day": _election,
    "ballots:preview_election_day": _election,
    "ballots:plan_days": lambda rows: {"code": rows.county.township.code},
    "ballots:guidance_teams": lambda rows: {"code": rows.county.township.code},
    "ballots:edit_team": _pk("team"),
    "ballots:set_team_active": _pk("team"),
    "ballots:record_step": _step,
    "ballots:undo_step": _step,
    "ballots:record_violation": _step,
    "ballots:roll": _election,
    "ballots:enrol_voter": _election,
    "ballots:paste_roll": _election,
    "ballots:take_over_roll": _election,
    "ballots:strike_off": _pk("voter"),
    "ballots:violation_list": _election,
    "ballots:correct_violation": _pk("violation"),
}
ARGUMENTS |= {
    "candidates:double": _double,
    "candidates:tell_apart": _double,
    "candidates:take_back_telling_apart": _double,
}
ARGUMENTS |= {
    "candidates:record_nomination": _pk("candidacy"),
    "candidates:choose_post": _pk("candidacy"),
    "candidates:withdraw_nomination": lambda rows: {"pk": rows.candidacy.nominations.get().pk},
    "candidates:record_votes": _election,
    "candidates:final_list": _election,
    "candidates:settle_final_list": _election,
}
ARGUMENTS |= {
    "ballots:notices": _election,
    "ballots:print_notices": _election,
    "ballots:notice": _notice("election_day"),
    "ballots:print_notice": _notice("election_day"),
    "ballots:post_notice": _notice("election_day"),
    "ballots:undo_posting": _notice("scribes"),
}
ARGUMENTS |= {
    "ballots:committee": _election,
    "ballots:choose_committee": _election,
    "ballots:choose_chair": _election,
    "ballots:record_kinship": _election,
    "ballots:correct_committee_vote": lambda rows: {"pk": rows.left.vote_id},
    "ballots:leave_committee": _committee_member("赵一"),
    "ballots:move_up": _committee_member("吴六"),
    "ballots:decline_place": _committee_member("吴六"),
    "ballots:take_back_change": _pk("left"),
}
ARGUMENTS |= {
    "candidates:objection_list": _election,
    "candidates:record_objection": _election,
    "candidates:objection": _pk("objection"),
    "candidates:look_at_objection": _pk("objection"),
    "candidates:close_objection_look": _pk("objection"),
    "candidates:decide_objection": _pk("objection"),
    "candidates:print_forms": _election,
    "candidates:print_batch_forms": lambda rows: {"pk": _batch(rows).pk},
}
ARGUMENTS |= {
    "candidates:open_batch": lambda rows: {"code": rows.county.township.code},
    "candidates:batch": _review,
    "candidates:change_items": _review,
    "candidates:drop_batch": _review,
    "candidates:send_batch": _review,
    "candidates:return_batch": _review,
    "candidates:sign_off": _review,
    "candidates:remind_all": _review,
    "candidates:remind": _asked,
    "candidates:flag": _flag,
    "candidates:look_at_flag": _flag,
    "candidates:close_flag_look": _flag,
    "candidates:resolve_flag": _flag,
    "candidates:ask_again": _flag,
}
# Rows of a whole county, which all its townships read.
OF_THE_COUNTY = frozenset({"ballots:edition"})
# Rulebooks are nobody's rows: the law is the same for all.
OF_NO_PLACE: dict[str, dict[str, Any]] = {
    "ballots:feed": {"token": "of-nobody"},
    "ballots:rulebook": {"rulebook_id": "zhejiang-2020"},
    "ballots:work_schedule": {"schedule_id": "city-2026"},
    "ballots:choose_comparison": {"rulebook_id": "zhejiang-2020"},
    "ballots:compare_rulebooks": {"rulebook_id": "zhejiang-2020", "other": "shanghai-2020"},
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
