"""The township a file is imported into: its term, its villages, their elections. Fetched once a file."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from election_admin.places.models import Level, Place
from election_admin.sentences import listed
from villages.models import Body, Election, Occasion, Stage, Term

# What people write after a village's name or leave out of it: 桃园村村民委员会, 桃园村, 桃园.
_ENDINGS = ("村民委员会", "村委会", "村")
_CODE = re.compile(r"[0-9]{12}")
_OVER = frozenset({Stage.AFTER, Stage.CLOSED})


def term_of(place: Place) -> Term:
    """Return the term being held. Raises ValidationError without one: there is nothing to import into."""
    term = Term.objects.held_in(place)
    if term is None:
        raise ValidationError(_("本县还没有建立换届，不能导入。请先由县里建立换届。"))
    return term


def check_township(place: Place) -> None:
    """Raise ValidationError unless this is a township of a county in which a term is being held."""
    if place.level != Level.TOWNSHIP:
        raise ValidationError(_("请按乡镇（街道）导入：一个文件只含一个乡镇（街道）的各村。"))
    term_of(place)


def squeezed(text: str) -> str:
    """Return text as it is compared: half-width, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


class Names:
    """The villages of a county by what people call them."""

    def __init__(self, place: Place) -> None:
        self._named: dict[str, list[Place]] = {}
        for village in Place.objects.villages().within(place.county_code).select_related("parent"):
            self._named.setdefault(_stem(village.name), []).append(village)
            self._named.setdefault(village.code, []).append(village)

    def called(self, written: str) -> list[Place]:
        """Every village that may be meant by a name or a code."""
        name = squeezed(written)
        return self._named.get(name if _CODE.fullmatch(name) else _stem(name), [])

    def name_of(self, village: Place) -> str:
        """The village as a file names it: by its code where another of its township is called the same."""
        alike = [one for one in self.called(village.name) if one.parent_id == village.parent_id]
        return village.name if len(alike) <= 1 else village.code


class Ground:
    """The villages and elections that the rows of one file may name."""

    def __init__(self, township: Place) -> None:
        self.township = township
        self.term = term_of(township)
        self.names = Names(township)
        elections = (
            Election.objects.with_place()
            .within(township.code)
            .filter(term=self.term)
            .prefetch_related("seats")
            .order_by("pk")
        )
        self.all_elections = {one.pk: one for one in elections}
        # Of several of a kind, such as two by-elections, the last is meant.
        self.elections = {
            (one.place_id, election_kind(one)): one for one in elections if one.occasion != Occasion.RECALL
        }
        self._held: dict[int, list[Election]] = {}
        for (village, _kind), one in self.elections.items():
            self._held.setdefault(village, []).append(one)

    def village(self, written: str) -> Place:
        """Return the township's village of this name or code. Raises ValidationError if there is none."""
        known = self.names.called(written)
        here = [one for one in known if one.code.startswith(self.township.code)]
        # A name written in full decides between 桃园村 and 桃园.
        exact = [one for one in here if squeezed(written) in {one.code, squeezed(one.name)}]
        if len(exact or here) == 1:
            return (exact or here)[0]
        said = {"township": self.township.name, "name": written}
        if here:
            raise ValidationError(_("%(township)s有几个村都叫“%(name)s”，请改填村的12位区划代码。") % said)
        if known:
            townships = listed(dict.fromkeys(str(one.parent) for one in known))
            raise ValidationError(
                _("“%(name)s”属于%(elsewhere)s，不在%(township)s，请核对。")
                % {**said, "elsewhere": townships}
            )
        raise ValidationError(_("%(township)s没有叫“%(name)s”的村，请按村名或者12位区划代码填写。") % said)

    def election(self, village: Place, kind: str | None) -> Election:
        """Return the village's election of a kind; without one, the only one it has.

        Raises ValidationError where there is none, or where it must be said which.
        """
        if kind is not None:
            found = self.elections.get((village.pk, kind))
            if found is None:
                raise ValidationError(_("%s本届没有这种选举，请核对。") % village.name)
            return found
        held = self._held.get(village.pk, [])
        running = [one for one in held if one.stage not in _OVER] or held
        if not running:
            raise ValidationError(_("%s没有列入本届换届，不能导入候选人。") % village.name)
        if len(running) > 1:
            titles = listed(_kind_title(one.body, one.occasion) for one in running)
            raise ValidationError(
                _("%(village)s本届有几次选举（%(elections)s），请在“选举”一栏写明是哪一次。")
                % {"village": village.name, "elections": titles}
            )
        return running[0]


def election_kinds(township: Place) -> list[tuple[str, StrOrPromise]]:
    """The kinds of election that are held there this term, each with its words: 村委会, 村委会补选."""
    held = (
        Election.objects.current()
        .within(township.code)
        .exclude(occasion=Occasion.RECALL)
        .order_by()
        .values_list("body", "occasion")
        .distinct()
    )
    kinds = {(body, occasion) for body, occasion in held} | {(Body.VILLAGERS_COMMITTEE, Occasion.GENERAL)}
    bodies, occasions = list(Body), list(Occasion)
    ordered = sorted(kinds, key=lambda one: (-bodies.index(Body(one[0])), occasions.index(Occasion(one[1]))))
    return [(f"{body}.{occasion}", _kind_title_lazy(body, occasion)) for body, occasion in ordered]


def election_kind(election: Election) -> str:
    """The code of an election's kind, among those of ``election_kinds``."""
    return f"{election.body}.{election.occasion}"


def _kind_title(body: str, occasion: str) -> str:
    short = {Body.VILLAGERS_COMMITTEE: _("村委会"), Body.PARTY_BRANCH: _("村党组织")}[Body(body)]
    if occasion == Occasion.GENERAL:
        return short
    return _("%(body)s%(occasion)s") % {"body": short, "occasion": Occasion(occasion).label}


_kind_title_lazy = lazy(_kind_title, str)


def _stem(name: str) -> str:
    """A village's name without what is written after it at will; its own sign stays if it is all there is."""
    name = squeezed(name)
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            name = name.removesuffix(ending)
    return name
