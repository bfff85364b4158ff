"""The roll of an election: voters entered, and struck off."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from ballots.models import Voter
from ballots.rolls import check_roll_open, may_take_over, roll_of
from ballots.rules.roll import Fault, Registration, faults
from ballots.wording import cite
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.validators import validate_fields
from villages.models import Election
from villages.procedures import procedure_of

# So many faults of a list are named at once; nobody puts right more before trying again.
FAULTS_NAMED = 30
COLUMNS = {
    "name": _lazy("姓名"),
    "sex": _lazy("性别"),
    "born": _lazy("出生日期"),
    "group": _lazy("村民小组"),
    "ground": _lazy("登记依据"),
    "accepted_on": _lazy("会议同意日期"),
}


@transaction.atomic
def enrol_voter(*, election: Election, voter: Registration, actor: User, at: datetime) -> Voter:
    """Enter one voter on the roll (art. 13).

    Raises ValidationError, by field, for who is not of age on election day, stands on the roll
    already or was not accepted by a meeting where that is the ground; and once the roll is final.
    """
    election = _in_turn(election, actor)
    _check_taken_over(election)
    found = _faults(election, [voter], at)
    if found:
        raise ValidationError({one.field: _sentence(election, one) for one in found})
    row = _row(election, voter)
    validate_fields(row, Voter.recorded_fields)
    row.save()
    append(
        verb="ballots.enrol_voter",
        row=row,
        actor=actor,
        place=election.place,
        at=at,
        after=snapshot(row, Voter.recorded_fields),
    )
    return row


@transaction.atomic
def enrol_voters(
    *, election: Election, voters: Sequence[Registration], actor: User, at: datetime
) -> list[Voter]:
    """Enter a list of voters, all of them or none (art. 13).

    Raises ValidationError with a sentence for each fault, by line and column. The journal keeps
    one entry for the list: how many on which ground, and a keyed hash of who.
    """
    election = _in_turn(election, actor)
    _check_taken_over(election)
    found = _faults(election, voters, at)
    if found:
        raise ValidationError(
            in_sentences([(one.line, one.field, _sentence(election, one)) for one in found])
        )
    rows = Voter.objects.bulk_create([_row(election, voter) for voter in voters], batch_size=500)
    who = "\n".join(f"{row.name} {row.born} {row.group}" for row in rows)
    append(
        verb="ballots.enrol_voters",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        after={
            "voters": len(rows),
            "grounds": dict(Counter(row.ground for row in rows)),
            "who": "#" + keyed_hash(who)[:16],
        },
    )
    return rows


@transaction.atomic
def take_over_roll(*, election: Election, actor: User, at: datetime) -> int:
    """Copy the roll of the invalid election into the new one, to be corrected there.

    Return how many voters it has. Raises ValidationError where there is nothing to take over.
    """
    election = _in_turn(election, actor)
    if not may_take_over(election):
        raise ValidationError(_("没有可以沿用的选民名单，或者已经沿用。"))
    before = roll_of(election)
    voters = [_copy(voter, election) for voter in Voter.objects.filter(election=before)]
    Voter.objects.bulk_create(voters, batch_size=500)
    append(
        verb="ballots.take_over_roll",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        after={"voters": len(voters), "from": before.pk},
    )
    return len(voters)


@transaction.atomic
def strike_off(*, voter: Voter, reason: str, actor: User, at: datetime) -> None:
    """Strike a voter off the roll, for a reason that is kept; the row goes, the entry stays.

    Raises ValidationError without a reason, and once the roll is final.
    """
    election = _in_turn(voter.election, actor)
    found = Voter.objects.select_for_update(of=("self",)).filter(pk=voter.pk).first()
    if found is None:
        raise ValidationError(_("这个人已被移出选民名单，请刷新页面。"))
    voter = found
    if not reason.strip():
        raise ValidationError({"reason": _("请写明移出名单的原因。")})
    append(
        verb="ballots.strike_off",
        row=voter,
        actor=actor,
        place=election.place,
        at=at,
        before=snapshot(voter, Voter.recorded_fields),
        reason=reason.strip(),
    )
    voter.delete()


def in_sentences(found: Sequence[tuple[int, str, str]]) -> list[str]:
    """Return a sentence for each fault of a list: in which line, which column, what is wrong."""
    sentences = [
        _("第%(line)d行“%(column)s”：%(sentence)s")
        % {"line": line, "column": COLUMNS[field], "sentence": sentence}
        for line, field, sentence in found[:FAULTS_NAMED]
    ]
    more = len(found) - FAULTS_NAMED
    if more > 0:
        sentences.append(ngettext("还有%d处没有列出。", "还有%d处没有列出。", more) % more)
    return sentences


def _in_turn(election: Election, actor: User) -> Election:
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "ballots.keep_roll", election)
    check_roll_open(election)
    return election


def _faults(election: Election, voters: Sequence[Registration], at: datetime) -> tuple[Fault, ...]:
    if election.election_day is None:
        raise ValidationError(_("还没有确定选举日。"))
    registered = Voter.objects.filter(election=election).values_list("name", "born", "group")
    return faults(
        voters,
        registered=set(registered),
        election_day=election.election_day,
        voter_age=procedure_of(election).parameters.voter_age.value,
        today=timezone.localdate(at),
    )


def _copy(voter: Voter, election: Election) -> Voter:
    values = {name: getattr(voter, name) for name in Voter.recorded_fields}
    return Voter(election=election, **values)


def _check_taken_over(election: Election) -> None:
    """Raise ValidationError where one voter entered would stand for the whole roll taken up."""
    if may_take_over(election):
        raise ValidationError(_("重新选举沿用原选举的选民名单：要增减，请先沿用原名单，再更正。"))


def _row(election: Election, voter: Registration) -> Voter:
    return Voter(
        election=election,
        name=voter.name,
        sex=voter.sex,
        born=voter.born,
        group=voter.group,
        ground=voter.ground,
        accepted_on=voter.accepted_on,
    )


def _sentence(election: Election, fault: Fault) -> str:
    procedure = procedure_of(election)
    age = procedure.parameters.voter_age
    day = election.election_day
    values: dict[str, Any] = {
        "age": age.value,
        "day": date_format(day) if day else "",
        "source": cite(procedure, age.source),
        "other": fault.other,
    }
    return {
        "not_of_age": _("选举日（%(day)s）未满%(age)d周岁，不能登记（%(source)s）。"),
        "registered": _("名单上已有同一小组同名、同日出生的人，请不要重复登记。"),
        "twice": _("和第%(other)d行是同一个人，请删去一行。"),
        "acceptance_missing": _(
            "户籍不在本村的，须经村民会议或者村民代表会议同意：请填写会议同意日期（%(source)s）。"
        ),
        "acceptance_needless": _("户籍在本村的不用填会议同意日期，请核对登记依据。"),
        "acceptance_ahead": _("会议同意日期还没有到，请填写今天或以前的日期。"),
    }[fault.code] % values
