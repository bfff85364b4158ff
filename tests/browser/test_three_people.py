"""The three people's main paths, in Chinese, from logging in to the text of the PDF."""

import io
import re
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def _open_document(person: Person, button: str) -> str:
    """Ask for a document, watch it being made, open it; its text without white space."""
    page = person.page
    page.get_by_role("button", name=button).first.click()
    expect(page.locator("progress, a:has-text('打开')").first).to_be_visible()
    link = page.get_by_role("link", name="打开")
    link.wait_for()
    address = person.office.address.rstrip("/") + (link.get_attribute("href") or "")
    response = person.context.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.body()))
    return re.sub(r"\s", "", "".join(one.extract_text() for one in reader.pages))


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check()


def _village(person: Person, name: str) -> None:
    person.page.get_by_role("link", name="村一览").first.click()
    person.page.get_by_label("村名或代码").fill(name)
    person.page.get_by_role("button", name="筛选").click()
    person.page.get_by_role("link", name=re.compile(f"^{name}")).first.click()


def test_township_official(person: Person) -> None:
    """Sees what each village needs, corrects a profile, re-rates, judges a candidate, prints."""
    page = person.page
    person.sign_in("xiangzhen")
    expect(page.locator("h1")).to_contain_text("长塘镇")
    expect(page.get_by_text("演示数据").first).to_be_visible()
    expect(page.locator("table")).to_contain_text("还没有确定选举日")
    person.look("township-villages")

    _village(person, "罗村")
    page.get_by_role("link", name="填写或更正").click()
    page.get_by_label("人口", exact=True).fill("1000")
    page.get_by_label("选民数").fill("1001")
    page.get_by_label("说明").fill("据2026年10月户籍统计")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".invalid-feedback").first).to_contain_text("不能多于")
    expect(page.get_by_label("说明")).to_have_value("据2026年10月户籍统计")
    page.get_by_label("选民数").fill("801")
    page.get_by_label("户数").fill("310")
    page.get_by_label("外出选民").fill("120")
    page.get_by_label("党员").fill("40")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("村情档案已保存")).to_be_visible()
    expect(page.locator("main")).to_contain_text("据2026年10月户籍统计")

    page.get_by_role("link", name="填写村情调查").click()
    _choose(page, "level_bribery_signs", "3")
    page.locator("textarea[name='evidence_bribery_signs']").fill("")
    page.get_by_role("button", name="保存并重新测算").click()
    expect(page.get_by_text("请写明依据").first).to_be_visible()
    page.locator("textarea[name='evidence_bribery_signs']").fill(
        "10月18日第3组有人发放购物卡，派出所已受理。"
    )
    page.get_by_role("button", name="保存并重新测算").click()
    expect(page.get_by_text("重新测算为：难点村")).to_be_visible()
    expect(page.locator("main")).to_contain_text("派出所已受理")
    expect(page.locator("main")).to_contain_text("达到底线")
    person.look("rating")

    _judge_a_candidate(person)

    _village(person, "长塘")
    text = _open_document(person, "审计报告 PDF")
    assert "财务清理审计报告" in text
    assert "演示数据" in text
    assert "五分之一以上的村民要求审计的其他事项" in text
    person.look("document-ready")
    _village(person, "长塘")
    page.get_by_role("link", name="查看", exact=True).click()
    text = _open_document(person, "处置预案 PDF")
    assert "换届选举处置预案" in text
    assert "风险点和化解措施" in text


def _judge_a_candidate(person: Person) -> None:
    """Record a candidate and a conviction; the five situations are judged with reasons and dates."""
    page = person.page
    _village(person, "罗村")
    election_day = page.locator("dt:has-text('选举日') + dd").first.inner_text()
    year, month, day = (int(number) for number in re.findall(r"\d+", election_day)[:3])
    released = date(year, month, day) - relativedelta(years=4)

    page.get_by_role("link", name="登记候选人").first.click()
    page.get_by_label("姓名").fill("王😀强")
    _choose(page, "sex", "male")
    page.get_by_label("出生日期").fill("1979-05-01")
    _choose(page, "party_member", "no")
    page.get_by_label("竞选职务").select_option(label="委员")
    page.get_by_label("产生方式").select_option(value="self")
    page.get_by_label("提名日期").fill("2026-11-01")
    _choose(page, "registered_voter", "yes")
    _choose(page, "deprived_of_political_rights", "no")
    page.locator("main form button[type=submit], main form input[type=submit]").first.click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.get_by_label("姓名").fill("欧阳志强")
    page.locator("main form button[type=submit], main form input[type=submit]").first.click()
    expect(page.locator("h1")).to_contain_text("欧阳志强")
    expect(page.locator("h1")).to_contain_text("尚未查清")

    page.get_by_role("link", name="录入认定材料").click()
    page.get_by_label("情形").select_option(value="criminal_penalty")
    _choose(page, "status", "confirmed")
    page.get_by_label("判决日期").fill((released - relativedelta(years=1)).isoformat())
    page.get_by_label("刑满释放日期").fill(released.isoformat())
    page.get_by_label("文书编号或材料来源").fill("（2020）浙0604刑初1号")
    page.get_by_role("button", name="保存并重新认定").click()
    expect(page.locator("h1")).to_contain_text("不符合资格")
    main = page.locator("main")
    expect(main).to_contain_text("刑满释放")
    until = released + relativedelta(years=5)
    expect(main).to_contain_text(f"{until.year}年{until.month}月{until.day}日满5年")
    for situation in ("受过刑罚", "违反计划生育", "涉黑涉恶", "党纪处分", "丧失行为能力"):
        expect(main).to_contain_text(situation)
    person.look("candidate")


def test_committee_member(person: Person) -> None:
    """Follows the timeline, ticks a step off, is stopped where it is not its turn, prints."""
    page = person.page
    person.sign_in("xuanweihui")
    expect(page.locator("h1")).to_contain_text("选举程序")
    expect(page.locator("main")).to_contain_text("下一步：公布选民名单")
    expect(page.locator("main")).to_contain_text("前20日")
    person.look("timeline")

    page.get_by_label("办理日期").first.fill("2099-01-01")
    page.get_by_role("button", name=re.compile("^登记")).first.click()
    expect(page.get_by_text("日期还没有到").first).to_be_visible()
    page.get_by_label("办理日期").first.fill(date.today().isoformat())  # noqa: DTZ011 - the browser's own day
    page.get_by_role("button", name=re.compile("^登记")).first.click()
    expect(page.locator("main")).to_contain_text("下一步：选民名单异议期满")
    expect(page.locator("main")).to_contain_text("先办：选民名单异议期满")

    text = _open_document(person, "打印张贴版")
    assert "选举程序一览表" in text
    assert "公布选民名单" in text
    page.go_back()
    page.get_by_role("link", name="选举程序").first.click()
    text = _open_document(person, "打印办公版")
    assert "选举程序清单" in text
    assert "《浙江省村民委员会选举办法》第十四条" in text
    assert "签名" in text


def test_county_reviewer(person: Person) -> None:
    """Sees in ten seconds what goes wrong next, filters, opens a village, overrides its rating."""
    page = person.page
    person.sign_in("xianji")
    expect(page.locator("h1")).to_contain_text("上虞区")
    main = page.locator("main")
    for words in ("重点难点村无批准预案", "有逾期事项", "难点村", "重点村", "先看这些村"):
        expect(main).to_contain_text(words)
    expect(page.locator("svg").first).to_be_visible()
    person.look("dashboard")

    page.get_by_label("乡镇（街道）").first.select_option(label="长塘镇")
    page.get_by_role("button", name="筛选").click()
    expect(page).to_have_url(re.compile(r"\?"))
    expect(main).to_contain_text("长塘")
    person.look("dashboard-filtered")
    _village(person, "广陵")
    expect(page.locator("h1")).to_contain_text("广陵")
    page.get_by_role("link", name="评级理由与历次变化").click()
    _choose(page, "band", "difficult")
    page.get_by_label("理由").fill("")
    page.get_by_role("button", name="审定").click()
    expect(page.get_by_text("请写明调整理由")).to_be_visible()
    page.get_by_label("理由").fill("县里接到实名举报，两派已在外串联。")
    page.get_by_role("button", name="审定").click()
    expect(page.get_by_text("评级已审定")).to_be_visible()
    expect(main).to_contain_text("难点村")
    expect(main).to_contain_text("测算等级")
    expect(main).to_contain_text("县里接到实名举报")
    person.look("decided")

    _village(person, "长塘")
    page.get_by_role("link", name="查看", exact=True).click()
    assert "换届选举处置预案" in _open_document(person, "处置预案 PDF")
