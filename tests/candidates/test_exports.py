"""Files with whole numbers and findings: for a reason, journalled, and read back as what they are."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from candidates.actions import exporting
from candidates.imports.kinds import CANDIDATES, FINDINGS
from candidates.models import Candidacy, Finding, Nomination
from election_admin.imports import actions, tasks
from election_admin.imports.models import ImportJob, ImportRow
from election_admin.imports.reading import read_lines
from election_admin.imports.registry import Change, import_kind
from election_admin.imports.sheets import read_sheet
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.candidates.importing import bring_in, bring_in_findings, changes, finding_row, read, row
from tests.candidates.test_imports import open_branch_election
from tests.candidates.test_lists import open_election, page
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
NUMBER = make_id_number()
SECOND = make_id_number(order=13)
EXPORTS = ["export_candidates", "export_findings"]
REASON = {"reason": "向县委组织部报送候选人名册"}


def url(name, query="") -> str:
    return reverse(f"candidates:{name}") + query


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(file: bytes) -> list[dict]:
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    return [dict(zip(header, one, strict=True)) for one in rows]


def export(client, user, name, query="") -> bytes:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(url(name, query), REASON)
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "no-store" in response["Cache-Control"]
    return content(response)


def read_back(county, kind: str, file: bytes) -> list:
    """What the file would do if it were imported."""
    of_kind = import_kind(kind)
    sheet = read_sheet("a.xlsx", file, of_kind.columns(county.township), most_rows=20_000)
    reader = of_kind.reader(county.township, county.township_official, TODAY)
    return [one.read for one in read_lines(sheet.lines(), reader)]


@pytest.fixture
def found(county, candidacy):
    return make_finding(county, candidacy)


class TestWhy:
    @pytest.mark.parametrize("name", EXPORTS)
    def test_is_asked_first(self, official, found, name):
        response = official.get(url(name))

        assert response.status_code == 200
        assert NUMBER not in response.content.decode()
        assert "事由" in response.content.decode()
        assert not Entry.objects.filter(verb__startswith="candidates.export").exists()

    @pytest.mark.parametrize("name", EXPORTS)
    @pytest.mark.parametrize("reason", ["", "   ", "长" * 501, "报送😀"])
    def test_without_it_there_is_no_file(self, official, found, name, reason):
        response = official.post(url(name), {"reason": reason})

        assert "text/html" in response["Content-Type"]
        assert response.context["form"].errors["reason"]
        assert not Entry.objects.filter(verb__startswith="candidates.export").exists()

    def test_is_journalled_with_who_left(self, client, county, found):
        export(client, county.township_official, "export_candidates")
        entry = Entry.objects.latest("number")

        assert (entry.verb, entry.reason) == ("candidates.export_candidates", REASON["reason"])
        assert (entry.actor, entry.place) == (county.township_official, county.township)
        assert entry.after == {"rows": 1, "ids": [found.candidacy_id]}

    def test_findings_are_journalled(self, client, county, found):
        export(client, county.county_reviewer, "export_findings")
        entry = Entry.objects.latest("number")

        assert entry.verb == "candidates.export_findings"
        assert entry.place == county.county
        assert entry.after == {"rows": 1, "ids": [found.pk]}
        assert list(verify()) == []

    @pytest.mark.parametrize("name", EXPORTS)
    def test_nothing_to_export(self, official, county, name):
        assert "没有可以导出的记录" in official.get(url(name)).content.decode()
        assert "没有可以导出的记录" in official.post(url(name), REASON).content.decode()
        assert not Entry.objects.filter(verb__startswith="candidates.export").exists()


class TestWhat:
    def test_candidates_whole(self, client, county):
        bring_in(
            county,
            row(supporters=2, supporter_names="张三、李四", votes=5),
            row(post="member", how="self", supporters=None),
        )
        first, second = rows_of(export(client, county.township_official, "export_candidates"))

        assert first == {
            "村": "桃园村",
            "选举": "村委会",
            "姓名": "王大山",
            "性别": "男",
            "出生日期": date(1980, 5, 1),
            "公民身份号码": NUMBER,
            "民族": "汉族",
            "文化程度": "高中",
            "中共党员": "是",
            "竞选职务": "主任",
            "产生方式": "村民联名提名",
            "提名日期": date(2026, 11, 28),
            "提名人数": 2,
            "提名人姓名": "张三、李四",
            "提名（预选）得票": 5,
            "是否本村登记选民": "是",
            "是否被剥夺政治权利": "否",
        }
        assert (second["竞选职务"], second["产生方式"]) == ("委员", "自荐")

    def test_findings(self, client, county, found):
        [line] = rows_of(export(client, county.township_official, "export_findings"))

        assert {name: value for name, value in line.items() if value != ""} == {
            "村": "桃园村",
            "姓名": "王大山",
            "公民身份号码": NUMBER,
            "情形": "受过刑罚",
            "核实程度": "已查实",
            "判决日期": date(2019, 3, 1),
            "刑满释放日期": date(2023, 3, 1),
            "文书编号": "（2019）浙0604刑初88号",
        }

    def test_findings_taken_back_stay_inside(self, client, county, found):
        make_finding(county, found.candidacy)
        Finding.objects.filter(pk=found.pk).update(withdrawn_at=NOW)

        assert len(rows_of(export(client, county.township_official, "export_findings"))) == 1

    def test_only_what_was_filtered(self, client, county, candidacy):
        make_candidate(county, "李四", id_number=SECOND, post="member")

        for query in ("?q=ls", "?post=member"):
            [line] = rows_of(export(client, county.township_official, "export_candidates", query))
            assert line["姓名"] == "李四"
        assert "李四" not in str(
            rows_of(export(client, county.township_official, "export_candidates", "?post=chair"))
        )

    def test_a_filter_not_understood_exports_nobody(self, official, candidacy):
        response = official.post(url("export_candidates", "?state=nothing"), REASON)

        assert "没有可以导出的记录" in response.content.decode()

    def test_filters_are_named_before(self, official, candidacy):
        page_text = official.get(url("export_candidates", "?post=chair")).content.decode()

        assert "竞选职务：主任" in page_text
        assert 'href="/candidates/?post=chair"' in page_text

    def test_county_names_the_townships(self, client, county, candidacy):
        [line] = rows_of(export(client, county.county_reviewer, "export_candidates"))

        assert line["乡镇（街道）"] == "长塘镇"

    def test_formulas_stay_text(self, client, county, found):
        found.details |= {"remark": '=HYPERLINK("http://example.org")', "source": "+1"}
        found.save()
        file = export(client, county.township_official, "export_findings")

        assert rows_of(file)[0]["备注"] == '=HYPERLINK("http://example.org")'
        assert b"<f>" not in file


class TestWho:
    @pytest.mark.parametrize("name", EXPORTS)
    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, found, name, who):
        client.force_login(getattr(county, who))

        assert client.get(url(name)).status_code == client.post(url(name), REASON).status_code == 403

    @pytest.mark.parametrize("name", EXPORTS)
    def test_anonymous(self, client, county, name):
        assert client.post(url(name), REASON).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("name", EXPORTS)
    def test_outsiders_have_nobody_to_export(self, client, county, neighbour, found, name):
        for who in (county.other_township_official, neighbour.township_official, neighbour.county_reviewer):
            client.force_login(who)
            assert "没有可以导出的记录" in client.post(url(name), REASON).content.decode()

    @pytest.mark.parametrize("name", EXPORTS)
    def test_wrong_verb(self, official, name):
        assert official.delete(url(name)).status_code == 405

    def test_the_action_asks_itself(self, county, candidacy):
        for who in (county.court, county.other_township_official, county.committee_member):
            with pytest.raises(PermissionDenied):
                exporting.export_candidates(candidacies=[candidacy], reason="看看", actor=who, at=NOW)

    def test_links_stand_on_the_list(self, client, county):
        of_township = page(client, county.township_official, "post=chair").content.decode()
        of_county = page(client, county.county_reviewer).content.decode()
        imports = [
            reverse("imports:request_import", args=[kind, county.township.code])
            for kind in (CANDIDATES, FINDINGS)
        ]
        for name in EXPORTS:
            assert f'href="{url(name)}?post=chair"' in of_township
            assert f'href="{url(name)}"' in of_county
        for address in imports:
            assert address in of_township
            assert address not in of_county


def test_the_list_of_a_village_leads_to_the_import(client, county):
    address = reverse("imports:request_import", args=[CANDIDATES, county.township.code])
    client.force_login(county.township_official)
    assert (
        address
        in client.get(reverse("candidates:candidate_list", args=[county.election.pk])).content.decode()
    )
    client.force_login(county.county_reviewer)
    assert (
        address
        not in client.get(reverse("candidates:candidate_list", args=[county.election.pk])).content.decode()
    )


# --- what was exported reads back as the same -------------------------------------------
def test_candidates_read_back(client, county):
    open_election(county, county.second_village)
    open_branch_election(county)
    own = {"election": "villagers_committee.general"}
    bring_in(
        county,
        row(**own, supporters=2, supporter_names="张三、李四", votes=12),
        row(**own, post="member", how="self", supporters=None, votes=0),
        row(election="party_branch.general", post="secretary", how="party", supporters=None),
        row(village="罗村村", name="阿依古丽·买买提", sex="female", id_number=None, registered_voter=None),
        row(
            village="罗村村",
            name="欧阳青",
            id_number=SECOND,
            ethnicity=None,
            education=None,
            party_member="no",
        ),
    )
    Candidacy.objects.filter(person__name="欧阳青").update(state="final")
    file = export(client, county.township_official, "export_candidates")

    assert changes(read_back(county, CANDIDATES, file)) == ["same"] * 5


def test_findings_read_back(client, county, candidacy):
    bring_in_findings(
        county,
        finding_row(),
        finding_row(
            situation="4",
            sentenced_on=None,
            released_on=None,
            sanction="warning",
            sanctioned_on=date(2026, 3, 1),
        ),
        finding_row(
            situation="长期外出", sentenced_on=None, released_on=None, status="alleged", remark="外出经商"
        ),
        finding_row(situation="5", sentenced_on=None, released_on=None, status="cleared"),
    )
    file = export(client, county.township_official, "export_findings")

    assert changes(read_back(county, FINDINGS, file)) == ["same"] * 4


SIGNS = st.text("王李张刘陈杨赵黄周吴大小山水金木", min_size=2, max_size=4)
ROW = st.fixed_dictionaries(
    {
        "village": st.sampled_from(["桃园村", "罗村村"]),
        "name": SIGNS,
        "sex": st.sampled_from(["male", "female"]),
        "born": st.dates(date(1950, 1, 1), date(2008, 1, 1)),
        "id_number": st.none(),
        "ethnicity": st.none() | st.sampled_from(["汉族", "回族"]),
        "education": st.none() | SIGNS,
        "party_member": st.sampled_from(["yes", "no"]),
        "post": st.sampled_from(["chair", "vice_chair", "member"]),
        "how": st.sampled_from(["joint", "self", "party"]),
        "nominated_on": st.dates(date(2026, 11, 1), date(2026, 11, 30)),
        "supporters": st.none() | st.integers(0, 500),
        "supporter_names": st.none() | st.lists(SIGNS, min_size=1, max_size=4).map("、".join),
        "votes": st.none() | st.integers(0, 900),
        "registered_voter": st.sampled_from([None, "yes", "no", "unknown"]),
        "deprived_of_political_rights": st.sampled_from(["yes", "no"]),
    }
)


@given(rows=st.lists(ROW, min_size=1, max_size=8), numbered=st.lists(st.integers(1, 400), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_imported_reads_back_as_the_same(county, client, rows, numbered):
    """Nothing a file can bring in is lost or changed on the way out and in again."""
    rows = [row(**one) for one in rows]
    for one, order in zip(rows, numbered, strict=False):
        one["id_number"] = make_id_number(one["born"], order * 2 + (one["sex"] == "male"))
    with transaction.atomic():
        open_election(county, county.second_village)
        good = [
            each for each, one in zip(rows, read(county, *rows), strict=True) if one.change != Change.WRONG
        ]
        if good:
            bring_in(county, *good)
            file = export(client, county.township_official, "export_candidates")
            assert changes(read_back(county, CANDIDATES, file)) == ["same"] * Nomination.objects.count()
        transaction.set_rollback(True)


# --- through the engine, from the page to the database -----------------------------------
@pytest.fixture
def _engine(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("election_admin.waking.app.send_task", lambda name, args=(), **options: None)


def worked(job: ImportJob) -> ImportJob:
    tasks.work(job.pk)
    return ImportJob.objects.get(pk=job.pk)


def sent_in(county, kind: str, file: bytes) -> ImportJob:
    upload = SimpleUploadedFile("名单.xlsx", file)
    job = actions.request_import(
        kind=kind, place=county.township, file=upload, actor=county.township_official, at=NOW
    )
    return worked(job)


def confirmed(county, job: ImportJob) -> ImportJob:
    actions.confirm_import(job=job, reading=job.reading, actor=county.township_official, at=NOW)
    return worked(job)


@pytest.mark.usefixtures("_engine")
class TestThroughTheEngine:
    @pytest.fixture
    def file(self, client, county, candidacy) -> bytes:
        """A list that was exported before its candidate was changed by hand."""
        make_finding(county, candidacy)
        file = export(client, county.township_official, "export_candidates")
        person = candidacy.person
        person.education = "初中"
        person.save()
        return file

    def test_previewed_confirmed_written(self, county, file):
        job = sent_in(county, CANDIDATES, file)

        assert (job.state, job.changed, job.wrong) == ("read", 1, 0), job.reason
        assert ImportRow.objects.get(job=job).shown["education"] == "初中 → 高中"
        job = confirmed(county, job)
        assert job.state == "done", job.reason
        assert Candidacy.objects.get().person.education == "高中"

    def test_facts_that_change_meanwhile_stop_it(self, county, file):
        """What was confirmed is not what would be written any more: nothing is."""
        job = sent_in(county, CANDIDATES, file)
        Candidacy.objects.update(state="in_review")
        job = confirmed(county, job)

        assert Candidacy.objects.get().person.education == "初中"
        assert not Entry.objects.filter(verb="candidates.import_candidates").exists()
        assert job.state != "done"
        assert ImportRow.objects.get(job=worked(job)).change == Change.WRONG

    def test_preview_page_masks(self, official, county, file):
        job = sent_in(county, CANDIDATES, file)
        text = official.get(reverse("imports:import_job", args=[job.pk])).content.decode()

        assert "330604********" in text
        assert "初中 → 高中" in text
        for secret in (NUMBER, "1980-05-01", "1980年5月"):
            assert secret not in text

    def test_findings(self, client, county, candidacy):
        make_finding(county, candidacy)
        file = export(client, county.township_official, "export_findings")
        Finding.objects.update(withdrawn_at=NOW)
        job = confirmed(county, sent_in(county, FINDINGS, file))

        assert job.state == "done", job.reason
        assert Finding.objects.in_force().count() == 1
        assert Candidacy.objects.get().verdict == "disqualified"

    def test_page_of_the_import_leads_back(self, official, county):
        text = official.get(
            reverse("imports:request_import", args=[CANDIDATES, county.township.code])
        ).content.decode()

        assert f'href="{reverse("candidates:candidates")}"' in text

    def test_blank_has_the_columns(self, official, county):
        response = official.get(reverse("imports:blank", args=[FINDINGS, county.township.code]))
        file = b"".join(response.streaming_content) if response.streaming else response.content

        assert read_sheet_header(file)[:5] == ["村", "姓名", "公民身份号码", "情形", "核实程度"]


def read_sheet_header(file: bytes) -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    header = next(one for one in rows if "村" in [str(cell).strip("*") for cell in one])
    return [str(cell).strip("*") for cell in header]
