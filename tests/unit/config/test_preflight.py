import os
import socket
import subprocess
import sys

import pytest


def preflight(port, data):
    return subprocess.run(
        [sys.executable, "-m", "config.preflight", "--port", str(port)],
        env=os.environ | {"COUNTERPOINT_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_nothing_is_said_when_the_site_can_start(free, tmp_path):
    done = preflight(free, tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_taken_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        done = preflight(taken, tmp_path)

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert f"port {taken}" in line
    assert "PORT=" in line


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "80.5"])
def test_nonsense_is_no_port(port, tmp_path):
    done = preflight(port, tmp_path)

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "is no port" in line


def test_a_data_folder_that_cannot_be_made_is_one_line(free, tmp_path):
    (tmp_path / "file").write_text("")

    done = preflight(free, tmp_path / "file" / "data")

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "data folder" in line
