"""Who may hear what, and files in parts."""

from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from challenges.models import Submission
from challenges.models.entry import Licence
from challenges.services.submitting import withdraw
from jobs.models import Job
from studio.models import AudioFormat, Composition, Rendering
from tests.factories import make_person
from tests.pages import open_round
from tests.rounds import hand_in, work
from tests.sound import BYTES, give_sound
from tests.studio import compose

pytestmark = pytest.mark.django_db

POLICY = "Content-Security-Policy"


@pytest.fixture
def tune(participant):
    return compose(participant)


@pytest.fixture
def entry(db):
    submission = hand_in(open_round(), make_person(), at=timezone.now(), licence=Licence.ALL_RIGHTS)
    work(at=timezone.now())
    give_sound(submission, now=timezone.now())
    return submission.entry


def content(answer):
    return b"".join(answer.streaming_content)


def status_of(answer):
    answer.getvalue()  # reads a file to its end, which closes it
    return answer.status_code


@pytest.mark.parametrize(
    ("asked", "part", "says"),
    [
        ("bytes=0-1", BYTES[:2], "bytes 0-1/5120"),
        ("bytes=5000-", BYTES[5000:], "bytes 5000-5119/5120"),
        ("bytes=-10", BYTES[-10:], "bytes 5110-5119/5120"),
        ("bytes=5000-99999", BYTES[5000:], "bytes 5000-5119/5120"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(client, entry, asked, part, says):
    answer = client.get(f"/entries/{entry.pk}/audio.mp3", headers={"Range": asked})

    assert answer.status_code == 206
    assert answer["Content-Range"] == says
    assert answer["Content-Length"] == str(len(part))
    assert content(answer) == part


@pytest.mark.parametrize("asked", [None, "bytes=0-1,4-5", "lines=1-2", "bytes=9-3", "bytes=-"])
def test_anything_else_gets_the_whole_file(client, entry, asked):
    headers = {"Range": asked} if asked else {}

    answer = client.get(
        f"/entries/{entry.pk}/audio.mp3", headers={**headers, "Accept-Encoding": "gzip"}
    )

    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "audio/mpeg"
    assert not answer.has_header("Content-Encoding")
    assert content(answer) == BYTES


@pytest.mark.parametrize("asked", ["bytes=5120-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(client, entry, asked):
    answer = client.get(f"/entries/{entry.pk}/audio.mp3", headers={"Range": asked})

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */5120")


def test_a_part_of_an_older_version_is_not_mixed_in(client, entry):
    answer = client.get(
        f"/entries/{entry.pk}/audio.mp3", headers={"Range": "bytes=0-1", "If-Range": '"older"'}
    )

    assert answer.status_code == 200
    assert content(answer) == BYTES


def test_everybody_hears_an_entry_even_with_all_rights_reserved(client, entry):
    sound = client.get(f"/entries/{entry.pk}/audio.mp3")

    assert sound.status_code == 200
    assert content(sound) == BYTES
    assert client.get(f"/entries/{entry.pk}/midi/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/entries/{e}/audio.wav", "/api/v1/submissions/{s}/audio/wav/"]
)
def test_with_all_rights_reserved_a_file_to_keep_is_its_participant_s_alone(
    client, api, entry, address
):
    piece = entry.submissions.get()
    address = address.format(e=entry.pk, s=piece.pk)
    give_sound(piece, now=timezone.now(), audio_format=AudioFormat.WAV)

    assert client.get(address).status_code == 403
    assert api.get(address).status_code == 403
    client.force_login(entry.participant)
    assert content(client.get(address)) == BYTES


def test_an_entry_is_kept_as_a_wav_file_by_whoever_its_licence_allows(client, entry):
    Submission.objects.update(licence=Licence.CC_BY)
    page = client.get(f"/entries/{entry.pk}/").text
    assert f'href="/entries/{entry.pk}/audio.wav"' in page

    assert client.get(f"/entries/{entry.pk}/audio.wav").status_code == 202
    give_sound(entry.submissions.get(), now=timezone.now(), audio_format=AudioFormat.WAV)
    answer = client.get(f"/entries/{entry.pk}/audio.wav")

    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer["Content-Type"] == "audio/wav"
    assert content(answer) == BYTES


@pytest.mark.parametrize("ending", ["/", "/mp3/", "/wav/"])
def test_the_sound_of_a_withdrawn_piece_is_its_participant_s_alone(client, api, entry, ending):
    Submission.objects.update(licence=Licence.CC_BY)
    piece = entry.submissions.get()
    address = f"/api/v1/submissions/{piece.pk}/audio{ending}"
    assert status_of(api.get(address)) in {200, 202}

    withdraw(submission=piece, now=timezone.now())

    assert status_of(api.get(address)) == 404
    assert client.get(f"/entries/{entry.pk}/audio.wav").status_code == 404
    api.force_authenticate(entry.participant)
    assert status_of(api.get(address)) in {200, 202}


def test_a_piece_that_is_not_on_the_board_is_its_participant_s_alone(client):
    submission = hand_in(open_round(), make_person(), at=timezone.now())

    assert client.get(f"/entries/{submission.entry_id}/audio.mp3").status_code == 404
    client.force_login(make_person())
    assert client.get(f"/submissions/{submission.pk}/audio.mp3").status_code == 404
    client.force_login(submission.entry.participant)
    assert client.get(f"/submissions/{submission.pk}/audio.mp3").status_code == 202
    assert client.get(f"/submissions/{submission.pk}/player/").status_code == 200


@pytest.mark.parametrize("address", ["audio.mp3", "audio.wav", "player/"])
def test_a_composition_is_heard_by_its_owner_alone(client, signed_in, tune, address):
    other = client.__class__()
    other.force_login(make_person())

    assert signed_in.get(f"/studio/{tune.pk}/{address}").status_code in {200, 202}
    assert other.get(f"/studio/{tune.pk}/{address}").status_code == 404
    assert client.__class__().get(f"/studio/{tune.pk}/{address}").status_code == 404


def test_a_wav_file_is_to_be_kept(signed_in, tune):
    give_sound(tune, now=timezone.now(), audio_format=AudioFormat.WAV)

    answer = signed_in.get(f"/studio/{tune.pk}/audio.wav")

    assert answer["Content-Disposition"] == 'attachment; filename="A_tune.wav"'
    assert answer["Content-Type"] == "audio/wav"
    assert content(answer) == BYTES


def test_while_the_sound_is_made_the_address_says_so_and_looks_again(signed_in, tune):
    answer = signed_in.get(f"/studio/{tune.pk}/audio.mp3")

    assert answer.status_code == 202
    assert answer["Refresh"] == "3"
    assert "is being made" in answer.text


def test_the_page_asks_until_the_sound_is_there(signed_in, tune):
    page = signed_in.get(f"/studio/{tune.pk}/").text
    assert f'hx-get="/studio/{tune.pk}/player/"' in page
    give_sound(tune, now=timezone.now())

    player = signed_in.get(f"/studio/{tune.pk}/player/").text

    assert f'<audio controls preload="none" src="/studio/{tune.pk}/audio.mp3"' in player
    assert 'data-seconds="31.5"' in player
    assert "hx-get" not in player


def test_a_piece_that_is_too_long_says_so_on_its_page(signed_in, tune):
    Composition.objects.update(seconds=601)

    assert "up to 10 minutes" in signed_in.get(f"/studio/{tune.pk}/").text
    assert signed_in.get(f"/studio/{tune.pk}/audio.mp3").status_code == 422


@pytest.mark.s3
def test_from_a_bucket_a_player_is_sent_to_an_address_that_takes_ranges(client, settings, s3):
    options = {
        "bucket_name": s3.bucket,
        "endpoint_url": s3.endpoint_url,
        "access_key": s3.access_key,
        "secret_key": s3.secret_key,
        "region_name": s3.region,
    }
    bucket = {"BACKEND": "config.object_storage.ObjectStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}
    submission = hand_in(open_round(), make_person(), at=timezone.now())
    work(at=timezone.now())
    give_sound(submission, now=timezone.now())

    answer = client.get(f"/entries/{submission.entry_id}/audio.mp3")
    asked = Request(answer["Location"], headers={"Range": "bytes=2-5"})

    assert answer.status_code == 302
    with urlopen(asked, timeout=10) as part:
        assert part.status == 206
        assert part.headers["Content-Type"] == "audio/mpeg"
        assert part.headers["Content-Disposition"].startswith("inline")
        assert part.read() == BYTES[2:6]


class TestTheApi:
    def address(self, tune):
        return f"/api/v1/compositions/{tune.pk}/audio"

    def test_tells_where_the_sound_stands_then_where_it_lies(self, api, participant: User, tune):
        api.force_authenticate(participant)

        waiting = api.get(f"{self.address(tune)}/")
        assert (waiting.status_code, waiting.data["state"]) == (202, "making")
        assert waiting.data["job"]["kind"] == "render"
        assert waiting.data["mp3"] is None
        assert api.get(f"{self.address(tune)}/mp3/").status_code == 202

        give_sound(tune, now=timezone.now())
        ready = api.get(f"{self.address(tune)}/")
        assert (ready.status_code, ready.data["state"]) == (200, "ready")
        assert ready.data["peaks"] == [0, 128, 255]
        answer = api.get(ready.data["mp3"], headers={"Range": "bytes=0-3"})
        assert content(answer) == BYTES[:4]

    def test_tells_the_same_of_a_piece_on_the_board_to_everybody(self, api, entry):
        piece = entry.submissions.get()
        told = api.get(api.get(f"/api/v1/submissions/{piece.pk}/").data["audio"])

        assert (told.status_code, told.data["state"]) == (200, "ready")
        assert content(api.get(told.data["mp3"])) == BYTES
        assert told.data["wav"].endswith(f"/submissions/{piece.pk}/audio/wav/")

    def test_refuses_what_is_too_long_by_name(self, api, participant: User, tune):
        api.force_authenticate(participant)
        Composition.objects.update(seconds=601)

        assert api.get(f"{self.address(tune)}/").data["state"] == "too_long"
        answer = api.get(f"{self.address(tune)}/wav/")

        assert (answer.status_code, answer.data["code"]) == (422, "too_long_to_render")

    @pytest.mark.parametrize("ending", ["/", "/mp3/", "/wav/"])
    def test_is_its_owner_s_alone(self, api, tune, ending):
        assert api.get(self.address(tune) + ending).status_code == 404
        api.force_authenticate(make_person())
        assert api.get(self.address(tune) + ending).status_code == 404


def test_only_pages_with_the_engine_may_compile_webassembly(signed_in, tune):
    for address in ("/studio/new/", f"/studio/{tune.pk}/edit/", f"/studio/{tune.pk}/"):
        assert "script-src 'self' 'wasm-unsafe-eval'" in signed_in.get(address)[POLICY]
    assert "wasm" not in signed_in.get("/")[POLICY]


def test_old_pieces_get_sound_by_a_command(capsys):
    hand_in(open_round(), make_person(), at=timezone.now())
    Rendering.objects.all().delete()
    Job.objects.filter(kind="render").delete()

    call_command("render_entries")
    call_command("render_entries")

    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["1", "0"]
    assert Rendering.objects.count() == 1
