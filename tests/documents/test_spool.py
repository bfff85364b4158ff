"""The queue in a folder: each message whole, and taken once."""

import threading
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


def take_all(connection, queue: str = "work", misses: int = 1) -> list[str]:
    taken = []
    with connection, connection.SimpleQueue(queue) as simple:
        while misses:
            try:
                message = simple.get(block=False)
            except Empty:
                misses -= 1
            else:
                taken.append(message.payload)
    return taken


def put(connection, payloads, queue: str = "work") -> None:
    with connection, connection.SimpleQueue(queue) as simple:
        for payload in payloads:
            simple.put(payload)


def test_in_order_and_by_queue(connect) -> None:
    put(connect(), ["一", "二"])
    put(connect(), ["别的"], queue="other")

    assert sorted(take_all(connect())) == ["一", "二"]
    assert take_all(connect(), "other") == ["别的"]
    assert take_all(connect()) == []


def test_torn_message_is_passed_over(connect, tmp_path) -> None:
    put(connect(), ["一"])
    (tmp_path / "spool" / "messages" / "000000000000001_x.work.msg").write_text("")

    assert take_all(connect()) == ["一"]
    assert list((tmp_path / "spool" / "messages").iterdir()) == []


def test_writers_and_readers_at_once_lose_and_double_nothing(connect) -> None:
    expected = [f"{writer}-{number}" for writer in range(2) for number in range(100)]
    taken: list[str] = []
    readers = [
        threading.Thread(target=lambda: taken.extend(take_all(connect(), misses=500))) for _ in range(2)
    ]
    writers = [
        threading.Thread(target=put, args=(connect(), [one for one in expected if one[0] == str(writer)]))
        for writer in range(2)
    ]
    for thread in (*readers, *writers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    taken += take_all(connect())

    assert Counter(taken) == Counter(expected)
