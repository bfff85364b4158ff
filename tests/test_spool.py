"""The queue in a folder: each message whole, and taken once."""

import threading
import time
import uuid
from collections import Counter
from queue import Empty

import pytest
from kombu import Connection


@pytest.fixture
def connect(tmp_path):
    def open_connection():
        return Connection(
            "filesystem://localhost",
            transport_options={
                "data_folder_in": str(tmp_path / "spool" / "messages"),
                "data_folder_out": str(tmp_path / "spool" / "messages"),
                "control_folder": str(tmp_path / "spool" / "control"),
            },
        )

    return open_connection


@pytest.fixture
def queue() -> str:
    """A name no other test has: a process remembers which queues it has bound."""
    return uuid.uuid4().hex


def take_all(connection, queue: str, misses: int = 1) -> list[str]:
    taken = []
    with connection, connection.SimpleQueue(queue) as simple:
        while misses:
            try:
                message = simple.get(block=False)
            except Empty:
                misses -= 1
            else:
                taken.append(message.payload)
                message.ack()
    return taken


def put(connection, payloads, queue: str) -> None:
    with connection, connection.SimpleQueue(queue) as simple:
        for payload in payloads:
            simple.put(payload)


def test_in_order_and_by_queue(connect, queue) -> None:
    for payload in ("一", "二", "三"):
        put(connect(), [payload], queue)
        time.sleep(0.002)
    put(connect(), ["别的"], f"{queue}-other")

    assert take_all(connect(), queue) == ["一", "二", "三"]
    assert take_all(connect(), f"{queue}-other") == ["别的"]
    assert take_all(connect(), queue) == []


def test_torn_message_is_passed_over(connect, queue, tmp_path) -> None:
    put(connect(), ["一"], queue)
    messages = tmp_path / "spool" / "messages"
    (messages / f"000000000000001_x.{queue}.msg").write_text("")

    assert take_all(connect(), queue) == ["一"]
    assert list(messages.iterdir()) == []


def test_writers_and_readers_at_once_lose_and_double_nothing(connect, queue) -> None:
    expected = [f"{writer}-{number}" for writer in range(2) for number in range(100)]
    taken: list[str] = []
    readers = [
        threading.Thread(target=lambda: taken.extend(take_all(connect(), queue, misses=300)))
        for _ in range(2)
    ]
    writers = [
        threading.Thread(target=put, args=(connect(), [one for one in expected if one[0] == writer], queue))
        for writer in ("0", "1")
    ]
    for thread in (*readers, *writers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    taken += take_all(connect(), queue)

    assert Counter(taken) == Counter(expected)
