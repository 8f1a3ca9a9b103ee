from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from jobs.spool import Transport


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def connect(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder / "rings"),
        "data_folder_out": str(folder / "rings"),
        "control_folder": str(folder / "control"),
    }
    return Connection(transport=Transport, transport_options=options)


def test_messages_arrive_once_and_in_order(folder: Path):
    with connect(folder) as one, connect(folder) as two:
        sender, reader = one.SimpleQueue("score"), two.SimpleQueue("score")
        for number in range(5):
            sender.put(number)

        heard = []
        for _ in range(5):
            message = reader.get(timeout=5)
            message.ack()
            heard.append(message.payload)

    assert heard == [0, 1, 2, 3, 4]
    assert list((folder / "rings").iterdir()) == []


def test_a_queue_known_in_one_folder_is_made_known_in_another(tmp_path: Path):
    for name in ("first", "second"):
        with connect(tmp_path / name) as connection:
            queue = connection.SimpleQueue("score")
            queue.put(name)
            message = queue.get(timeout=5)
            message.ack()
            assert message.payload == name


def test_a_message_taken_by_another_reader_is_skipped(folder: Path):
    with connect(folder) as one, connect(folder) as two:
        first, second = one.channel(), two.channel()
        for number in range(4):
            first._put("score", {"n": number})

        heard = [channel._get("score")["n"] for channel in (first, second, second, first)]

        assert sorted(heard) == [0, 1, 2, 3]
        with pytest.raises(Empty):
            first._get("score")


def test_queues_do_not_mix(folder: Path):
    with connect(folder) as connection:
        channel = connection.channel()
        channel._put("score", {"n": 1})

        with pytest.raises(Empty):
            channel._get("light")
        assert channel._get("score") == {"n": 1}


def test_a_folder_that_is_gone_raises_and_leaves_nothing(folder: Path):
    with connect(folder) as connection:
        channel = connection.channel()
        (folder / "rings").rmdir()

        with pytest.raises(OSError, match="No such file"):
            channel._put("score", {"n": 1})

    assert not (folder / "rings").exists()
