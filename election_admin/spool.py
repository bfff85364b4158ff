"""The queue of an office without a queue server: a folder of small files.

Kombu's own file transport is kept but for five things. It lets a reader take a message
that is still empty, which ends the worker with a JSON error; it moves messages through the
system's temporary folder, where the move is a copy and two workers may take the same one; it
looks once a second, so that every document waits half a second for nothing; and it creates the
table of an exchange empty before it locks it, where another process may read it; and it notes
in memory that a queue is bound before the table says so, so that another thread sends into nothing.
"""

import os
import threading
import uuid
from pathlib import Path
from queue import Empty
from time import sleep, time
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

# A table is written within a millisecond or so.
TABLE_READS, TABLE_PAUSE = 50, 0.01
_one_binds = threading.Lock()


class Channel(filesystem.Channel):
    """Messages appear whole and are taken by exactly one reader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def queue_bind(self, *args: Any, **kwargs: Any) -> Any:
        """Bind a queue; whoever finds it bound finds it in the table too."""
        with _one_binds:
            return super().queue_bind(*args, **kwargs)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{int(time() * 1000):015d}_{uuid.uuid4()}.{queue}.msg"
        hidden = folder / f".{name}"
        hidden.write_text(dumps(payload), encoding="utf-8")
        hidden.replace(folder / name)

    def _get(self, queue: str) -> Any:
        folder = Path(self.data_folder_in)
        ending = f"{queue}.msg"
        for name in sorted(path.name for path in folder.iterdir()):
            stem, _dot, rest = name.partition(".")
            if not stem or rest != ending:
                continue
            taken = folder / f".{name}.{os.getpid()}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            try:
                return loads(taken.read_text(encoding="utf-8"))
            except ValueError:
                continue  # a torn file after a power cut: the row behind it is sent again
            finally:
                taken.unlink(missing_ok=True)
        raise Empty

    def get_table(self, exchange: str) -> Any:
        """Return where the messages of an exchange go, once whoever is writing it has done so."""
        for _attempt in range(TABLE_READS):
            try:
                return super().get_table(exchange)
            except ValueError:
                sleep(TABLE_PAUSE)
        return super().get_table(exchange)


class Transport(filesystem.Transport):
    """``filesystem://`` as this office uses it."""

    Channel = Channel
    polling_interval = 0.2


TRANSPORT_ALIASES["filesystem"] = f"{Transport.__module__}:{Transport.__qualname__}"
