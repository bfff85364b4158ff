"""The pages of candidates: entered, listed, shown, corrected, moved on."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import people
from candidates.models import Assessment, Candidacy, Person
from election_admin.accounts.models import Membership, User
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.cast import NOW, SEATS
from villages.actions.terms import set_election_day
from villages.models import Election

pytestmark = pytest.mark.django_db

POSTED = {
    "name": "王大山",
    "sex": "male",
    "born": "1980-05-01",
    "id_number": make_id_number(),
    "ethnicity": "汉族",
    "education": "高中",
    "party_member": "yes",
    "post": "chair",
    "how": "joint",
    "nominated_on": "2026-11-28",
    "supporters": "30",
    "registered_voter": "yes",
    "deprived_of_political_rights": "no",
}
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def number_ending_in_x() -> str:
    return next(number for order in range(1, 999, 2) if (number := make_id_number(order=order)).endswith("X"))


def text(response) -> str:
    return response.content.decode()


def record_url(county) -> str:
    return reverse("candidates:record_candidate", args=[county.election.pk])


def list_url(county) -> str:
    return reverse("candidates:candidate_list", args=[county.election.pk])


def page_url(candidacy, name="candidate") -> str:
    return reverse(f"candidates:{name}", args=[candidacy.pk])


# --- who may ------------------------------------------------------------------
OF_ELECTION = {"candidate_list": ["get"], "record_candidate": ["get", "post"]}
OF_CANDIDATE = {"candidate": ["get"], "correct_candidate": ["get"], "change_state": ["get", "post"]}
WRITERS = {"record_candidate", "correct_candidate", "change_state"}
CASES = [
    (name, verb) for views in (OF_ELECTION, OF_CANDIDATE) for name, verbs in views.items() for verb in verbs
]


def address(name, candidacy) -> str:
    pk = candidacy.election_id if name in OF_ELECTION else candidacy.pk
    return reverse(f"candidates:{name}", args=[pk])


@pytest.mark.parametrize(("name", "verb"), CASES)
class TestAccess:
    def test_anonymous(self, client, candidacy, name, verb):
        response = getattr(client, verb)(address(name, candidacy))

        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("who", ["other_township_official", "neighbour"])
    def test_outsider(self, client, county, neighbour, candidacy, name, verb, who):
        outsider = neighbour.township_official if who == "neighbour" else getattr(county, who)
        client.force_login(outsider)

        assert getattr(client, verb)(address(name, candidacy)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator", "county_reviewer"])
    def test_other_roles(self, client, county, candidacy, name, verb, who):
        client.force_login(getattr(county, who))
        allowed = who == "county_reviewer" and name not in WRITERS

        assert getattr(client, verb)(address(name, candidacy)).status_code == (200 if allowed else 403)

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, official, name, verb, pk):
        assert getattr(official, verb)(reverse(f"candidates:{name}", args=[pk])).status_code == 404

    def test_wrong_verb(self, official, candidacy, name, verb):
        assert official.delete(address(name, candidacy)).status_code == 405


# --- recording ----------------------------------------------------------------
def test_record_candidate(official, county):
    assert "妇女委员" in text(official.get(record_url(county)))

    response = official.post(record_url(county), POSTED)

    candidacy = Candidacy.objects.select_related("person").get()
    assert response.url == page_url(candidacy)
    assert candidacy.person.id_number == POSTED["id_number"]
    assert candidacy.standing == {"registered_voter": True, "deprived_of_political_rights": False}
    assert (candidacy.verdict, candidacy.state) == ("not_established", "preliminary")
    assert "候选人已登记" in text(official.get(response.url))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (make_id_number().translate(FULL_WIDTH), make_id_number()),
        (
            "  " + make_id_number()[:6] + " " + make_id_number()[6:14] + "　" + make_id_number()[14:],
            make_id_number(),
        ),
        (number_ending_in_x().lower(), number_ending_in_x()),
        (number_ending_in_x().translate(FULL_WIDTH), number_ending_in_x()),
        # A county whose code is in no list of today.
        (make_id_number(prefix="330682"), make_id_number(prefix="330682")),
        ("", ""),
    ],
)
def test_id_numbers_accepted(official, county, typed, kept):
    official.post(record_url(county), POSTED | {"id_number": typed})

    assert Person.objects.get().id_number == kept


BAD = [
    ("name", "", "请填写“姓名”"),
    ("name", "王😀", "表情符号"),
    ("name", "王5", "不能含数字"),
    ("name", "王" * 41, "最多40个字，现有41个字"),
    ("sex", "other", "“性别”没有这个选项"),
    ("born", "2026-12-02", "日期还没有到"),
    ("born", "1899-12-31", "早于1900年"),
    ("born", "1980-02-30", "“出生日期”不是有效的日期"),
    ("born", "", "请填写“出生日期”"),
    ("born", "1981-05-01", "号码中的出生日期是1980年5月1日，与填写的出生日期1981年5月1日不一致"),
    ("sex", "female", "号码中的性别是“男”，与选择的性别“女”不一致"),
    ("id_number", make_id_number()[:17], "现为17位"),
    ("id_number", "3306041980050101a1", "前17位是数字"),
    ("id_number", "330604198002300110", "不是有效的出生日期"),
    ("id_number", make_id_number()[:-1] + ("1" if make_id_number()[-1] != "1" else "2"), "校验码"),
    ("id_number", "3" * 61, "最多60个字"),
    ("ethnicity", "😀", "表情符号"),
    ("ethnicity", "汉" * 21, "最多20个字"),
    ("party_member", "", "请选择“中共党员”"),
    ("post", "mayor", "“竞选职务”没有这个选项"),
    ("post", "", "请选择“竞选职务”"),
    ("post", "women", "妇女委员只能由女性竞选"),
    ("how", "appointed", "“产生方式”没有这个选项"),
    ("nominated_on", "2026-12-02", "日期还没有到"),
    ("nominated_on", "1979-01-01", "提名日期早于出生日期"),
    ("supporters", "-1", "“提名人数”不能是负数"),
    ("supporters", "", "村民联名提名的，请填写提名人数"),
    ("supporters", "0", "村民联名提名的，请填写提名人数"),
    ("supporters", "三十", "“提名人数”应是整数"),
    ("supporters", "9" * 30, "“提名人数”过大"),
    ("registered_voter", "", "请选择“是否为本村登记选民”"),
    ("deprived_of_political_rights", "unknown", "没有这个选项"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), BAD)
def test_bad_input_is_said_and_nothing_is_lost(official, county, field, value, sentence):
    response = official.post(record_url(county), POSTED | {field: value})

    page = text(response)
    assert response.status_code == 200
    assert sentence in page
    assert not Candidacy.objects.exists()
    assert not Person.objects.exists()
    for name in ("education", "nominated_on", "supporters", "id_number"):
        if name != field:
            assert f'value="{POSTED[name]}"' in page
    if value and field not in {"sex", "how", "post", "deprived_of_political_rights"}:
        assert f'value="{value}"' in page


def test_empty_form_says_all_at_once(official, county):
    page = text(official.post(record_url(county), {"name": ""}))

    for label in ("姓名", "出生日期", "提名日期"):
        assert f"请填写“{label}”" in page


@pytest.mark.parametrize("without", ["day", "seats"])
def test_record_candidate_before_there_is_a_day(official, county, without):
    if without == "day":
        Election.objects.update(election_day=None)
    else:
        county.election.seats.all().delete()

    for response in (official.get(record_url(county)), official.post(record_url(county), POSTED)):
        assert "还没有设定选举日和职位名额" in text(response)
    assert "还没有设定选举日和职位名额" in text(official.get(list_url(county)))
    assert not Candidacy.objects.exists()


def test_record_candidate_in_an_earlier_term(official, county):
    county.term.current = False
    county.term.save()

    assert "往届选举" in text(official.post(record_url(county), POSTED))
    assert not Candidacy.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "一人只能竞选一个职务"),
        ({"id_number": ""}, "同名、同日出生"),
        ({"id_number": make_id_number(order=13), "name": "王小山"}, None),
        ({"id_number": make_id_number(order=13)}, None),
    ],
)
def test_nobody_stands_twice(official, county, candidacy, changes, sentence):
    page = official.post(record_url(county), POSTED | changes)

    assert Candidacy.objects.count() == (1 if sentence else 2)
    if sentence:
        assert sentence in text(page)


def test_nobody_stands_in_two_villages(official, county, candidacy):
    second = _open_second_village(county)

    page = text(official.post(reverse("candidates:record_candidate", args=[second.pk]), POSTED))

    assert "任何人不得同时参加两个村的选举" in page
    assert "桃园村" not in page


def _open_second_village(county) -> Election:
    return set_election_day(
        election=Election.objects.get(place=county.second_village),
        election_day=date(2026, 12, 22),
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )


def test_another_countys_people_are_no_concern(official, county, neighbour):
    make_candidate(neighbour, actor=neighbour.township_official)

    official.post(record_url(county), POSTED)

    assert Candidacy.objects.filter(election=county.election).count() == 1


def test_self_nominated_election_takes_self_nominees_only(official, county):
    Election.objects.filter(pk=county.election.pk).update(mode="self_nominated")

    assert "“产生方式”没有这个选项" in text(official.post(record_url(county), POSTED))
    official.post(record_url(county), POSTED | {"how": "self", "supporters": ""})
    assert Candidacy.objects.get().supporters is None


# --- at rest, in the journal ----------------------------------------------------
def test_encrypted_at_rest(county, candidacy):
    make_finding(county, candidacy)
    answer(candidacy, county.court, "court", "record", "判决书在案")

    rows = []
    with connection.cursor() as cursor:
        for model in ("person", "candidacy", "finding", "departmentreply", "assessment"):
            cursor.execute(f"SELECT * FROM candidates_{model}")  # noqa: S608 - names are ours
            rows.append(str(cursor.fetchall()))
    stored = "".join(rows)
    for plain in (
        candidacy.person.id_number,
        "criminal_penalty",
        "刑初88号",
        "判决书在案",
        "registered_voter",
    ):
        assert plain not in stored


def test_journal_of_a_candidate(county, candidacy):
    make_finding(county, candidacy)

    entry = Entry.objects.get(verb="candidates.record_candidate")
    assert (entry.actor_id, entry.place) == (county.township_official.pk, county.village)
    written = "".join(f"{one.before}{one.after}{one.reason}" for one in Entry.objects.all())
    for plain in (candidacy.person.id_number, "王大山", "criminal_penalty", "刑初88号", "1980-05-01"):
        assert plain not in written
    assert not list(verify())


# --- the list -------------------------------------------------------------------
def test_candidate_list(official, county, candidacy):
    answer(candidacy, county.court, "court")

    page = text(official.get(list_url(county)))

    assert "王大山" in page
    assert "尚未查清" in page
    assert "11个" in page
    assert "应选1人，候选人1人" in page
    assert make_id_number() not in page


def test_candidate_list_of_nobody_offers_the_first_step(official, county):
    page = text(official.get(list_url(county)))

    assert "还没有登记候选人" in page
    assert record_url(county) in page


def test_candidate_list_of_a_county_reviewer_offers_no_writing(client, county):
    client.force_login(county.county_reviewer)

    assert record_url(county) not in text(client.get(list_url(county)))


def test_candidate_list_shows_a_post_that_has_no_seat_any_more(official, county, candidacy):
    county.election.seats.filter(post="chair").delete()

    assert "本次选举已不设此职务" in text(official.get(list_url(county)))


def test_queries_of_the_list_do_not_grow(official, county):
    def queries(count):
        for number in range(Candidacy.objects.count(), count):
            make_candidate(county, id_number=make_id_number(order=2 * number + 1))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            official.get(list_url(county))
        return len(captured)

    assert queries(2) == queries(10)


# --- the page -------------------------------------------------------------------
def test_candidate_masked(official, county, candidacy):
    make_finding(county, candidacy)
    make_finding(county, candidacy, situation="long_absence", status="confirmed", source="村民反映")
    answer(candidacy, county.court, "court", "record", "判决书在案")

    response = official.get(page_url(candidacy))

    page = text(response)
    assert "no-store" in response["Cache-Control"]
    assert "330604********" in page
    assert "不符合资格" in page
    assert "受过刑罚" in page
    assert "适用" in page
    assert "已隐藏" in page
    assert "2021年修法调整" in page
    assert "按选举日2026年12月20日认定" in page
    for hidden in (
        candidacy.person.id_number,
        "1980年5月1日",
        "2023年3月1日",
        "2028年3月1日",
        "刑初88号",
        "判决书",
        "长期外出",
    ):
        assert hidden not in page


def test_candidate_says_who_has_not_answered(official, county, candidacy):
    answer(candidacy, county.court, "court")

    page = text(official.get(page_url(candidacy)))

    missing = page[page.index("尚未答复：") :].split("</p>")[0]
    assert "纪检监察" in missing
    assert "法院" not in missing


def test_candidate_in_english(official, county, candidacy):
    official.cookies["django_language"] = "en"

    page = text(official.get(page_url(candidacy)))

    assert "The five situations in which nobody may be a candidate" in page


def test_moved_election_day_judges_anew_and_keeps_what_was(official, county, candidacy):
    make_finding(
        county,
        candidacy,
        situation="gang_related",
        status="confirmed",
        dealt_with_on=date(2023, 12, 25),
        source="公安答复函",
    )
    before = Assessment.objects.get(current=True)
    assert before.verdict == "disqualified"

    set_election_day(
        election=county.election,
        election_day=date(2026, 12, 25),
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )

    after = Assessment.objects.get(current=True)
    assert (after.election_day, after.verdict) == (date(2026, 12, 25), "not_established")
    assert after.cause == "villages.set_election_day"
    kept = Assessment.objects.get(pk=before.pk)
    assert (kept.snapshot, kept.election_day, kept.current) == (before.snapshot, before.election_day, False)
    candidacy.refresh_from_db()
    assert candidacy.verdict == "not_established"
    page = text(official.get(page_url(candidacy)))
    assert "按选举日2026年12月25日认定" in page
    assert "以前的认定" in page


def test_silence_clears_nobody_and_all_answers_do(county, candidacy):
    departments = Assessment.objects.get(current=True).snapshot["answer"]["missing_replies"]
    assert len(departments) == 12
    for code in departments:
        Membership.objects.get_or_create(
            user=county.court, place=county.county, role="department", department=code
        )
    reviewer = User.objects.get(pk=county.court.pk)
    for code in departments:
        answer(candidacy, reviewer, code)

    candidacy.refresh_from_db()
    assert candidacy.verdict == "qualified"


# --- correcting -------------------------------------------------------------------
def open_look(client, candidacy):
    client.post(page_url(candidacy, "look"), {"reason": "核对登记"})


def test_correct_candidate_wants_a_look(official, candidacy):
    response = official.get(page_url(candidacy, "correct_candidate"), follow=True)

    assert "更正前请先点“查看”" in text(response)
    assert candidacy.person.id_number not in text(response)


def test_correct_candidate(official, county, candidacy):
    open_look(official, candidacy)
    page = text(official.get(page_url(candidacy, "correct_candidate")))
    assert f'value="{candidacy.person.id_number}"' in page

    response = official.post(
        page_url(candidacy, "correct_candidate"), POSTED | {"name": "王太山", "registered_voter": "no"}
    )

    assert response.url == page_url(candidacy)
    candidacy = Candidacy.objects.select_related("person").get()
    assert (candidacy.person.name, candidacy.verdict) == ("王太山", "disqualified")
    assert Entry.objects.filter(verb="candidates.correct_candidate").count() == 1


def test_correct_candidate_into_somebody_else(official, county, candidacy):
    make_candidate(county, "李水", id_number=make_id_number(order=13))
    open_look(official, candidacy)

    page = text(
        official.post(
            page_url(candidacy, "correct_candidate"), POSTED | {"id_number": make_id_number(order=13)}
        )
    )

    assert "本村已有另一人登记了这个公民身份号码" in page
    assert Person.objects.get(pk=candidacy.person_id).id_number == make_id_number()


# --- moving on ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("verdict", "state", "sentence"),
    [
        ("qualified", "final", None),
        ("not_established", "final", "只有资格结论为“符合资格”的"),
        ("disqualified", "final", "只有资格结论为“符合资格”的"),
        ("disqualified", "struck_off", None),
        ("qualified", "struck_off", "只有资格结论为“不符合资格”的"),
        ("not_established", "declined", None),
        ("not_established", "in_review", None),
        ("qualified", "preliminary", "没有这个选项"),
        ("qualified", "elected", "没有这个选项"),
    ],
)
def test_change_state(official, candidacy, verdict, state, sentence):
    Candidacy.objects.update(verdict=verdict)

    response = official.post(
        page_url(candidacy, "change_state"), {"state": state, "reason": "联审结论12月1日"}
    )

    candidacy.refresh_from_db()
    if sentence is None:
        assert (response.status_code, candidacy.state) == (302, state)
        assert Entry.objects.get(verb="candidates.change_state").reason == "联审结论12月1日"
    else:
        assert candidacy.state == "preliminary"
        assert sentence in text(response)
        assert "联审结论12月1日" in text(response)


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "请填写“依据”"), ("😀", "表情符号"), ("长" * 501, "最多500个字")]
)
def test_change_state_wants_a_reason(official, candidacy, reason, sentence):
    response = official.post(page_url(candidacy, "change_state"), {"state": "declined", "reason": reason})

    assert sentence in text(response)


def test_out_and_back(county, candidacy):
    for state in ("declined", "preliminary"):
        candidacy = people.change_state(
            candidacy=candidacy, state=state, reason="登记有误", actor=county.township_official, at=NOW
        )

    assert candidacy.is_standing
