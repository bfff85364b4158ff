"""Appending to the journal and checking that nobody has touched it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from election_admin.encryption import EncryptedJSON, EncryptedText, keyed_hash
from election_admin.journal.models import Chain, Entry
from election_admin.places.models import Place

# Entries a statement: SQLite takes so many values and no more.
BATCH = 500


def _canonical(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)


def _entry_hash(entry: Entry) -> str:
    content = _canonical(
        {
            "chain": entry.chain.name,
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(),
            "actor": entry.actor_id,
            "place": entry.place_id,
            "verb": entry.verb,
            "object": [entry.object_type, entry.object_id],
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
            "previous": entry.previous_hash,
        }
    )
    return hashlib.sha256(content.encode()).hexdigest()


def snapshot(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """Return the named fields of a row as the journal keeps them.

    What is encrypted at rest, and what a model lists in ``personal_fields``, is kept as a
    keyed hash: the journal shows that it changed, never what it says, so personal data can
    be erased later without breaking the chain.
    """
    personal = getattr(row, "personal_fields", ())
    kept: dict[str, Any] = {}
    for name in fields:
        field = row._meta.get_field(name)
        value = field.value_from_object(row)  # type: ignore[union-attr]
        if value not in (None, "") and (isinstance(field, EncryptedText | EncryptedJSON) or name in personal):
            # With the row and the field in it, equal values of two people do not look alike.
            value = "#" + keyed_hash(_canonical([row._meta.label_lower, row.pk, name, value]))[:16]
        kept[name] = value
    return json.loads(_canonical(kept))  # type: ignore[no-any-return]


def take_turn(place: Place | None) -> Chain:
    """Wait until nobody else is acting in the place's county; the turn lasts to the end of the transaction.

    Every action begins with this, before it reads anything it decides on. Acts of a county thus
    follow one another in the order of their entries: none decides on what another is about to
    change, and none waits for a row while it holds the chain. Raises TransactionManagementError
    outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A turn is taken inside a transaction.")
    name = place.county_code if place is not None else ""
    Chain.objects.get_or_create(name=name)
    return Chain.objects.select_for_update().get(name=name)


@dataclass(frozen=True)
class Act:
    """One of many acts that are journalled together; ``row`` is what it was done to."""

    verb: str
    row: models.Model
    place: Place | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str = ""


def append(
    *,
    verb: str,
    row: models.Model,
    actor: models.Model | None,
    place: Place | None,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one act to the chain of the place's county, inside the caller's transaction.

    ``verb`` is a dotted name such as ``villages.record_survey``. Raises
    TransactionManagementError outside a transaction: an act and its entry stand or fall together.
    """
    act = Act(verb=verb, row=row, place=place, before=before, after=after, reason=reason)
    chain = take_turn(place)
    entry = _next_entry(chain, act, actor=actor, at=at)
    entry.save()
    chain.save(update_fields=["length", "last_hash"])
    return entry


def append_many(acts: Iterable[Act], *, actor: models.Model | None, place: Place, at: datetime) -> int:
    """Append acts in this order, as ``append`` does one: for a file of thousands of rows.

    All of them are of the county of ``place``, whose turn is taken once. Each has its own entry,
    with what was there before and after; the entries are written a batch at a time. Returns how
    many they are.
    """
    chain = take_turn(place)
    begun, waiting = chain.length, iter(acts)
    while batch := [_next_entry(chain, act, actor=actor, at=at) for act in islice(waiting, BATCH)]:
        Entry.objects.bulk_create(batch)
    chain.save(update_fields=["length", "last_hash"])
    return chain.length - begun


def _next_entry(chain: Chain, act: Act, *, actor: models.Model | None, at: datetime) -> Entry:
    """The entry of an act, with which the chain now ends; neither of them saved."""
    county = act.place.county_code if act.place is not None else ""
    if county != chain.name:
        raise ValueError(f"An act of {county or 'no county'} does not belong in the chain {chain.name}.")
    entry = Entry(
        chain=chain,
        number=chain.length + 1,
        at=at,
        actor_id=actor.pk if actor is not None else None,
        place=act.place,
        verb=act.verb,
        object_type=act.row._meta.label_lower,
        object_id=str(act.row.pk),
        before=json.loads(_canonical(act.before)),
        after=json.loads(_canonical(act.after)),
        reason=act.reason,
        previous_hash=chain.last_hash,
    )
    entry.hash = _entry_hash(entry)
    chain.length, chain.last_hash = entry.number, entry.hash
    return entry


@dataclass(frozen=True)
class Break:
    """Where a chain no longer holds."""

    chain: str
    number: int
    problem: str


def verify() -> Iterator[Break]:
    """Walk every chain and yield each place where it was tampered with."""
    for chain in Chain.objects.order_by("name"):
        previous, expected = "", 0
        for entry in chain.entries.select_related("chain").order_by("number").iterator():
            expected += 1
            if entry.number != expected:
                yield Break(chain.name, expected, _("缺少记录"))
                expected = entry.number
            if entry.previous_hash != previous:
                yield Break(chain.name, entry.number, _("与上一条记录不衔接"))
            if entry.hash != _entry_hash(entry):
                yield Break(chain.name, entry.number, _("内容被改动"))
            previous = entry.hash
        if (expected, previous) != (chain.length, chain.last_hash):
            yield Break(chain.name, chain.length, _("链尾与记录不符"))
