import subprocess
import sys

import pytest
from pydantic import ValidationError

from config.env import Environment
from config.reference import DOCS, EXAMPLE, configuration_page, example_file


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in Environment.model_fields:
        monkeypatch.delenv(f"COUNTERPOINT_{name.upper()}", raising=False)


def test_without_variables_the_site_needs_no_service():
    env = Environment()

    assert (env.database_url, env.broker_url, env.s3_bucket) == ("", "", "")
    assert not env.production


def test_lists_are_written_with_commas(monkeypatch):
    monkeypatch.setenv("COUNTERPOINT_ALLOWED_HOSTS", "a.example, b.example,")

    assert Environment().allowed_hosts == ["a.example", "b.example"]


@pytest.mark.parametrize("debug", ["true", "false"])
def test_production_asks_for_a_secret_key_and_refuses_debug(monkeypatch, debug):
    monkeypatch.setenv("COUNTERPOINT_PRODUCTION", "true")
    monkeypatch.setenv("COUNTERPOINT_DEBUG", debug)
    if debug == "true":
        monkeypatch.setenv("COUNTERPOINT_SECRET_KEY", "k" * 50)

    with pytest.raises(ValidationError):
        Environment()


def test_a_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    first = Environment(data_dir=tmp_path).signing_key()

    assert Environment(data_dir=tmp_path).signing_key() == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_two_first_starts_agree_on_the_secret_key(tmp_path):
    code = (
        "from config.env import Environment; import pathlib;"
        f"print(Environment(data_dir=pathlib.Path({str(tmp_path)!r})).signing_key())"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)
    ]
    keys = {start.communicate(timeout=60)[0] for start in starts}

    assert len(keys) == 1
    assert keys != {b"\n"}


def test_every_variable_says_what_it_means():
    assert [name for name, field in Environment.model_fields.items() if not field.description] == []


def test_the_pages_about_the_environment_are_up_to_date():
    assert DOCS.read_text() == configuration_page()
    assert EXAMPLE.read_text() == example_file()


def test_the_example_file_changes_nothing_until_it_is_edited():
    lines = EXAMPLE.read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({"s3_public_url": "https://files.example.org/media"}, "https://files.example.org"),
        ({"s3_endpoint_url": "http://objectstore:8333"}, "http://objectstore:8333"),
        ({"s3_region": "eu-west-1"}, "https://s3.eu-west-1.amazonaws.com"),
    ],
)
def test_players_may_load_from_where_browsers_reach_the_bucket(given, origin):
    assert Environment(s3_bucket="pieces", **given).s3_origin == origin
