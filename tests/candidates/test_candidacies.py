"""The pages of candidates: entered, listed, shown, corrected, moved on."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import people
from candidates.models import Assessment, Candidacy, Flag, Person
from election_admin.accounts.models import Membership, User
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.candidates.conftest import POSTED, answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import reviewed, send
from tests.cast import NOW, SEATS, TODAY
from villages.actions.terms import set_election_day
from villages.models import Election

pytestmark = pytest.mark.django_db


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
    assert "已隐藏，点“查看”并写明事由后显示" in page
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
        "受过刑罚</",
        "第1项",
        "适用</span>",
        "是本村登记选民",
        "提示（不影响资格）",
    ):
        assert hidden not in page

    official.post(page_url(candidacy, "look"), {"reason": "联审核对"})

    page = text(official.get(page_url(candidacy)))
    for shown in ("受过刑罚", "第1项", "适用</span>", "是本村登记选民", "提示（不影响资格）"):
        assert shown in page


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


# --- out of the election, and back in ------------------------------------------------
def post_state(client, candidacy, state, **changes):
    """Post the form of the state; declining says the day of the statement."""
    posted = {"state": state, "reason": "本人书面声明", "declined_on": ""}
    if state == "declined":
        posted["declined_on"] = "2026-12-01"
    return client.post(page_url(candidacy, "change_state"), posted | changes)


@pytest.mark.parametrize(
    ("verdict", "state", "sentence"),
    [
        ("disqualified", "struck_off", None),
        ("qualified", "struck_off", "只有资格结论为“不符合资格”的"),
        ("not_established", "struck_off", "只有资格结论为“不符合资格”的"),
        ("not_established", "declined", None),
        # Sending a batch puts somebody in review, settling the list makes them final: nobody does by hand.
        ("qualified", "in_review", "没有这个选项"),
        ("qualified", "final", "没有这个选项"),
        ("qualified", "not_listed", "没有这个选项"),
        ("qualified", "preliminary", "没有这个选项"),
        ("qualified", "elected", "没有这个选项"),
    ],
)
def test_change_state(official, candidacy, verdict, state, sentence):
    """Art. 11: no form lets an office make somebody a candidate, or keep them from being one."""
    Candidacy.objects.update(verdict=verdict)

    response = post_state(official, candidacy, state, reason="联审结论12月1日")

    candidacy.refresh_from_db()
    if sentence is None:
        assert (response.status_code, candidacy.state) == (302, state)
        assert Entry.objects.filter(verb="candidates.change_state").count() == 1
        decision = candidacy.decisions.get()
        assert (decision.was, decision.state, decision.reason) == ("preliminary", state, "联审结论12月1日")
        assert decision.assessment == candidacy.assessments.get(current=True)
    else:
        assert candidacy.state == "preliminary"
        assert sentence in text(response)
        assert "联审结论12月1日" in text(response)


@pytest.mark.parametrize("state", ["in_review", "final", "not_listed"])
@pytest.mark.parametrize("to", ["in_review", "final", "not_listed", "preliminary"])
def test_no_hand_moves_anybody_on(county, candidacy, state, to):
    Candidacy.objects.update(state=state, verdict="qualified")

    with pytest.raises(ValidationError, match="目前的状态不能改为这一项"):
        people.change_state(
            candidacy=candidacy, state=to, reason="村里意见", actor=county.township_official, at=NOW
        )


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "请填写“依据”"), ("😀", "表情符号"), ("长" * 501, "最多500个字")]
)
def test_change_state_wants_a_reason(official, candidacy, reason, sentence):
    assert sentence in text(post_state(official, candidacy, "declined", reason=reason))


@pytest.mark.parametrize(
    ("declined_on", "sentence"),
    [
        ("", "请填写本人书面声明退出的日期"),
        ("2026-12-02", "日期还没有到"),
        ("2026-11-27", "退出声明的日期早于提名日期"),
        ("2026-02-30", "不是有效的日期"),
        ("2026-11-28", None),
        ("2026-12-01", None),
    ],
)
def test_declining_says_the_day_of_the_statement(official, candidacy, declined_on, sentence):
    response = post_state(official, candidacy, "declined", declined_on=declined_on)

    candidacy.refresh_from_db()
    if sentence:
        assert sentence in text(response)
        assert "本人书面声明" in text(response)
        assert (candidacy.state, candidacy.declined_on) == ("preliminary", None)
    else:
        assert (candidacy.state, str(candidacy.declined_on)) == ("declined", declined_on)


@pytest.mark.parametrize(
    ("procedure", "declined_on", "sentence"),
    [
        ("zhejiang-2020", date(2026, 12, 17), None),
        ("zhejiang-2020", date(2026, 12, 18), "2026年12月17日退出（《浙江省村民委员会选举办法》第十九条）"),
        # A law that sets no day leaves it open until the vote.
        ("national-2018", date(2026, 12, 19), None),
        ("national-2018", date(2026, 12, 20), "应在选举日以前提出"),
    ],
)
def test_the_last_day_to_decline(county, candidacy, procedure, declined_on, sentence):
    """Zhejiang art. 19: three days before election day."""
    county.term.procedure = procedure
    county.term.save()
    later = datetime(2026, 12, 20, 1, 0, tzinfo=UTC)

    def decline():
        return people.change_state(
            candidacy=candidacy,
            state="declined",
            reason="本人书面声明",
            declined_on=declined_on,
            actor=county.township_official,
            at=later,
        )

    if sentence is None:
        assert decline().declined_on == declined_on
    else:
        with pytest.raises(ValidationError) as refused:
            decline()
        assert sentence in refused.value.messages[0]


def freeze(candidacy, kind="disagreement") -> None:
    """Put a flag on a candidacy that nobody has settled."""
    Flag.objects.create(candidacy=candidacy, kind=kind, opened_at=NOW)
    Candidacy.objects.filter(pk=candidacy.pk).update(frozen_at=NOW)


def test_a_frozen_candidacy_may_decline_but_is_not_struck_off(official, candidacy):
    Candidacy.objects.update(verdict="disqualified")
    freeze(candidacy)
    freeze(candidacy, "late_reply")

    page = text(post_state(official, candidacy, "struck_off"))
    assert "有待处理的冻结事项：部门答复不一致、县级签署后部门改变答复" in page
    candidacy.refresh_from_db()
    assert candidacy.state == "preliminary"

    post_state(official, candidacy, "declined")
    candidacy.refresh_from_db()
    assert candidacy.state == "declined"


def test_nobody_is_moved_after_the_vote(county, candidacy):
    Election.objects.filter(pk=county.election.pk).update(stage="after")

    with pytest.raises(ValidationError, match="已经投票"):
        people.change_state(
            candidacy=candidacy,
            state="declined",
            reason="本人声明",
            declined_on=TODAY,
            actor=county.township_official,
            at=NOW,
        )


def test_out_and_back(official, county, candidacy):
    """Back means preliminary, and the review begins anew: what was recorded in error costs nothing."""
    reviewed(county, candidacy)
    post_state(official, candidacy, "declined")
    page = text(official.get(page_url(candidacy, "change_state")))
    assert "退出声明日期" not in page

    post_state(official, candidacy, "preliminary", reason="登记有误")

    candidacy.refresh_from_db()
    assert (candidacy.state, candidacy.declined_on, candidacy.is_standing) == ("preliminary", None, True)
    assert send(county, candidacy).items.get().candidacy == candidacy
    assert [one.state for one in candidacy.decisions.all()] == ["preliminary", "declined"]


def test_back_is_refused_for_who_stands_in_another_village_since(official, county, candidacy):
    """Art. 13: nobody takes part in two villages, whichever comes first."""
    post_state(official, candidacy, "declined")
    second = set_election_day(
        election=Election.objects.get(place=county.second_village),
        election_day=date(2026, 12, 22),
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )
    make_candidate(county, election=second)

    page = text(post_state(official, candidacy, "preliminary"))

    assert "任何人不得同时参加两个村的选举" in page
    candidacy.refresh_from_db()
    assert candidacy.state == "declined"


def test_the_page_tells_what_was_decided_and_hides_why(official, candidacy):
    Candidacy.objects.update(verdict="disqualified")
    post_state(official, candidacy, "struck_off", reason="联审意见书〔2026〕7号")

    page = text(official.get(page_url(candidacy)))
    assert "状态变更" in page
    assert "联审意见书" not in page
    assert reverse("candidates:assessment", args=[candidacy.assessments.get(current=True).pk]) in page

    open_look(official, candidacy)
    assert "联审意见书〔2026〕7号" in text(official.get(page_url(candidacy)))


@pytest.mark.parametrize(("on", "sentence"), [("12-01", "最迟2026年12月17日"), ("12-18", "退出的期限已过")])
def test_the_page_says_until_when_one_may_decline(official, county, candidacy, monkeypatch, on, sentence):
    """Zhejiang art. 19."""
    now = NOW.replace(day=int(on[3:]))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    official.force_login(county.township_official)

    for name in ("candidate", "change_state"):
        assert sentence in text(official.get(page_url(candidacy, name)))
