"""The election committee of an election as it stands: who serves, who has to leave, who is next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from ballots.models import CommitteeMember, CommitteeVote, Kinship
from ballots.rules import committee as rules
from ballots.wording import cite
from candidates.models import Candidacy
from election_admin.rulebooks.procedures import Procedure, load_procedure
from election_admin.rulebooks.values import Source
from election_admin.sentences import listed
from villages.models import Body, Election, Occasion
from villages.procedures import course_of, procedure_of

STEP = "election_committee_chosen"
TO_CHECK = rules.Because.TO_CHECK.value
State = CommitteeMember.State
MEMBER_SENTENCES: Mapping[rules.Because, Promise] = {
    rules.Because.CANDIDATE: _lazy(
        "选举委员会成员%(member)s被提名为%(post)s候选人，应当退出选举委员会（%(articles)s）。"
    ),
    rules.Because.RELATIVE: _lazy(
        "选举委员会成员%(member)s与候选人%(candidate)s有亲属关系（%(relation)s），"
        "应当退出选举委员会（%(articles)s）。"
    ),
    rules.Because.TO_CHECK: _lazy(
        "选举委员会成员%(member)s与%(post)s候选人%(candidate)s同名，疑似同一人，请核对；"
        "是同一人的，应当退出选举委员会（%(articles)s）。"
    ),
}
RUNNER_UP_SENTENCES: Mapping[rules.Because, Promise] = {
    rules.Because.CANDIDATE: _lazy("%(member)s被提名为%(post)s候选人，不能递补（%(articles)s）。"),
    rules.Because.RELATIVE: _lazy(
        "%(member)s与候选人%(candidate)s有亲属关系（%(relation)s），不能递补（%(articles)s）。"
    ),
    rules.Because.TO_CHECK: _lazy(
        "%(member)s与%(post)s候选人%(candidate)s同名，疑似同一人，请核对；是同一人的，不能递补（%(articles)s）。"
    ),
}


@dataclass(frozen=True)
class MustLeave:
    """A member who may not sit on the committee, or of whom this has still to be checked.

    ``because`` is a value of CommitteeMember.Leaving, or TO_CHECK where member and candidate only
    share a name. ``sentence`` names person, candidate and article.
    """

    member: CommitteeMember
    candidacy: Candidacy
    because: str
    sentence: str

    @property
    def to_check(self) -> bool:
        """Whether it is only known that the names are the same."""
        return self.because == TO_CHECK


@dataclass(frozen=True)
class Proposal:
    """Who takes the next empty seat by the original vote: one, or a vote between the tied, or nobody.

    ``check``: the first shares a candidate's name, which must be settled before. ``passed_over``:
    why those before them may not serve.
    """

    first: CommitteeMember | None
    tied: tuple[CommitteeMember, ...]
    passed_over: tuple[MustLeave, ...]
    check: MustLeave | None


@dataclass(frozen=True)
class Replacement:
    """A member who left, and who moved up for them; nobody as long as the seat is empty."""

    left: CommitteeMember
    successor: CommitteeMember | None

    @property
    def left_on(self) -> date | None:
        """The day on which the member left."""
        return self.left.left_on

    @property
    def reason(self) -> str:
        """Why the member left, in the reader's language."""
        return str(self.left.get_left_because_display())


@dataclass(frozen=True)
class Committee:
    """An election committee with all it is judged on; ``election`` is the one that chose it."""

    election: Election
    votes: tuple[CommitteeVote, ...]
    members: tuple[CommitteeMember, ...]
    candidacies: tuple[Candidacy, ...]
    kinships: tuple[Kinship, ...]

    @cached_property
    def procedure(self) -> Procedure:
        """The rulebook of the election."""
        return procedure_of(self.election)

    @cached_property
    def law(self) -> rules.LeavingLaw:
        """Who must leave by this rulebook."""
        return leaving_law(self.procedure)

    @property
    def seats(self) -> int:
        """How many the committee has, as the vote that formed it decided; none before it."""
        return self.votes[0].seats if self.votes else 0

    @cached_property
    def newest(self) -> dict[rules.Person, CommitteeMember]:
        """Each person's row of the newest vote in which they were voted for."""
        return {person_of(one): one for one in self.members}

    @cached_property
    def serving(self) -> tuple[CommitteeMember, ...]:
        """Who sits on it: the chair first, then by votes."""
        sitting = [one for one in self.members if one.state == State.SERVING]
        return tuple(sorted(sitting, key=lambda one: one.post != CommitteeMember.Post.CHAIR))

    @property
    def runners_up(self) -> tuple[CommitteeMember, ...]:
        """Who is in line, by the vote in which they came."""
        return tuple(one for one in self.newest.values() if one.state == State.RUNNER_UP)

    @property
    def left(self) -> tuple[CommitteeMember, ...]:
        """Who left, in the order in which they did."""
        gone = [one for one in self.members if one.state == State.LEFT]
        return tuple(sorted(gone, key=lambda one: (one.left_on or date.max, one.pk)))

    @property
    def declined(self) -> tuple[CommitteeMember, ...]:
        """Who was voted for and would not serve."""
        return tuple(one for one in self.newest.values() if one.state == State.DECLINED)

    @cached_property
    def replacements(self) -> tuple[Replacement, ...]:
        """Who left and who followed, in order."""
        followed = {one.replaces_id: one for one in self.members if one.replaces_id is not None}
        return tuple(Replacement(one, followed.get(one.pk)) for one in self.left)

    @property
    def vacated(self) -> tuple[CommitteeMember, ...]:
        """Who left a seat that is still empty."""
        return tuple(one.left for one in self.replacements if one.successor is None)

    @property
    def open_seats(self) -> int:
        """How many seats are empty."""
        return max(self.seats - len(self.serving), 0)

    @property
    def never_filled(self) -> int:
        """How many of the empty seats nobody has left: the votes were tied, or too few willing."""
        return max(self.open_seats - len(self.vacated), 0)

    @property
    def chair(self) -> CommitteeMember | None:
        """Whom the members chose as chair, None as long as they have not."""
        return next((one for one in self.serving if one.post == CommitteeMember.Post.CHAIR), None)

    @property
    def least(self) -> int | None:
        """The fewest members the law allows; None where it sets no number."""
        size = self.procedure.parameters.election_committee_size
        return size.value.least if size else None

    @property
    def too_few(self) -> bool:
        """Whether fewer sit on it than the law wants."""
        return bool(self.votes) and self.least is not None and len(self.serving) < self.least

    @cached_property
    def must_leave(self) -> tuple[MustLeave, ...]:
        """The members who have to leave, and those of whom it has to be checked."""
        return self._found(self.serving, MEMBER_SENTENCES)

    @cached_property
    def unfit(self) -> tuple[MustLeave, ...]:
        """The runners-up who would have to leave at once, and those of whom it has to be checked."""
        return self._found(self.runners_up, RUNNER_UP_SENTENCES)

    @cached_property
    def proposal(self) -> Proposal:
        """Who takes the next empty seat (art. 12: in the order of the original vote)."""
        unfit = {person_of(one.member): one for one in self.unfit}
        barred = {person for person, one in unfit.items() if not one.to_check}
        line = rules.next_in_line((_result(one) for one in self.members), barred=barred)
        first = self.newest[line.first] if line.first is not None else None
        return Proposal(
            first=first,
            tied=tuple(self.newest[person] for person in line.tied),
            passed_over=tuple(unfit[person] for person in line.passed_over),
            check=unfit.get(line.first) if line.first is not None else None,
        )

    def reasons_to_leave(self, member: CommitteeMember) -> tuple[MustLeave, ...]:
        """Why this member has to leave, or has to be checked."""
        return tuple(one for one in self.must_leave if one.member.pk == member.pk)

    def _found(
        self, members: Collection[CommitteeMember], sentences: Mapping[rules.Because, Promise]
    ) -> tuple[MustLeave, ...]:
        rows = {person_of(one): one for one in members}
        stand = {one.person_id: one for one in self.candidacies}
        standing = [rules.Standing(number, one.person.name) for number, one in stand.items()]
        found = rules.must_leave(rows, standing, self._known, self.law)
        return tuple(
            MustLeave(
                rows[one.person],
                stand[one.standing.number],
                one.because.value,
                self._sentence(sentences, one, stand[one.standing.number]),
            )
            for one in found
        )

    @cached_property
    def _known(self) -> dict[tuple[rules.Person, int], str]:
        """What each person is to each candidate, as last recorded."""
        rows = {one.pk: one for one in self.members}
        stand = {one.pk: one for one in self.candidacies}
        return {
            (person_of(rows[one.member_id]), stand[one.candidacy_id].person_id): one.relation
            for one in sorted(self.kinships, key=lambda one: one.recorded_at)
            if one.member_id in rows and one.candidacy_id in stand
        }

    def _sentence(
        self, sentences: Mapping[rules.Because, Promise], found: rules.Leaving, candidacy: Candidacy
    ) -> str:
        return str(sentences[found.because]) % {
            "member": found.person[0],
            "candidate": candidacy.person.name,
            "post": candidacy.post_title,
            "relation": Kinship.Relation(found.relation).label if found.relation else "",
            "articles": self.articles(found.articles),
        }

    def articles(self, articles: Iterable[tuple[str, str]]) -> str:
        """Articles as a reader writes them, in a list."""
        return listed(
            cite(self.procedure, Source(document=document, article=int(no) if no.isdigit() else no))
            for document, no in articles
        )


def leaving_law(procedure: Procedure) -> rules.LeavingLaw:
    """Who must leave the election committee by a rulebook."""
    parameters = procedure.parameters
    relatives = parameters.committee_member_relatives_leave
    return rules.LeavingLaw(
        candidate_leaves=parameters.committee_member_candidate_leaves.value,
        relatives_leave=relatives.value if relatives else (),
        candidate_articles=_articles(procedure, "committee_member_candidate_leaves"),
        relative_articles=_articles(procedure, "committee_member_relatives_leave"),
    )


def _articles(procedure: Procedure, parameter: str) -> tuple[tuple[str, str], ...]:
    """Where a rulebook and those it extends say something; the highest law first."""
    chain = [procedure]
    while (above := chain[-1].extends) is not None:
        chain.append(load_procedure(above))
    sourced = [getattr(one.parameters, parameter) for one in reversed(chain)]
    sources = [one.source for one in sourced if one is not None]
    return tuple(dict.fromkeys((one.document, str(one.article)) for one in sources))


def person_of(member: CommitteeMember) -> rules.Person:
    """Whom a row is about: somebody of that name in that villagers' group."""
    return (member.name, member.group)


def _result(member: CommitteeMember) -> rules.Result:
    return rules.Result(person_of(member), member.vote.number, member.votes, rules.Place(member.state))


def committees(elections: Collection[Election]) -> dict[int, Committee]:
    """The committee that presides over each election, by the election's id.

    An election without one (of a Party branch, a recall) is left out; one whose committee is not
    yet chosen has one without votes. At most five queries, however many elections.
    """
    family = Election.objects.with_place().filter(
        place__in={one.place_id for one in elections},
        term__in={one.term_id for one in elections},
        body=Body.VILLAGERS_COMMITTEE,
    )
    by_id = {one.pk: one for one in family}
    votes = list(CommitteeVote.objects.filter(election__in=by_id).select_related("election"))
    voted = {one.election_id for one in votes}
    presided = {pk: _presiding(one, by_id, voted) for pk, one in by_id.items()}
    found = _load({one for one in presided.values() if one is not None}, presided, by_id, votes)
    return {one.pk: found[chosen] for one in elections if (chosen := presided.get(one.pk)) is not None}


def _presiding(election: Election, family: Mapping[int, Election], voted: Collection[int]) -> int | None:
    """The election that chose the committee that presides: this one, or the one it takes up."""
    step = course_of(election).steps.get(STEP)
    if step is not None and (not step.if_needed or election.pk in voted):
        return election.pk
    before = family.get(election.follows_id or 0)
    if before is not None and election.occasion in {Occasion.FURTHER, Occasion.NEW}:
        return _presiding(before, family, voted)
    return election.pk if step is not None else None


def _load(
    wanted: Collection[int],
    presided: Mapping[int, int | None],
    family: Mapping[int, Election],
    votes: Collection[CommitteeVote],
) -> dict[int, Committee]:
    members = CommitteeMember.objects.filter(vote__election__in=wanted).select_related("vote__election")
    # Names are asked for, nothing that is kept encrypted.
    candidacies = (
        Candidacy.objects.standing()
        .filter(election__in=family)
        .select_related("person")
        .defer("standing", "person__id_number")
    )
    kinships = Kinship.objects.filter(member__vote__election__in=wanted)
    parts: dict[int, tuple[list[CommitteeVote], list[CommitteeMember], list[Candidacy], list[Kinship]]]
    parts = {pk: ([], [], [], []) for pk in wanted}
    if not any(vote.election_id in parts for vote in votes):
        return {pk: Committee(family[pk], (), (), (), ()) for pk in wanted}
    of_member: dict[int, int] = {}
    for vote in votes:
        if vote.election_id in parts:
            parts[vote.election_id][0].append(vote)
    for member in members:
        of_member[member.pk] = member.vote.election_id
        parts[member.vote.election_id][1].append(member)
    for candidacy in candidacies:
        chosen = presided[candidacy.election_id]
        if chosen is not None:
            parts[chosen][2].append(candidacy)
    for kinship in kinships:
        if kinship.member_id in of_member:
            parts[of_member[kinship.member_id]][3].append(kinship)
    return {
        pk: Committee(family[pk], tuple(votes_here), tuple(rows), tuple(stand), tuple(kin))
        for pk, (votes_here, rows, stand, kin) in parts.items()
    }


def committee_of(election: Election) -> Committee | None:
    """The committee that presides over an election, as it stands; None where there is none."""
    return committees([election]).get(election.pk)


def own_committee(election: Election) -> Committee | None:
    """The committee that a vote in this election would be for: its own, else the one that presides.

    One without votes where the election may choose its own and has not yet.
    """
    committee = committee_of(election)
    if committee is None or committee.election.pk == election.pk:
        return committee
    if STEP in course_of(election).steps:
        return Committee(election, (), (), (), ())
    return committee


def must_leave(election: Election) -> tuple[MustLeave, ...]:
    """The members who have to leave before anything else is done (art. 12), none if all may stay.

    Somebody who only shares a candidate's name is among them until it is settled who that is.
    """
    committee = committee_of(election)
    return committee.must_leave if committee else ()


def serving_count(election: Election) -> int:
    """How many sit now on the committee that an election chose, or on the one that presides.

    An election that may choose its own committee anew has none until it has.
    """
    committee = own_committee(election)
    return len(committee.serving) if committee else 0


def replacements(election: Election) -> list[Replacement]:
    """Who left the committee, when and why, and who moved up for them; in the order they left."""
    committee = committee_of(election)
    return list(committee.replacements) if committee else []
