"""In whose name a paper goes out."""

from django.utils.translation import gettext as _

from election_admin.places.models import Place

_STREET = "街道"


def government_of(township: Place | None) -> str:
    """The office in whose name a township acts: a town has a government, a street its office."""
    if township is None:
        return ""
    if township.name.endswith(_STREET):
        return _("%s办事处") % township.name
    return _("%s人民政府") % township.name


def committee_of(village: Place) -> str:
    """The village's election committee as it signs."""
    return _("%s村民选举委员会") % village.name
