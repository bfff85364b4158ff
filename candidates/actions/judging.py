"""Judging a candidate by the eligibility list of the term, and keeping what it stood on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from candidates.actions.flags import follow_disagreements, follow_verdict, refreeze
from candidates.law import eligibility_law
from candidates.models import Assessment, Candidacy, DepartmentReply, Finding, Verdict
from candidates.rules import facts
from candidates.rules.eligibility import Judgement, assess, disagreements
from election_admin.accounts.models import User

DATE_FACTS = facts.DATE_FACTS
# Rows a statement: SQLite takes so many values and no more.
BATCH = 500


def facts_of_finding(details: dict[str, Any]) -> facts.Finding:
    """Return a stored finding as the rules take it."""
    values = {name: date.fromisoformat(details[name]) if details.get(name) else None for name in DATE_FACTS}
    return facts.Finding(
        situation=details["situation"],
        status=facts.Status(details["status"]),
        sanction=details.get("sanction") or None,
        **values,
    )


def facts_of_person(candidacy: Candidacy) -> facts.Person:
    """Return what the statute asks of the person, as the rules take it."""
    return facts.Person(
        born=candidacy.person.born,
        registered_voter=candidacy.standing.get("registered_voter"),
        deprived_of_political_rights=candidacy.standing.get("deprived_of_political_rights"),
    )


@dataclass(frozen=True)
class Answers:
    """What the departments said about one candidacy: who has a record, and what it is about."""

    replies: dict[str, str] = field(default_factory=dict)
    concerning: dict[str, list[str]] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, facts.Reply]:
        """The replies as the rules take them."""
        return {department: facts.Reply(answer) for department, answer in self.replies.items()}


def judge(candidacy: Candidacy, *, findings: Iterable[dict[str, Any]], answers: Answers) -> Judgement | None:
    """Judge one candidacy on these findings and replies, None while there is no election day."""
    election = candidacy.election
    if election.election_day is None:
        return None
    return assess(
        law=eligibility_law(election.term.eligibility_list),
        election_day=election.election_day,
        person=facts_of_person(candidacy),
        findings=[facts_of_finding(details) for details in findings],
        replies=answers.known,
        concerning=answers.concerning,
    )


def reassess(
    candidacies: Iterable[Candidacy], *, cause: str, at: datetime, actor: User | None = None
) -> list[Assessment]:
    """Judge these candidacies anew, inside the caller's transaction, and keep each snapshot.

    ``cause`` is the verb of the act that made it necessary, ``actor`` whose act it was. A candidacy
    of an election without a day keeps no assessment: there is no day to judge it on. What the new
    judgement freezes is frozen: departments that contradict each other, a final candidate who is
    qualified no longer.
    """
    candidacies = list(candidacies)
    findings, answers = _findings_of(candidacies), _answers_of(candidacies)
    judged = set(
        Assessment.objects.filter(candidacy__in=candidacies, current=True).values_list("candidacy", flat=True)
    )
    kept, disagreeing = [], {}
    for candidacy in candidacies:
        own = answers[candidacy.pk]
        judgement = judge(candidacy, findings=findings[candidacy.pk], answers=own)
        day = candidacy.election.election_day
        was = candidacy.verdict
        if judgement is None or day is None:
            candidacy.verdict = Verdict.NOT_ESTABLISHED
            continue
        kept.append(
            Assessment(
                candidacy=candidacy,
                eligibility_list=candidacy.election.term.eligibility_list,
                election_day=day,
                verdict=judgement.verdict.value,
                snapshot={
                    "case": {
                        "person": {
                            "born": candidacy.person.born,
                            **candidacy.standing,
                        },
                        "findings": findings[candidacy.pk],
                        "replies": own.replies,
                        "concerning": own.concerning,
                    },
                    "answer": judgement.as_json(),
                },
                was=was if candidacy.pk in judged else "",
                cause=cause,
                caused_by=actor,
                at=at,
            )
        )
        candidacy.verdict = judgement.verdict.value
        follow_verdict(candidacy, was, actor=actor, at=at)
        disagreeing[candidacy.pk] = disagreements(
            law=eligibility_law(candidacy.election.term.eligibility_list),
            judgement=judgement,
            replies=own.known,
            concerning=own.concerning,
        )
    Assessment.objects.filter(candidacy__in=candidacies, current=True).update(current=False)
    Assessment.objects.bulk_create(kept, batch_size=BATCH)
    Candidacy.objects.bulk_update(candidacies, ["verdict"], batch_size=BATCH)
    follow_disagreements(disagreeing, candidacies, actor=actor, at=at)
    refreeze(candidacies, at=at)
    return kept


def _findings_of(candidacies: list[Candidacy]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in candidacies}
    for finding in Finding.objects.in_force().filter(candidacy__in=found):
        found[finding.candidacy_id].append(finding.details)
    return found


def _answers_of(candidacies: list[Candidacy]) -> dict[int, Answers]:
    found = {one.pk: Answers() for one in candidacies}
    for reply in DepartmentReply.objects.newest().filter(candidacy__in=found):
        own = found[reply.candidacy_id]
        own.replies[reply.department] = reply.answer
        if reply.situations:
            own.concerning[reply.department] = reply.situations
    return found
