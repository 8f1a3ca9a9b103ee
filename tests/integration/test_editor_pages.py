"""The pages on which the Studio runs: who may open them, and what they tell the browser."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.studio import compose

pytestmark = pytest.mark.django_db


def config_in(html: str) -> dict:
    found = re.search(r'<script id="studio-config" type="application/json">(.*?)</script>', html)
    assert found
    return json.loads(found.group(1))


def edit(piece) -> str:
    return reverse("studio-edit", kwargs={"pk": piece.pk})


def test_a_new_piece_needs_no_account(client):
    answer = client.get(reverse("studio-new"), {"round": "open-stage"})

    config = config_in(answer.content.decode())
    assert answer.status_code == 200
    assert (config["composition"], config["round"], config["signedIn"]) == (
        None,
        "open-stage",
        False,
    )
    assert "csrftoken" in answer.cookies


def test_one_s_own_piece_opens(client, participant):
    piece = compose(participant)
    client.force_login(participant)

    answer = client.get(edit(piece))

    config = config_in(answer.content.decode())
    assert (config["composition"], config["signedIn"]) == (str(piece.pk), True)


def test_nobody_else_s_piece_opens(client, participant, organizer):
    piece = compose(participant)

    assert client.get(edit(piece)).status_code == 404
    client.force_login(organizer)
    assert client.get(edit(piece)).status_code == 404
    assert client.get(reverse("studio-edit", kwargs={"pk": uuid4()})).status_code == 404


def test_only_the_studio_may_run_web_assembly_and_ask_for_midi(client):
    studio = client.get(reverse("studio-new"))
    landing = client.get("/")

    assert "'wasm-unsafe-eval'" in studio["Content-Security-Policy"]
    assert "unsafe" not in landing["Content-Security-Policy"]
    assert "unsafe-inline" not in studio["Content-Security-Policy"]
    assert studio["Permissions-Policy"].startswith("midi=(self)")


def test_without_scripts_there_is_a_way_on(client):
    html = client.get(reverse("studio-new")).content.decode()

    assert re.search(rf'<noscript>.*href="{reverse("studio")}".*</noscript>', html, re.DOTALL)
