import pytest
from datetime import date
from pathlib import Path
from django.utils import translation
from election_admin.documents import rendering
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from villages.models import Election
from tests.cast import *
@pytest.mark.django_db
@pytest.mark.parametrize("language",["zh-hans","en"])
@pytest.mark.parametrize("code",["checklist_wall","checklist_table"])
def test_look(county, language, code):
    for c,d in (("seats_decided",3),("election_committee_chosen",5),("village_affairs_published",6)):
        county.election.steps.filter(code=c).update(done_on=date(2026,11,d), recorded_at=NOW, recorded_by=county.township_official)
    e=Election.objects.with_place().get(pk=county.election.pk)
    k=kind(code)
    with translation.override(language):
        d=Document(place=e.place,kind=code,subject_id=str(e.pk),language=language,title=k.name(e),requested_at=NOW)
    from election_admin.documents import rendering as r
    r.is_demo=lambda: True
    html=rendering.document_html(d,k,e)
    Path(f"/tmp/pdf/{code}-{language}.pdf").write_bytes(rendering.render_pdf(html))
