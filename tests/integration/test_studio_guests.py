"""People without an account: what they keep is theirs alone, bounded, adopted or forgotten."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from jobs.models import Job
from jobs.services import claim
from jobs.states import State
from studio.models import Composition, Generation, Guest
from studio.services.guests import adopt_guest_work, create_guest, forget_stale_guests
from tests.factories import PASSWORD, make_person
from tests.pages import open_round, text_of
from tests.rounds import midi
from tests.studio import NOW, SHORT, ask, compose, generate_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]

COMPOSITIONS = "/api/v1/compositions/"


def upload(seed: int = 3) -> dict:
    return {"midi": SimpleUploadedFile("Waltz.mid", midi(seed, seconds=8), "audio/midi")}


def keep(client: Client, seed: int = 3) -> dict:
    answer = client.post(COMPOSITIONS, upload(seed))
    assert answer.status_code == 201
    return answer.json()


def generate(client: Client, composition: dict):
    body = {"technique": "extend", "parameters": SHORT["extend"]}
    return client.post(composition["generations"], body, content_type="application/json")


def sign_in(client: Client, person: User, **more: str):
    form = {"login": person.email, "password": PASSWORD, **more}
    return client.post(reverse("account_login"), form)


class TestWhatGuestsMay:
    """Keeping, changing and generating without an account."""

    def test_the_first_thing_kept_makes_a_guest_and_the_next_one_is_the_same_guest_s(self, client):
        first, second = keep(client), keep(client, 4)

        assert Guest.objects.count() == 1
        titles = [row["id"] for row in client.get(COMPOSITIONS).json()["results"]]
        assert titles == [second["id"], first["id"]]

    def test_looking_makes_no_guest(self, client):
        assert client.get(COMPOSITIONS).json()["results"] == []
        assert client.get("/studio/").status_code == 200
        assert client.get(f"/studio/{uuid4()}/").status_code == 404
        assert not Guest.objects.exists()

    def test_a_refused_file_makes_no_composition(self, client):
        answer = client.post(COMPOSITIONS, {"midi": SimpleUploadedFile("a.mid", b"GIF89a")})

        assert (answer.status_code, answer.json()["code"]) == (422, "not_midi")
        assert not Composition.objects.exists()

    def test_a_guest_generates_and_keeps_the_result(self, client):
        answer = generate(client, keep(client))
        assert answer.status_code == 202
        generate_everything()

        done = client.get(answer.json()["url"]).json()

        assert done["state"] == "succeeded"
        made = Composition.objects.get(pk=done["result"]["composition"])
        assert (made.owner, made.guest) == (None, Guest.objects.get())
        assert client.get(done["result"]["composition_url"]).status_code == 200

    def test_the_pages_work_for_guests_as_well(self, client):
        answer = client.post("/studio/", upload() | {"title": "", "key": str(uuid4())})
        page = client.get(answer.url)

        assert page.status_code == 200
        assert "You are a guest here" in text_of(client.get("/studio/").content.decode())

    def test_another_guest_finds_nothing(self, client):
        tune = keep(client)
        other = Client()
        keep(other, 4)

        for address in (tune["url"], tune["midi"], f"/studio/{tune['id']}/"):
            assert other.get(address).status_code == 404

    def test_a_page_of_another_site_cannot_act_for_a_guest(self):
        client = APIClient(enforce_csrf_checks=True)

        answer = client.post(COMPOSITIONS, upload())

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert not Composition.objects.exists()

    def test_with_the_page_s_own_token_it_can(self):
        client = APIClient(enforce_csrf_checks=True)
        client.get(reverse("account_login"))
        token = client.cookies["csrftoken"].value

        answer = client.post(COMPOSITIONS, upload(), headers={"X-CSRFToken": token})

        assert answer.status_code == 201

    def test_the_database_knows_no_composition_of_two_holders_or_of_none(self, participant):
        guest = create_guest(now=NOW)
        tune = compose(participant)

        for owner, holder in ((participant, guest), (None, None)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Composition.objects.filter(pk=tune.pk).update(owner=owner, guest=holder)


class TestLimits:
    """A guest has less room than a person, and dropping the cookie gives nobody more."""

    def test_a_guest_keeps_a_small_number(self, client, settings):
        settings.MAX_GUEST_COMPOSITIONS = 1
        keep(client)

        answer = client.post(COMPOSITIONS, upload(4))

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_compositions")
        assert "sign in" in answer.json()["detail"]

    def test_a_guest_has_few_generations_under_way(self, client, settings):
        settings.MAX_GUEST_GENERATIONS_AT_ONCE = 1
        tune = keep(client)
        assert generate(client, tune).status_code == 202

        answer = generate(client, tune)

        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_generations")

    def test_a_guest_asks_for_a_few_generations_in_an_hour(self, client, settings):
        settings.REST_FRAMEWORK = _rates(settings, guest_generations="1/hour")
        tune = keep(client)
        assert generate(client, tune).status_code == 202
        generate_everything()

        answer = generate(client, tune)

        assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
        assert 3000 < int(answer["Retry-After"]) <= 3600
        assert "sign in" in answer.json()["detail"]

    @pytest.mark.parametrize("scope", ["address_generations", "address_pieces"])
    def test_dropping_the_cookie_does_not_help(self, settings, scope):
        settings.REST_FRAMEWORK = _rates(settings, **{scope: "2/hour"})
        answers = []
        for number in range(3):
            client = Client()
            answer = client.post(COMPOSITIONS, upload(number))
            if scope == "address_generations":
                answer = generate(client, answer.json())
            answers.append(answer.status_code)

        made = 202 if scope == "address_generations" else 201
        assert answers == [made, made, 429]

    def test_the_page_says_it_too(self, client, settings):
        settings.REST_FRAMEWORK = _rates(settings, address_pieces="0/hour")

        answer = client.post("/studio/", upload() | {"title": "", "key": str(uuid4())})

        assert answer.status_code == 429
        assert "as much as guests may ask for" in answer.content.decode()

    def test_people_with_an_account_are_not_counted_there(self, api, participant, settings):
        settings.REST_FRAMEWORK = _rates(settings, address_pieces="0/hour")
        api.force_authenticate(participant)

        assert api.post(COMPOSITIONS, upload()).status_code == 201

    def test_neighbors_in_one_ipv6_network_count_as_one(self, settings):
        settings.REST_FRAMEWORK = _rates(settings, address_pieces="1/hour")
        places = ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")

        found = [
            Client().post(COMPOSITIONS, upload(), REMOTE_ADDR=place).status_code for place in places
        ]

        assert found == [201, 429, 201]

    def test_the_queue_shares_fairly_between_guests(self, client, settings):
        tune, other = keep(client), Client()
        generate(client, tune)
        generate(client, tune)
        generate(other, keep(other))

        lines = Job.objects.in_order().values_list("share", flat=True)

        busy, quiet = Guest.objects.order_by("created_at")
        assert list(lines) == [busy.share, quiet.share, busy.share]
        assert not Job.objects.exclude(owner=None).exists()


def _rates(settings, **rates: str) -> dict:
    known = settings.REST_FRAMEWORK
    return known | {"DEFAULT_THROTTLE_RATES": known["DEFAULT_THROTTLE_RATES"] | rates}


class TestAdoption:
    """Signing in makes a guest's work the person's."""

    def test_signing_in_brings_everything_along(self, client, participant):
        tune = keep(client)
        url = generate(client, tune).json()["url"]

        sign_in(client, participant)

        assert set(Composition.objects.values_list("owner", "guest")) == {(participant.pk, None)}
        assert Job.objects.get(kind="generate").owner == participant
        generate_everything()
        done = client.get(url).json()
        assert Composition.objects.get(pk=done["result"]["composition"]).owner == participant
        assert client.get(tune["url"]).status_code == 200

    def test_signing_up_and_confirming_the_address_brings_everything_along(self, client):
        tune = keep(client)
        form = {"email": "clara@example.org", "username": "clara"}
        password = {"password1": "seven-white-keys", "password2": "seven-white-keys"}
        client.post(reverse("account_signup"), form | password)
        assert client.get(tune["url"]).status_code == 200  # still the guest's

        [message] = mail.outbox
        link = next(word for word in message.body.split() if "/accounts/" in word)
        client.post(urlsplit(link).path)
        client.post(
            reverse("account_login"), {"login": form["email"], "password": "seven-white-keys"}
        )

        clara = User.objects.get(username="clara")
        assert Composition.objects.get().owner == clara
        assert client.get(tune["url"]).status_code == 200

    def test_a_wrong_password_changes_nothing(self, client, participant):
        keep(client)

        client.post(reverse("account_login"), {"login": participant.email, "password": "wrong"})

        assert Composition.objects.get().guest is not None

    def test_after_signing_out_nothing_is_left_in_the_browser(self, client, participant):
        tune = keep(client)
        sign_in(client, participant)

        client.post(reverse("account_logout"))

        assert client.get(tune["url"]).status_code == 404
        assert client.get(COMPOSITIONS).json()["results"] == []

    def test_nothing_is_lost_to_the_limits(self, client, participant, settings):
        settings.MAX_COMPOSITIONS = 1
        compose(participant)
        keep(client)

        sign_in(client, participant)

        assert Composition.objects.filter(owner=participant).count() == 2
        assert client.post(COMPOSITIONS, upload(5)).status_code == 409

    def test_a_key_that_both_used_stays_the_person_s(self, participant):
        guest = create_guest(now=NOW)
        own, guests = compose(participant, seed=1), compose(guest, seed=2)
        Composition.objects.update(idempotency_key="same")

        adopt_guest_work(guest=guest, user=participant, now=NOW)

        own.refresh_from_db()
        guests.refresh_from_db()
        assert (own.idempotency_key, guests.idempotency_key) == ("same", None)
        assert guests.owner == participant

    def test_adopting_twice_is_adopting_once_and_nobody_else_adopts_it(self, participant):
        guest = create_guest(now=NOW)
        compose(guest)

        found = [
            adopt_guest_work(guest=guest, user=person, now=NOW)
            for person in (participant, participant, make_person())
        ]

        assert found == [1, 0, 0]
        assert Composition.objects.get().owner == participant

    def test_what_comes_in_late_under_the_guest_s_name_is_the_person_s(self, participant):
        guest = create_guest(now=NOW)
        tune = compose(guest)
        adopt_guest_work(guest=guest, user=participant, now=NOW)

        late = compose(guest, seed=5)  # a request that began before
        tune.refresh_from_db()
        generation = ask(tune)

        assert late.owner == generation.owner == participant
        assert Generation.objects.get().guest is None

    def test_the_submit_page_leads_over_sign_in_to_the_same_piece(self, client, participant):
        round_, tune = open_round(min_seconds=1), keep(client)
        wanted = f"/rounds/{round_.slug}/submit/?composition={tune['id']}"

        answer = client.get(wanted)
        way = parse_qs(urlsplit(answer.url).query)["next"][0]
        answer = sign_in(client, participant, next=way)

        assert answer.url == way == wanted
        page = client.get(wanted).content.decode()
        assert f'value="{tune["id"]}" selected' in page

    def test_the_submit_page_leads_over_sign_up_as_well(self, client, participant):
        round_, tune = open_round(min_seconds=1), keep(client)
        wanted = f"/rounds/{round_.slug}/submit/?composition={tune['id']}"
        client.get(wanted)

        # The link that confirms an address leads to signing in without a `next`.
        answer = sign_in(client, participant)

        assert answer.url == wanted
        assert "way_back" not in client.session


class TestForgetting:
    """What a guest who does not come back has kept is deleted."""

    def test_after_thirty_days_all_of_it_goes(self, client, participant):
        tune = keep(client)
        generate(client, tune)
        claim(queue="generate", worker="w", now=timezone.now())
        mine = compose(participant)

        forget_stale_guests(timezone.now() + timedelta(days=31))

        assert list(Composition.objects.all()) == [mine]
        assert not Guest.objects.exists()
        assert not Generation.objects.exists()
        job = Job.objects.get(kind="generate")
        assert (job.state, job.cancel_requested) == (State.LEASED, True)
        assert client.get(tune["url"]).status_code == 404
        assert keep(client)["id"] != tune["id"]  # as a new guest

    def test_a_guest_who_keeps_coming_back_stays(self, client):
        keep(client)
        Guest.objects.update(seen_at=timezone.now() - timedelta(days=29))
        keep(client, 4)

        forget_stale_guests(timezone.now() + timedelta(days=29))

        assert Composition.objects.count() == 2

    def test_what_was_adopted_stays(self, client, participant):
        keep(client)
        sign_in(client, participant)

        forget_stale_guests(timezone.now() + timedelta(days=400))

        assert Composition.objects.get().owner == participant
        assert not Guest.objects.exists()
