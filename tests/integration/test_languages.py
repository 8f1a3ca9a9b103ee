"""The site in German: how the language is chosen, and that every page speaks it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from challenges.models import Entry
from jobs.models import Job
from tests.factories import make_person
from tests.pages import form_of, open_round, read, score_everything
from tests.rounds import midi
from tests.studio import compose

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
DECIMAL_COMMA = re.compile(r"\d,\d")


@pytest.fixture
def german() -> Client:
    """A browser that asks for German."""
    return Client(**GERMAN)


def test_the_source_language_is_spoken_to_whoever_asks_for_neither(client, db):
    page = client.get("/", headers={"Accept-Language": "fr,ja;q=0.5"})

    assert '<html lang="en"' in page.text
    assert page["Content-Language"] == "en"
    assert "How to take part" in page.text


def test_a_browser_that_prefers_german_gets_german(german, db):
    page = german.get("/")

    assert '<html lang="de"' in page.text
    assert page["Content-Language"] == "de"
    assert "So machst du mit" in page.text


def test_the_choice_is_a_form_that_comes_back_to_its_page_and_wins_over_the_browser(german, db):
    form = re.search(r'<form class="languages".*?</form>', german.get("/rounds/").text, re.DOTALL)
    assert form is not None
    assert 'value="/rounds/"' in form[0]

    answer = german.post("/language/", {"language": "en", "next": "/rounds/"})

    assert (answer.status_code, answer["Location"]) == (302, "/rounds/")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["samesite"]) == ("en", "Lax")
    assert cookie["max-age"] > 30e6
    assert '<html lang="en"' in german.get("/rounds/").text


def test_the_choice_leads_to_no_other_site(client, db):
    answer = client.post("/language/", {"language": "de", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


def test_caches_hear_what_decides_the_language(client, db):
    vary = {name.strip() for name in client.get("/rounds/")["Vary"].split(",")}

    assert {"Accept-Language", "Cookie"} <= vary


def test_the_language_of_one_request_does_not_linger(german, client, db):
    german.get("/")

    assert '<html lang="en"' in client.get("/").text


@pytest.fixture
def entry(german, db) -> Entry:
    """A scored piece of the person who is signed in to `german`."""
    round_ = open_round()
    german.force_login(make_person(is_organizer=True))
    german.post(reverse("submit", args=[round_.slug]), form_of(midi()))
    score_everything()
    return Entry.objects.get()


def addresses(entry: Entry) -> list[str]:
    """Return the address of a page of every type."""
    slug, person = entry.round.slug, entry.participant
    submission = entry.submissions.get()
    composition = compose(person)
    return [
        "/",
        "/rounds/",
        f"/rounds/{slug}/",
        f"/rounds/{slug}/leaderboard/",
        f"/rounds/{slug}/submit/",
        reverse("entry", args=[entry.pk]),
        reverse("submission", args=[submission.pk]),
        reverse("withdraw", args=[submission.pk]),
        reverse("profile", args=[person.username]),
        reverse("account-profile"),
        reverse("api-tokens"),
        reverse("account_email"),
        reverse("account_change_password"),
        reverse("account_logout"),
        reverse("studio"),
        reverse("studio-new"),
        reverse("studio-deleted"),
        composition.get_absolute_url(),
        reverse("studio-edit", args=[composition.pk]),
        reverse("composition-delete", args=[composition.pk]),
        "/lab/",
        "/lab/data/new/",
        reverse("learn"),
        reverse("learn-glossary"),
        reverse("learn-search") + "?q=melody",
        "/learn/what-is-generative-ai/",
        reverse("learn-manage"),
        reverse("desk"),
        reverse("desk-round", args=[slug]),
        reverse("desk-challenge", args=[entry.round.challenge.slug]),
        reverse("desk-challenge-new"),
        reverse("desk-round-new", args=[entry.round.challenge.slug]),
        reverse("desk-reviews"),
        reverse("desk-jobs"),
        reverse("desk-revisions", args=[slug]),
    ]


def test_every_type_of_page_is_german_and_its_drawings_stay_whole(german, entry):
    for address in addresses(entry):
        page = german.get(address)

        assert page.status_code == 200, address
        assert '<html lang="de"' in page.text, address
        # A comma where a number of a drawing has its point would tear the drawing apart.
        torn = [
            (name, value)
            for _, attributes in read(page.text).tags
            for name, value in attributes.items()
            if name in {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "viewBox"}
            and DECIMAL_COMMA.search(value or "")
        ]
        assert not torn, address


def test_pages_for_visitors_and_errors_are_german(german, db):
    for address, status in (
        ("/accounts/login/", 200),
        ("/accounts/signup/", 200),
        ("/accounts/password/reset/", 200),
        ("/nowhere/", 404),
    ):
        page = german.get(address)

        assert page.status_code == status
        assert '<html lang="de"' in page.text


def test_the_reasons_of_a_score_are_german(german, entry):
    page = german.get(reverse("entry", args=[entry.pk])).text

    assert "Warum diese Wertung" in page
    assert "Treue zur Tonart" in page
    assert "Eigenständigkeit" in page
    assert "Vergleich" in page


def test_a_refused_file_is_explained_in_german(german, entry):
    page = german.post(reverse("submit", args=[entry.round.slug]), form_of(b"\x89PNG but no music"))

    assert page.status_code in (200, 422)
    assert "Das sieht aus wie ein PNG-Bild, nicht wie eine MIDI-Datei." in page.text


def test_the_api_speaks_german_and_keeps_its_codes(german, entry):
    answer = german.get("/api/v1/submissions/00000000-0000-0000-0000-000000000000/")

    assert answer.json() == {
        "code": "not_found",
        "detail": "Unter dieser Adresse gibt es nichts.",
    }


def test_a_mail_is_in_the_language_of_who_asked_for_it(german, settings, db):
    settings.EMAIL_BACKEND = "config.mail.QueuedBackend"
    person = make_person()

    german.post(reverse("account_reset_password"), {"email": person.email})

    [mail] = [job.payload for job in Job.objects.filter(kind="mail")]
    assert "Wähle ein neues Passwort" in mail["subject"]
    assert "ein neues Passwort verlangt" in mail["body"]
