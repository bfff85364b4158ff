"""A kind of document only the tests know: a specimen of every style, about a place."""

from typing import Any

import rules

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role
from election_admin.documents.registry import Kind, kinds, register_kind
from election_admin.places.models import Place

CODE = "specimen"
PERMISSION = "tests.see_specimen"


def context(place: Any, language: str) -> dict[str, Any]:
    # Long enough, at a third of a second, to be killed in the middle.
    return {"rows": range(1, 61)}


def register() -> None:
    if CODE in {one.code for one in kinds()}:
        return
    rules.add_perm(PERMISSION, holds(Role.TOWNSHIP, Role.COUNTY))
    register_kind(
        Kind(
            code=CODE,
            title="样张",
            template="documents/specimen.html",
            subject=lambda: Place.objects.all(),
            context=context,
            name=lambda place: f"{place.name}样张",
            permission=PERMISSION,
        )
    )
