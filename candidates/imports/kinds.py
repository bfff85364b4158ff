"""The kinds of file this app reads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from candidates.imports.candidate_columns import candidate_columns
from candidates.imports.candidate_writing import write_candidates
from candidates.imports.candidates import CandidateReader
from candidates.imports.findings import FindingReader, finding_columns, write_findings
from candidates.imports.ground import check_township
from election_admin.imports.registry import ImportKind, register_import
from election_admin.places.models import Place

CANDIDATES = "candidates"
FINDINGS = "findings"


def _list(place: Place) -> str:
    return reverse("candidates:candidates")


register_import(
    ImportKind(
        code=CANDIDATES,
        title=_("导入候选人"),
        permission="candidates.record",
        columns=candidate_columns,
        reader=CandidateReader,
        write=write_candidates,
        back=_list,
        check_open=check_township,
    )
)
register_import(
    ImportKind(
        code=FINDINGS,
        title=_("导入认定材料"),
        permission="candidates.record",
        columns=finding_columns,
        reader=FindingReader,
        write=write_findings,
        back=_list,
        check_open=check_township,
    )
)
