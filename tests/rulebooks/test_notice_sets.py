"""Notice sets: the statutory notices and their numbers, which differ from one office to the next."""

from pathlib import Path

import pytest

from election_admin.rulebooks import notice_sets
from election_admin.rulebooks.loading import RulebookError, UnknownRulebook
from election_admin.rulebooks.notice_sets import load_notice_set, notice_set_ids, read_notice_set
from election_admin.rulebooks.procedures import load_procedure

FIRST = [
    ("election_day", "1"),
    ("election_committee", "2"),
    ("voter_registration", "3"),
    ("voter_list", "4"),
    ("voter_list_supplement", None),
    ("representatives_election", "5"),
    ("representatives", "6"),
    ("group_heads", "6-1"),
    ("nomination_call", "7"),
    ("preliminary_candidates", "8"),
]
LAST = [
    ("final_candidates", "9"),
    ("voting_place_time", "10"),
    ("election_staff", "11"),
    ("roving_voters", "12"),
    ("proxies", "13"),
    ("scribes", "14"),
    ("void_ballots", "15"),
]
GOOD = """\
id: other
title: {zh: 目录, en: Set}
note: {zh: 说明, en: Note}
notices:
  election_day:
    number: "1"
    title: {zh: 选举日, en: Election day}
    step: election_day_announced
    source: {document: organic-law, article: 12}
    fields:
      - {code: phone, label: {zh: 电话, en: Telephone}, kind: text}
  result:
    number: "16"
    title: {zh: 结果, en: Result}
    source: {document: organic-law, article: 15}
"""


def numbers(set_id: str) -> list[tuple[str, str | None]]:
    return [(code, notice.number) for code, notice in load_notice_set(set_id).in_order.items()]


def test_the_citys_numbers() -> None:
    assert numbers("city-2026") == [*FIRST, *LAST, ("result", "16"), ("supervision_committee", "17")]


def test_its_revision_moves_the_end_and_adds_three() -> None:
    """Result 17, supervision committee 17-1; 2-1 and the preliminary vote stand where they happen."""
    assert numbers("city-2026-revised") == [
        *FIRST[:2],
        ("committee_replacement", "2-1"),
        *FIRST[2:],
        ("preliminary_vote_method", None),
        ("preliminary_vote_result", None),
        *LAST,
        ("result", "17"),
        ("supervision_committee", "17-1"),
    ]


def test_a_further_election_has_only_the_notices_of_the_vote() -> None:
    """The roll and the committee stay; who registers or nominates is not asked again."""
    codes = list(load_notice_set("city-2026").for_occasion("further"))
    assert codes == ["election_day", *(code for code, _number in LAST), "result"]
    assert list(load_notice_set("city-2026").for_occasion("recall")) == []


@pytest.mark.parametrize("set_id", notice_set_ids())
def test_every_notice_cites_a_law_every_rulebook_has(set_id: str) -> None:
    law = load_procedure("national-2018")
    for code, notice in load_notice_set(set_id).notices.items():
        assert notice.source.document in law.documents, code
        assert law.cite(notice.source, "zh-hans").startswith("《中华人民共和国村民委员会组织法》第"), code


@pytest.mark.parametrize("set_id", notice_set_ids())
def test_every_notice_has_its_words(set_id: str) -> None:
    """A code without a template would end in a failed document on the day it has to hang."""
    folder = Path("templates/ballots/documents/notices")
    missing = [code for code in load_notice_set(set_id).notices if not (folder / f"{code}.html").exists()]
    assert missing == []


def test_an_unknown_set_is_named() -> None:
    with pytest.raises(UnknownRulebook, match="no-such-set"):
        load_notice_set("no-such-set")


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str, name: str = "other") -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_a_good_one_is_read(write) -> None:
    assert list(read_notice_set(write(GOOD)).notices) == ["election_day", "result"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'number: "16"',
            'number: "1"',
            "other.yaml:13: notices.result.number: 1 is the number of election_day",
        ),
        (
            "election_day_announced",
            "no_such_step",
            "other.yaml:8: notices.election_day.step: there is no step",
        ),
        (
            "article: 15}",
            "article: 15}\n    after: nowhere",
            "notices.result.after: there is no notice nowhere",
        ),
        (
            "organic-law, article: 15",
            "hearsay, article: 15",
            "notices.result.source.document: hearsay is not",
        ),
        ("kind: text}", "kind: picture}", "other.yaml:11: notices.election_day.fields.[0].kind"),
        ("source: {document: organic-law, article: 15}", "", "notices.result.source: is missing"),
        ('number: "16"', 'number: "16"\n    colour: red', "notices.result.colour: is not a known key"),
        ('number: "16"', "number: 16", "notices.result.number"),
        (
            "kind: text}",
            "kind: text}\n      - {code: phone, label: {zh: 二, en: Two}, kind: text}",
            "other.yaml:12: notices.election_day.fields[1].code: phone is given twice",
        ),
    ],
)
def test_faults_name_file_line_and_key(write, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    with pytest.raises(RulebookError) as refused:
        read_notice_set(write(GOOD.replace(old, new)))
    assert fault.replace(".[", "[") in str(refused.value)


def test_a_county_may_renumber_a_notice_and_nothing_else(write) -> None:
    """``extends`` keeps the title, the step and the fields of what it renumbers."""
    write(GOOD)
    child = write(
        "id: own\nextends: other\ntitle: {zh: 目录, en: Set}\nnote: {zh: 说明, en: Note}\n"
        'notices: {result: {number: "18"}}\n',
        "own",
    )
    own = read_notice_set(child)
    assert own.notices["result"].number == "18"
    assert own.notices["result"].title.zh == "结果"
    assert own.notices["election_day"].step == "election_day_announced"


def test_the_sets_are_where_terms_look_for_them() -> None:
    assert notice_sets.notice_set_ids() == ("city-2026", "city-2026-revised")
