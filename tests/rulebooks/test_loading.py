"""Reading rulebook files: what is refused, and where the message points."""

from datetime import date
from types import MappingProxyType

import pytest
from pydantic.dataclasses import dataclass

from election_admin.rulebooks.loading import Fault, RulebookError, UnknownRulebook, find, read
from election_admin.rulebooks.values import STRICT, FrozenMap, Source, Sourced, Text, Whole

GOOD = """\
number: {value: 3, source: {document: law, article: 14}}
since: 2018-12-29
names:
  - {zh: 村, en: village}
levels: {a: 1}
"""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Book:
    number: Sourced[Whole]
    since: date
    names: tuple[Text, ...]
    levels: FrozenMap[str, Whole]
    extends: str | None = None


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="book"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def test_a_good_file_becomes_immutable_values(write):
    book = read(write(GOOD), Book)
    assert book.number.value == 3
    assert book.number.source == Source(document="law", article=14)
    assert book.since == date(2018, 12, 29)
    assert book.names[0].in_("en-us") == "village"
    assert book.names[0].in_("zh-hans") == "村"
    assert isinstance(book.levels, MappingProxyType)


def test_anchors_are_welcome(write):
    text = GOOD.replace("{zh: 村, en: village}", "&v {zh: 村, en: village}\n  - *v")
    assert len(read(write(text), Book).names) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value: 3", "value: '3'", "book.yaml:1: number.value: "),
        ("value: 3", "value: true", "book.yaml:1: number.value: "),
        ("value: 3", "value: -1", "book.yaml:1: number.value: "),
        (", source: {document: law, article: 14}", "", "book.yaml:1: number.source: is missing"),
        (", article: 14", "", "book.yaml:1: number.source.article: is missing"),
        ("2018-12-29", "2018-02-30", "book.yaml:2: since: "),
        ("2018-12-29", ".nan", "book.yaml:2: since: "),
        (", en: village", "", "book.yaml:4: names[0].en: is missing"),
        ("en: village", "en: ''", "book.yaml:4: names[0].en: "),
        ("{a: 1}", "{a: 1, a: 2}", "book.yaml:5: levels.a: is given twice"),
        ("{a: 1}", "{a: 1}\nmore: 1", "book.yaml:6: more: is not a known key"),
        ("{a: 1}", "{true: 1}", "book.yaml:5: levels: has a key that is not a word"),
        ("{a: 1}", "{<<: {a: 1}}", "book.yaml:5: levels: uses '<<'"),
        ("{a: 1}", "&x [*x]", "book.yaml:5: levels[0]: is an alias of something it is part of"),
        ("{a: 1}", "*x", "book.yaml:5: not YAML: "),
        ("{a: 1}", "[", "not YAML: "),
        ("{a: 1}", "{a: 1}\nextends: other", "book.yaml:6: extends: there is no rulebook 'other'"),
    ],
)
def test_a_fault_names_file_line_and_key(write, old, new, told):
    with pytest.raises(RulebookError) as caught:
        read(write(GOOD.replace(old, new)), Book, inherited={"levels": 1})
    assert told in str(caught.value)


def test_every_fault_is_told(write):
    text = GOOD.replace("value: 3", "value: x").replace("a: 1", "a: y")
    with pytest.raises(RulebookError) as caught:
        read(write(text), Book)
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == ["number.value", "levels.a"]


@pytest.mark.parametrize("text", ["", "- 1\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(write, text):
    with pytest.raises(RulebookError, match="is a mapping"):
        read(write(text), Book)


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_bytes("村".encode("gbk"))
    with pytest.raises(RulebookError, match=r"book.yaml:1: cannot be read"):
        read(path, Book)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(RulebookError, match="cannot be read"):
        read(tmp_path / "none.yaml", Book)


def test_a_check_points_into_the_file(write):
    with pytest.raises(RulebookError, match=r"book.yaml:5: levels.a: is wrong"):
        read(write(GOOD), Book, check=lambda book: [Fault(("levels", "a"), "is wrong")])


class TestExtends:
    CHILD = GOOD.replace("levels: {a: 1}", "levels: {b: 5}\nextends: parent").replace("village", "hamlet")

    def test_sections_are_taken_over_entry_by_entry(self, write):
        write(GOOD.replace("{a: 1}", "{a: 1, b: 2, c: 3}"), "parent")
        book = read(write(self.CHILD), Book, inherited={"levels": 1})
        assert list(book.levels.items()) == [("a", 1), ("b", 5), ("c", 3)]

    def test_what_is_outside_the_sections_is_not_inherited(self, write):
        write(GOOD, "parent")
        with pytest.raises(RulebookError, match="since: is missing"):
            read(write("extends: parent\n"), Book, inherited={"levels": 1})

    def test_a_fault_in_the_parent_names_the_parent(self, write):
        write(GOOD.replace("{a: 1}", "\n  a: x"), "parent")
        with pytest.raises(RulebookError, match=r"parent.yaml:6: levels.a: "):
            read(write(self.CHILD), Book, inherited={"levels": 1})

    def test_a_parent_that_was_changed_is_read_anew(self, write):
        path = write(self.CHILD)
        for count in (1, 2):
            write(GOOD.replace("{a: 1}", f"{{a: {count}}}"), "parent")
            assert read(path, Book, inherited={"levels": 1}).levels == {"a": count, "b": 5}

    def test_two_children_of_one_parent_do_not_mix(self, write):
        write(GOOD, "parent")
        one, other = write(self.CHILD), write(self.CHILD.replace("b: 5", "a: 7"), "other")
        assert read(one, Book, inherited={"levels": 1}).levels == {"a": 1, "b": 5}
        assert read(other, Book, inherited={"levels": 1}).levels == {"a": 7}
        assert read(one, Book, inherited={"levels": 1}).levels == {"a": 1, "b": 5}

    def test_a_circle_is_refused(self, write):
        write(GOOD + "extends: book\n", "parent")
        with pytest.raises(RulebookError, match=r"parent.yaml:6: extends: book extends this file"):
            read(write(self.CHILD), Book, inherited={"levels": 1})

    def test_a_kind_of_rulebook_without_inheritance_has_none(self, write):
        write(GOOD, "parent")
        assert list(read(write(self.CHILD), Book).levels) == ["b"]


@pytest.mark.parametrize("name", ["none", "../book", "", "BOOK", "book.yaml"])
def test_an_unknown_id_is_refused(write, name):
    path = write(GOOD)
    with pytest.raises(UnknownRulebook, match="known are book"):
        find(path.parent, name)
