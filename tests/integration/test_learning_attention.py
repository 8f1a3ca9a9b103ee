"""Attention over one's own melody: from a page to a worker and back, as a guest and signed in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from jobs.models import Job
from learning.attending import forget_old_attention, request_attention
from learning.errors import TooManyAtOnce
from learning.models import Attention
from learning.own_music import Asker
from ml.lessons import recording
from ml.lessons.tune import Tune
from studio.files import song_at
from studio.models import Guest
from tests.lessons import read_melodies
from tests.pages import read, text_of
from tests.rounds import midi
from tests.studio import compose, drums_alone, weights_in

pytestmark = pytest.mark.django_db

CHAPTER = "/learn/transformers/attention/"
OWN = f"{CHAPTER}attention/own/"
PAINTED = {"painted": "1", "drawn": [f"{step}-{step % 8}" for step in range(16)]}


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"midi": SimpleUploadedFile("tune.mid", content, "audio/midi")}


def bring(client, sent) -> str:
    """Send a melody and return the address that the page goes on to."""
    answer = client.post(OWN, sent)
    assert answer.status_code == 302, text_of(answer.content.decode())
    return str(answer["Location"]).partition("#")[0]


def test_a_guest_paints_two_bars_and_sees_what_the_transformer_looks_at(client):
    address = bring(client, PAINTED)
    waiting = client.get(address).content.decode()
    assert "The Transformer is reading your melody" in text_of(waiting)
    assert "Look again" in waiting

    assert read_melodies()

    page = client.get(address).content.decode()
    assert "At bar 2, beat 4 the network looks most at" in text_of(
        client.get(f"{address}&beat=8").content.decode()
    )
    assert "Your melody" in text_of(page)
    assert Job.objects.get().share.startswith("guest:")
    sounds = [str(values["src"]) for tag, values in read(page).tags if tag == "cp-listen"]
    assert client.get(sounds[0]).status_code == 200


def test_what_a_worker_computes_is_what_the_lesson_has_recorded():
    kept = recording("attention")[0]
    song = Tune.from_dict(kept).song

    found = request_attention(song=song, asker=Asker(), now=timezone.now())
    read_melodies()

    found.refresh_from_db()
    assert found.tune["rows"] == kept["rows"]
    apart = [
        abs(a - b)
        for ours, theirs in zip(found.weights, kept["weights"], strict=True)
        for one, other in zip(ours, theirs, strict=True)
        for row, known in zip(one, other, strict=True)
        for a, b in zip(row, known, strict=True)
    ]
    assert max(apart) <= 2  # thousandths: machines may round differently


def test_a_person_brings_a_composition_of_theirs_and_nobody_elses(client, participant, organizer):
    mine, other = compose(participant, title="My tune"), compose(organizer, title="Not mine")
    client.force_login(participant)
    page = text_of(client.get(CHAPTER).content.decode())
    assert "My tune" in page
    assert "Not mine" not in page

    bring(client, {"piece": str(mine.pk)})

    assert Job.objects.get(kind="attention").owner == participant
    assert client.post(OWN, {"piece": str(other.pk)}).status_code == 422
    assert client.post(OWN, {"piece": "nonsense"}).status_code == 422


def test_the_same_melody_is_read_once_for_everybody(client, participant):
    first = bring(client, upload(midi(3, seconds=6)))
    read_melodies()
    client.force_login(participant)

    second = bring(client, upload(midi(3, seconds=6)))

    assert first == second
    assert Job.objects.filter(kind="attention").count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (upload(b"no music"), "This is not a MIDI file"),
        (upload(drums_alone()), "There is no melody in it"),
        ({"painted": "1"}, "There is no melody in it"),
        ({}, "Choose one of your pieces, choose a MIDI file, or paint two bars."),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client, sent, said):
    answer = client.post(OWN, sent)

    assert answer.status_code == 422
    assert said in text_of(answer.content.decode())
    assert not Job.objects.exists()


def test_what_was_painted_is_still_there_after_a_refusal(client):
    sent = {"painted": "1", "drawn": ["0-0"]}  # one eighth: too short

    page = client.post(OWN, sent).content.decode()

    boxes = [values for tag, values in read(page).tags if values.get("id") == "own-drawn-0-0"]
    assert "checked" in boxes[0]


def test_a_melody_goes_only_to_a_part_that_reads_melodies(client):
    for address in (
        "/learn/transformers/attention/paint/own/",
        "/learn/gans/what-it-makes/evolution/own/",
    ):
        assert client.post(address, PAINTED).status_code == 404
    assert client.get(OWN).status_code == 302


def test_one_visitor_waits_for_a_few_melodies_at_a_time(participant):
    tunes = [compose(participant, seed=n) for n in range(1, 5)]
    songs = [song_at(tune.midi_key) for tune in tunes]
    for song in songs[:3]:
        request_attention(song=song, asker=Asker(participant), now=timezone.now())

    with pytest.raises(TooManyAtOnce, match="being read already"):
        request_attention(song=songs[3], asker=Asker(participant), now=timezone.now())
    request_attention(song=songs[3], asker=Asker(share="guest:1"), now=timezone.now())


def test_guests_who_ask_for_too_much_are_told_when_to_come_back(client, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"address_generations": "1/hour"}
    with override_settings(
        REST_FRAMEWORK=settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    ):
        bring(client, PAINTED)
        answer = client.post(OWN, upload(midi(5)))

    assert answer.status_code == 429
    assert "That is as much as guests may ask for" in text_of(answer.content.decode())


def test_weights_that_are_missing_are_told_before_anything_is_queued(client, tmp_path):
    with weights_in(tmp_path):
        answer = client.post(OWN, PAINTED)

    assert answer.status_code == 503
    assert not Attention.objects.exists()


def test_a_failed_reading_says_so_and_is_tried_again_when_the_melody_comes_again(client, tmp_path):
    address = bring(client, PAINTED)
    with weights_in(tmp_path):
        read_melodies()
    page = text_of(client.get(address).content.decode())
    assert Job.objects.get().state == "failed"
    assert "Transformer is reading" not in page

    assert bring(client, PAINTED) == address
    read_melodies()

    assert Attention.objects.get().weights


def test_looking_makes_no_guest_and_asking_makes_one(client):
    client.get(CHAPTER)
    assert not Guest.objects.exists()

    bring(client, PAINTED)

    assert Guest.objects.count() == 1


def test_the_status_tells_progress_and_then_fetches_the_part(client):
    address = bring(client, PAINTED)
    found = Attention.objects.get()

    waiting = client.get(f"{OWN}{found.pk}/").content.decode()
    read_melodies()
    done = client.get(f"{OWN}{found.pk}/").content.decode()

    assert "Reading your melody" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert 'hx-trigger="load"' in done
    assert address.replace("&", "&amp;") in done


def test_old_readings_are_forgotten_and_may_be_asked_for_again(client):
    bring(client, PAINTED)
    read_melodies()

    forget_old_attention(timezone.now() + timedelta(days=29))
    assert Attention.objects.exists()
    forget_old_attention(timezone.now() + timedelta(days=31))
    assert not Attention.objects.exists()

    bring(client, PAINTED)
    assert read_melodies()
    assert Attention.objects.get().weights
