"""Writing anew, by the first key of FIELD_KEYS, whatever an older one encrypted.

Encrypted columns are found by looking at every model, encrypted files by their names: a new column
or a new kind of file is never forgotten. It may run while the office works, be stopped at any
moment and be started again: what is by the first key already is left alone.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, router, transaction
from django.db.models import ExpressionWrapper, F, Q, TextField, Value

from election_admin.encryption import Encrypted, renewed
from election_admin.files import SEALED, older_than_orphans, put_in_place, write_through

# Rows that are locked at a time; an office at work waits for them for a few hundredths of a second.
BATCH = 100
# How often a row is tried that somebody else is changing at the same moments.
TRIES = 5
PAUSE = 0.05

# What is told of while files are gone through; else it is a model's label.
FILES = "files"

Tell = Callable[[str, int, int], None]


@dataclass
class Tally:
    """What was found and done. ``unopened`` names what no key opens, never what is in it."""

    values: int = 0
    files: int = 0
    untouched: int = 0
    unopened: list[str] = field(default_factory=list)
    # Rows that changed under our hands each time we tried.
    busy: list[str] = field(default_factory=list)

    @property
    def stale(self) -> int:
        """How many were not by the first key."""
        return self.values + self.files


def encrypted_columns() -> dict[type[models.Model], tuple[str, ...]]:
    """Every model that keeps tokens, with the columns that do."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        names = tuple(one.name for one in model._meta.local_concrete_fields if isinstance(one, Encrypted))
        if names and model._meta.managed and not model._meta.proxy:
            found[model] = names
    return found


def sealed_files() -> Iterator[Path]:
    """Every file that is encrypted at rest and lies in its place."""
    for path in sorted(Path(settings.MEDIA_ROOT).rglob(f"*{SEALED}")):
        if path.is_file():
            yield path


def rotate(*, write: bool, tell: Tell) -> Tally:
    """Write anew by the first key what is not by it; without ``write`` only count it.

    ``tell`` is called with what is being gone through, how far it has come, and how much there is.
    """
    tally = Tally()
    for model, names in encrypted_columns().items():
        _rotate_model(model, names, tally, write=write, tell=tell)
    _rotate_files(tally, write=write, tell=tell)
    return tally


def _rotate_model(
    model: type[models.Model], names: Sequence[str], tally: Tally, *, write: bool, tell: Tell
) -> None:
    title, rows = str(model._meta.label), _tokens(model, names)
    count, done, last = rows.count(), 0, None
    while True:
        ahead = rows if last is None else rows.filter(pk__gt=last)
        pks = list(ahead.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not pks:
            return
        left = _rotate_rows(model, names, pks, tally, write=write, wait=False)
        for pk in left:
            _insist(model, names, pk, tally, write=write)
        done, last = done + len(pks), pks[-1]
        tell(title, done, max(done, count))


def _insist(model: type[models.Model], names: Sequence[str], pk: Any, tally: Tally, *, write: bool) -> None:
    """Wait for one row that was locked or changed. One lock at a time: nobody waits in a circle."""
    for _attempt in range(TRIES):
        if not _rotate_rows(model, names, [pk], tally, write=write, wait=True):
            return
    tally.busy.append(f"{model._meta.label_lower} #{pk}")


def _tokens(model: type[models.Model], names: Sequence[str]) -> models.QuerySet[Any]:
    """The model's rows with each token as it is stored, under ``token_`` and the column's name."""
    some = Q(pk__in=[])
    for name in names:
        some |= Q(**{f"token_{name}__gt": ""})
    stored: Mapping[str, Any] = {
        f"token_{name}": ExpressionWrapper(F(name), output_field=TextField()) for name in names
    }
    rows: models.QuerySet[Any] = model._base_manager.annotate(**stored).filter(some)
    return rows


def _rotate_rows(
    model: type[models.Model], names: Sequence[str], pks: list[Any], tally: Tally, *, write: bool, wait: bool
) -> list[Any]:
    """Write some rows anew; return those that somebody else holds or has just changed."""
    database = router.db_for_write(model)
    able = connections[database].features
    own = Tally()
    with transaction.atomic(using=database):
        rows = _tokens(model, names).using(database).filter(pk__in=pks).order_by("pk")
        if write and able.has_select_for_update:
            rows = rows.select_for_update(skip_locked=not wait and able.has_select_for_update_skip_locked)
        changed = set()
        found = list(rows.values_list("pk", *(f"token_{name}" for name in names)))
        for pk, *tokens in found:
            for name, token in zip(names, tokens, strict=True):
                if token and not _rotate_value(model, pk, name, token, own, write=write):
                    changed.add(pk)
    tally.values += own.values
    tally.untouched += own.untouched
    tally.unopened += [one for one in own.unopened if one not in tally.unopened]
    held = set(pks) - {row[0] for row in found}
    return sorted(changed | held) if write and not wait else sorted(changed)


def _rotate_value(
    model: type[models.Model], pk: Any, name: str, token: str, tally: Tally, *, write: bool
) -> bool:
    """Write one value anew; False when it is not what it was any more."""
    try:
        fresh = renewed(token.encode())
    except ImproperlyConfigured:
        tally.unopened.append(f"{model._meta.label_lower} #{pk} {name}")
        return True
    if fresh is None:
        tally.untouched += 1
        return True
    if write:
        # Only what was read is written over: a later answer is never put back by an earlier one.
        same = _tokens(model, [name]).filter(pk=pk, **{f"token_{name}": token})
        if not same.update(**{name: Value(fresh.decode(), output_field=TextField())}):
            return False
    tally.values += 1
    return True


def _rotate_files(tally: Tally, *, write: bool, tell: Tell) -> None:
    folder = Path(settings.MEDIA_ROOT)
    for left in older_than_orphans(folder.rglob(f".*{SEALED}.*.part")):
        left.unlink(missing_ok=True)
    paths = list(sealed_files())
    for done, path in enumerate(paths, start=1):
        try:
            fresh = _renewed_file(path)
        except FileNotFoundError:
            continue  # taken away, or put in its place, meanwhile
        except ImproperlyConfigured:
            tally.unopened.append(str(path.relative_to(folder)))
            continue
        if fresh is None:
            tally.untouched += 1
            continue
        if write:
            _replace(path, fresh)
        tally.files += 1
        if done % BATCH == 0 or done == len(paths):
            tell(FILES, done, len(paths))


def _renewed_file(path: Path) -> bytes | None:
    """What ``renewed`` says of a file; one that is being written just now is whole a moment later."""
    for _attempt in range(TRIES):
        try:
            return renewed(path.read_bytes())
        except ImproperlyConfigured:
            if older_than_orphans([path]):
                raise
            time.sleep(PAUSE)
    return renewed(path.read_bytes())


def _replace(path: Path, content: bytes) -> None:
    """Put a file's content anew, whole or not at all; one that is gone by now stays gone."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    write_through(unfinished, content)
    if path.exists():
        put_in_place(unfinished, path)
    else:
        unfinished.unlink()
