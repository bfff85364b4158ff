"""What stands in the way of a step whose turn it is, as the page of the procedure shows it."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.guards import GUARDS
from ballots.models import Violation
from ballots.timeline import Line, Obstacle, Timeline
from election_admin.accounts.models import User
from election_admin.rulebooks.procedures import Guard
from villages.models import Election

# Where what a guard asks for is put right: a route with the election, who may open it, its name.
_PLACES: dict[Guard, tuple[str, str, Promise]] = {
    "roll": ("ballots:roll", "ballots.see_procedure", _lazy("打开选民名单")),
    "joint_review": ("candidates:candidate_list", "candidates.see", _lazy("打开候选人名单")),
    "nobody_frozen": ("candidates:candidate_list", "candidates.see", _lazy("打开候选人名单")),
    "final_list": ("candidates:candidate_list", "candidates.see", _lazy("打开候选人名单")),
    "election_committee": ("ballots:committee", "ballots.see_procedure", _lazy("打开选举委员会")),
    "nobody_has_to_leave": ("ballots:committee", "ballots.see_procedure", _lazy("打开选举委员会")),
    "party_branch_first": ("ballots:procedure", "ballots.see_procedure", _lazy("打开村党组织选举程序")),
}


def put_obstacles(shown: Timeline, user: User) -> None:
    """Put on each line the violations open at it and, where its turn has come, what its guards miss.

    A guard asks the same for every step of an election, so each is asked once. Who may neither
    record a step nor see the office's records is only told whose step it is.
    """
    _put_violations(shown)
    official = user.has_perm("villages.see_facts", shown.election)
    answers: dict[str, Obstacle | None] = {}
    for line in shown.lines:
        if line.recordable and (line.own or official):
            found = [
                _answer(name, shown, line, user, answers) for name in shown.course.steps[line.code].guards
            ]
            line.obstacles = [one for one in found if one is not None]


def violations_of(shown: Timeline) -> Iterator[tuple[Line, Violation]]:
    """Every open violation that the reader may know of, with the line of its step."""
    for line in shown.lines:
        for violation in line.violations:
            yield line, violation


def _put_violations(shown: Timeline) -> None:
    found: dict[int, list[Violation]] = defaultdict(list)
    for violation in Violation.objects.open().filter(election=shown.election):
        found[violation.step_id].append(violation)
    for line in shown.lines:
        line.violations = found[line.step.pk]


def _answer(
    name: Guard, shown: Timeline, line: Line, user: User, answers: dict[str, Obstacle | None]
) -> Obstacle | None:
    if name not in answers:
        sentence = GUARDS[name](shown.election, line.step, shown.today)
        answers[name] = _obstacle(name, shown.election, sentence, user) if sentence else None
    return answers[name]


def _obstacle(name: Guard, election: Election, sentence: str, user: User) -> Obstacle:
    if name not in _PLACES:
        return Obstacle(sentence)
    route, permission, link = _PLACES[name]
    target: Election | None = election
    if name == "party_branch_first":
        branch = Election.objects.of_party_branch().filter(place=election.place_id, term=election.term_id)
        target = branch.first()
    if target is None or not user.has_perm(permission, election):
        return Obstacle(sentence)
    return Obstacle(sentence, reverse(route, args=[target.pk]), str(link))
