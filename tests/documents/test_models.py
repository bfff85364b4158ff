"""What the database itself refuses, and what kinds are registered."""

import pytest
import rules
from django.db import IntegrityError, transaction

from election_admin.documents.models import Document
from election_admin.documents.registry import UnknownKind, kind, kinds, register_kind
from tests.documents.conftest import AT
from tests.documents.specimen import CODE


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"progress": 101}, "document_progress_is_percent"),
        ({"lease_until": AT}, "document_leased_while_running"),
        ({"leased_by": "somebody"}, "document_leased_while_running"),
        ({"state": "running", "lease_until": None}, "document_leased_while_running"),
        ({"state": "ready", "file": ""}, "document_ready_has_file"),
        ({"state": "ready", "finished_at": None}, "document_ready_has_file"),
        ({"file": "000000/1.pdf"}, "document_ready_has_file"),
        ({"state": "failed", "failure": ""}, "document_failed_says_why"),
        ({"failure": "too_long"}, "document_failed_says_why"),
    ],
)
def test_constraints(make_document, fields, constraint) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_document(**fields)


def test_one_file_is_one_documents(make_document) -> None:
    make_document(state="ready", file="000000/1.pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_document(state="ready", file="000000/1.pdf")


@pytest.mark.parametrize("failure", Document.Failure.values)
def test_every_failure_is_a_whole_sentence(failure) -> None:
    reason = Document(failure=failure, failure_detail="细节").reason

    assert reason.endswith("。")
    assert "%" not in reason


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match=CODE):
        register_kind(kind(CODE))


def test_unknown_kind() -> None:
    with pytest.raises(UnknownKind):
        kind("nothing")


def test_kinds_name_permissions_that_exist() -> None:
    assert all(rules.perm_exists(one.permission) for one in kinds())
