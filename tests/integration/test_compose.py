"""docker-compose.yml is the truth of how to start: its commands run here as they stand.

PostgreSQL and Redis are the machine's own, with a database of this test's; the object store is
SeaweedFS, as in the file.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
import pytest
import redis
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
SECRETS = {
    "COUNTERPOINT_SECRET_KEY": "a-key-for-tests-0123456789abcdefghijklmnopqrstuvwxyz-0123456789",
    "POSTGRES_PASSWORD": "unused",
}
LONG_RUNNING = (
    "web", "worker-score", "worker-generate", "worker-render", "worker-train", "beat",
)  # fmt: skip
OWN = {name for name, service in SERVICES.items() if service["image"] == "counterpoint"}
HTTPS = {"Host": "localhost", "X-Forwarded-Proto": "https", "Referer": "https://localhost/"}


def test_the_file_describes_every_part_of_production():
    assert set(SERVICES) == {*LONG_RUNNING, "migrate", "postgres", "redis", "objectstore"}
    assert {*LONG_RUNNING, "migrate"} == OWN
    for name, service in SERVICES.items():
        assert "healthcheck" in service or name in OWN - {"web"}, name


def test_every_variable_in_the_file_is_one_that_the_site_reads():
    from config.env import Environment

    known = {f"COUNTERPOINT_{name.upper()}" for name in Environment.model_fields}
    for name in OWN:
        used = {key for key in SERVICES[name]["environment"] if key.startswith("COUNTERPOINT_")}
        assert used <= known


def test_nothing_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()

    for name in ("COUNTERPOINT_SECRET_KEY", "POSTGRES_PASSWORD", "COUNTERPOINT_S3_SECRET_KEY"):
        assert re.findall(rf"\${{{name}(.*?)}}", text)
        assert set(re.findall(rf"\${{{name}(.*?)}}", text)) == {":?"}


def test_every_queue_has_a_worker():
    from jobs.kinds import QUEUES

    served = set()
    for name in ("worker-score", "worker-generate", "worker-render", "worker-train"):
        command = SERVICES[name]["command"]
        served |= set(command[command.index("-Q") + 1].split(","))

    assert served == set(QUEUES)


@pytest.fixture(scope="module")
def own_database():
    """A new, empty database on the server that this run uses."""
    server = os.environ["COUNTERPOINT_DATABASE_URL"]
    name = f"counterpoint_compose_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def own_broker():
    parts = urlsplit(os.environ["COUNTERPOINT_BROKER_URL"])
    url = urlunsplit(parts._replace(path=f"/{(int(parts.path[1:]) + 8) % 16}"))
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(scope="module")
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def environment(own_database, own_broker, s3, port, tmp_path_factory):
    """Return a service's environment from the file, with this machine's addresses in it."""
    folder = tmp_path_factory.mktemp("compose")
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COUNTERPOINT_", "DJANGO_", "PYTEST_"))
    }
    here = s3.environment() | {
        "COUNTERPOINT_S3_BUCKET": "compose",
        "COUNTERPOINT_S3_PUBLIC_URL": s3.endpoint_url,
        "COUNTERPOINT_DATABASE_URL": own_database,
        "COUNTERPOINT_BROKER_URL": own_broker,
        "COUNTERPOINT_DATA_DIR": str(folder / "data"),
        "COUNTERPOINT_STATIC_DIR": str(folder / "static"),
        "GRANIAN_HOST": "127.0.0.1",
        "GRANIAN_PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def of(service: str) -> dict[str, str]:
        written = {
            key: interpolated(str(value), SECRETS | here)
            for key, value in SERVICES[service]["environment"].items()
        }
        return clean | written | here

    return of


def interpolated(text: str, values: dict[str, str]) -> str:
    """Fill in `${NAME:-default}` and `${NAME:?}` as docker compose does."""

    def fill(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        return values.get(name, default or "")

    return re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?)?\}", fill, text)


def run_to_the_end(service: str, environment, command=None):
    done = subprocess.run(
        command or SERVICES[service]["command"],
        cwd=ROOT,
        env=environment(service),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def site(environment, port, tmp_path_factory):
    """Every service of the file, running."""
    logs = tmp_path_factory.mktemp("logs")
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    run_to_the_end("migrate", environment, collect)  # the Dockerfile's step
    run_to_the_end("migrate", environment)
    processes = {}
    try:
        for name in LONG_RUNNING:
            with (logs / name).open("wb") as log:
                processes[name] = subprocess.Popen(
                    SERVICES[name]["command"],
                    cwd=ROOT,
                    env=environment(name),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        wait_for(lambda: ask(port, "/readyz")[0] == 200, 60, logs)
        yield Site(port, processes, logs, Path(environment("web")["COUNTERPOINT_DATA_DIR"]))
    finally:
        for process in processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Site:
    def __init__(self, port, processes, logs, data):
        self.port, self.processes, self.logs, self.data = port, processes, logs, data


def ask(port, path, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    except OSError:
        return 0, b"", {}
    finally:
        connection.close()


def wait_for(condition, seconds, logs):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            tails = [f"== {log.name}\n{log.read_text()[-2000:]}" for log in logs.iterdir()]
            pytest.fail("\n".join(tails))
        time.sleep(0.1)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.s3
def test_the_services_of_the_file_serve_work_and_stop(site):
    status, body, _ = ask(site.port, "/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert ask(site.port, "/healthz")[0] == 200
    assert ask(site.port, "/accounts/login/", headers={"Host": "localhost"})[0] == 301
    assert ask(site.port, "/accounts/login/", headers=HTTPS)[0] == 200

    # A page, the database, the broker, a worker and the mail handler, one after the other.
    ask_for_a_new_password(site.port, "nobody@example.org")
    wait_for(lambda: "nobody@example.org" in mails(site), 30, site.logs)

    for process in site.processes.values():
        process.send_signal(signal.SIGTERM)
    codes = {name: process.wait(timeout=25) for name, process in site.processes.items()}
    assert {code in {0, -signal.SIGTERM} for code in codes.values()} == {True}, codes
    # A killed child is counted until the system has buried it.
    wait_for(lambda: not still_running(site), 5, site.logs)


def ask_for_a_new_password(port, email):
    path = "/accounts/password/reset/"
    _, page, headers = ask(port, path, headers=HTTPS)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1].decode()
    cookie = re.search(r"csrftoken=[^;]+", headers["Set-Cookie"])[0]
    form = urlencode({"email": email, "csrfmiddlewaretoken": token})
    sent = HTTPS | {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    status, _, _ = ask(port, path, "POST", form, sent)
    assert status == 302


def mails(site):
    return "".join(path.read_text() for path in site.data.glob("mail/*"))


def still_running(site):
    return [name for name, process in site.processes.items() if alive(process.pid)]


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
