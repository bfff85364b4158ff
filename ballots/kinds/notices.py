"""A notice on paper, to be posted."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from ballots.models import Notice
from ballots.notice_facts import facts_of
from ballots.notices import document_name
from election_admin.documents.registry import Kind, register_kind

NOTICE = "notice"


def _context(notice: Notice, language: str) -> Mapping[str, Any]:
    return facts_of(notice)


register_kind(
    Kind(
        code=NOTICE,
        title=_lazy("公告"),
        template="ballots/documents/notices/notice.html",
        subject=lambda: Notice.objects.select_related(
            "election__place__parent", "election__term", "election__edition"
        ),
        context=_context,
        name=document_name,
        permission="ballots.see_procedure",
    )
)
