"""The columns of a file of candidates, and candidates as its cells."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.votes import all_received
from candidates.imports.cells import ID_NUMBER_WIDTH, VILLAGE, WORDS, YES_NO, YES_NO_UNKNOWN
from candidates.imports.ground import Names, election_kind, election_kinds
from candidates.models import POST_TITLES, Candidacy, Person
from election_admin.imports.registry import Column
from election_admin.places.models import Place
from election_admin.sentences import listed

# Names of some hundred supporters fit in one cell.
LONGEST_NAMES = 20_000
STANDING = ("registered_voter", "deprived_of_political_rights")


def candidate_columns(place: Place) -> Sequence[Column]:
    """The columns of a file of candidates of a place."""
    return (
        VILLAGE,
        Column(
            "election",
            _lazy("选举"),
            reads="choice",
            choices=tuple(election_kinds(place)),
            help=_lazy("村里本届只有一次选举的，可以不填。"),
            plain=True,
        ),
        *_PERSON,
        *_NOMINATION,
        *_STANDING,
    )


_PERSON = (
    Column("name", _lazy("姓名"), required=True, example="王大山", longest=40, plain=True),
    Column(
        "sex",
        _lazy("性别"),
        reads="choice",
        choices=tuple(Person.Sex.choices),
        help=_lazy("填写了公民身份号码的，可以不填。"),
        width=8,
        plain=True,
    ),
    Column(
        "born",
        _lazy("出生日期"),
        reads="date",
        help=_lazy("填写了公民身份号码的，可以不填。"),
        example="1980-05-01",
    ),
    Column(
        "id_number",
        _lazy("公民身份号码"),
        reads="id_number",
        help=_lazy("18位，可以先不填。这一列请设为“文本”格式，否则Excel会丢失最后几位。"),
        width=ID_NUMBER_WIDTH,
    ),
    Column("ethnicity", _lazy("民族"), example="汉族", longest=20, width=10, plain=True),
    Column("education", _lazy("文化程度"), example="高中", longest=20, width=12, plain=True),
    Column(
        "party_member", _lazy("中共党员"), reads="choice", required=True, choices=YES_NO, width=10, plain=True
    ),
)
_NOMINATION = (
    Column(
        "post",
        _lazy("竞选职务"),
        reads="choice",
        required=True,
        choices=tuple(POST_TITLES.items()),
        help=_lazy("一人被提名竞选几个职务的，每个职务填一行。"),
        plain=True,
    ),
    Column(
        "how",
        _lazy("产生方式"),
        reads="choice",
        required=True,
        choices=tuple(Candidacy.How.choices),
        width=18,
        plain=True,
    ),
    Column(
        "nominated_on",
        _lazy("提名日期"),
        reads="date",
        required=True,
        example="2026-12-01",
        plain=True,
    ),
    Column(
        "supporters",
        _lazy("提名人数"),
        reads="number",
        help=_lazy("村民联名提名的，填写人数或者下一栏的姓名。"),
        width=10,
        plain=True,
    ),
    Column(
        "supporter_names",
        _lazy("提名人姓名"),
        help=_lazy("村民联名提名的全部提名人，姓名之间用顿号隔开。"),
        example="张三、李四、王五",
        width=30,
        longest=LONGEST_NAMES,
    ),
    Column(
        "votes",
        _lazy("提名（预选）得票"),
        reads="number",
        help=_lazy("没有预选的不填。"),
        width=12,
        plain=True,
    ),
)
_STANDING = (
    Column(
        "registered_voter",
        _lazy("是否本村登记选民"),
        reads="choice",
        choices=YES_NO_UNKNOWN,
        help=_lazy("不填或者填“尚未查明”的，资格结论为“尚未查清”。"),
        width=12,
    ),
    Column(
        "deprived_of_political_rights",
        _lazy("是否被剥夺政治权利"),
        reads="choice",
        required=True,
        choices=YES_NO,
        width=12,
    ),
)


def candidate_cells(candidacies: Iterable[Candidacy], names: Names) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Each nomination in force as the cells of a file, with its village; for a journalled export.

    The candidacies come with ``nominated``, the list of those in force.
    """
    for candidacy in candidacies:
        person, village = candidacy.person, candidacy.election.place
        about = {
            "village": names.name_of(village),
            "election": election_kind(candidacy.election),
            "name": person.name,
            "sex": person.sex,
            "born": person.born,
            "id_number": person.id_number,
            "ethnicity": person.ethnicity,
            "education": person.education,
            "party_member": WORDS[person.party_member],
            **{name: WORDS[candidacy.standing.get(name)] for name in STANDING},
        }
        votes = all_received(candidacy)
        for nomination in candidacy.nominated or [candidacy]:  # type: ignore[attr-defined]
            yield (
                village,
                {
                    **about,
                    "post": nomination.post,
                    "how": nomination.how,
                    "nominated_on": nomination.nominated_on,
                    "supporters": nomination.supporters,
                    "supporter_names": listed(getattr(nomination, "supporter_names", ())),
                    "votes": votes.get(nomination.post),
                },
            )
