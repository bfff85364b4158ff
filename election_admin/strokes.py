"""Names in the order of the strokes of the surname 姓氏笔画.

The ranks are those of GB13000.1: fewer strokes first, of equally many the one whose strokes come
first in the order 横竖撇点折. They are read from the data file of the package cn-sort, whose code
is never imported: it would want numpy and jieba and silence every logger.
"""

import json
from functools import cache
from importlib.metadata import distribution
from typing import Any

# Surnames of two characters, which would else be read as one and a given name.
_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 梁丘 左丘 东门 西门 第五 纳兰 完颜 叶赫
爱新觉罗 耶律 贺兰 达奚
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
# The dots between the parts of a name of many peoples.
_DOTS = "·•."
_LONGEST_SURNAME = max(len(surname) for surname in COMPOUND_SURNAMES)

Rank = tuple[int, int]
StrokeKey = tuple[tuple[Rank, ...], int, tuple[Rank, ...]]


def surname_of(name: str) -> str:
    """The surname a name begins with; of a name in parts, 买买提·阿不都拉, the first part."""
    for dot in _DOTS:
        first, found, _rest = name.partition(dot)
        if found:
            return first
    for length in range(min(_LONGEST_SURNAME, len(name) - 1), 1, -1):
        if name[:length] in COMPOUND_SURNAMES:
            return name[:length]
    return name[:1]


def stroke_key(name: str) -> StrokeKey:
    """What sorts names by strokes: the surname sign by sign, so that 欧 stands before 欧阳; then
    one given name before two; then the given name sign by sign.

    A sign without a rank, as some rare ones, comes after all that have one, by its code point.
    """
    surname = surname_of(name)
    given = name[len(surname) :].lstrip(_DOTS)
    return tuple(map(_rank, surname)), len(given), tuple(map(_rank, given))


def _rank(sign: str) -> Rank:
    rank = _ranks().get(sign)
    return (1, ord(sign)) if rank is None else (0, rank)


@cache
def _ranks() -> dict[str, int]:
    return {word["chinese"]: word["stroke_increment_level"] for word in signs()}


def signs() -> list[dict[str, Any]]:
    """The table of cn-sort: each sign with a reading, 曾_zeng1, and its ranks; once for each reading."""
    path: Any = distribution("cn-sort").locate_file("cn_sort/res/all_word.json")
    table: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["all_word"]
    return table
