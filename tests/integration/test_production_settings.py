"""What the environment alone makes of the site in production, tried in fresh processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("matplotlib", "mido", "music21", "muspy", "pretty_midi", "pypianoroll", "scipy", "torch")


@pytest.fixture
def production(tmp_path):
    return in_production(tmp_path)


def in_production(folder):
    ours = ("COUNTERPOINT_", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "COUNTERPOINT_PRODUCTION": "true",
        "COUNTERPOINT_SECRET_KEY": "a-key-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "COUNTERPOINT_ALLOWED_HOSTS": "counterpoint.example",
        "COUNTERPOINT_DATA_DIR": str(folder),
        "COUNTERPOINT_BEHIND_PROXY": "true",
        "COUNTERPOINT_LOG_FORMAT": "json",
    }


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_djangos_deployment_check_has_nothing_to_say(production):
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stdout + done.stderr


def test_production_without_a_secret_key_does_not_start(production):
    del production["COUNTERPOINT_SECRET_KEY"]

    done = run(production, "manage.py", "check")

    assert done.returncode != 0
    assert "COUNTERPOINT_SECRET_KEY" in done.stderr


def test_production_refuses_the_demo_accounts(production):
    run(production, "manage.py", "migrate", "--verbosity", "0")

    done = run(production, "manage.py", "seed")

    assert done.returncode != 0
    assert "production" in done.stderr


def test_a_site_without_a_bucket_does_not_load_the_library_for_buckets(production):
    code = (
        "import sys, config.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; print('boto3' in sys.modules)"
    )

    assert run(production, "-c", code).stdout.splitlines()[-1] == "False"


def test_the_web_process_imports_none_of_the_heavy_libraries(production):
    code = (
        "import json, sys, config.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns;"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )

    done = run(production, "-c", code)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


ASK = """
import json, sys
from config.wsgi import application
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
client = Client(headers={"host": "counterpoint.example", "x-forwarded-proto": "https"})
answers = {
    "plain": Client(headers={"host": "counterpoint.example"}).get("/accounts/login/"),
    "health": Client(headers={"host": "counterpoint.example"}).get("/healthz"),
    "stranger": Client(headers={"host": "evil.example", "x-forwarded-proto": "https"}).get("/"),
    "login": client.get("/accounts/login/"),
    "docs": client.get("/api/docs/"),
    "lost": client.get("/no-such-page/"),
}
print(json.dumps({
    name: {
        "status": answer.status_code,
        "headers": {key.lower(): value for key, value in answer.headers.items()},
        "cookies": {key: dict(morsel) for key, morsel in answer.cookies.items()},
        "body": "" if answer.streaming else answer.content.decode(),
    }
    for name, answer in answers.items()
}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    done = run(in_production(tmp_path_factory.mktemp("production")), "-c", ASK)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_pages_in_production_are_safe(answers):
    headers = answers["login"]["headers"]
    policy = headers["content-security-policy"]

    assert answers["plain"]["status"] == 301
    assert answers["plain"]["headers"]["location"].startswith("https://")
    assert answers["health"]["status"] == 200, "a health check inside the machine needs no HTTPS"
    assert answers["stranger"]["status"] == 400
    assert int(headers["strict-transport-security"].split("=")[1].split(";")[0]) >= 31_536_000
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "unsafe" not in policy
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy
    csrf = answers["login"]["cookies"]["csrftoken"]
    assert csrf["secure"]
    assert csrf["samesite"] == "Lax"


@pytest.mark.parametrize("name", ["login", "docs"])
def test_pages_hold_no_inline_script_or_style(answers, name):
    body = answers[name]["body"]

    assert answers[name]["status"] == 200
    assert "<style" not in body
    assert " style=" not in body
    assert "<script>" not in body


def test_static_files_have_hashed_names(answers):
    assert ".css" in answers["docs"]["body"]
    assert "swagger-ui.css" not in answers["docs"]["body"]


def test_a_lost_page_shows_no_trace(answers):
    assert answers["lost"]["status"] == 404
    assert "Traceback" not in answers["lost"]["body"]


def test_log_lines_are_json_with_the_request_id(production):
    code = (
        "import config.wsgi; from django.test import Client;"
        "Client(headers={'host': 'counterpoint.example', 'x-request-id': 'abcdef-123456',"
        " 'x-forwarded-proto': 'https'}).get('/preferences/theme/')"
    )

    done = run(production, "-c", code)

    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    [line] = [line for line in lines if line.get("event") == "request"]
    assert line["request_id"] == "abcdef-123456"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/preferences/theme/", 405)
