"""What is known of villages, from stories into rows: profiles, surveys, disputes, audits, plans."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from ballots.demo.desk import BATCH, Desk
from ballots.demo.story import VillageStory
from villages.models import (
    Audit,
    AuditFinding,
    AuditSubject,
    DisposalPlan,
    Dispute,
    PlanMeasure,
    Rating,
    SurveyAnswer,
    VillageProfile,
)

_TOLD_ONLY = {"other_clan"}  # told in a profile, kept in none


def write_records(desk: Desk, stories: Sequence[VillageStory]) -> None:
    """Write everything the villages' pages show, inside the caller's transaction."""
    _write_profiles(desk, stories)
    _write_surveys(desk, stories)
    _write_disputes(desk, stories)
    _write_audits(desk, stories)
    _write_plans(desk, stories)


def _write_profiles(desk: Desk, stories: Iterable[VillageStory]) -> None:
    VillageProfile.objects.bulk_create(
        VillageProfile(
            place=desk.places[story.village.code],
            updated_by=desk.official(story),
            updated_at=desk.moment(story.survey.answered_on),
            **{name: value for name, value in story.profile.items() if name not in _TOLD_ONLY},
        )
        for story in stories
    )


def _write_surveys(desk: Desk, stories: Sequence[VillageStory]) -> None:
    SurveyAnswer.objects.bulk_create(
        (
            SurveyAnswer(
                place=desk.places[story.village.code],
                term=desk.term,
                factor=factor,
                level=level,
                evidence=story.survey.evidence[factor],
                by=desk.official(story),
                at=desk.moment(story.survey.answered_on),
            )
            for story in stories
            for factor, level in story.survey.levels.items()
        ),
        batch_size=BATCH,
    )
    Rating.objects.bulk_create((_rating(desk, story) for story in stories), batch_size=BATCH)


def _rating(desk: Desk, story: VillageStory) -> Rating:
    rated, evidence = story.survey.rating, story.survey.evidence
    contributions: Any = rated.as_json()["contributions"]
    rating = Rating(
        place=desk.places[story.village.code],
        term=desk.term,
        model=desk.term.risk_model,
        score=rated.score,
        completeness=rated.completeness,
        computed_band=rated.band.value,
        band=rated.band.value,
        floors=list(rated.floors),
        contributions=[{**one, "evidence": evidence.get(one["factor"], "")} for one in contributions],
        at=desk.moment(story.survey.answered_on),
    )
    if story.decision is not None:
        rating.band, rating.decision_reason = story.decision
        rating.decided_by = desk.reviewer
        rating.decided_at = desk.moment(story.survey.answered_on + timedelta(days=1), 15)
    return rating


def _write_disputes(desk: Desk, stories: Iterable[VillageStory]) -> None:
    Dispute.objects.bulk_create(
        (
            Dispute(place=desk.places[story.village.code], recorded_by=desk.official(story), **vars(dispute))
            for story in stories
            for dispute in story.disputes
        ),
        batch_size=BATCH,
    )


def _write_audits(desk: Desk, stories: Iterable[VillageStory]) -> None:
    told = [(story, story.audit) for story in stories if story.audit is not None]
    audits = Audit.objects.bulk_create(
        Audit(
            place=desk.places[story.village.code],
            term=desk.term,
            state=audit.state,
            published_on=audit.published_on,
            published_where=audit.published_where,
            updated_by=desk.official(story),
            updated_at=desk.moment(audit.updated_on),
            **audit.values,
        )
        for story, audit in told
    )
    AuditSubject.objects.bulk_create(
        (
            AuditSubject(audit=row, subject=subject, conclusion=conclusion)
            for row, (_story, audit) in zip(audits, told, strict=True)
            for subject, conclusion in audit.conclusions.items()
        ),
        batch_size=BATCH,
    )
    AuditFinding.objects.bulk_create(
        AuditFinding(audit=row, **finding)
        for row, (_story, audit) in zip(audits, told, strict=True)
        for finding in audit.findings
    )


def _write_plans(desk: Desk, stories: Iterable[VillageStory]) -> None:
    versions = [
        (story, version, version is story.plan)
        for story in stories
        if story.plan is not None
        for version in (*story.plan.earlier, story.plan)
    ]
    plans = DisposalPlan.objects.bulk_create(
        DisposalPlan(
            place=desk.places[story.village.code],
            term=desk.term,
            version=plan.version,
            newest=newest,
            state=plan.state,
            written_by=desk.official(story),
            written_at=desk.moment(plan.written_on),
            submitted_at=desk.moment(plan.submitted_on, 11) if plan.submitted_on else None,
            reviewed_by=desk.reviewer if plan.reviewed_on else None,
            reviewed_at=desk.moment(plan.reviewed_on, 16) if plan.reviewed_on else None,
            review_remark=plan.remark,
            **plan.values,
        )
        for story, plan, newest in versions
    )
    PlanMeasure.objects.bulk_create(
        PlanMeasure(plan=row, **measure)
        for row, (_story, plan, _newest) in zip(plans, versions, strict=True)
        for measure in plan.measures
    )
