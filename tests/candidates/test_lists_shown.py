"""Each list shows its date, its source, and what its family-planning item rests on, wherever it is offered.

The situation of 2013 rests on population law that was changed in 2021 (domain: the five situations).
"""

import pytest
from django.forms import ChoiceField
from django.urls import reverse

from candidates.models import Candidacy
from election_admin.places.models import Place
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from tests.candidates.conftest import make_finding
from tests.cast import TODAY, County
from villages.forms.terms import TermForm
from villages.models import Term

pytestmark = pytest.mark.django_db
CHANGED = "2021年人口与计划生育法修改后"
NOTE = "人口政策已于2021年修法调整"
SOURCE = "浙村换发〔2013〕4号"


def text(response) -> str:
    return response.content.decode()


def look(client, candidacy):
    client.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "核对"})


def test_where_a_finding_is_recorded(official, county, candidacy):
    page = text(official.get(reverse("candidates:record_finding", args=[candidacy.pk])))
    for shown in ("五种情形（2013年）", "2013年", SOURCE, CHANGED):
        assert shown in page


def test_where_a_finding_is_recorded_by_the_other_list(official, county, candidacy):
    Term.objects.filter(pk=county.term.pk).update(eligibility_list="situations-2018")
    page = text(official.get(reverse("candidates:record_finding", args=[candidacy.pk])))
    assert "违反计划生育" not in page
    assert "文字尚未与原文件核对" in page
    assert "未见正式文号" in page


def test_on_the_candidates_page(official, county: County, candidacy: Candidacy):
    details = {"situation": "family_planning", "status": "confirmed", "source": "处理决定书"}
    make_finding(county, candidacy, **details)
    page = text(official.get(reverse("candidates:candidate", args=[candidacy.pk])))
    for shown in ("五种情形（2013年）", "2013年", SOURCE, NOTE):
        assert shown in page
    look(official, candidacy)
    assert CHANGED in text(official.get(reverse("candidates:candidate", args=[candidacy.pk])))


def test_on_the_page_of_a_judgement(official, candidacy):
    look(official, candidacy)
    row = candidacy.assessments.get(current=True)
    page = text(official.get(reverse("candidates:assessment", args=[row.pk])))
    for shown in (SOURCE, NOTE, CHANGED):
        assert shown in page


@pytest.mark.parametrize("list_id", eligibility_list_ids())
def test_on_the_rulebook_page(official, list_id):
    source = load_eligibility_list(list_id)
    page = text(official.get(reverse("ballots:eligibility", args=[list_id])))
    assert f"{source.year}年的清单" in page
    for document in source.documents.values():
        assert document.zh in page
    for note in source.notes:
        assert note.zh in page
    assert source.remedy.value.zh in page
    assert "第异议与复核条" not in page


def test_where_a_term_chooses_its_list(client, county):
    client.force_login(county.county_reviewer)
    page = text(client.get(reverse("villages:open_term")))
    for list_id in eligibility_list_ids():
        source = load_eligibility_list(list_id)
        assert f"{source.year}年" in page
        assert all(document.zh in page for document in source.documents.values())
        assert all(note.zh in page for note in source.notes)


def test_a_term_assumes_no_list(county):
    """A term chooses its list: nothing stands chosen beforehand, and without a choice there is no term."""
    form = TermForm(counties=Place.objects.filter(pk=county.county.pk), today=TODAY)
    field = form.fields["eligibility_list"]
    assert isinstance(field, ChoiceField)
    assert field.required
    assert field.initial is None
    assert form.fields["eligibility_list"].widget.choices[0] == ("", "—")
    assert Term._meta.get_field("eligibility_list").has_default() is False
