"""Handing in a piece by the form, as a browser without scripts does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from challenges.models import QuotaUse, Submission
from challenges.models.entry import QuotaState
from jobs.models import Job
from jobs.states import Fault, State
from tests.factories import make_person
from tests.pages import form_of, open_round, score_everything, text_of
from tests.rounds import fail_next, make_round, midi

pytestmark = pytest.mark.django_db


def send(client, round_, **typed):
    return client.post(f"/rounds/{round_.slug}/submit/", form_of(**typed))


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client):
    round_ = open_round()
    address = f"/rounds/{round_.slug}/submit/"

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={address}"


def test_a_piece_is_handed_in_scored_and_explained(signed_in, participant):
    round_ = open_round()

    response = send(signed_in, round_, title="First light", upload=midi(3, seconds=40))
    submission = Submission.objects.get()
    waiting = signed_in.get(response["Location"])
    score_everything()
    done = text_of(signed_in.get(response["Location"]).text)

    assert response.status_code == 302
    assert response["Location"] == f"/submissions/{submission.pk}/"
    assert "In the queue" in text_of(waiting.text)
    assert f'hx-get="/submissions/{submission.pk}/status/"' in waiting.text
    assert "Your piece is scored" in done
    assert "Why this score" in done
    assert "What would raise it" in done
    assert "Variety of notes" in done


def test_the_polled_fragment_ends_with_the_score_and_stops_polling(signed_in):
    round_ = open_round()
    address = send(signed_in, round_)["Location"] + "status/"

    waiting = signed_in.get(address).text
    score_everything()
    done = signed_in.get(address).text

    assert "hx-trigger" in waiting
    assert "<html" not in waiting
    assert "hx-trigger" not in done
    assert "Your piece is scored" in done
    assert 'id="reading" class="sections" hx-swap-oob="true"' in done


def test_sending_the_same_page_twice_gives_one_submission(signed_in):
    round_ = open_round()
    key = str(uuid4())

    first, second = (send(signed_in, round_, key=key) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Submission.objects.count() == 1


def test_changing_a_page_that_was_sent_offers_a_new_submission(signed_in):
    round_ = open_round()
    key = str(uuid4())
    send(signed_in, round_, key=key)

    response = send(signed_in, round_, key=key, title="Another", upload=midi(2))

    assert response.status_code == 422
    assert "as a new piece" in text_of(response.text)
    assert key not in response.text


@pytest.mark.parametrize(
    "upload",
    [b"", b"MThd", midi()[:40], b"\x89PNG\r\n\x1a\n", b"\xff" * 300_000, b"MThd" * 400_000],
    ids=["empty", "four bytes", "cut", "picture", "noise", "too large"],
)
def test_a_file_that_is_no_music_is_refused_on_the_page(signed_in, upload):
    round_ = open_round()

    response = send(signed_in, round_, upload=upload, title="Kept as typed", statement="And this")

    assert response.status_code == 422
    assert 'class="errorlist"' in response.text
    assert "Kept as typed" in response.text
    assert "And this" in response.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nb.mid", "x" * 300 + ".mid", "‮gpj.mid", ".mid", "ピアノ.mid"]
)
def test_the_name_of_the_file_does_not_matter(signed_in, name):
    response = send(signed_in, open_round(), name=name)

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "\u200b\u202e"),
        ("title", "x" * 81),
        ("title", "a\0b"),
        ("statement", "x" * 2001),
        ("licence", "mine"),
        ("rights", None),
        ("key", "no uuid"),
        ("key", None),
        ("midi", None),
    ],
)
def test_what_is_missing_or_odd_is_marked_and_nothing_is_handed_in(signed_in, field, value):
    form = form_of() | {field: value}
    sent = {key: kept for key, kept in form.items() if kept is not None}

    response = signed_in.post(f"/rounds/{open_round().slug}/submit/", sent)

    assert response.status_code == 422
    assert not Submission.objects.exists()


def test_invisible_characters_do_not_reach_the_board(signed_in):
    send(signed_in, open_round(), title="Moon\u202elight\u200b", statement="a\u202eb\r\nc")

    submission = Submission.objects.get()
    assert submission.title == "Moonlight"
    assert submission.statement == "ab\nc"


def test_the_same_music_again_is_refused_with_a_link_to_it(signed_in):
    round_ = open_round()
    send(signed_in, round_)
    first = Submission.objects.get()

    response = send(signed_in, round_)

    assert response.status_code == 409
    assert f'href="/submissions/{first.pk}/"' in response.text


def test_beyond_the_quota_the_page_says_when_there_is_more(signed_in):
    round_ = open_round(quota=1)
    send(signed_in, round_)

    response = send(signed_in, round_, upload=midi(2))

    assert response.status_code == 409
    assert "You have used all 1 submissions" in text_of(response.text)


def test_a_closed_round_takes_nothing_and_says_so(signed_in):
    now = timezone.now()
    round_ = make_round(opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=1))

    response = send(signed_in, round_)

    assert response.status_code == 409
    assert "closed at" in text_of(response.text)
    assert "does not take pieces any more" in signed_in.get(f"/rounds/{round_.slug}/submit/").text


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Fault.INPUT, "could not be scored"), (Fault.PLATFORM, "That was not your doing")],
)
def test_a_piece_without_a_score_says_whose_fault_it_was(signed_in, fault, said):
    address = send(signed_in, open_round())["Location"]
    for _ in range(Job.objects.get(kind="score").max_attempts if fault == Fault.PLATFORM else 1):
        fail_next(error=RuntimeError("internal words"), fault=fault, at=timezone.now())
        Job.objects.filter(state=State.BACKOFF).update(state=State.READY, not_before=None)

    text = text_of(signed_in.get(address).text)

    assert QuotaUse.objects.get().state == QuotaState.REFUNDED
    assert said in text
    assert fault == Fault.INPUT or "internal words" not in text


@pytest.mark.parametrize("part", ["", "status/", "midi/", "withdraw/", "pick/", "appeal/"])
def test_a_submission_is_its_participants_own(client, signed_in, part):
    send(signed_in, open_round())
    submission = Submission.objects.get()
    client.force_login(make_person())

    assert client.get(f"/submissions/{submission.pk}/{part}").status_code == 404


def test_withdrawing_is_asked_for_first_and_works_without_scripts(signed_in):
    send(signed_in, open_round())
    submission = Submission.objects.get()
    address = f"/submissions/{submission.pk}/withdraw/"

    asked = signed_in.get(address)
    done = signed_in.post(address, follow=True)
    again = signed_in.post(address)

    submission.refresh_from_db()
    assert "cannot be brought back" in text_of(asked.text)
    assert submission.content == "withdrawn"
    assert "is withdrawn" in text_of(done.text)
    assert again.status_code == 409
    assert "withdrawn or rejected before" in text_of(again.text)


def test_a_hand_picked_piece_takes_the_place_on_the_board(signed_in, client):
    round_ = open_round(counting="picked")
    for seed in (1, 2):
        send(signed_in, round_, title=f"Try {seed}", upload=midi(seed))
    score_everything()
    worse = min(Submission.objects.all(), key=lambda piece: piece.scores.get().tenths)

    response = signed_in.post(f"/submissions/{worse.pk}/pick/")

    assert response.status_code == 302
    assert worse.title in client.get(f"/rounds/{round_.slug}/leaderboard/").text


def test_picking_is_refused_where_the_best_counts(signed_in):
    send(signed_in, open_round())

    response = signed_in.post(f"/submissions/{Submission.objects.get().pk}/pick/")

    assert response.status_code == 409
    assert "the best scored one" in text_of(response.text)


def test_a_body_that_no_page_takes_is_refused_before_it_is_read(client, settings):
    round_ = make_round()
    file = SimpleUploadedFile("film.mid", b"x" * (settings.LARGEST_BODY + 1))

    answer = client.post(reverse("submit", args=[round_.slug]), {"midi": file})

    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
