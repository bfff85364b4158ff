"""The roll: who may be entered, by whom, until when, and what a slip of the hand costs."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ballots.actions.roll import enrol_voter, enrol_voters, strike_off
from ballots.models import Voter
from ballots.roll_paste import MOST_LINES, read_voters
from ballots.rules.roll import Registration, comes_of_age, youngest_birthday
from election_admin.journal.models import Entry
from tests.ballots.office import branch_election, end_term, enrol, follow, log_in, mark_done
from tests.cast import ELECTION_DAY, NOW
from villages.models import Election

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
POSTED = {
    "name": "王建国",
    "sex": "male",
    "born": "1980-01-02",
    "group": "第3组",
    "ground": "resident",
    "accepted_on": "",
}
LINES = "王建国\t男\t1980-01-02\t第3组\t在村\n李玉兰\t女\t1975年6月1日\t第3组\t外出"


def address(route: str, election: Election) -> str:
    return reverse(f"ballots:{route}", args=[election.pk])


def registration(**changes) -> Registration:
    values: dict[str, Any] = {
        "name": "王建国",
        "sex": "male",
        "born": date(1980, 1, 2),
        "group": "第3组",
        "ground": "resident",
    }
    return Registration(**values | changes)


def paste(client, county, lines: str, who="committee_member"):
    return log_in(client, getattr(county, who)).post(address("paste_roll", county.election), {"lines": lines})


def faults(response) -> str:
    return " ".join(response.context["form"].errors["lines"])


# The law ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2008, 12, 20), date(2026, 12, 20)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (date(2008, 2, 28), date(2026, 2, 28)),
    ],
)
def test_who_comes_of_age_on_which_day(born, day) -> None:
    assert comes_of_age(born, years=18) == day


@pytest.mark.parametrize(
    ("on", "born"),
    [
        (date(2026, 12, 20), date(2008, 12, 20)),
        # Whoever was born on 29 February 2008 is of age on 28 February 2026.
        (date(2026, 2, 28), date(2008, 2, 29)),
        (date(2028, 2, 28), date(2010, 2, 28)),
        (date(2028, 2, 29), date(2010, 2, 28)),
    ],
)
def test_the_youngest_who_vote(on, born) -> None:
    assert youngest_birthday(on=on, years=18) == born
    assert comes_of_age(born, years=18) <= on


@pytest.mark.parametrize(("born", "enters"), [(date(2008, 12, 20), True), (date(2008, 12, 21), False)])
def test_eighteen_on_election_day_not_on_the_day_of_registration(county, born, enters) -> None:
    """Art. 13: registered on 1 December, seventeen, and eighteen on the day of the vote."""
    act = {
        "election": county.election,
        "voter": registration(born=born),
        "actor": county.committee_member,
        "at": NOW,
    }
    if enters:
        assert enrol_voter(**act).pk
    else:
        with pytest.raises(ValidationError, match="选举日（2026年12月20日）未满18周岁"):
            enrol_voter(**act)
        assert not Voter.objects.exists()


@pytest.mark.parametrize(
    ("ground", "accepted_on", "sentence"),
    [
        ("accepted", None, "须经村民会议或者村民代表会议同意"),
        ("accepted", date(2026, 12, 2), "会议同意日期还没有到"),
        ("accepted", date(2026, 12, 1), ""),
        ("resident", date(2026, 12, 1), "户籍在本村的不用填会议同意日期"),
        ("away", None, ""),
    ],
)
def test_a_meeting_accepts_who_is_registered_elsewhere(county, ground, accepted_on, sentence) -> None:
    """Art. 13 (3): a year's residence is not enough, the meeting has to agree."""
    act = {
        "election": county.election,
        "voter": registration(ground=ground, accepted_on=accepted_on),
        "actor": county.committee_member,
        "at": NOW,
    }
    if sentence:
        with pytest.raises(ValidationError, match=sentence):
            enrol_voter(**act)
    else:
        assert enrol_voter(**act).ground == ground


def test_nobody_stands_on_a_roll_twice(county) -> None:
    act = {"election": county.election, "actor": county.committee_member, "at": NOW}
    enrol_voter(voter=registration(), **act)

    with pytest.raises(ValidationError, match="名单上已有同一小组同名、同日出生的人"):
        enrol_voter(voter=registration(sex="female"), **act)
    enrol_voter(voter=registration(group="第4组"), **act)


# Until when, and by whom --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["voter_list_final", "vote_held"])
def test_a_final_roll_stays_as_it_is(client, county, step) -> None:
    voter = enrol(county.election)[0]
    mark_done(county.election, {step: date(2026, 12, 1)}, county.committee_member)
    log_in(client, county.committee_member)

    page = client.post(address("enrol_voter", county.election), POSTED).content.decode()
    assert "选民名单不能再增减" in page
    assert "请先撤销" in page
    assert "选民名单不能再增减" in client.get(reverse("ballots:strike_off", args=[voter.pk])).content.decode()
    page = client.get(address("roll", county.election)).content.decode()
    assert "选民名单不能再增减" in page
    assert "/strike-off/" not in page
    with pytest.raises(ValidationError):
        strike_off(voter=voter, reason="重复", actor=county.committee_member, at=NOW)
    assert Voter.objects.count() == 3


def test_between_publication_and_the_final_list_it_is_corrected(county) -> None:
    """Art. 14: an objection that is right changes the list."""
    enrol(county.election)
    mark_done(county.election, {"voter_list_published": date(2026, 11, 30)}, county.committee_member)

    voter = enrol_voter(election=county.election, voter=registration(), actor=county.committee_member, at=NOW)
    strike_off(voter=voter, reason="已在户籍所在村登记", actor=county.committee_member, at=NOW)


def test_without_an_election_day_nobodys_age_can_be_told(client, county) -> None:
    Election.objects.filter(pk=county.election.pk).update(election_day=None)

    page = log_in(client, county.committee_member).post(address("enrol_voter", county.election), POSTED)

    assert "还没有确定选举日，无法核对选民是否年满十八周岁" in page.content.decode()
    assert not Voter.objects.exists()


def test_a_past_terms_roll_is_only_read(client, county) -> None:
    enrol(county.election)
    end_term(county)

    page = log_in(client, county.committee_member).get(address("roll", county.election)).content.decode()

    assert "这是往届的选举" in page
    with pytest.raises(ValidationError, match="往届"):
        enrol_voter(election=county.election, voter=registration(), actor=county.committee_member, at=NOW)


def test_a_further_election_shows_the_roll_it_uses_and_keeps_none(client, county) -> None:
    enrol(county.election)
    further = follow(county.election, "further")

    page = log_in(client, county.committee_member).get(address("roll", further)).content.decode()

    assert "王一" in page
    assert "另行选举沿用原选举的选民名单，不另行登记。" in page
    with pytest.raises(ValidationError, match="沿用原选举"):
        enrol_voter(election=further, voter=registration(), actor=county.committee_member, at=NOW)


def test_a_new_election_takes_the_roll_over_and_corrects_it(client, county) -> None:
    """Who came of age since the invalid vote has to be added, without entering everybody again."""
    enrol(county.election)
    mark_done(county.election, {"voter_list_final": date(2026, 12, 1)}, county.committee_member)
    anew = follow(county.election, "new")
    grown_up = registration(born=date(2008, 12, 25))
    act = {"election": anew, "voter": grown_up, "actor": county.committee_member, "at": NOW}
    log_in(client, county.committee_member)
    assert "沿用原名单并更正" in client.get(address("roll", anew)).content.decode()
    with pytest.raises(ValidationError, match="请先沿用原名单"):
        enrol_voter(**act)

    client.post(address("take_over_roll", anew))
    enrol_voter(**act)

    assert Voter.objects.filter(election=anew).count() == 4
    assert Voter.objects.filter(election=county.election).count() == 3
    assert Entry.objects.get(verb="ballots.take_over_roll").after["voters"] == 3
    page = client.post(address("take_over_roll", anew), follow=True).content.decode()
    assert "没有可以沿用的选民名单，或者已经沿用。" in page


def test_a_general_election_has_no_roll_to_take_over(client, county) -> None:
    page = log_in(client, county.committee_member).post(
        address("take_over_roll", county.election), follow=True
    )

    assert "没有可以沿用的选民名单" in page.content.decode()


def test_a_party_branch_is_not_elected_by_villagers(client, county) -> None:
    page = log_in(client, county.township_official).get(address("roll", branch_election(county)))

    assert "村党组织由党员选举，不用选民名单。" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "roll", "enrolling"),
    [
        ("committee_member", 200, 200),
        ("township_official", 200, 200),
        ("county_reviewer", 200, 403),
        ("administrator", 403, 403),
        ("court", 403, 403),
        ("other_township_official", 404, 404),
    ],
)
def test_who_sees_and_keeps_a_roll(client, county, who, roll, enrolling) -> None:
    """Names and birthdays of a whole village are for those who hold its election."""
    voter = enrol(county.election)[0]
    log_in(client, getattr(county, who))

    assert client.get(address("roll", county.election)).status_code == roll
    for page in (
        address("enrol_voter", county.election),
        address("paste_roll", county.election),
        reverse("ballots:strike_off", args=[voter.pk]),
    ):
        assert client.get(page).status_code == enrolling, page


def test_strangers_bad_ids_and_wrong_verbs(client, county, neighbour) -> None:
    assert client.get(address("roll", county.election)).status_code == 302
    log_in(client, neighbour.committee_member)
    assert client.get(address("roll", county.election)).status_code == 404
    assert client.get("/elections/voters/987654321/strike-off/").status_code == 404
    assert client.post(address("roll", neighbour.election)).status_code == 405


def test_the_act_asks_too(county) -> None:
    with pytest.raises(PermissionDenied):
        enrol_voter(election=county.election, voter=registration(), actor=county.county_reviewer, at=NOW)


# The pages ----------------------------------------------------------------------------------


def test_one_voter_is_entered_and_journalled_without_the_name(client, county) -> None:
    response = log_in(client, county.committee_member).post(
        address("enrol_voter", county.election), POSTED | {"name": "王　建", "group": "第３组"}
    )

    assert response.headers["Location"] == address("roll", county.election)
    voter = Voter.objects.get()
    assert (voter.name, voter.group, voter.born) == ("王建", "第3组", date(1980, 1, 2))
    entry = Entry.objects.get(verb="ballots.enrol_voter")
    assert entry.after["name"].startswith("#")
    assert entry.after["born"].startswith("#")
    assert entry.after["group"] == "第3组"


def test_a_refused_voter_keeps_what_was_typed(client, county) -> None:
    response = log_in(client, county.committee_member).post(
        address("enrol_voter", county.election), POSTED | {"born": "2015-01-02", "ground": "accepted"}
    )

    form = response.context["form"]
    assert form.errors.keys() == {"born", "accepted_on"}
    assert 'value="王建国"' in response.content.decode()


def test_striking_off_needs_a_reason_and_leaves_an_entry(client, county) -> None:
    voter = enrol(county.election)[0]
    page = reverse("ballots:strike_off", args=[voter.pk])
    log_in(client, county.committee_member)

    assert "请写明移出名单的原因。" in client.post(page, {"reason": " "}).content.decode()
    assert Voter.objects.filter(pk=voter.pk).exists()

    client.post(page, {"reason": "已在户籍所在村登记"})
    assert not Voter.objects.filter(pk=voter.pk).exists()
    entry = Entry.objects.get(verb="ballots.strike_off")
    assert entry.reason == "已在户籍所在村登记"
    assert entry.before["name"].startswith("#")


def test_the_list_counts_each_group_by_sex_and_ground(client, county) -> None:
    enrol(county.election, voters=3)
    Voter.objects.filter(name="王三").update(sex="female", ground="away", group="第2组")

    response = log_in(client, county.county_reviewer).get(address("roll", county.election))

    counted = {
        row["group"]: (row["voters"], row["men"], row["women"], row["away"])
        for row in response.context["groups"]
    }
    assert counted == {"第1组": (2, 2, 0, 0), "第2组": (1, 0, 1, 1)}
    assert response.context["total"]["voters"] == 3


def test_filtered_and_in_excel(client, county) -> None:
    enrol(county.election, voters=3)
    Voter.objects.filter(name="王三").update(group="第2组")
    log_in(client, county.committee_member)

    page = client.get(address("roll", county.election), {"group": "第2组"}).content.decode()
    assert "王三" in page
    assert "王一" not in page
    response = client.get(address("roll", county.election), {"export": "xlsx"})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 4
    assert len(rows[0]) == 6


def test_queries_do_not_grow_with_voters(client, county, django_assert_max_num_queries) -> None:
    enrol(county.election, voters=1)
    log_in(client, county.committee_member)
    client.get(address("roll", county.election))
    with django_assert_max_num_queries(9):
        client.get(address("roll", county.election))
    Voter.objects.bulk_create(
        Voter(election=county.election, name="陈明", sex="male", born=date(1970, 1, 1), group=f"第{n}组")
        for n in range(60)
    )
    with django_assert_max_num_queries(9):
        client.get(address("roll", county.election))


def test_a_moved_election_day_points_out_who_is_too_young(client, county) -> None:
    voter = enrol(county.election)[0]
    voter.born = ELECTION_DAY.replace(year=2008)
    voter.save()
    log_in(client, county.committee_member)
    assert "未满十八周岁，请核对" not in client.get(address("roll", county.election)).content.decode()

    Election.objects.filter(pk=county.election.pk).update(election_day=date(2026, 12, 19))

    assert "名单中有1人选举日未满十八周岁" in client.get(address("roll", county.election)).content.decode()


# Pasting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        "姓名\t性别\t出生日期\t村民小组\t登记依据\n" + LINES,
        "姓名\t性别\t出生日期\t村民小组\t登记依据\t会议同意日期\n" + LINES,
        "\n" + LINES + "\n\n",
        LINES.replace("\t", ","),
        LINES.replace("\t", "，"),
        LINES.replace("\n", "\r\n"),
        "王　建国\t男性\t１９８０／１／２\t第３组\t户籍在本村并在本村居住\n"
        "李玉兰\t女\t1975.6.1\t第3组\t外出\t",
        "王建国\t男\t19800102\t第3组\t在村\n李玉兰\t女\t1975/6/1 0:00\t第3组\t外出",
    ],
)
def test_a_list_as_people_really_copy_it(lines) -> None:
    first, second = read_voters(lines)

    assert first.identity == ("王建国", date(1980, 1, 2), "第3组")
    assert (first.sex, first.ground) == ("male", "resident")
    assert (second.born, second.sex, second.ground) == (date(1975, 6, 1), "female", "away")


def test_the_third_ground_brings_its_day() -> None:
    voter = read_voters("王建国\t男\t1980-01-02\t第3组\t外来\t2026年11月20日")[0]

    assert (voter.ground, voter.accepted_on) == ("accepted", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("\t男\t1980-01-02\t第3组\t在村", "第2行“姓名”：请填写姓名。"),
        ("王建国1\t男\t1980-01-02\t第3组\t在村", "第2行“姓名”：姓名只能由文字组成"),
        ("王建国\t先生\t1980-01-02\t第3组\t在村", "第2行“性别”：应为“男”或者“女”。"),
        ("王建国\t男\t\t第3组\t在村", "第2行“出生日期”：请填写出生日期。"),
        ("王建国\t男\t29222\t第3组\t在村", "第2行“出生日期”：“29222”不是日期"),
        ("王建国\t男\t1980-02-30\t第3组\t在村", "第2行“出生日期”：没有1980-02-30这一天"),
        ("王建国\t男\t0980-01-02\t第3组\t在村", "第2行“出生日期”：日期早于1900年"),
        ("王建国\t男\t1980-01-02\t" + "长" * 21 + "\t在村", "第2行“村民小组”：村民小组超过了20个字"),
        ("王建国\t男\t1980-01-02\t第3组", "第2行“登记依据”：应为“在村”"),
        ("王建国\t男\t1980-01-02\t第3组\t外来\t下周", "第2行“会议同意日期”：“下周”不是日期"),
        ("王建国\t男\t1980-01-02\t第3组\t在村\t\t多\t余", "第2行“会议同意日期”：这一行有8列"),
        ("王建国\t男\t2015-01-02\t第3组\t在村", "第2行“出生日期”：选举日（2026年12月20日）未满18周岁"),
        ("王建国\t男\t1980-01-02\t第3组\t外来", "第2行“会议同意日期”：户籍不在本村的，须经"),
        ("李玉兰\t女\t1975-6-1\t第3组\t外出", "第2行“姓名”：和第1行是同一个人，请删去一行。"),
        ("王一\t男\t1980-01-01\t第1组\t在村", "第2行“姓名”：名单上已有同一小组同名、同日出生的人"),
    ],
)
def test_one_fault_and_nobody_is_entered(client, county, line, sentence) -> None:
    """All or nothing: half a list would be published as a whole one."""
    enrol(county.election, voters=1)
    lines = "李玉兰\t女\t1975-06-01\t第3组\t外出\n" + line

    response = paste(client, county, lines)

    assert sentence in faults(response)
    assert response.context["form"]["lines"].value() == lines
    assert Voter.objects.count() == 1
    assert not Entry.objects.filter(verb="ballots.enrol_voters").exists()


def test_every_fault_is_named_at_once(client, county) -> None:
    response = paste(client, county, "\t先生\t昨天\t\t\n王建国\t男\t1980-02-30\t\t在村")

    assert len(response.context["form"].errors["lines"]) == 5


def test_very_many_faults_are_counted(client, county) -> None:
    response = paste(client, county, "\n".join(["王建国\t先生\t1980-01-02\t\t在村"] * 100))

    assert "还有70处没有列出。" in faults(response)


def test_columns_in_another_order_are_not_guessed(client, county) -> None:
    response = paste(client, county, "姓名\t出生日期\t性别\t村民小组\t登记依据\n" + LINES)

    assert "列的次序应为：姓名、性别、出生日期" in faults(response)


@pytest.mark.parametrize(("count", "enters"), [(MOST_LINES, True), (MOST_LINES + 1, False)])
def test_a_list_has_an_end(client, county, count, enters) -> None:
    lines = "\n".join(
        f"王建国\t男\t{1940 + n % 60}-0{1 + n // 60 % 9}-{10 + n // 540}\t第{n}组\t在村" for n in range(count)
    )

    response = paste(client, county, lines)

    assert Voter.objects.count() == (count if enters else 0)
    if not enters:
        assert "一次最多粘贴2000行，现有2001行：请分几次粘贴。" in faults(response)


def test_a_pasted_list_is_one_entry_that_names_nobody(client, county) -> None:
    response = paste(client, county, LINES)

    assert response.url == address("roll", county.election)
    entry = Entry.objects.get(verb="ballots.enrol_voters")
    assert entry.after["voters"] == 2
    assert entry.after["grounds"] == {"resident": 1, "away": 1}
    assert "王建国" not in str(entry.after)


def test_nothing_pasted(client, county) -> None:
    for lines in ("", " \n\t\n", "姓名\t性别\t出生日期\t村民小组\t登记依据"):
        assert "没有读到选民" in faults(paste(client, county, lines))


def test_pasting_into_a_final_roll(client, county) -> None:
    mark_done(county.election, {"voter_list_final": date(2026, 12, 1)}, county.committee_member)

    response = paste(client, county, LINES)

    assert "选民名单不能再增减" in response.content.decode()
    with pytest.raises(ValidationError):
        enrol_voters(
            election=county.election, voters=read_voters(LINES), actor=county.committee_member, at=NOW
        )
