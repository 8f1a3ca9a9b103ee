"""Joining, signing in, and looking after an account, through the pages."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditRecord, User
from accounts.services import create_token, disable_person
from config.mail import QueuedBackend
from jobs.models import Job
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

SIGNUP = {
    "email": "clara@example.org",
    "username": "clara",
    "password1": "seven-white-keys",
    "password2": "seven-white-keys",
}


@pytest.fixture(autouse=True)
def _mail_by_job(settings):
    settings.EMAIL_BACKEND = "config.mail.QueuedBackend"


def mails() -> list[dict]:
    return [job.payload for job in Job.objects.filter(kind="mail").order_by("created_at", "pk")]


def link_in(message: dict) -> str:
    found = re.search(r"https?://\S+", message["body"])
    assert found, message["body"]
    parts = urlsplit(found[0])
    return parts.path


def sign_in(client: Client, person: User, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account-profile")).status_code == 200


def test_a_newcomer_joins_by_confirming_the_address(client):
    client.post(reverse("account_signup"), SIGNUP)
    [message] = mails()
    assert message["to"] == ["clara@example.org"]
    assert not is_signed_in(client)

    client.post(link_in(message))
    sign_in(client, User.objects.get(username="clara"), SIGNUP["password1"])

    assert is_signed_in(client)


def test_nobody_signs_in_before_the_address_is_confirmed(client):
    person = make_person(verified=False)

    sign_in(client, person)

    assert not is_signed_in(client)


def test_signing_up_with_a_known_address_looks_the_same_and_mails_its_owner(client, participant):
    known = client.post(reverse("account_signup"), SIGNUP | {"email": participant.email})
    unknown = Client().post(reverse("account_signup"), SIGNUP | {"username": "clara-2"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message["to"] for message in mails()] == [[participant.email], ["clara@example.org"]]
    assert not User.objects.filter(username="clara").exists()


def test_asking_for_a_new_password_looks_the_same_for_unknown_addresses(client, participant):
    known = client.post(reverse("account_reset_password"), {"email": participant.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mails()) == 2


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client, participant):
    wrong = sign_in(client, participant, "not it")
    participant.email = "nobody@example.org"
    unknown = sign_in(client, participant, "not it")

    sentence = "do not belong together"
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


@pytest.fixture
def hashed(monkeypatch):
    """Counts how many passwords are hashed, the only slow thing these pages do."""
    counts = Counter()
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        counts["now"] += 1
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return lambda: counts.pop("now", 0)


def test_known_and_unknown_addresses_cost_the_same_work(participant, hashed):
    hashed()
    work = {}
    for name, email in (("known", participant.email), ("unknown", "nobody@example.org")):
        signup = SIGNUP | {"email": email, "username": f"clara-{name}"}
        Client().post(reverse("account_signup"), signup)
        joined = hashed()
        Client().post(reverse("account_login"), {"login": email, "password": "not it"})
        work[name] = (joined, hashed())

    assert work["known"] == work["unknown"] == (1, 1)


def test_a_reset_link_works_once_and_ends_every_session_and_token(participant):
    elsewhere, here = Client(), Client()
    elsewhere.force_login(participant)
    _, key = make_token(participant)
    here.post(reverse("account_reset_password"), {"email": participant.email})
    link = link_in(mails()[0])

    form = here.get(link, follow=True)
    new = {"password1": "eight-black-keys", "password2": "eight-black-keys"}
    here.post(form.request["PATH_INFO"], new)

    assert not is_signed_in(elsewhere)
    assert not is_signed_in(here), "a reset does not sign in by itself"
    assert not token_works(key)
    sign_in(here, participant, "eight-black-keys")
    assert is_signed_in(here)
    again = Client().get(link, follow=True)
    assert 'name="password1"' not in again.content.decode()


def test_changing_the_password_ends_the_other_sessions_and_all_tokens(participant):
    elsewhere, here = Client(), Client()
    elsewhere.force_login(participant)
    sign_in(here, participant)
    _, key = make_token(participant)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "eight-black-keys", "password2": "eight-black-keys"},
    )

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert not token_works(key)
    assert AuditRecord.objects.filter(action="person.password_set", actor=participant).exists()
    assert mails()[-1]["to"] == [participant.email], "the owner is told by mail"


def test_a_closed_account_is_out_at_once_everywhere(participant, organizer, now):
    here = Client()
    here.force_login(participant)
    _, key = make_token(participant)

    disable_person(person=participant, actor=organizer, reason="spam", now=now)

    assert not is_signed_in(here)
    assert not token_works(key)
    sign_in(here, participant)
    assert not is_signed_in(here)


def test_signing_out_ends_the_session_on_the_server(participant):
    client = Client()
    client.force_login(participant)
    cookie = client.cookies["sessionid"].value

    client.post(reverse("account_logout"))

    client.cookies["sessionid"] = cookie
    assert not is_signed_in(client)


def test_signing_in_gives_a_new_session(client, participant):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key

    sign_in(client, participant)

    assert client.cookies["sessionid"].value != planted


def test_an_address_is_changed_only_after_the_password_and_a_confirmation(participant):
    client = Client()
    client.force_login(participant)  # a session without a fresh password
    new = {"action_add": "", "email": "new@example.org"}

    asked = client.post(reverse("account_email"), new)
    assert reverse("account_reauthenticate") in asked.url
    assert not EmailAddress.objects.filter(email="new@example.org").exists()

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), new)
    participant.refresh_from_db()
    assert participant.email != "new@example.org"

    [message] = [message for message in mails() if message["to"] == ["new@example.org"]]
    client.post(link_in(message))
    participant.refresh_from_db()
    assert participant.email == "new@example.org"


def test_many_wrong_passwords_meet_a_limit_that_says_when_to_try_again(client, participant):
    answers = [sign_in(client, participant, "not it") for _ in range(12)]

    refused = sign_in(client, participant)
    assert not is_signed_in(client), "the limit holds for the right password too"
    assert any(answer.status_code == 429 for answer in answers) or b"later" in refused.content


def test_many_reset_requests_meet_a_limit(client, participant):
    url = reverse("account_reset_password")

    answers = [client.post(url, {"email": participant.email}) for _ in range(25)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_profile_is_edited_and_bad_values_are_refused(signed_in, participant):
    url = reverse("account-profile")

    signed_in.post(url, {"display_name": "Clara W.", "bio": "Songs.", "timezone": "Europe/Berlin"})
    participant.refresh_from_db()
    assert (participant.public_name, participant.timezone) == ("Clara W.", "Europe/Berlin")

    page = signed_in.post(url, {"display_name": "a\u202eb", "bio": "", "timezone": "Mars/Base"})
    participant.refresh_from_db()
    assert participant.display_name == "Clara W."
    assert "invisible" in page.content.decode()


def test_a_form_cannot_make_somebody_an_organizer(signed_in, participant):
    form = {"display_name": "x", "bio": "", "timezone": "", "is_organizer": "on", "is_staff": "on"}

    signed_in.post(reverse("account-profile"), form)

    participant.refresh_from_db()
    assert [participant.is_organizer, participant.is_staff] == [False, False]


def test_a_token_is_shown_once_and_revoked(signed_in, participant):
    page = signed_in.post(reverse("api-tokens"), {"name": "laptop"})
    key = re.search(r"cp_[\w-]{43}", page.content.decode())[0]
    assert page["Cache-Control"] == "no-store"
    assert token_works(key)
    assert key not in signed_in.get(reverse("api-tokens")).content.decode()

    token = participant.api_tokens.get()
    assert key not in (token.digest, token.prefix)
    signed_in.post(reverse("api-token-revoke", args=[token.pk]))

    assert not token_works(key)
    actions = list(AuditRecord.objects.values_list("action", flat=True))
    assert actions == ["token.revoked", "token.created"]


def test_nobody_revokes_the_token_of_another(signed_in):
    token, key = make_token(make_person())

    answer = signed_in.post(reverse("api-token-revoke", args=[token.pk]))

    assert answer.status_code == 404
    assert token_works(key)


def test_a_person_has_a_limited_number_of_tokens(signed_in, participant, settings):
    settings.MAX_API_TOKENS = 1
    make_token(participant)

    page = signed_in.post(reverse("api-tokens"), {"name": "one more"})

    assert page.status_code == 409
    assert participant.api_tokens.count() == 1


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_a_theme_is_remembered_for_a_year(client, theme):
    answer = client.post(reverse("set-theme"), {"theme": theme, "next": "/accounts/login/"})

    assert answer.url == "/accounts/login/"
    assert answer.cookies["theme"].value == theme
    assert answer.cookies["theme"]["max-age"] == 365 * 24 * 3600


def test_a_theme_form_leads_to_no_other_site(client):
    answer = client.post(reverse("set-theme"), {"theme": "dark", "next": "https://evil.example/"})

    assert answer.url == reverse("home")
    assert client.post(reverse("set-theme"), {"theme": "neon"}).status_code == 400


def test_a_zone_is_kept_in_the_profile_or_in_a_cookie(client, participant):
    zone = {"timezone": "Asia/Tokyo"}

    visitor = client.post(reverse("set-timezone"), zone, headers={"HX-Request": "true"})
    assert (visitor.status_code, visitor.cookies["timezone"].value) == (204, "Asia/Tokyo")
    assert 'data-zone="Asia/Tokyo"' in client.get(reverse("account_login")).content.decode()

    client.force_login(participant)
    client.post(reverse("set-timezone"), {"timezone": "America/Lima"})
    participant.refresh_from_db()
    assert participant.timezone == "America/Lima"
    assert 'data-zone="America/Lima"' in client.get(reverse("account-profile")).content.decode()
    assert client.post(reverse("set-timezone"), {"timezone": "Nowhere"}).status_code == 400


def test_a_forged_zone_cookie_changes_nothing(client):
    client.cookies["timezone"] = "../../../etc/passwd"

    assert client.get(reverse("account_login")).status_code == 200


def test_a_mail_is_a_job_whose_text_is_forgotten_when_it_ends():
    message = mail.EmailMultiAlternatives("Subject", "Text", "a@example.org", ["b@example.org"])
    message.attach_alternative("<p>Text</p>", "text/html")

    assert QueuedBackend().send_messages([message]) == 1

    job = Job.objects.get(kind="mail")
    assert job.owner is None
    assert job.payload == {
        "from": "a@example.org",
        "to": ["b@example.org"],
        "subject": "Subject",
        "body": "Text",
        "html": "<p>Text</p>",
    }
    end_mail(job)
    job.refresh_from_db()
    assert job.payload == {}


def end_mail(job: Job) -> None:
    from django.utils import timezone

    from jobs.services import cancel

    cancel(job=job, actor=make_person(is_organizer=True), now=timezone.now())


def make_token(person: User):
    from django.utils import timezone

    return create_token(person=person, name="test", now=timezone.now())


def token_works(key: str) -> bool:
    answer = Client().get(reverse("api-me"), headers={"Authorization": f"Token {key}"})
    assert answer.status_code in {200, 401}
    return answer.status_code == 200
