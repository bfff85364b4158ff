"""What a vote for an election committee must satisfy before it is recorded."""

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ballots.committee import Committee
from ballots.models import CommitteeVote
from ballots.rules.committee import Person
from ballots.rules.counting import Citation
from ballots.rules.thresholds import Threshold
from ballots.wording import cite
from election_admin.rulebooks.procedures import Procedure
from election_admin.sentences import listed

How = CommitteeVote.How
# A villagers' meeting needs more than its share, the others at least theirs (arts. 22, 26, 28).
_QUORUMS: Mapping[str, tuple[str, bool]] = {
    How.VILLAGERS: ("meeting_quorum_villagers", True),
    How.REPRESENTATIVES: ("meeting_quorum_representatives", False),
    How.GROUPS: ("meeting_quorum_groups", False),
}


def check_meeting(procedure: Procedure, *, how: str, due: int, present: int) -> None:
    """Raise ValidationError for a meeting that too few attended to decide (arts. 22, 26, 28).

    A villagers' meeting of households needs two thirds of them, which is more than half as well.
    """
    if how not in _QUORUMS:
        raise ValidationError({"how": _("请选择推选方式。")})
    if present > due:
        raise ValidationError({"present": _("实到人数多于应到人数，请核对。")})
    name, exceeded = _QUORUMS[how]
    sourced = getattr(procedure.parameters, name)
    needed = Threshold(
        share=Fraction(sourced.value.numerator, sourced.value.denominator),
        exceeded=exceeded,
        source=Citation(document=sourced.source.document, article=str(sourced.source.article)),
    ).needed(due)
    if present < needed:
        raise ValidationError(
            {
                "present": _(
                    "应到%(due)d人，至少%(needed)d人到会才能推选（%(source)s），实到%(present)d人不够。"
                    "请核对人数；确实不够的，应当重新开会推选。"
                )
                % {
                    "due": due,
                    "needed": needed,
                    "present": present,
                    "source": cite(procedure, sourced.source),
                }
            }
        )


def check_seats(committee: Committee, seats: int, *, first: bool) -> None:
    """Raise ValidationError for more or fewer seats than the law allows, or than are empty."""
    if not first:
        if seats > committee.open_seats:
            raise ValidationError(
                {"seats": _("现在只空缺%d名，推选名额不能多于空缺。") % committee.open_seats}
            )
        return
    size = committee.procedure.parameters.election_committee_size
    if size is not None and seats not in size.value:
        raise ValidationError(
            {
                "seats": _("村民选举委员会应由%(least)d至%(most)d人组成（%(source)s），请核对推选名额。")
                % {
                    "least": size.value.least,
                    "most": size.value.most or seats,
                    "source": cite(committee.procedure, size.source),
                }
            }
        )


def check_count(committee: Committee, votes: Collection[tuple[Person, int]], *, present: int) -> None:
    """Raise ValidationError for votes that cannot be: none, more than people, one person twice."""
    if not votes:
        raise ValidationError(_("请填写得票人的姓名和得票数。"))
    twice = [person[0] for person, count in Counter(person for person, _votes in votes).items() if count > 1]
    if twice:
        raise ValidationError(
            _("%s填了两次。同一人请合并为一行；确是同名的两个人，请填写村民小组加以区别。") % listed(twice)
        )
    none = [person[0] for person, count in votes if count < 1]
    if none:
        raise ValidationError(_("%s没有得票，请删去这一行。") % listed(none))
    more = [person[0] for person, count in votes if count > present]
    if more:
        raise ValidationError(
            _("%(names)s的得票多于实到人数（%(present)d人），请核对。")
            % {"names": listed(more), "present": present}
        )
    _check_who(committee, [person for person, _votes in votes])


def _check_who(committee: Committee, persons: Collection[Person]) -> None:
    """A further vote is about the empty seats: not about members, and between the tied where there are."""
    sitting = [
        one.name
        for one in committee.serving
        if any(_alike((one.name, one.group), other) for other in persons)
    ]
    if sitting:
        raise ValidationError(
            _("%s现在就是成员，不再参加推选。确是同名的另一人，请填写村民小组加以区别。") % listed(sitting)
        )
    tied = committee.proposal.tied if committee.never_filled else ()
    names = {(one.name, one.group) for one in tied}
    if tied and not names >= set(persons):
        raise ValidationError(
            _("上次推选时%s得票相同，空缺的名额只能在他们之间再次推选。请只填写他们的得票。")
            % listed(one.name for one in tied)
        )


def _alike(one: Person, other: Person) -> bool:
    """Whether two may be the same person: the same name, and no two different groups."""
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])


def known_as(committee: Committee, person: Person) -> Person:
    """The person under the group already known of them, where a later vote leaves the group out."""
    known = [other for other in committee.newest if other[0] == person[0]]
    return known[0] if len(known) == 1 and not person[1] else person
