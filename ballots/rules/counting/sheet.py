"""What a decision is made from: the count sheet of a round, and the law it falls under."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Post:
    """Seats of one kind on the committee. Rank 1 is the highest; ranks may be shared."""

    code: str
    seats: int
    rank: int
    women_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Count:
    """Totals of one round. ``votes``: post to person to votes for, all in ballots."""

    registered: int
    issued: int
    collected: int
    void: int
    votes: Mapping[str, Mapping[str, int]]

    @property
    def valid(self) -> int:
        """Ballots collected that are not void."""
        return self.collected - self.void


@dataclass(frozen=True, kw_only=True)
class Kin:
    """Two people and how they are related: spouse, parent_child or sibling."""

    one: str
    other: str
    relation: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One round as it was counted. ``people``: id to whether a woman, everyone who may have votes.

    ``elected_before``: post to those elected in an earlier round, people all.
    """

    posts: tuple[Post, ...]
    people: Mapping[str, bool]
    count: Count
    relatives: tuple[Kin, ...] = ()
    disqualified: frozenset[str] = frozenset()
    elected_before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def seated(self) -> tuple[str, ...]:
        """Everyone elected in an earlier round."""
        return tuple(person for people in self.elected_before.values() for person in people)

    def relation(self, one: str, other: str, counting: frozenset[str]) -> str | None:
        """How two people are related, among the relations that count."""
        for kin in self.relatives:
            if kin.relation in counting and {kin.one, kin.other} == {one, other}:
                return kin.relation
        return None


@dataclass(frozen=True, kw_only=True)
class Citation:
    """The article a decision rests on."""

    document: str
    article: str


@dataclass(frozen=True, kw_only=True)
class VacancyLaw:
    """Seats may stay empty once ``least_elected`` sit, in all, with a chair among them if asked."""

    least_elected: int
    chair_elected: bool


@dataclass(frozen=True, kw_only=True)
class CountingLaw:
    """The law of one round.

    ``turnout_above``: the share of the registered that must be exceeded, None where the round
    needs none. ``share`` of the ballots collected elects: above it, or from it on if
    ``share_included``. ``relations``: those that may not sit together. ``surplus``: candidates
    beyond the seats of a further election by post, ``surplus_otherwise`` for a post not named;
    ``further_election``: whether one follows this round. ``vacancy``: None where no seat may
    stay empty after this round. ``sources``: a citation for each code of an explanation.
    """

    turnout_above: Fraction | None
    share: Fraction
    share_included: bool
    relations: frozenset[str]
    surplus: Mapping[str, int]
    surplus_otherwise: int
    further_election: bool
    vacancy: VacancyLaw | None
    sources: Mapping[str, Citation]

    def elects(self, votes: int, collected: int) -> bool:
        """Whether so many votes of so many ballots are enough; no votes never are."""
        return votes >= self.votes_needed(collected)

    def votes_needed(self, collected: int) -> int:
        """The fewest votes that elect, in whole numbers."""
        exact = self.share * collected
        floor = exact.numerator // exact.denominator
        enough_as_it_is = self.share_included and exact == floor
        return max(1, floor if enough_as_it_is else floor + 1)
