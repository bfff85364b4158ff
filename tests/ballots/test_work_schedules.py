"""Working schedules of real offices: shown with what they break of the law."""

import pytest
from django.urls import reverse

from ballots.law import schedule_law
from ballots.rules.work_schedule import breaches
from election_admin.rulebooks.procedures import load_procedure
from election_admin.rulebooks.work_schedules import load_work_schedule, work_schedule_ids
from tests.ballots.office import log_in
from tests.cast import County


def found(rulebook: str, step: str, first: int, last: int, published: int | None = None) -> list[str]:
    law = schedule_law(load_procedure(rulebook).general)
    one_step = breaches(law, step=step, first=first, last=last, mode="nominated", published=published)
    return [breach.code for breach in one_step]


@pytest.mark.parametrize(
    ("rulebook", "step", "first", "last", "codes"),
    [
        # Organic Law art. 14, provinces: the list at least 20 days before; 28 is stricter, and fine.
        ("zhejiang-2020", "voter_list_published", -28, -28, []),
        ("zhejiang-2020", "voter_list_published", -20, -20, []),
        ("zhejiang-2020", "voter_list_published", -20, -19, ["late"]),
        # Zhejiang art. 18, Beijing art. 20, Shanghai art. 12: D-5; a real city had D-4.
        ("zhejiang-2020", "final_list_published", -4, -4, ["late"]),
        ("beijing-2012", "final_list_published", -4, -4, ["late"]),
        ("shanghai-2020", "final_list_published", -5, -5, []),
        ("national-2018", "final_list_published", -4, -4, []),
        # Organic Law art. 20: ten days for the handover, and none before the vote.
        ("zhejiang-2020", "handover_done", 6, 10, []),
        ("zhejiang-2020", "handover_done", 6, 11, ["late"]),
        ("zhejiang-2020", "handover_done", -1, 10, ["early"]),
    ],
)
def test_a_slip_of_the_schedule_is_caught(rulebook, step, first, last, codes) -> None:
    """Whoever copies a neighbour's calendar must not copy its mistake."""
    assert found(rulebook, step, first, last) == codes


def test_decisions_follow_the_schedules_own_publication() -> None:
    """Art. 14: five days of objections and three to decide run from the day the list goes up."""
    assert found("zhejiang-2020", "objections_decided", -19, -12, published=-20) == []
    assert found("zhejiang-2020", "objections_decided", -19, -11, published=-20) == ["late"]
    assert found("zhejiang-2020", "objections_decided", -19, -12, published=-28) == ["late"]


@pytest.mark.parametrize("schedule_id", work_schedule_ids())
def test_the_schedules_are_in_order_and_name_real_steps(schedule_id) -> None:
    days = [stretch.first for stretch in load_work_schedule(schedule_id).stretches]
    assert days == sorted(days)


def page(client, county: County, schedule: str, rulebook: str) -> str:
    log_in(client, county.township_official)
    address = reverse("ballots:work_schedule", args=[schedule])
    return client.get(address, {"with": rulebook}).content.decode()


@pytest.mark.django_db
def test_the_page_names_the_article_that_is_broken(client, county) -> None:
    shown = page(client, county, "city-2026-revised", "zhejiang-2020")
    assert "迟于法定最迟日期：选举日前5日（《浙江省村民委员会选举办法》第十八条）。" in shown


@pytest.mark.django_db
def test_the_page_says_where_nothing_is_broken(client, county) -> None:
    assert "没有不符之处" in page(client, county, "city-2026-revised", "national-2018")


@pytest.mark.django_db
def test_a_rulebook_or_schedule_that_is_not_there(client, county) -> None:
    log_in(client, county.township_official)
    assert client.get(reverse("ballots:work_schedule", args=["nowhere"])).status_code == 404
    address = reverse("ballots:work_schedule", args=["city-2026"])
    assert client.get(address, {"with": "../etc/passwd"}).status_code == 404
