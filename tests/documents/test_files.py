"""Files are whole or not there, and nothing is left behind for long."""

import os

from election_admin.documents import files
from election_admin.documents.models import documents_folder
from election_admin.files import ORPHAN_SECONDS


def test_store_and_discard() -> None:
    first = files.store(7, "one", b"%PDF-1")
    second = files.store(7, "two", b"%PDF-1")
    other = files.store(71, "one", b"%PDF-1")
    folder = documents_folder()

    assert first.name != second.name
    assert (folder / first.name).read_bytes() == b"%PDF-1"

    files.discard(7, keep=second.name)

    assert sorted(path.name for path in folder.glob("*/*")) == sorted(
        name.rpartition("/")[2] for name in (second.name, other.name)
    )


def test_folders_stay_small() -> None:
    assert files.store(999, "x", b"1").name.startswith("000000/")
    assert files.store(1000, "x", b"1").name.startswith("000001/")


def test_only_old_unfinished_files_are_orphans() -> None:
    stored = files.store(7, "one", b"%PDF-1")
    folder = (documents_folder() / stored.name).parent
    old, young = folder / ".8-a.part", folder / ".9-b.part"
    for path, age in ((old, ORPHAN_SECONDS + 1), (young, 1)):
        path.write_bytes(b"half")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))

    assert files.discard_orphans(now=1_000_000) == 1
    assert not old.exists()
    assert young.exists()
    assert (documents_folder() / stored.name).exists()


def test_no_folder_no_orphans() -> None:
    assert files.discard_orphans() == 0
