"""Judging a candidate by the eligibility list of the term, and keeping what it stood on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from candidates.actions.flags import follow_disagreements, follow_verdicts, refreeze
from candidates.law import eligibility_law
from candidates.lexicon import basis_texts, titles_of_finding
from candidates.models import Assessment, Basis, Candidacy, DepartmentReply, Finding, Verdict
from candidates.rules import facts
from candidates.rules.disagreements import disagreements
from candidates.rules.eligibility import Judgement, assess
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


@dataclass(frozen=True)
class Material:
    """All that one candidacy is judged on besides the person: findings that count, and answers.

    ``outside`` are findings under situations that the list does not have. A county that changed
    its list left them behind: they stay on record, are named, and count no more.
    """

    findings: list[dict[str, Any]] = field(default_factory=list)
    outside: list[dict[str, Any]] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)


def material_of(candidacies: Collection[Candidacy], *, list_id: str = "") -> dict[int, Material]:
    """Return what each of these is judged on, by candidacy id, in two queries.

    ``list_id`` is a list being thought of in place of the term's.
    """
    found = {one.pk: Material() for one in candidacies}
    laws = {one.pk: eligibility_law(list_id or one.election.term.eligibility_list) for one in candidacies}
    for finding in Finding.objects.in_force().filter(candidacy__in=found):
        own, counts = found[finding.candidacy_id], laws[finding.candidacy_id].names
        (own.findings if counts(finding.details["situation"]) else own.outside).append(finding.details)
    for reply in DepartmentReply.objects.newest().filter(candidacy__in=found):
        answers = found[reply.candidacy_id].answers
        answers.replies[reply.department] = reply.answer
        if reply.situations:
            answers.concerning[reply.department] = reply.situations
    return found


def judge(
    candidacy: Candidacy, material: Material, *, list_id: str = "", election_day: date | None = None
) -> Judgement | None:
    """Judge one candidacy on this material, None while there is no election day.

    ``list_id`` and ``election_day`` are ones being thought of in place of those that are set.
    """
    election = candidacy.election
    day = election_day or election.election_day
    if day is None:
        return None
    return assess(
        law=eligibility_law(list_id or election.term.eligibility_list),
        election_day=day,
        person=facts_of_person(candidacy),
        findings=[facts_of_finding(details) for details in material.findings],
        replies=material.answers.known,
        concerning=material.answers.concerning,
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
    rows, kept = list(candidacies), []
    for start in range(0, len(rows), BATCH):
        kept += _reassess(rows[start : start + BATCH], cause=cause, at=at, actor=actor)
    return kept


def _reassess(
    candidacies: Sequence[Candidacy], *, cause: str, at: datetime, actor: User | None
) -> list[Assessment]:
    material, bases = material_of(candidacies), _bases_of(candidacies)
    judged = set(
        Assessment.objects.filter(candidacy__in=candidacies, current=True).values_list("candidacy", flat=True)
    )
    kept, disagreeing, before = [], {}, []
    for candidacy in candidacies:
        own, list_id = material[candidacy.pk], candidacy.election.term.eligibility_list
        judgement = judge(candidacy, own)
        was = candidacy.verdict
        if judgement is None or candidacy.election.election_day is None:
            candidacy.verdict = Verdict.NOT_ESTABLISHED
            continue
        kept.append(
            Assessment(
                candidacy=candidacy,
                eligibility_list=list_id,
                election_day=candidacy.election.election_day,
                verdict=judgement.verdict.value,
                snapshot={
                    "about": _about(candidacy),
                    "case": _case(candidacy, own),
                    "answer": judgement.as_json(),
                },
                basis=bases[list_id],
                was=was if candidacy.pk in judged else "",
                cause=cause,
                caused_by=actor,
                at=at,
            )
        )
        candidacy.verdict = judgement.verdict.value
        before.append((candidacy, was))
        disagreeing[candidacy.pk] = disagreements(
            law=eligibility_law(list_id),
            judgement=judgement,
            replies=own.answers.known,
            concerning=own.answers.concerning,
        )
    Assessment.objects.filter(candidacy__in=candidacies, current=True).update(current=False)
    Assessment.objects.bulk_create(kept, batch_size=BATCH)
    for verdict in Verdict:
        Candidacy.objects.filter(pk__in=[one.pk for one in candidacies if one.verdict == verdict]).exclude(
            verdict=verdict
        ).update(verdict=verdict)
    follow_verdicts(before, actor=actor, at=at)
    follow_disagreements(disagreeing, candidacies, actor=actor, at=at)
    refreeze(candidacies, at=at)
    return kept


def _bases_of(candidacies: Iterable[Candidacy]) -> dict[str, Basis]:
    """The law and the words of each list these are judged by, stored once as they are today."""
    found = {}
    for list_id in {one.election.term.eligibility_list for one in candidacies}:
        digest, texts = basis_texts(list_id)
        found[list_id], _made = Basis.objects.defer("texts").get_or_create(
            digest=digest, defaults={"eligibility_list": list_id, "texts": texts}
        )
    return found


def _about(candidacy: Candidacy) -> dict[str, str]:
    """Who was judged, for what post and where: names may be corrected later."""
    return {
        "name": candidacy.person.name,
        "post": candidacy.post,
        "place": candidacy.election.place.name,
    }


def _case(candidacy: Candidacy, material: Material) -> dict[str, Any]:
    return {
        "person": {"born": candidacy.person.born, **candidacy.standing},
        "findings": material.findings,
        "outside": [
            {"details": details, "titles": titles_of_finding(details["situation"])}
            for details in material.outside
        ],
        "replies": material.answers.replies,
        "concerning": material.answers.concerning,
    }
