"""Entering candidates, correcting them, moving them on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.decisions import decide
from candidates.actions.flags import flag_signed
from candidates.actions.identity import candidacies_of, require_not_sent_up, set_answers_aside
from candidates.actions.judging import reassess
from candidates.actions.nomination_checks import (
    check_before_vote,
    check_nomination,
    check_open,
    refuse_double,
    refuse_taken_number,
)
from candidates.actions.nominations import (
    NOMINATION_FIELDS,
    add_nomination,
    follow_nominations,
    leading,
    require_not_settled,
)
from candidates.actions.turns import in_turn, stated
from candidates.deadlines import WITHDRAWALS, limit_of
from candidates.models import Candidacy, Flag, Nomination, Person, Verdict
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.sentences import listed
from villages.models import Election

CANDIDACY_FIELDS = ("post", "how", "nominated_on", "supporters", "state", "standing")


@transaction.atomic
def record_candidate(
    *, election: Election, person: Mapping[str, Any], values: Mapping[str, Any], actor: User, at: datetime
) -> Candidacy:
    """Enter a candidate: the person as the village knows them, and their first nomination.

    ``person`` holds Person.recorded_fields, ``values`` post, how, nominated_on, supporters,
    registered_voter, deprived_of_political_rights, and supporter_names where a joint nomination's
    list is entered. Raises ValidationError when the election has no day or no seat for the post
    yet, for a self-nomination after the law's last day, or when the same person stands already:
    one person, one post, one village (组织法第13条).
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "candidates.record", election)
    check_open(election)
    check_nomination(election, person, values, today=timezone.localdate(at))
    known = _known_person(election, person)
    before = snapshot(known, Person.recorded_fields) if known.pk else None
    _save_person(known, person)
    candidacy = Candidacy(election=election, person=known)
    _save_candidacy(candidacy, values)
    nomination = add_nomination(candidacy, values, actor=actor, at=at)
    follow_nominations(candidacy)
    append(
        verb="candidates.record_candidate",
        row=candidacy,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={
            **snapshot(candidacy, CANDIDACY_FIELDS),
            "person": snapshot(known, Person.recorded_fields),
            "nomination": snapshot(nomination, NOMINATION_FIELDS),
        },
    )
    rows = [candidacy]
    if before not in (None, snapshot(known, Person.recorded_fields)):
        rows += [one for one in candidacies_of(known) if one.pk != candidacy.pk]
    verdicts = {one.pk: one.verdict for one in rows}
    reassess(rows, cause="candidates.record_candidate", at=at, actor=actor)
    flag_signed(rows, verdicts, actor=actor, at=at)
    return candidacy


@transaction.atomic
def correct_candidate(
    *, candidacy: Candidacy, person: Mapping[str, Any], values: Mapping[str, Any], actor: User, at: datetime
) -> Candidacy:
    """Put right what was entered about a candidate, or add what has become known since.

    Takes and refuses the same as record_candidate, and judges anew. Earlier assessments stay. Of
    several nominations the one the candidacy shows is put right; once the final list is settled
    none is. What departments answered about another ID number counts no more, so the number stays as
    it is while they are asked.
    """
    candidacy = in_turn(candidacy)
    election = candidacy.election
    require(actor, "candidates.record", candidacy)
    check_open(election)
    check_nomination(election, person, values, today=timezone.localdate(at))
    refuse_taken_number(election, candidacy, person["id_number"])
    refuse_double(election, person, but=candidacy)
    known = candidacy.person
    another_number = known.id_number != person["id_number"]
    if another_number:
        require_not_sent_up(known)
    before = {**snapshot(candidacy, CANDIDACY_FIELDS), "person": snapshot(known, Person.recorded_fields)}
    was, nomination = _correct_nomination(candidacy, values, actor=actor, at=at)
    _save_person(known, person)
    _save_candidacy(candidacy, values)
    follow_nominations(candidacy)
    append(
        verb="candidates.correct_candidate",
        row=candidacy,
        actor=actor,
        place=election.place,
        at=at,
        before={**before, "nomination": was},
        after={
            **snapshot(candidacy, CANDIDACY_FIELDS),
            "person": snapshot(known, Person.recorded_fields),
            "nomination": nomination,
        },
    )
    if another_number:
        set_answers_aside(known, actor=actor, at=at)
    rows = [candidacy, *(one for one in candidacies_of(known) if one.pk != candidacy.pk)]
    verdicts = {one.pk: one.verdict for one in rows}
    reassess(rows, cause="candidates.correct_candidate", at=at, actor=actor)
    flag_signed(rows, verdicts, actor=actor, at=at)
    return candidacy


def _save_person(known: Person, person: Mapping[str, Any]) -> None:
    for name in Person.recorded_fields:
        setattr(known, name, person[name])
    known.id_hash = keyed_hash(known.id_number) if known.id_number else ""
    known.full_clean(exclude=["place"])
    known.save()


def _save_candidacy(candidacy: Candidacy, values: Mapping[str, Any]) -> None:
    for name in ("post", "how", "nominated_on", "supporters"):
        setattr(candidacy, name, values[name])
    candidacy.standing = {name: values[name] for name in ("registered_voter", "deprived_of_political_rights")}
    candidacy.save()


def _correct_nomination(
    candidacy: Candidacy, values: Mapping[str, Any], *, actor: User, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put right the nomination a candidacy shows; return it before and after, for the journal.

    Its list of names stays where none is given.
    """
    rows = list(Nomination.objects.in_force().filter(candidacy=candidacy, post=candidacy.post))
    if not rows:
        return {}, snapshot(add_nomination(candidacy, values, actor=actor, at=at), NOMINATION_FIELDS)
    shown = leading(rows)
    before = snapshot(shown, NOMINATION_FIELDS)
    if "supporter_names" in values:
        shown.supporter_names = list(values["supporter_names"])
    shown.post, shown.how, shown.nominated_on = values["post"], values["how"], values["nominated_on"]
    if shown.how != Candidacy.How.JOINT:
        shown.supporter_names = []
    shown.supporters = len(shown.supporter_names) or values["supporters"]
    after = snapshot(shown, NOMINATION_FIELDS)
    if after != before:
        require_not_settled(candidacy)
        shown.save(update_fields=["post", "how", "nominated_on", "supporters", "supporter_names"])
    if values["post"] != candidacy.post:
        candidacy.post_chosen_on = None
    return before, after


def _known_person(election: Election, person: Mapping[str, Any]) -> Person:
    """The village's row for this person, matched by ID number; a new one if there is none."""
    held = None
    if person["id_number"]:
        refuse_taken_number(election, None, person["id_number"])
        held = Person.objects.filter(place=election.place, id_hash=keyed_hash(person["id_number"])).first()
    if held is None:
        refuse_double(election, person)
    return held or Person(place=election.place)


# Where an official may move a candidate from each state. Sending a batch puts them in review, and
# settling the list makes them final or not: neither is anybody's to choose. Back again: a later
# batch reviews them anew.
MOVES: dict[str, tuple[Candidacy.State, ...]] = {
    Candidacy.State.PRELIMINARY: (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF),
    Candidacy.State.IN_REVIEW: (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF),
    Candidacy.State.FINAL: (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF),
    Candidacy.State.NOT_LISTED: (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF),
    Candidacy.State.DECLINED: (Candidacy.State.PRELIMINARY,),
    Candidacy.State.STRUCK_OFF: (Candidacy.State.PRELIMINARY,),
}


@transaction.atomic
def change_state(
    *,
    candidacy: Candidacy,
    state: str,
    reason: str,
    actor: User,
    at: datetime,
    declined_on: date | None = None,
) -> Candidacy:
    """Take a candidate out of the election, or back in, with the reason.

    Declining is the person's own: ``declined_on`` is the day of their written statement, by the
    rulebook's last day. Struck off needs the verdict disqualified, and nothing that freezes the
    candidacy (domain: 联审; 组织法第11条). Raises ValidationError where that does not bear it.
    """
    candidacy = in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    check_before_vote(candidacy.election)
    reason = stated(reason, _("请写明依据，如本人书面声明、联审结论的文号。"))
    if state not in MOVES[candidacy.state]:
        raise ValidationError({"state": _("目前的状态不能改为这一项，请重新选择。")})
    if state == Candidacy.State.STRUCK_OFF:
        _check_struck_off(candidacy)
    candidacy.declined_on = None
    if state == Candidacy.State.DECLINED:
        candidacy.declined_on = _checked_statement(candidacy, declined_on, today=timezone.localdate(at))
    if state == Candidacy.State.PRELIMINARY:
        _check_back(candidacy)
    decide(candidacy, Candidacy.State(state), reason=reason, actor=actor, at=at)
    return candidacy


def _check_struck_off(candidacy: Candidacy) -> None:
    kinds = Flag.objects.open().filter(candidacy=candidacy).order_by("pk")
    found = listed(dict.fromkeys(str(flag.get_kind_display()) for flag in kinds))
    if found:
        raise ValidationError(
            {"state": _("有待处理的冻结事项：%s。请先由县里处理，再列为不能确定为候选人。") % found}
        )
    if candidacy.verdict != Verdict.DISQUALIFIED:
        raise ValidationError({"state": _("只有资格结论为“不符合资格”的，才能列为不能确定为候选人。")})


def _checked_statement(candidacy: Candidacy, declined_on: date | None, *, today: date) -> date:
    """The day of the person's own statement. Raises ValidationError where it cannot be, or is too late."""
    if declined_on is None:
        raise ValidationError({"declined_on": _("请填写本人书面声明退出的日期。")})
    if declined_on > today:
        raise ValidationError({"declined_on": _("日期还没有到，请填写今天或以前的日期。")})
    first = Nomination.objects.filter(candidacy=candidacy).order_by("nominated_on").first()
    if declined_on < (first.nominated_on if first else candidacy.nominated_on):
        raise ValidationError({"declined_on": _("退出声明的日期早于提名日期，请核对。")})
    limit, day = limit_of(candidacy.election, WITHDRAWALS), candidacy.election.election_day
    if limit is not None and declined_on > limit.day:
        raise ValidationError(
            {
                "declined_on": _("候选人最迟可以在%(day)s退出（%(article)s），这一天以后的退出不能受理。")
                % {"day": date_format(limit.day), "article": limit.article}
            }
        )
    if day is not None and declined_on >= day:
        raise ValidationError({"declined_on": _("退出应在选举日以前提出，请核对日期。")})
    return declined_on


def _check_back(candidacy: Candidacy) -> None:
    """Whoever went out may have been nominated elsewhere, or entered anew, since."""
    refuse_taken_number(candidacy.election, candidacy, candidacy.person.id_number)
