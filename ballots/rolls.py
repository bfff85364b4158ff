"""By which roll an election votes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ballots.models import Voter
from ballots.rules.roll import youngest_birthday
from ballots.wording import step_title
from candidates.registry import register_roll
from villages.models import Election, Occasion
from villages.procedures import procedure_of

# Once one of these is recorded, the roll stays as it is.
CLOSING = ("voter_list_final", "vote_held")


def roll_of(election: Election) -> Election:
    """Return the election whose voters vote in this one: itself, or the one it takes up.

    A further election has the voters of the first round. A new election after an invalid one has
    them too, until it has taken their roll over and corrected it.
    """
    if election.follows is None or not (is_further(election) or is_anew(election)):
        return election
    if is_anew(election) and Voter.objects.filter(election=election).exists():
        return election
    return roll_of(election.follows)


def is_further(election: Election) -> bool:
    """Whether it fills the seats that the vote before left open, among the same voters."""
    return election.occasion == Occasion.FURTHER


def is_anew(election: Election) -> bool:
    """Whether it holds an invalid election again, with a list of voters published again."""
    return election.occasion == Occasion.NEW


def may_take_over(election: Election) -> bool:
    """Whether there is a roll of the election before that this one can take over and correct."""
    return is_anew(election) and roll_of(election).pk != election.pk and has_voters(election)


def has_voters(election: Election) -> bool:
    """Whether anybody stands on the roll by which an election votes."""
    return Voter.objects.filter(election=roll_of(election)).exists()


def names_of(election: Election) -> list[str] | None:
    """The names of everybody on the roll; None while there is none, and where none is used."""
    if election.of_party_branch:
        return None
    return list(Voter.objects.filter(election=roll_of(election)).values_list("name", flat=True)) or None


register_roll(names_of)


def count_under_age(election: Election) -> int:
    """Count the voters who are not of age on election day (art. 13), say because it was moved."""
    if election.election_day is None:
        return 0
    age = procedure_of(election).parameters.voter_age.value
    last_birthday = youngest_birthday(on=election.election_day, years=age)
    return Voter.objects.filter(election=roll_of(election), born__gt=last_birthday).count()


def check_roll_open(election: Election) -> None:
    """Raise ValidationError unless the election's own roll can be changed now."""
    election.term.require_current()
    if election.of_party_branch:
        raise ValidationError(_("村党组织由党员选举，不用选民名单。"))
    if is_further(election):
        raise ValidationError(_("另行选举沿用原选举的选民名单，不另行登记。"))
    if election.election_day is None:
        raise ValidationError(
            _("还没有确定选举日，无法核对选民是否年满十八周岁。请先由乡镇确定选举日，再登记选民。")
        )
    closing = election.steps.filter(code__in=CLOSING, done_on__isnull=False).order_by("position").first()
    if closing is not None:
        raise ValidationError(
            _("“%(step)s”已经登记，选民名单不能再增减。如需更正，请先撤销“%(step)s”的登记。")
            % {"step": step_title(election, closing.code)}
        )
