"""What apps above know that candidates are checked against."""

from collections.abc import Callable, Collection

from villages.models import Election

# The names on the roll by which an election votes; None where it has no roll yet, or none at all.
RollSource = Callable[[Election], Collection[str] | None]

_roll_sources: list[RollSource] = []


def register_roll(source: RollSource) -> None:
    """Add the app that keeps the roll of registered voters."""
    _roll_sources.append(source)


def names_on_roll(election: Election) -> Collection[str] | None:
    """The names of an election's registered voters, one for each; None where none are known."""
    found = [names for source in _roll_sources if (names := source(election)) is not None]
    return found[0] if found else None
