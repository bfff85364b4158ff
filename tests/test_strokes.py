"""Names by the strokes of the surname: who stands first on a ballot is no matter of taste."""

import subprocess
import sys

import pytest

from election_admin.strokes import stroke_key, surname_of


def by_strokes(*names: str) -> list[str]:
    return sorted(names, key=stroke_key)


def test_surnames_stand_by_strokes_then_by_the_order_of_strokes() -> None:
    """2, 3, 4, 4, 7, 7, 7, 8, 9 and 17 strokes; of the equal ones 横 before 撇, 一 before 折."""
    surnames = ["丁", "马", "王", "毛", "李", "张", "陈", "欧阳", "赵", "魏"]
    assert by_strokes(*[f"{one}明" for one in reversed(surnames)]) == [f"{one}明" for one in surnames]


@pytest.mark.parametrize(
    "names",
    [
        # One given name before two, then by the given name.
        ("王凯", "王毅", "王小洪", "王文涛", "王建国"),
        # A surname of one sign before the compound one that begins with it.
        ("欧建国", "欧阳明", "欧阳小明"),
        ("司马光", "司徒明", "张明"),
        # No surname at all: two signs are a surname and a given name.
        ("马立国", "欧阳", "赵一"),
        # Parts of a name are compared as written.
        ("马立国", "买买提·艾力", "阿不都拉·买买提"),
    ],
)
def test_whole_names(names: tuple[str, ...]) -> None:
    assert by_strokes(*reversed(names)) == list(names)


def test_a_rare_sign_comes_last_and_always_at_the_same_place() -> None:
    """𠮷 and 𡈽 are in no table of ranks: after all others, by code point."""
    assert by_strokes("𡈽一", "𠮷一", "魏一", "鬱一") == ["魏一", "鬱一", "𠮷一", "𡈽一"]


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("王明", "王"),
        ("欧阳明", "欧阳"),
        ("欧阳", "欧"),
        ("爱新觉罗启星", "爱新觉罗"),
        ("买买提·艾力", "买买提"),
        ("", ""),
    ],
)
def test_surname_of(name: str, surname: str) -> None:
    assert surname_of(name) == surname


def test_only_the_data_is_read() -> None:
    """The package's own code wants numpy and jieba and would silence the office's loggers."""
    code = "import sys; from election_admin.strokes import stroke_key; stroke_key('王'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"cn_sort", "numpy", "jieba"} & set(loaded.stdout.split())
