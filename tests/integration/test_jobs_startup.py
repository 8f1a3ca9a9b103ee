"""What keeps the site from starting is said in one sentence."""

import shutil
import socket
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from jobs import startup
from jobs.startup import CannotStart


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use(taken_port):
    with pytest.raises(CannotStart, match=rf"port {taken_port}: address already in use"):
        startup.check_port("127.0.0.1", taken_port)


def test_a_port_that_cannot_be():
    with pytest.raises(CannotStart, match="no port 70000"):
        startup.check_port("127.0.0.1", 70000)


def test_a_free_port(taken_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]

    startup.check_port("127.0.0.1", free)


def test_a_data_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CannotStart, match="Cannot write to the data folder"):
        startup.check_data_folder(tmp_path / "file" / "data")


def test_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * 2**20))

    with pytest.raises(CannotStart, match="nearly full: 3 MB are free"):
        startup.check_data_folder(tmp_path)


def test_a_sound_data_folder_is_left_as_it_was(tmp_path):
    startup.check_data_folder(tmp_path / "data")

    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.django_db
def test_a_database_that_does_not_answer(monkeypatch):
    def refuse():
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", refuse)

    with pytest.raises(CannotStart) as caught:
        startup.check_database()
    assert str(caught.value) == (
        "Cannot reach the database: connection refused Is the server running?"
    )


@pytest.mark.django_db
def test_a_database_that_is_up_to_date():
    startup.check_database()
    startup.check_migrations()


def test_a_front_end_that_was_not_built(settings, tmp_path):
    settings.FRONTEND_DIST = tmp_path / "dist"

    with pytest.raises(CannotStart, match="make setup"):
        startup.check_front_end()


@pytest.mark.django_db
def test_the_command_says_it_in_one_line(taken_port):
    with pytest.raises(CommandError, match=f"port {taken_port}"):
        call_command("up", port=taken_port)
