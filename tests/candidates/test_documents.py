"""The papers about candidates: what an office prints, signs and files, read back from the PDF."""

from datetime import date

import pytest
from django.utils import translation

from candidates.actions import people, replies
from candidates.actions.flags import resolve_flag
from candidates.kinds.refusals import refusal
from candidates.kinds.reviews import review
from candidates.models import (
    Candidacy,
    Decision,
    DepartmentReply,
    Enquiry,
    Flag,
    Objection,
    Person,
    ReviewBatch,
    ReviewItem,
)
from election_admin.documents.registry import kind
from election_admin.rulebooks.departments import load_departments
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.candidates.papers import (
    LANGUAGES,
    html_of,
    paper,
    size_of,
    text_of,
    words_on,
)
from tests.candidates.review import answer_all, department_user, make_batch, reviewed, send, sign
from tests.cast import NOW, SEATS, TODAY, County
from villages.models import Election, Seat

pytestmark = pytest.mark.django_db
RARE = "欧阳瑀珺"
LONG = "阿不都热合曼·买买提明江"
A4, A4_ACROSS, A3_ACROSS = (210, 297), (297, 210), (420, 297)


def refused(county: County, name: str = "王大山") -> Decision:
    """A man struck off for a penalty of which the court told, after a signed review."""
    one = make_candidate(county, name)
    batch = send(county, one)
    make_finding(county, one)
    answer_all(county, one, but=["court"])
    replies.reply(
        candidacy=one,
        department="court",
        answer="record",
        remark="（2019）浙0604刑初88号，2023年3月1日刑满释放",
        actor=department_user(county, "court"),
        at=NOW,
    )
    for flag in Flag.objects.open():
        resolve_flag(flag=flag, resolution="以法院判决为准", actor=county.county_reviewer, at=NOW)
    sign(county, batch, "同意联审结果。")
    one.refresh_from_db()
    people.change_state(
        candidacy=one, state="struck_off", reason="联审结论", actor=county.township_official, at=NOW
    )
    return Decision.objects.get(candidacy=one, state="struck_off")


def stand(election: Election, name: str, **values) -> Candidacy:
    """Somebody in a list, entered as they stand."""
    person = Person.objects.create(
        place=election.place,
        name=name,
        sex="female",
        born=date(1980, 1, 1),
        id_number=values.pop("id_number", ""),
    )
    return Candidacy.objects.create(
        **{"election": election, "person": person, "post": "member", "how": "joint", "nominated_on": TODAY}
        | values
    )


# The qualification form ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_fits_two_sides_of_a4(county, language) -> None:
    """An office prints it on both sides of one sheet; every sign of a rare surname has a glyph."""
    one = make_candidate(county, RARE)
    reader = paper("qualification_form", one, language)
    assert size_of(reader) == A4
    assert len(reader.pages) == 2
    text = text_of(reader)
    assert RARE in text
    assert make_id_number() in text
    # Whose page it is stands on each.
    assert all(RARE in page.extract_text() for page in reader.pages)


def test_a_form_says_who_it_is_and_how_they_were_nominated(candidacy) -> None:
    text = words_on("qualification_form", candidacy)
    for said in (
        "上虞区长塘镇桃园村",
        "姓名王大山",
        "出生年月1980年5月",
        "政治面貌中共党员",
        "文化程度高中",
        "竞选职务主任",
        "2026年11月28日，村民联名提名（30人），职务：主任。",
        "选举日：2026年12月20日",
    ):
        assert said in text


def test_a_form_has_each_condition_and_situation_with_its_reason(county, candidacy) -> None:
    """Organic Law art. 13; 虞政发〔2013〕72号 art. 16: the number, the state, the reason with its source."""
    make_finding(county, candidacy)
    text = words_on("qualification_form", candidacy)
    for said in (
        "选举日年满18周岁符合",
        "是本村登记选民符合",
        "第1项受过刑罚",
        "2023年3月1日刑满释放，至2028年3月1日满5年，选举日2026年12月20日未满5年，仍然适用。",
        "虞政发〔2013〕72号文件第16条第1项",
        "2028年3月1日起不再适用",
        "第5项丧失行为能力",
        "资格结论不符合资格",
        "2026年12月1日09:00计算",
        "2013年",
        "2021年修法调整",
    ):
        assert said in text


def test_a_form_is_of_the_assessment_that_counts(county, candidacy) -> None:
    """What was judged before a finding is not printed any more."""
    before = words_on("qualification_form", candidacy)
    make_finding(county, candidacy)
    after = words_on("qualification_form", candidacy)
    assert "资格结论尚未查清" in before
    assert "资格结论尚未查清" not in after


def test_a_department_that_has_not_answered_is_a_blank(county, candidacy) -> None:
    """Nobody is cleared by silence (domain §7): nothing stands where nothing was answered."""
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["court", "health"])
    page = html_of("qualification_form", candidacy)
    rows = {row.split("</td>")[0].split(">")[-1]: row for row in page.split("<tr>") if "</td>" in row}
    assert "无记录" in rows["公安"]
    assert "2026年12月1日" in rows["公安"]
    for silent in ("法院", "卫健"):
        assert "记录" not in rows[silent]
        assert "年" not in rows[silent]
    assert "尚未答复：法院、卫健。未答复不等于无记录。" in page
    assert f"列入第{batch.number}批，2026年12月1日上报联审。" in page


def test_a_signed_review_stands_on_the_form(county) -> None:
    decision = refused(county)
    text = words_on("qualification_form", decision.candidacy)
    assert "联审结论：不符合资格（第1批，2026年12月1日签署）。同意联审结果。" in text
    assert "（2019）浙0604刑初88号" in text
    assert "目前状态：不能确定为候选人。" in text


def test_what_is_not_known_is_left_to_be_written_in(county) -> None:
    """No day, no ID number, no answer: the form is still one to fill in, with nothing invented."""
    election = Election.objects.with_place().get(place=county.second_village)
    one = stand(election, LONG, post="women", how="party")
    page = html_of("qualification_form", one)
    text = words_on("qualification_form", one)
    assert "None" not in page
    assert "选举日：未定" in text
    assert "选举日未定，尚未认定。" in text
    assert "第1项受过刑罚" in text
    assert "符合资格" not in text
    assert LONG in text


def test_the_longest_list_loses_no_word(county) -> None:
    """Every situation held twice, remarks as long as they may be: more pages, nothing cut off."""
    county.term.eligibility_list = "situations-2018"
    county.term.save()
    one = make_candidate(county, LONG)
    for code in ("village_bully", "cult_membership", "incapacity", "undertaking_refused"):
        for status in ("confirmed", "alleged"):
            make_finding(county, one, situation=code, status=status, source="x")
    remark = "判决" * 249 + "完毕"
    for code in ("court", "public_security"):
        replies.reply(
            candidacy=one,
            department=code,
            answer="record",
            remark=remark,
            actor=department_user(county, code),
            at=NOW,
        )
    reader = paper("qualification_form", one)
    text = text_of(reader)
    assert text.count("判决") == 2 * 249
    assert text.count("完毕") == 2
    assert "未见正式文号" in text
    # The head of a table is repeated on each page it runs over.
    assert text.count("理由、日期和依据") >= 3
    # The places to sign are not torn apart.
    last = reader.pages[-1].extract_text()
    assert last.count("审核人（签名）") == 2


def test_no_supporter_is_named_on_a_form(county, candidacy) -> None:
    """Who signed for somebody is nobody's business on paper (domain §11)."""
    candidacy.nominations.create(
        post="chair",
        how="joint",
        nominated_on=TODAY,
        supporters=2,
        supporter_names=["赵秘密", "钱秘密"],
        recorded_at=NOW,
    )
    assert "秘密" not in html_of("qualification_form", candidacy)


@pytest.mark.parametrize("code", ["qualification_form", "review_form", "refusal_notice", "objection_reply"])
def test_what_holds_findings_is_confidential(code) -> None:
    assert kind(code).confidential


def test_a_name_of_a_file_tells_nothing_that_was_found(county) -> None:
    """The title stands in lists and names the download."""
    decision = refused(county)
    with translation.override("zh-hans"):
        assert kind("refusal_notice").name(decision) == "桃园村王大山资格审查结果通知书"
        assert kind("qualification_form").name(decision.candidacy) == "桃园村王大山候选人资格审查表"


# The joint-review form -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_batch_of_one_is_one_sheet_across(county, candidacy, language) -> None:
    batch = reviewed(county, candidacy)
    reader = paper("review_form", batch, language)
    assert (size_of(reader), len(reader.pages)) == (A3_ACROSS, 1)
    text = text_of(reader)
    for department in load_departments():
        title = department.title.in_(language)
        assert "".join(title.split()) in text, title


def test_a_batch_on_paper_says_what_each_department_answered(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["court", "health"])
    replies.reply(
        candidacy=candidacy,
        department="court",
        answer="record",
        remark="某案",
        actor=department_user(county, "court"),
        at=NOW,
    )
    with translation.override("zh-hans"):
        shown = review(ReviewBatch.objects.get(pk=batch.pk), "zh-hans")
    words = dict(zip([column.code for column in shown["columns"]], shown["rows"][0].answers, strict=True))
    assert (words["court"], words["health"], words["justice"]) == ("有", "", "无")
    text = words_on("review_form", batch)
    for said in ("第1批", "共1人", "上报日期：2026年12月1日", "答复期限：2026年12月10日", "王大山", "1980"):
        assert said in text
    # What the record is about stays on the person's own form, and so does the whole number.
    assert "某案" not in text
    assert make_id_number() not in text
    # Not signed: the verdict is for the county to write in.
    assert "符合资格" not in text


def test_the_verdict_on_paper_is_the_one_that_was_signed(county, candidacy) -> None:
    """A finding after the signing changes what is judged, not what was signed; the paper says both."""
    batch = reviewed(county, candidacy)
    make_finding(county, candidacy)
    text = words_on("review_form", batch)
    assert "2026年12月1日签署：符合资格1人。" in text
    assert "现为“不符合资格”" in text


def test_two_hundred_people_with_the_head_on_every_page(county) -> None:
    """No row is lost between pages, and nobody signs a page without anybody on it."""
    batch = ReviewBatch.objects.create(
        place=county.township,
        term=county.term,
        number=1,
        state="sent",
        due_on=TODAY,
        made_at=NOW,
        sent_at=NOW,
    )
    people = [stand(county.election, RARE if number % 3 else LONG) for number in range(200)]
    ReviewItem.objects.bulk_create(ReviewItem(batch=batch, candidacy=one) for one in people)
    Enquiry.objects.create(batch=batch, department="court", answered_at=NOW)
    DepartmentReply.objects.bulk_create(
        DepartmentReply(candidacy=one, department="court", answer="no_record", replied_at=NOW)
        for one in people
    )
    reader = paper("review_form", batch)
    pages = [page.extract_text() for page in reader.pages]
    assert 6 <= len(pages) <= 12
    assert all("纪检监察" in page and "农业农村" in page for page in pages)
    text = text_of(reader)
    assert text.count(RARE) == 133
    assert text.count(LONG) == 67
    assert "部门经办人签名" in pages[-1]
    assert RARE in pages[-1]


@pytest.mark.parametrize("count", [22, 23, 24, 26, 28])
def test_signatures_of_a_review_never_stand_alone(county, count) -> None:
    batch = ReviewBatch.objects.create(
        place=county.township, term=county.term, number=1, due_on=TODAY, made_at=NOW
    )
    people = [stand(county.election, "王姓人") for _number in range(count)]
    ReviewItem.objects.bulk_create(ReviewItem(batch=batch, candidacy=one) for one in people)
    last = paper("review_form", batch).pages[-1].extract_text()
    assert "王姓人" in last
    assert last.count("审核人（签名）") == 2


def test_a_review_costs_the_same_however_many_it_holds(county, django_assert_max_num_queries) -> None:
    first = make_batch(county, make_candidate(county))
    for number in range(8):
        one = stand(county.election, "王姓人", id_number=make_id_number(order=100 + number))
        ReviewItem.objects.create(batch=first, candidacy=one)
    with django_assert_max_num_queries(6):
        review(ReviewBatch.objects.select_related("place", "term").get(pk=first.pk), "zh-hans")


def test_an_empty_batch_prints(county) -> None:
    batch = ReviewBatch.objects.create(
        place=county.township, term=county.term, number=3, due_on=TODAY, made_at=NOW
    )
    assert "这一批里还没有人。" in words_on("review_form", batch)


# Lists -----------------------------------------------------------------------------------------


def test_the_preliminary_list_stands_in_the_lawful_order(county) -> None:
    """Zhejiang art. 18: by votes received; nothing of an ID number, the year of birth only."""
    for name, votes in (("魏一", 12), ("李二", 40), ("丁三", None), ("毛五", 12)):
        stand(county.election, name, votes=votes, id_number=make_id_number())
    text = words_on("preliminary_list", county.election)
    places = [text.index(name) for name in ("李二", "毛五", "魏一", "丁三")]
    assert places == sorted(places)
    for said in ("委员（应选2人，名单4人）", "40", "村民联名提名", "尚未查清", "以提名（预选）得票多少为序"):
        assert said in text
    assert make_id_number()[6:14] not in text
    assert size_of(paper("preliminary_list", county.election)) == A4_ACROSS


def test_the_final_list_has_nobody_else_on_it(county) -> None:
    """Whoever left, was refused or did not get on stands below, with how and no reason."""
    stand(county.election, "李正式", state="final", votes=50)
    stand(county.election, "王落选", state="not_listed", votes=20)
    stand(county.election, "张退出", state="declined", declined_on=TODAY)
    stand(county.election, "赵不符", state="struck_off")
    text = words_on("final_list", county.election)
    listed, others = text.split("不在名单上的（3人）")
    assert "李正式" in listed
    for name, state in (
        ("王落选", "未进入正式候选人名单"),
        ("张退出", "本人退出（2026-12-01）"),
        ("赵不符", "不能确定为候选人"),
    ):
        assert name not in listed
        assert name in others
        assert state in others


def test_self_nominees_stand_by_strokes(county) -> None:
    """Zhejiang art. 20: by the strokes of the surname 姓名笔画."""
    Election.objects.update(mode="self_nominated")
    for name in ("魏一", "欧阳一", "丁一"):
        stand(county.election, name, how="self", state="final")
    text = words_on("final_list", county.election)
    assert "自荐人名单" in text
    assert "候选人名单" not in text.split("本表供存档")[0].replace("正式候选人名单（存档）", "")
    places = [text.index(name) for name in ("丁一", "欧阳一", "魏一")]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_nobody_is_on_prints(county, language) -> None:
    assert len(paper("final_list", county.election, language).pages) == 1


def test_forty_for_one_post_keep_the_head_and_the_signatures(county) -> None:
    for number in range(40):
        stand(county.election, LONG if number % 2 else RARE)
    reader = paper("preliminary_list", county.election)
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 1
    assert all("姓名" in page for page in pages)
    assert text_of(reader).count(RARE) == 20
    assert RARE in pages[-1] or LONG in pages[-1]
    assert "桃园村村民选举委员会（盖章）" in pages[-1]


def test_a_post_given_up_still_shows_who_stands_for_it(county) -> None:
    stand(county.election, "王一", post="vice_chair")
    Seat.objects.filter(election=county.election, post="vice_chair").delete()
    assert "副主任（本次选举已不设此职务，名单1人）" in words_on("preliminary_list", county.election)
    assert SEATS["vice_chair"] == 1


# The notice of refusal -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_a_letter_with_a_receipt_of_its_own(county, language) -> None:
    """Three sides of A4: the letter, and the receipt that stays with the office."""
    reader = paper("refusal_notice", refused(county, RARE), language)
    assert size_of(reader) == A4
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 3
    assert RARE in pages[0]
    assert RARE in pages[-1]


def test_a_refusal_says_why_until_when_and_how_to_object(county) -> None:
    """虞政发〔2013〕72号 art. 16: the situation, the reason with its dates, the article, the remedy."""
    decision = refused(county)
    text = words_on("refusal_notice", decision)
    for said in (
        "不能确定为候选人通知书",
        "王大山：",
        "你被提名参加桃园村村民委员会换届选举，竞选主任。",
        "县级于2026年12月1日签署联审结果",
        "按选举日2026年12月20日认定",
        "第1项受过刑罚：被判处刑罚，或者刑满释放（或缓刑期满）未满5年的。",
        "2023年3月1日刑满释放，至2028年3月1日满5年",
        "第16条第1项",
        "这一情形自2028年3月1日起不再适用。",
        "当选的，其当选无效",
        "可以向村民选举委员会或者乡镇人民政府提出异议",
        "长塘镇人民政府（盖章）2026年12月1日",
        "送达回证",
        "签收只表示收到，不表示同意",
    ):
        assert said in text


def test_a_refusal_tells_only_what_bars(county) -> None:
    """No other person, no department's words, nothing alleged, nothing over, no warning."""
    one = make_candidate(county)
    make_finding(county, one)
    for details in (
        {"situation": "gang_related", "status": "alleged"},
        {"situation": "criminal_penalty", "status": "alleged"},
        {
            "situation": "criminal_penalty",
            "status": "confirmed",
            "sentenced_on": date(2009, 1, 1),
            "released_on": date(2010, 1, 1),
        },
        {"situation": "long_absence", "status": "confirmed"},
    ):
        make_finding(county, one, **details, source="x")
    one.refresh_from_db()
    people.change_state(
        candidacy=one, state="struck_off", reason="联审结论", actor=county.township_official, at=NOW
    )
    text = words_on("refusal_notice", Decision.objects.get(state="struck_off"))
    assert "2023年3月1日刑满释放" in text
    for left_out in ("涉黑涉恶", "仅有反映", "2010年", "不宜当选", "长期外出", make_id_number()):
        assert left_out not in text


def test_a_refusal_says_once_what_two_papers_say(county) -> None:
    """One case recorded from two papers is one reason: twice the same sentence reads as two cases."""
    one = make_candidate(county, "王大山")
    make_finding(county, one)
    make_finding(county, one)
    assert one.findings.count() == 2
    people.change_state(
        candidacy=one, state="struck_off", reason="联审结论", actor=county.township_official, at=NOW
    )
    decision = Decision.objects.get(candidacy=one, state="struck_off")
    assert words_on("refusal_notice", decision).count("2023年3月1日刑满释放，至2028年3月1日满5年") == 1


def test_a_refusal_shows_what_was_decided_on(county) -> None:
    """Years later it says what it said: not what was found afterwards."""
    decision = refused(county)
    make_finding(county, decision.candidacy, situation="incapacity", status="confirmed", source="x")
    text = words_on("refusal_notice", decision)
    assert "受过刑罚" in text
    assert "丧失行为能力" not in text
    assert "不再送达" not in text


def test_a_refusal_taken_back_is_for_the_file_only(county) -> None:
    decision = refused(county)
    people.change_state(
        candidacy=decision.candidacy,
        state="preliminary",
        reason="判决已撤销",
        actor=county.township_official,
        at=NOW,
    )
    text = words_on("refusal_notice", decision)
    assert "不再送达" in text
    assert "受过刑罚" in text


def test_a_street_signs_as_its_office(county) -> None:
    county.township.name = "百官街道"
    county.township.save()
    decision = refused(county)
    with translation.override("zh-hans"):
        fresh = kind("refusal_notice").subject().get(pk=decision.pk)
        assert refusal(fresh, "zh-hans")["signer"] == "百官街道办事处"


def test_only_a_refusal_has_a_notice(county, candidacy) -> None:
    """Somebody who declined was refused by nobody."""
    people.change_state(
        candidacy=candidacy,
        state="declined",
        reason="本人书面声明",
        declined_on=TODAY,
        actor=county.township_official,
        at=NOW,
    )
    assert not kind("refusal_notice").subject().filter(candidacy=candidacy).exists()


# The reply to an objection ---------------------------------------------------------------------


def decided(county, **values) -> Objection:
    return Objection.objects.create(
        **{
            "election": county.election,
            "about": "list",
            "received_on": TODAY,
            "office": "committee",
            "raised_by": LONG,
            "content": "名单上少一人。\n请补上。",
            "recorded_at": NOW,
            "decided_on": TODAY,
            "outcome": "partly",
            "grounds": "核对了提名登记。",
            "decided_body": "桃园村村民选举委员会",
        }
        | values
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_goes_to_whoever_objected(county, language) -> None:
    reader = paper("objection_reply", decided(county), language)
    assert size_of(reader) == A4
    text = text_of(reader)
    assert LONG in text
    assert "请补上。" in text
    assert "核对了提名登记。" in text


def test_a_reply_says_the_outcome_and_that_nothing_is_held_against_anybody(county) -> None:
    """Domain §11: an objection is a right. Organic Law art. 17: reports go to township and county."""
    text = words_on("objection_reply", decided(county))
    for said in (
        "异议部分成立。",
        "提出异议是正当权利，不会因此受到任何不利处理。",
        "可以向乡镇人民政府反映",
        "组织法第17条",
        "桃园村村民选举委员会（盖章）2026年12月1日",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("upheld", "异议成立。"), ("rejected", "异议不成立。"), ("withdrawn", "你已撤回异议，本件办结。")],
)
def test_each_outcome_in_words(county, outcome, said) -> None:
    assert said in words_on("objection_reply", decided(county, outcome=outcome))


def test_without_a_name_it_goes_to_whoever_raised_it(county) -> None:
    assert "异议提出人：" in words_on("objection_reply", decided(county, raised_by=""))


def test_an_open_objection_has_no_reply(county) -> None:
    row = decided(county, decided_on=None, outcome="")
    assert not kind("objection_reply").subject().filter(pk=row.pk).exists()


def test_demo_data_is_marked_on_every_paper(county, candidacy, monkeypatch) -> None:
    monkeypatch.setattr("election_admin.documents.rendering.is_demo", lambda: True)
    batch = send(county, candidacy)
    for code, row in (
        ("qualification_form", candidacy),
        ("review_form", batch),
        ("preliminary_list", county.election),
        ("objection_reply", decided(county)),
    ):
        assert "演示数据" in words_on(code, row), code
