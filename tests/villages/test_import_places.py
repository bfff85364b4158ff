"""Bringing places in: everything or nothing, every bad row named in one sentence."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from election_admin.journal.models import Entry
from election_admin.places.models import Kind, Level, Place
from tests.cast import NOW, County
from villages.actions.places import COLUMNS, import_places

HEADER = ",".join(COLUMNS)
ABOVE = "330604101,长塘镇,330604,上虞区,3306,绍兴市,33,浙江省"
VILLAGE = f"330604101203,桃园村委会,{ABOVE}"
COMMUNITY = f"330604101001,长塘社区,{ABOVE}"
COUNTY_FILE = Path("ballots/demo/divisions-330604.csv")


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def take(content: bytes, actor=None):
    return import_places(file=io.BytesIO(content), actor=actor, at=NOW)


def problems(content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        take(content)
    assert not Place.objects.exists()
    return refused.value.messages


@pytest.mark.django_db
class TestGood:
    def test_every_level_is_created(self):
        imported = take(table(VILLAGE, COMMUNITY))
        assert imported.created == {"province": 1, "city": 1, "county": 1, "township": 1, "village": 2}
        village = Place.objects.get(code="330604101203")
        assert (village.level, village.kind) == (Level.VILLAGE, Kind.VILLAGE)
        above = [village.parent, village.parent.parent, village.parent.parent.parent]
        assert [place.name for place in above] == ["长塘镇", "上虞区", "绍兴市"]
        assert Place.objects.get(code="330604101001").kind == Kind.COMMUNITY

    def test_the_county(self):
        imported = take(COUNTY_FILE.read_bytes())
        assert imported.created["township"] == Place.objects.townships().count() == 20
        assert imported.created["village"] == 364
        assert Place.objects.villages().count() == 279

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "gb18030"], ids=["UTF-8", "with a BOM", "as Chinese Excel writes"]
    )
    def test_encodings(self, encoding):
        take(table(VILLAGE).decode().encode(encoding))
        assert Place.objects.get(code="330604101203").name == "桃园村"

    def test_a_kind_of_its_own(self):
        take(table(f"{VILLAGE},community", f"{COMMUNITY},", header=f"{HEADER},kind"))
        assert set(Place.objects.filter(level="village").values_list("kind", flat=True)) == {"community"}

    def test_a_kind_once_given_stays(self):
        take(table(f"{VILLAGE},community", header=f"{HEADER},kind"))
        assert not take(table(VILLAGE)).changed

    def test_empty_rows_and_trailing_commas_say_nothing(self):
        take(table("", VILLAGE, "," * 9, header=f"{HEADER},,"))
        assert Place.objects.filter(level="village").count() == 1

    def test_journalled_once(self):
        take(table(VILLAGE, COMMUNITY))
        entry = Entry.objects.get()
        assert (entry.verb, entry.place.code) == ("places.import_places", "330604")
        assert entry.after["created_village"] == 2

    def test_a_second_import_changes_nothing(self):
        take(table(VILLAGE))
        again = take(table(VILLAGE))
        assert (again.changed, again.unchanged) == (False, 5)
        assert Entry.objects.count() == 1

    def test_a_place_is_renamed(self):
        take(table(VILLAGE))
        renamed = take(table(VILLAGE.replace("桃园村委会", "桃源社区")))
        assert (renamed.renamed, sum(renamed.created.values())) == (1, 0)
        place = Place.objects.get(code="330604101203")
        assert (place.name, place.kind) == ("桃源社区", Kind.COMMUNITY)

    def test_the_file_stays_open(self):
        file = io.BytesIO(table(VILLAGE))
        import_places(file=file, actor=None, at=NOW)
        assert not file.closed


def test_somebody_of_another_county_may_not(county: County, neighbour: County):
    with pytest.raises(PermissionDenied):
        take(table(VILLAGE), actor=neighbour.administrator)


BAD = {
    "short code": (
        table(VILLAGE.replace("330604101203", "33060410120")),
        "第2行“code”列：“33060410120”不是12位数字。",
    ),
    "scientific code": (
        table(VILLAGE.replace("330604101203", "3.30604E+11")),
        "第2行“code”列：“3.30604E+11”是Excel改写的科学计数法。",
    ),
    "full-width digits": (
        table(VILLAGE.replace("330604101203", "３３０６０４１０１２０３")),
        "第2行“code”列：",
    ),
    "no code": (table(VILLAGE.replace("330604101203", "")), "第2行“code”列：没有填写。"),
    "other township": (
        table(VILLAGE.replace("330604101203", "330604102203")),
        "第2行“code”列：330604102203不是以township_code（330604101）开头。",
    ),
    "other county": (
        table(VILLAGE.replace(",330604,", ",330683,")),
        "第2行“township_code”列：330604101不是以county_code（330683）开头。",
    ),
    "no name": (table(VILLAGE.replace("桃园村委会", " ")), "第2行“name”列：名称是空的。"),
    "long name": (table(VILLAGE.replace("桃园", "桃" * 60)), "第2行“name”列：名称有63个字"),
    "picture in the name": (
        table(VILLAGE.replace("桃园", "🍑")),
        "第2行“name”列：含有无法打印的字符",
    ),
    "line break in the name": (
        table(VILLAGE.replace("桃园村委会", '"桃园\n村"')),
        "第2行“name”列：名称里有换行",
    ),
    "same code twice": (table(VILLAGE, VILLAGE), "第3行“code”列：代码330604101203与第2行重复。"),
    "same code, two names": (
        table(VILLAGE, VILLAGE.replace("桃园", "桃源")),
        "第3行“name”列：代码330604101203在第2行叫“桃园村”，这里叫“桃源村”。",
    ),
    "township of two names": (
        table(VILLAGE, COMMUNITY.replace("长塘镇", "长搪镇")),
        "第3行“township_name”列：代码330604101在第2行叫“长塘镇”，这里叫“长搪镇”。",
    ),
    "extra cells": (table(VILLAGE + ",x,y"), "第2行：比标题行多出2格。"),
    "short row": (table("330604101203,桃园村委会"), "第2行“province_code”列：没有填写。"),
    "strange kind": (
        table(f"{VILLAGE},村", header=f"{HEADER},kind"),
        "第2行“kind”列：“村”不是地区类型。",
    ),
    "empty row before": (table("", VILLAGE.replace("桃园村委会", "")), "第3行“name”列："),
    "column missing": (table(header="code,name"), "第1行缺少列：township_code、township_name"),
    "column unknown": (table(header=HEADER + ",备注"), "第1行有不认识的列“备注”。"),
    "column twice": (table(header=HEADER + ",name"), "第1行“name”列出现了不止一次。"),
    "header only": (table(), "表格只有标题行"),
    "empty file": (b"", "文件是空的。"),
    "workbook": (b"PK\x03\x04" + b"\0" * 40, "这是Excel工作簿"),
    "binary": (bytes(range(256)), "文件不是UTF-8或者GB18030编码的文本。"),
    "UTF-16": (table(VILLAGE).decode().encode("utf-16"), "文件不是UTF-8或者GB18030编码的文本。"),
}


@pytest.mark.django_db
class TestBad:
    @pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
    def test_is_refused(self, content, expected):
        found = problems(content)
        assert any(one.startswith(expected) for one in found), found
        assert all(one.endswith("。") and "\n" not in one for one in found)

    def test_every_bad_row_is_named_and_no_good_one_taken(self):
        rows = [VILLAGE, COMMUNITY.replace("长塘社区", ""), VILLAGE.replace("330604101203", "1")]
        assert [one[:3] for one in problems(table(*rows))] == ["第3行", "第4行"]


@pytest.mark.django_db
class TestCommand:
    def test_says_what_it_did_and_then_that_nothing_changed(self, capsys):
        call_command("import_places", COUNTY_FILE)
        call_command("import_places", COUNTY_FILE)
        first, second = capsys.readouterr().out.splitlines()
        assert "村和社区364个" in first
        assert "没有变化" in second

    def test_each_problem_on_its_own_line(self, tmp_path, capsys):
        file = tmp_path / "bad.csv"
        file.write_bytes(table(VILLAGE, VILLAGE, VILLAGE))
        with pytest.raises(CommandError, match="共2处问题，没有导入任何地区"):
            call_command("import_places", file)
        assert len(capsys.readouterr().err.splitlines()) == 2

    @pytest.mark.parametrize("path", ["nowhere.csv", ".", "\0"])
    def test_no_traceback_for_what_cannot_be_read(self, path):
        with pytest.raises(CommandError):
            call_command("import_places", path)
