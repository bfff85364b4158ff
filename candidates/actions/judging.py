"""Judging a candidate by the eligibility list of the term, and keeping what it stood on."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from candidates.law import eligibility_law
from candidates.models import Assessment, Candidacy, DepartmentReply, Finding, Verdict
from candidates.rules import facts
from candidates.rules.eligibility import Judgement, assess

DATE_FACTS = facts.DATE_FACTS


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


def judge(
    candidacy: Candidacy, *, findings: Iterable[dict[str, Any]], replies: dict[str, str]
) -> Judgement | None:
    """Judge one candidacy on these findings and replies, None while there is no election day."""
    election = candidacy.election
    if election.election_day is None:
        return None
    return assess(
        law=eligibility_law(election.term.eligibility_list),
        election_day=election.election_day,
        person=facts_of_person(candidacy),
        findings=[facts_of_finding(details) for details in findings],
        replies={department: facts.Reply(answer) for department, answer in replies.items()},
    )


def reassess(candidacies: Iterable[Candidacy], *, cause: str, at: datetime) -> list[Assessment]:
    """Judge these candidacies anew, inside the caller's transaction, and keep each snapshot.

    ``cause`` is the verb of the act that made it necessary. A candidacy of an election without
    a day keeps no assessment: there is no day to judge it on.
    """
    candidacies = list(candidacies)
    ids = [candidacy.pk for candidacy in candidacies]
    findings: dict[int, list[dict[str, Any]]] = {pk: [] for pk in ids}
    for finding in Finding.objects.in_force().filter(candidacy__in=ids):
        findings[finding.candidacy_id].append(finding.details)
    replies: dict[int, dict[str, str]] = {pk: {} for pk in ids}
    for reply in DepartmentReply.objects.newest().filter(candidacy__in=ids):
        replies[reply.candidacy_id][reply.department] = reply.answer
    kept = []
    for candidacy in candidacies:
        judgement = judge(candidacy, findings=findings[candidacy.pk], replies=replies[candidacy.pk])
        day = candidacy.election.election_day
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
                        "replies": replies[candidacy.pk],
                    },
                    "answer": judgement.as_json(),
                },
                cause=cause,
                at=at,
            )
        )
        candidacy.verdict = judgement.verdict.value
    Assessment.objects.filter(candidacy__in=ids, current=True).update(current=False)
    Assessment.objects.bulk_create(kept)
    Candidacy.objects.bulk_update(candidacies, ["verdict"])
    return kept
