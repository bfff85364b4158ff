"""Names found by the first letters of their pinyin."""

import re

import pytest

from election_admin.pinyin import initials, initials_pattern


def finds(typed: str, name: str) -> bool:
    pattern = initials_pattern(typed)
    return pattern is not None and re.search(pattern, initials(name)) is not None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("wds", "王大山"),
        ("WDS", "王大山"),
        ("ｗｄｓ", "王大山"),
        (" wds ", "王大山"),
        ("w", "王大山"),
        ("ds", "王大山"),
        # A surname that is read otherwise than the word.
        ("zds", "曾大山"),
        ("cds", "曾大山"),
        ("sxf", "单雄飞"),
        ("dxf", "单雄飞"),
        ("xz", "解珍"),
        ("qx", "仇霞"),
        ("ry", "任意"),
        ("oyx", "欧阳修"),
        ("mmtabdl", "买买提·阿不都拉"),
        ("ly", "吕音"),
        ("wa", "王A"),
    ],
)
def test_found(typed, name):
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("wdx", "王大山"), ("wdsl", "王大山"), ("sd", "王大山"), ("ws", "王大山"), ("x", "")],
)
def test_not_found(typed, name):
    assert not finds(typed, name)


@pytest.mark.parametrize("typed", ["", "王", "w d", "w.*", "w1", "wds%", "[a-z]"])
def test_what_is_not_letters_is_no_pattern(typed):
    """What is typed never becomes a part of the expression that the database runs."""
    assert initials_pattern(typed) is None


def test_every_name_fits_its_column():
    """Forty signs, each with as many readings as any sign has, are kept whole."""
    assert len(initials("乐" * 40)) <= 400
