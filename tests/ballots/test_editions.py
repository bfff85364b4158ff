"""The pages on which a county's editions are read and adopted."""

from datetime import date
from typing import get_args

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.law_pages import GUARDS, law_line
from ballots.numbers import last_change, number_choices, numbers_in_words
from election_admin.accounts.models import Role
from election_admin.journal.models import Entry
from election_admin.places.models import Place
from election_admin.rulebooks.procedures import Guard, load_procedure, procedure_ids
from tests.ballots.office import log_in
from tests.cast import ELECTION_DAY, NOW, TODAY, make_user
from villages.actions.editions import adopt_edition
from villages.models import Election, RulebookEdition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
LIST = "steps.voter_list_published.latest.days"
FINAL = "steps.final_list_published.latest.days"
PAPER = "关于做好村级组织换届选举工作的实施意见"
FILLED = {
    "path": LIST,
    "new": "28",
    "side": "",
    "document": f"《{PAPER}》",
    "article": "6",
    "rank": "arrangement",
    "in_force_from": "2026-12-01",
    "remark": "",
}


def adopt(county, **changes) -> RulebookEdition:
    values = {
        "county": county.county,
        "rulebook": "zhejiang-2020",
        "path": LIST,
        "new": -28,
        "document": PAPER,
        "article": "6",
        "rank": "arrangement",
        "in_force_from": TODAY,
        "remark": "",
        "actor": county.administrator,
        "at": NOW,
    }
    return adopt_edition(**(values | changes))


def form_address(county) -> str:
    return reverse("ballots:adopt_edition", args=["zhejiang-2020", county.county.code])


class TestNumbersInWords:
    @pytest.mark.parametrize("rulebook", procedure_ids())
    def test_every_number_can_be_chosen(self, rulebook):
        """Two numbers that read alike would have the wrong one changed."""
        numbers = list(numbers_in_words(load_procedure(rulebook)))
        named = [(one.group, str(one)) for one in numbers]
        assert len(set(named)) == len(named)
        groups = [group for group, _ in number_choices(load_procedure(rulebook))]
        assert len(set(groups)) == len(groups)

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            (LIST, "公布选民名单：最迟选举日前20日"),
            ("steps.objections_closed.open_until.days", "选民名单异议期满：期限到“公布选民名单”后5日为止"),
            ("steps.vote_held.earliest.days", "投票：最早选举日当日"),
            ("parameters.proxies_per_holder.value", "每人接受委托：不超过3人"),
            ("parameters.seats.value.most", "村民委员会人数（最多）：7"),
            ("parameters.surplus.value.chair.least", "候选人差额（主任、最少）：1"),
            ("parameters.turnout.value.more_than.denominator", "投票率（分母）：2"),
        ],
    )
    def test_as_an_official_says_it(self, path, words):
        numbers = {one.path: str(one) for one in numbers_in_words(load_procedure("zhejiang-2020"))}
        assert numbers[path] == words

    def test_every_guard_is_explained(self):
        assert GUARDS.keys() == set(get_args(Guard))


class TestAdoptEdition:
    def test_adopts_and_says_what_follows(self, client, county):
        log_in(client, county.administrator)
        page = client.post(form_address(county), FILLED, follow=True)
        edition = RulebookEdition.objects.get()
        assert page.redirect_chain == [(reverse("ballots:edition", args=[edition.pk]), 302)]
        text = page.content.decode()
        assert "已采用县定第1版" in text
        assert "3个还没有登记过步骤的选举已改用这一版" in text
        assert "最迟 <strong>选举日前28日</strong>" in text
        assert f"《{PAPER}》第六条" in text
        assert edition.changes[0]["document"] == PAPER
        assert edition.changes[0]["new"] == -28

    def test_shows_every_number_with_its_value_and_preselects(self, client, county):
        page = log_in(client, county.administrator).get(form_address(county), {"path": FINAL})
        assert page.context["form"]["path"].value() == FINAL
        assert page.context["present"] == {
            "words": "公布正式候选人（自荐人）名单：最迟选举日前5日",
            "source": "《浙江省村民委员会选举办法》第十八条",
        }
        text = page.content.decode()
        assert "公布选民名单：最迟选举日前20日" in text
        assert '<optgroup label="规定">' in text

    def test_goes_on_from_the_last_edition(self, client, county):
        adopt(county)
        text = log_in(client, county.administrator).get(form_address(county)).content.decode()
        assert "公布选民名单：最迟选举日前28日" in text
        assert "县定第1版" in text

    @pytest.mark.parametrize(
        ("path", "new", "side", "kept"),
        [
            (LIST, "28", "", -28),
            (LIST, "28", "before", -28),
            ("steps.handover_done.latest.days", "7", "", 7),
            ("steps.handover_done.latest.days", "0", "", 0),
            ("steps.audit_published.latest.days", "10", "", -10),
            ("parameters.proxies_per_holder.value", "2", "before", 2),
        ],
    )
    def test_days_are_typed_as_people_count_them(self, client, county, path, new, side, kept):
        """Nobody in an office writes minus twenty-eight."""
        values = FILLED | {"path": path, "new": new, "side": side}
        log_in(client, county.administrator).post(form_address(county), values)
        assert RulebookEdition.objects.get().changes[0]["new"] == kept

    def test_from_the_day_itself_it_asks_which_way(self, client, county):
        values = FILLED | {"path": "steps.result_filed.earliest.days", "new": "1"}
        page = log_in(client, county.administrator).post(form_address(county), values)
        assert "side" in page.context["form"].errors
        client.post(form_address(county), values | {"side": "after"})
        assert RulebookEdition.objects.get().changes[0]["new"] == 1

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"path": FINAL, "new": "4"}, "new", "县里的文件不能放宽法律、省级法规规定的期限"),
            ({"path": LIST, "new": "28", "side": "after"}, "new", "不能放宽"),
            ({"new": "20"}, "new", "与现在的相同"),
            ({"path": "steps.nothing.latest.days"}, "path", "没有这个数"),
            ({"rank": ""}, "rank", ""),
            ({"document": ""}, "document", ""),
            ({"in_force_from": "明天"}, "in_force_from", ""),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, client, county, changes, field, words):
        page = log_in(client, county.administrator).post(form_address(county), FILLED | changes)
        assert page.status_code == 200
        form = page.context["form"]
        assert words in form.errors[field][0]
        assert form["article"].value() == "6"
        assert not RulebookEdition.objects.exists()

    def test_days_in_force_do_not_go_back(self, client, county):
        adopt(county)
        values = FILLED | {"path": FINAL, "new": "7", "in_force_from": "2026-11-30"}
        page = log_in(client, county.administrator).post(form_address(county), values)
        assert "第1版" in page.context["form"].errors["in_force_from"][0]

    def test_in_force_later_it_says_so(self, client, county):
        values = FILLED | {"in_force_from": "2026-12-10"}
        page = log_in(client, county.administrator).post(form_address(county), values, follow=True)
        assert "到施行之日" in page.content.decode()

    @pytest.mark.parametrize(
        "who", ["county_reviewer", "township_official", "committee_member", "court", "health"]
    )
    def test_is_the_administrators(self, client, county, who):
        log_in(client, getattr(county, who))
        assert client.get(form_address(county)).status_code == 403
        assert client.post(form_address(county), FILLED).status_code == 403
        assert not RulebookEdition.objects.exists()

    def test_outsiders_find_nothing(self, client, county, neighbour):
        log_in(client, neighbour.administrator)
        assert client.get(form_address(county)).status_code == 404
        assert client.post(form_address(county), FILLED).status_code == 404

    @pytest.mark.parametrize("args", [("atlantis-1999", "330604"), ("zhejiang-2020", "330604101")])
    def test_what_is_not_there(self, client, county, args):
        address = reverse("ballots:adopt_edition", args=args)
        assert log_in(client, county.administrator).get(address).status_code == 404

    def test_a_refusal_leaves_no_trace(self, client, county):
        entries = Entry.objects.count()
        log_in(client, county.administrator)
        client.post(form_address(county), FILLED | {"path": FINAL, "new": "4"})
        assert Entry.objects.exclude(verb="accounts.log_in").count() <= entries


class TestReadingEditions:
    def test_everybody_of_the_county_reads_them(self, client, county):
        """A rule that binds a village must be readable in the village."""
        edition = adopt(county)
        for who, user in county.everyone().items():
            log_in(client, user)
            text = client.get(reverse("ballots:edition_list")).content.decode()
            for words in ("县定第1版", "最迟选举日前20日", "最迟选举日前28日", PAPER, "张三"):
                assert words in text, (who, words)
            assert client.get(reverse("ballots:edition", args=[edition.pk])).status_code == 200
            rulebook = client.get(reverse("ballots:rulebook", args=["zhejiang-2020"])).content.decode()
            assert reverse("ballots:edition", args=[edition.pk]) in rulebook

    def test_whoever_stands_above_reads_them(self, client, county):
        edition = adopt(county)
        city = make_user("city", Role.ADMINISTRATOR, Place.objects.get(code="3306"))
        log_in(client, city)
        assert client.get(reverse("ballots:edition", args=[edition.pk])).status_code == 200
        assert "县定第1版" in client.get(reverse("ballots:edition_list")).content.decode()

    def test_another_county_does_not(self, client, county, neighbour):
        edition = adopt(county)
        for who, user in neighbour.everyone().items():
            log_in(client, user)
            assert client.get(reverse("ballots:edition", args=[edition.pk])).status_code == 404, who
            assert "县定第1版" not in client.get(reverse("ballots:edition_list")).content.decode()
            address = reverse("ballots:compare_rulebooks", args=["zhejiang-2020", f"edition-{edition.pk}"])
            assert client.get(address).status_code == 404, who

    def test_a_former_edition_still_says_what_it_said(self, client, county):
        first = adopt(county)
        adopt(county, new=-30)
        page = log_in(client, county.court).get(reverse("ballots:edition", args=[first.pk]))
        assert "选举日前28日" in page.content.decode()

    def test_only_administrators_are_offered_to_change(self, client, county):
        address = reverse("ballots:rulebook", args=["zhejiang-2020"])
        for who, user in county.everyone().items():
            text = log_in(client, user).get(address).content.decode()
            assert (f"{form_address(county)}?path={LIST}" in text) is (who == "administrator"), who

    def test_the_list_reads_as_many_rows_with_as_many_queries(
        self, client, county, django_assert_max_num_queries
    ):
        address = reverse("ballots:edition_list")
        log_in(client, county.administrator)
        for new in (-28, -27, -26, -25):
            adopt(county, new=new)
        with django_assert_max_num_queries(7):
            assert client.get(address).content.decode().count("原为") == 4

    def test_empty_it_says_so(self, client, county):
        text = log_in(client, county.committee_member).get(reverse("ballots:edition_list")).content.decode()
        assert "各村都按原来的办法选举" in text

    def test_what_changed_in_words(self, county):
        adopt(county)
        change = last_change(adopt(county, path="parameters.proxies_per_holder.value", new=2))
        assert (change.label, change.old, change.new) == ("每人接受委托", "不超过3人", "不超过2人")
        assert change.source == f"《{PAPER}》第六条"


class TestManyVillages:
    def test_a_whole_county_is_dated_anew_with_as_few_queries(self, county):
        """While a county's villages are dated one by one, nobody of the county can save anything."""
        with CaptureQueriesContext(connection) as one_dated:
            adopt(county)
        Election.objects.update(election_day=ELECTION_DAY)
        with CaptureQueriesContext(connection) as all_dated:
            adopt(county, new=-29)
        days = Election.objects.filter(steps__code="voter_list_published", steps__latest=date(2026, 11, 21))
        assert days.count() == 3
        assert len(all_dated) <= len(one_dated) + 1


class TestTheElectionNamesItsLaw:
    def test_as_it_comes(self, county):
        line = law_line(Election.objects.with_place().get(pk=county.election.pk))
        assert (line.title, line.edition) == ("浙江省（村民委员会选举办法）", "2020年修正本")
        assert line.county_edition == ""
        assert line.url == reverse("ballots:rulebook", args=["zhejiang-2020"])
        assert not line.verified
        assert "2026年1月1日" in line.verified_words

    def test_in_the_countys_edition(self, county):
        edition = adopt(county, in_force_from=date(2026, 11, 20))
        line = law_line(Election.objects.with_place().get(pk=county.election.pk))
        assert line.county_edition == "县定第1版，自2026年11月20日起施行"
        assert line.url == reverse("ballots:edition", args=[edition.pk])

    def test_on_its_page(self, client, county):
        edition = adopt(county)
        address = reverse("ballots:procedure", args=[county.election.pk])
        for user in (county.township_official, county.county_reviewer, county.committee_member):
            text = log_in(client, user).get(address).content.decode()
            assert "县定第1版，自2026年12月1日起施行" in text
            assert reverse("ballots:edition", args=[edition.pk]) in text
            assert "引用条文尚未核对：组织法已修订，2026年1月1日起施行" in text
            assert "2026年11月22日" in text
