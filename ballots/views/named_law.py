"""The rulebook an address names: as it comes with the product, or as a county has adopted it."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.law_pages import edition_words
from election_admin.accounts.models import User
from election_admin.accounts.signed_in import signed_in
from election_admin.rulebooks.loading import UnknownRulebook
from election_admin.rulebooks.procedures import Procedure, load_procedure, procedure_ids
from villages.models import RulebookEdition
from villages.models.editions import RulebookEditionQuerySet
from villages.procedures import procedure_in

EDITION = "edition-"


@dataclass(frozen=True)
class NamedLaw:
    """A rulebook, and the county's edition it is, if it is one."""

    base: Procedure
    edition: RulebookEdition | None = None

    @property
    def procedure(self) -> Procedure:
        """What it says."""
        return procedure_in(self.edition) if self.edition else self.base

    @property
    def reference(self) -> str:
        """How addresses and choices name it; no rulebook's own id begins so."""
        return f"{EDITION}{self.edition.pk}" if self.edition else self.base.id

    @property
    def title(self) -> str:
        """What it is called, with the county whose edition it is."""
        title = self.base.title.in_(get_language() or "")
        if self.edition is None:
            return title
        return _("%(title)s，%(county)s%(edition)s") % {
            "title": title,
            "county": self.edition.county.name,
            "edition": edition_words(self.edition),
        }

    @property
    def url(self) -> str:
        """Its page."""
        if self.edition is not None:
            return reverse("ballots:edition", args=[self.edition.pk])
        return reverse("ballots:rulebook", args=[self.base.id])


def editions_open_to(user: User) -> RulebookEditionQuerySet:
    """Editions of the counties in which the user works, whichever part of the county is theirs.

    A county's rules bind all its townships and villages, so all of them may read these rules.
    """
    counties = {held.place.county_code for held in user.held_memberships}
    editions = RulebookEdition.objects.select_related("county", "adopted_by")
    return editions.visible_to(user) | editions.filter(county__code__in=counties)


def edition_of(request: HttpRequest, pk: int) -> NamedLaw:
    """The edition, as far as the user may read it; 404 for another county's."""
    edition = editions_open_to(signed_in(request)).filter(pk=pk).first()
    if edition is None:
        raise Http404(_("没有找到。"))
    return NamedLaw(load_procedure(edition.rulebook), edition)


def law_of(request: HttpRequest, reference: str) -> NamedLaw:
    """The rulebook or edition of that reference; 404 for one that is not, or not the user's."""
    number = reference.removeprefix(EDITION)
    if reference.startswith(EDITION) and number.isascii() and number.isdecimal() and len(number) < 10:
        return edition_of(request, int(number))
    try:
        return NamedLaw(load_procedure(reference))
    except UnknownRulebook as error:
        raise Http404(_("没有找到。")) from error


def laws_open_to(user: User) -> list[NamedLaw]:
    """Every rulebook, and every edition the user may read, the newest of each county first."""
    editions = editions_open_to(user).order_by("county__code", "rulebook", "-number")
    return [
        *(NamedLaw(load_procedure(one)) for one in procedure_ids()),
        *(NamedLaw(load_procedure(edition.rulebook), edition) for edition in editions),
    ]
