"""Candidates from an Excel file: whom a row means, what it would change, what is wrong with it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.actions.nomination_checks import (
    check_nomination,
    check_open,
    refuse_namesakes,
    refuse_number_of,
)
from candidates.actions.votes import all_received, fault_of_votes, received
from candidates.imports.candidate_columns import STANDING, candidate_columns
from candidates.imports.candidate_rows import (
    PERSON,
    Shown,
    Stated,
    read_stated,
)
from candidates.imports.cells import changed_cell, faults_of
from candidates.imports.ground import Ground
from candidates.imports.known import Known
from candidates.models import Candidacy, Nomination, Person
from candidates.registry import names_on_roll
from election_admin.accounts.models import User
from election_admin.imports.registry import Change, Read
from election_admin.places.models import Place
from villages.models import Election, Mode


class CandidateReader:
    """Reads rows of candidates of a township, each one nomination of one person in one election.

    An empty cell says nothing: what is recorded stays. What a row would do is done to the objects
    it holds, for the rows after it and for writing; the database is written by write_candidates.
    """

    def __init__(self, place: Place, user: User, today: date) -> None:
        self.ground = Ground(place)
        self.known = Known(self.ground)
        self.today = today
        self.shown = Shown(candidate_columns(place))
        self._rolls: dict[int, Counter[str] | None] = {}
        # What rows before said of a person, and which nominations they were about.
        self._said: dict[int, dict[str, Any]] = {}
        self._taken: set[int] = set()

    def read(self, cells: Mapping[str, Any]) -> Read:
        """Read one row: somebody new, a change, the same again, or what is wrong with it."""
        shown = self.shown.row(cells)
        stated, faults = read_stated(cells, self.ground)
        if stated is None:
            return Read(Change.WRONG, shown=shown, faults=tuple(faults))
        try:
            candidacy = self._meant(stated)
            if candidacy is None:
                return self._read_new(stated, shown)
            return self._read_known(candidacy, stated, shown)
        except ValidationError as error:
            return Read(Change.WRONG, shown=shown, faults=tuple(faults_of(error, shown)))

    def _read_new(self, stated: Stated, shown: dict[str, str]) -> Read:
        """Somebody who does not stand in the election yet; the village may know them already."""
        stated.require_whole_person()
        village = stated.election.place
        person = self.known.holder(village, stated.id_hash) or Person(place=village)
        if person.id_hash and person.id_hash != stated.id_hash:
            raise ValidationError(
                {"id_number": _("本文件前面的一行更正了这个号码所登记的人，请先导入那一行，再导入这一行。")}
            )
        self._refuse_contradiction(person, stated)
        self._check(stated, None)
        check_nomination(
            stated.election,
            stated.person_after(None),
            _counted(stated.nomination_after(None)),
            today=self.today,
            roll=self._roll,
        )
        candidacy = Candidacy(election=stated.election, person=person, post=stated.nomination["post"])
        candidacy.nominated = []  # type: ignore[attr-defined]
        return self._done(Change.NEW, candidacy, None, stated, shown)

    def _read_known(self, candidacy: Candidacy, stated: Stated, shown: dict[str, str]) -> Read:
        """Somebody who stands already: what the row adds or changes."""
        self._refuse_contradiction(candidacy.person, stated)
        nomination = self._nomination_meant(candidacy, stated)
        before = self._differences(candidacy, nomination, stated)
        if nomination is not None and not before:
            self._remember(candidacy, nomination, stated)
            return Read(Change.SAME, shown=shown)
        self._check(stated, candidacy)
        if nomination is None or before.keys() - {"votes"}:
            check_nomination(
                stated.election,
                stated.person_after(candidacy.person),
                _counted(stated.nomination_after(nomination)),
                today=self.today,
                roll=self._roll,
            )
        for name, old in before.items():
            shown[name] = changed_cell(self.shown.cell(name, old), shown[name])
        if nomination is None:
            shown["post"] = _("%s（增加提名）") % shown["post"]
        change = Change.CHANGED if candidacy.pk else Change.NEW
        return self._done(change, candidacy, nomination, stated, shown)

    # --- whom and what a row means ----------------------------------------------------
    def _meant(self, stated: Stated) -> Candidacy | None:
        found = self.known.candidacies_meant(stated.election, stated.id_hash, stated.birth)
        if len(found) > 1:
            raise ValidationError(
                {
                    "name": _(
                        "本次选举有几名候选人与此人同名、同日出生，不能确定是哪一人："
                        "请填写公民身份号码；还没有登记号码的，请先到其页面补登。"
                    )
                }
            )
        return next(iter(found), None)

    def _nomination_meant(self, candidacy: Candidacy, stated: Stated) -> Nomination | None:
        """The nomination a row is about: the same, else the only one for this post in this way."""
        own: list[Nomination] = candidacy.nominated  # type: ignore[attr-defined]
        wanted = stated.nomination["post"], stated.nomination["how"]
        alike = [one for one in own if (one.post, one.how) == wanted]
        free = [one for one in alike if id(one) not in self._taken]
        same = [one for one in free if not _differing(one, stated)]
        if same or not alike:
            return same[0] if same else None
        if not free:
            raise ValidationError({"name": _("本文件前面已有一行是同一人的同一项提名，请删去重复的一行。")})
        if len(free) > 1:
            raise ValidationError(
                {"how": _("此人的这个职务登记过几项这样的提名，请到其页面更正，不能导入。")}
            )
        return free[0]

    def _refuse_contradiction(self, person: Person, stated: Stated) -> None:
        """Refuse a row that says something else of a person than a row before it."""
        said = self._said.get(id(person), {})
        errors = {
            name: _("与本文件前面同一人的一行不一致，请核对。")
            for name, value in stated.of_person.items()
            if name in said and said[name] != value
        }
        if errors:
            raise ValidationError(errors)

    # --- what would change ------------------------------------------------------------
    def _differences(
        self, candidacy: Candidacy, nomination: Nomination | None, stated: Stated
    ) -> dict[str, Any]:
        """What the row says otherwise than it is recorded: by column what is recorded."""
        person, said = candidacy.person, stated.of_person
        old = {
            **{name: getattr(person, name) for name in PERSON},
            **{name: candidacy.standing.get(name) for name in STANDING},
        }
        before = {name: old[name] for name, value in said.items() if old[name] != value}
        if stated.id_hash and person.id_hash != stated.id_hash:
            before["id_number"] = ""
        if nomination is not None:
            before |= {name: getattr(nomination, name) for name in _differing(nomination, stated)}
        if stated.votes is not None:
            known = received(candidacy, stated.nomination["post"])
            if known is None:
                before["votes"] = None
            elif known != stated.votes:
                sentence = _("已录入的得票是%d票。更正得票要写明原因，请到该村的得票录入页面更正。") % known
                raise ValidationError({"votes": sentence})
        return before

    # --- checks, shared with the forms --------------------------------------------------
    def _check(self, stated: Stated, candidacy: Candidacy | None) -> None:
        """Refuse what record_candidate and correct_candidate refuse, and who has been moved on already."""
        election = stated.election
        check_open(election)
        if candidacy is not None and candidacy.state != Candidacy.State.PRELIMINARY:
            state = candidacy.get_state_display()
            raise ValidationError(
                _("此人目前的状态是“%s”，不能用导入更改。要更正的，请到其页面办理。") % state
            )
        person = stated.person_after(candidacy.person if candidacy else None)
        refuse_number_of(
            election,
            candidacy,
            same=self.known.same_number(stated.id_hash),
            holder=self.known.holder(election.place, stated.id_hash),
        )
        same = self.known.same_name(election, (person["name"], person["born"]))
        refuse_namesakes(person, candidacy, same=same)
        if stated.votes is not None:
            self._check_votes(election, stated.votes)

    def _check_votes(self, election: Election, votes: int) -> None:
        if election.mode == Mode.SELF_NOMINATED:
            raise ValidationError({"votes": _("自荐直选没有提名投票，不用录入得票。")})
        roll = self._roll(election)
        fault = fault_of_votes(votes, None if roll is None else roll.total())
        if fault:
            raise ValidationError({"votes": fault})

    def _roll(self, election: Election) -> Counter[str] | None:
        """The names on the election's roll, fetched once."""
        if election.pk not in self._rolls:
            names = names_on_roll(election)
            self._rolls[election.pk] = None if names is None else Counter(names)
        return self._rolls[election.pk]

    # --- what the row does --------------------------------------------------------------
    def _done(
        self,
        change: Change,
        candidacy: Candidacy,
        nomination: Nomination | None,
        stated: Stated,
        shown: dict[str, str],
    ) -> Read:
        """Do to the objects what the row says, for the rows after it and for writing."""
        person, said = candidacy.person, stated.of_person
        self.known.forget(person)
        for name in PERSON:
            setattr(person, name, said.get(name, getattr(person, name)))
        if stated.id_number:
            person.id_number, person.id_hash = stated.id_number, stated.id_hash
        self.known.recall(person)
        candidacy.standing = {name: said.get(name, candidacy.standing.get(name)) for name in STANDING}
        if nomination is None:
            nomination = Nomination()
            if not candidacy.nominated and not candidacy.pk:  # type: ignore[attr-defined]
                self.known.add(candidacy)
            candidacy.nominated.append(nomination)  # type: ignore[attr-defined]
        for name, value in stated.nomination_after(nomination if nomination.post else None).items():
            setattr(nomination, name, value)
        if stated.votes is not None:
            candidacy.votes_by_post = {**all_received(candidacy), nomination.post: stated.votes}
        self._remember(candidacy, nomination, stated)
        return Read(change, values={"candidacy": candidacy, "nomination": nomination}, shown=shown)

    def _remember(self, candidacy: Candidacy, nomination: Nomination, stated: Stated) -> None:
        self._taken.add(id(nomination))
        self._said.setdefault(id(candidacy.person), {}).update(stated.of_person)


def _differing(nomination: Nomination, stated: Stated) -> list[str]:
    return [name for name, value in stated.nomination.items() if getattr(nomination, name) != value]


def _counted(values: dict[str, Any]) -> dict[str, Any]:
    """The values, once the number of supporters and the list of their names agree."""
    named, count = len(values["supporter_names"]), values["supporters"]
    if named and count not in (None, named):
        sentence = _("提名人数是%(count)d，而提名人姓名有%(named)d个，请核对。")
        raise ValidationError({"supporters": sentence % {"count": count, "named": named}})
    return values
