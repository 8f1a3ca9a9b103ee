"""Handing in by the API: what a program sees, whatever it sends."""

import uuid
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_token
from challenges.models import Round, Submission
from challenges.services.submitting import withdraw
from jobs.errors import BadInput
from jobs.models import Job
from jobs.states import Fault
from studio.api.parsers import MAX_BODY_BYTES
from studio.wording import title_of
from tests.factories import make_person
from tests.rounds import fail_next, hand_in, make_round, midi, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    """A round that is open at this moment."""
    now = timezone.now()
    return make_round(opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=3))


@pytest.fixture
def sender(api: APIClient, participant: User) -> APIClient:
    api.force_authenticate(participant)
    return api


def url_of(round_: Round) -> str:
    return f"/api/v1/rounds/{round_.slug}/submissions/"


def upload(data: bytes | None = None, name: str = "My waltz.mid") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, midi() if data is None else data, "audio/midi")


def test_an_upload_is_accepted_polled_and_scored(sender: APIClient, round_: Round):
    answer = sender.post(url_of(round_), {"midi": upload()})

    assert answer.status_code == 202
    body = answer.json()
    assert answer["Location"] == body["url"]
    assert (body["title"], body["number"], body["round"]) == ("My waltz", 1, round_.slug)
    waiting = sender.get(answer["Location"]).json()
    assert (waiting["state"], waiting["final"], waiting["score"]) == ("waiting", False, None)
    assert (waiting["job"]["state"], waiting["job"]["position"]) == ("ready", 0)
    assert waiting["job"]["attempt"] == 0

    work(tenths=lambda _: 734)

    scored = sender.get(answer["Location"]).json()
    assert (scored["state"], scored["final"], scored["score"]) == ("scored", True, 73.4)
    assert scored["parts"]["music"]["weight"] == 1.0
    assert scored["code"] is None


def test_a_token_signs_in(client: Client, participant: User, round_: Round):
    _, key = create_token(person=participant, name="script", now=round_.opens_at)

    answer = client.post(
        url_of(round_), {"midi": upload()}, headers={"Authorization": f"Token {key}"}
    )

    assert answer.status_code == 202


def test_the_signed_in_browser_needs_its_csrf_token(participant: User, round_: Round):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(participant)

    assert browser.post(url_of(round_), {"midi": upload()}).status_code == 403


def test_everything_said_about_a_piece_is_kept(sender: APIClient, round_: Round):
    answer = sender.post(
        url_of(round_),
        {
            "midi": upload(),
            "title": "  Fugue\u202e in\tC ",
            "statement": "First line.\r\nSecond\x07 line.",
            "licence": "cc0-1.0",
        },
    )

    body = answer.json()
    assert body["title"] == "Fugue in C"
    assert body["statement"] == "First line.\nSecond line."
    assert body["licence"] == "cc0-1.0"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), 422, "not_midi"),
        (b"MThd", 422, None),
        (midi()[:-200], 422, "truncated"),
        (midi(seconds=0), 422, "no_notes"),
        (bytes((1 << 20) + 1), 413, "too_large"),
        (bytes(MAX_BODY_BYTES * 2), 413, "too_large"),
        (b"\xff" * 300_000, 422, "not_midi"),
    ],
)
def test_a_refused_file_is_answered_with_its_cause(
    sender: APIClient, round_: Round, data: bytes, status: int, code: str | None
):
    answer = sender.post(url_of(round_), {"midi": upload(data)})

    assert answer.status_code == status
    assert answer.json()["detail"]
    assert code in (None, answer.json()["code"])
    assert not Submission.objects.exists()


HOSTILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\boot.mid",
    "/abs/olute.mid",
    "\u202egnp.mid",
    "a" * 5000 + ".mid",
    "nul\x01l.mid",
    '"quoted".mid',
    "<script>alert(1)</script>.mid",
    ".mid",
    "...",
    "con.mid",
    "名前.mid",
    "emoji\U0001f3b5.mid",
    "new\u2028line.mid",
    "=cmd|' /C calc'!A0.mid",
    " ",
    "no-ending",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_any_file_name_becomes_a_harmless_title(sender: APIClient, round_: Round, name: str):
    answer = sender.post(url_of(round_), {"midi": upload(name=name)})

    assert answer.status_code in (202, 400)
    if answer.status_code == 202:
        title = answer.json()["title"]
        assert 1 <= len(title) <= 80
        assert title.isprintable()
        assert "/" not in title
        [piece] = Submission.objects.all()
        assert piece.midi_key == f"midi/{piece.midi_sha256[:2]}/{piece.midi_sha256}.mid"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Waltz.mid", "Waltz"),
        ("Waltz.v2.MIDI", "Waltz.v2"),
        (".mid", "Untitled"),
        ("", "Untitled"),
        ("plain", "plain"),
        ("x" * 200 + ".mid", "x" * 80),
    ],
)
def test_a_title_is_the_files_name_without_its_ending(name: str, title: str):
    assert title_of(name) == title


def multipart(headers: str, content: bytes = b"x", boundary: str = "b") -> bytes:
    head = f"--{boundary}\r\n{headers}\r\n\r\n".encode("utf-8", "surrogatepass")
    return head + content + f"\r\n--{boundary}--\r\n".encode()


FORM = "multipart/form-data; boundary=b"
DISPOSITION = 'Content-Disposition: form-data; name="midi"; filename='
BODIES = [
    pytest.param("application/json", b'{"midi": "x"}', 415, id="json"),
    pytest.param("application/json", b"{", 415, id="broken json"),
    pytest.param("audio/midi", midi(), 415, id="bare file"),
    pytest.param("", midi(), 415, id="no type"),
    pytest.param("text/plain; charset=nonsense", b"x", 415, id="unknown charset"),
    pytest.param("multipart/form-data", b"x", 400, id="no boundary"),
    pytest.param("multipart/form-data; boundary=", b"x", 400, id="empty boundary"),
    pytest.param("multipart/form-data; boundary=é", b"x", 400, id="boundary of other letters"),
    pytest.param("multipart/form-data; boundary=" + "x" * 300, b"x", 415, id="long boundary"),
    pytest.param(FORM, b"", 400, id="empty"),
    pytest.param(FORM, b"garbage", 400, id="garbage"),
    pytest.param(FORM, b"--b\r\n", 400, id="only a boundary"),
    pytest.param(FORM, multipart('Content-Disposition: form-data; name="midi"'), 400, id="text"),
    pytest.param(
        FORM, multipart('Content-Disposition: form-data; name="other"; filename="a"'), 400
    ),
    pytest.param(FORM, multipart(DISPOSITION + '""'), 400, id="empty name"),
    pytest.param(FORM, multipart(DISPOSITION + '"a.mid"'), 422, id="no midi"),
    pytest.param(
        FORM,
        multipart("Content-Disposition: form-data; name=midi; filename*=nonsense''a.mid"),
        None,
        id="name in an unknown encoding",
    ),
    pytest.param(
        FORM,
        multipart("Content-Disposition: form-data; name=midi; filename*=utf-8''%ff%fe.mid"),
        None,
        id="name that cannot be decoded",
    ),
    pytest.param(
        FORM,
        multipart(DISPOSITION + '"a.mid"\r\nContent-Transfer-Encoding: base64', b"!!!!"),
        None,
        id="broken base64",
    ),
    pytest.param(
        FORM,
        multipart(DISPOSITION + '"a.mid"\r\nContent-Type: a/b; charset=nonsense'),
        None,
        id="part in an unknown encoding",
    ),
    pytest.param(
        FORM + "; charset=nonsense", multipart(DISPOSITION + '"a.mid"'), None, id="form's charset"
    ),
    pytest.param(
        FORM,
        multipart('Content-Disposition: form-data; name="title"', b"\xff\xfe\x00\xd8"),
        400,
        id="title that is no text",
    ),
    pytest.param(
        FORM,
        b"".join(
            multipart(f'Content-Disposition: form-data; name="f{n}"', b"1")[:-7]
            for n in range(2000)
        ),
        400,
        id="thousands of fields",
    ),
    pytest.param(
        FORM,
        b"".join(
            multipart(f'Content-Disposition: form-data; name="f{n}"; filename="{n}"', b"1")[:-7]
            for n in range(200)
        ),
        400,
        id="hundreds of files",
    ),
]


@pytest.mark.parametrize("signed_in_by", ["token", "session"])
@pytest.mark.parametrize(("content_type", "body", "status"), BODIES)
def test_no_body_whatever_is_the_servers_fault(
    participant: User,
    round_: Round,
    content_type: str,
    body: bytes,
    status: int | None,
    signed_in_by: str,
):
    client = Client(raise_request_exception=False)
    headers = {}
    if signed_in_by == "token":
        headers["Authorization"] = (
            "Token " + create_token(person=participant, name="t", now=round_.opens_at)[1]
        )
    else:
        client.force_login(participant)

    answer = client.generic("POST", url_of(round_), body, content_type, headers=headers)

    assert 400 <= answer.status_code < 500
    assert status in (None, answer.status_code)
    assert set(answer.json()) >= {"code", "detail"}


def test_a_body_of_unknown_length_is_refused(sender: APIClient, round_: Round):
    answer = sender.generic(
        "POST",
        url_of(round_),
        b"",
        FORM,
        CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked",
    )

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("length", ["abc", "-1", "", "1"])
def test_a_false_length_is_the_clients_fault(sender: APIClient, round_: Round, length: str):
    body = multipart(DISPOSITION + '"a.mid"')

    answer = sender.generic("POST", url_of(round_), body, FORM, CONTENT_LENGTH=length)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 81},
        {"statement": "x" * 2001},
        {"licence": "mine"},
        {"title": "nul\0"},
    ],
)
def test_a_field_that_does_not_fit_is_named(
    sender: APIClient, round_: Round, fields: dict[str, str]
):
    answer = sender.post(url_of(round_), {"midi": upload(), **fields})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == list(fields)


def test_a_missing_file_is_named(sender: APIClient, round_: Round):
    answer = sender.post(url_of(round_), {"title": "x"})

    assert answer.status_code == 400
    assert "midi" in answer.json()["fields"]


def test_a_closed_round_a_spent_quota_and_the_same_music_are_conflicts(
    sender: APIClient, participant: User
):
    now = timezone.now()
    over = make_round(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    open_ = make_round(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), quota=1)

    closed = sender.post(url_of(over), {"midi": upload()})
    first = sender.post(url_of(open_), {"midi": upload()})
    again = sender.post(url_of(open_), {"midi": upload()})
    spent = sender.post(url_of(open_), {"midi": upload(midi(2))})

    assert (closed.status_code, closed.json()["code"]) == (409, "round_closed")
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    assert again.json()["submission"] == first.json()["id"]
    assert (spent.status_code, spent.json()["code"]) == (409, "quota_exhausted")
    assert "resets_at" in spent.json()


class TestAnIdempotencyKey:
    """Repeating a request is safe."""

    def test_gives_the_first_answer_again(self, sender: APIClient, round_: Round):
        headers = {"Idempotency-Key": str(uuid.uuid4())}

        first = sender.post(url_of(round_), {"midi": upload()}, headers=headers)
        again = sender.post(url_of(round_), {"midi": upload()}, headers=headers)

        assert (first.status_code, again.status_code) == (202, 202)
        assert first.json()["id"] == again.json()["id"]
        assert Submission.objects.count() == 1

    def test_with_another_file_is_refused(self, sender: APIClient, round_: Round):
        headers = {"Idempotency-Key": "k"}
        sender.post(url_of(round_), {"midi": upload()}, headers=headers)

        other = sender.post(url_of(round_), {"midi": upload(midi(2))}, headers=headers)

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")

    @pytest.mark.parametrize("key", ["k" * 256, "nul\x00", "ümlaut", "tab\tbed"])
    def test_that_is_no_plain_text_is_refused(self, sender: APIClient, round_: Round, key: str):
        answer = sender.post(url_of(round_), {"midi": upload()}, headers={"Idempotency-Key": key})

        assert answer.status_code == 400


def test_the_time_of_an_upload_is_when_it_began(sender: APIClient, round_: Round):
    # The body takes long; the round closes meanwhile.
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() + timedelta(hours=1))
    began = timezone.now() + timedelta(minutes=59)
    with mock.patch("challenges.api.submissions.upload_began", return_value=began):
        answer = sender.post(url_of(round_), {"midi": upload()})

    assert answer.status_code == 202
    assert answer.json()["submitted_at"] == began.isoformat()


def test_own_submissions_are_listed_the_last_one_first(
    sender: APIClient, participant: User, round_: Round
):
    now = timezone.now()
    for seed in (1, 2, 3):
        hand_in(round_, participant, seed=seed, at=now)
    hand_in(round_, make_person(), seed=9, at=now)

    first = sender.get(url_of(round_), {"page_size": 2}).json()
    second = sender.get(first["next"]).json()

    assert [piece["number"] for piece in first["results"] + second["results"]] == [3, 2, 1]
    assert second["next"] is None


def test_withdrawing_ends_the_submission(sender: APIClient, participant: User, round_: Round):
    piece = hand_in(round_, participant, at=timezone.now())

    answer = sender.delete(f"/api/v1/submissions/{piece.pk}/")
    again = sender.delete(f"/api/v1/submissions/{piece.pk}/")

    assert (answer.json()["state"], answer.json()["final"]) == ("withdrawn", True)
    assert (again.status_code, again.json()["code"]) == (409, "not_withdrawable")


def test_a_rejected_piece_tells_why(sender: APIClient, participant: User, round_: Round):
    piece = hand_in(round_, participant, at=timezone.now())
    fail_next(
        error=BadInput("no_harmony", "There is nothing to measure."),
        fault=Fault.INPUT,
        at=timezone.now(),
    )

    body = sender.get(f"/api/v1/submissions/{piece.pk}/").json()

    assert (body["state"], body["final"]) == ("rejected", True)
    assert (body["code"], body["detail"]) == ("no_harmony", "There is nothing to measure.")


def test_a_failure_of_the_platform_keeps_its_secrets(
    sender: APIClient, participant: User, organizer: User, round_: Round
):
    piece = hand_in(round_, participant, at=timezone.now())
    Job.objects.update(max_attempts=1)
    fail_next(error=RuntimeError("/srv/secret"), fault=Fault.PLATFORM, at=timezone.now())
    url = f"/api/v1/submissions/{piece.pk}/"

    body = sender.get(url).json()
    job = sender.get(body["job"]["url"]).json()
    sender.force_authenticate(organizer)
    honest = sender.get(url).json()

    assert (body["state"], body["final"], body["code"]) == ("failed", True, "not_scored")
    assert "secret" not in str(body) + str(job)
    assert "/srv/secret" in honest["detail"]


class TestDownloading:
    """The canonical file, as an attachment."""

    def get(self, api: APIClient, piece: Submission) -> Any:
        return api.get(f"/api/v1/submissions/{piece.pk}/midi/")

    def test_sends_a_harmless_attachment(self, sender: APIClient, participant: User, round_: Round):
        piece = hand_in(round_, participant, at=timezone.now(), title='a"b\r\n<x>/ü')

        answer = self.get(sender, piece)

        assert answer["Content-Type"] == "audio/midi"
        assert answer["Content-Disposition"] == 'attachment; filename="abx.mid"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content)[:4] == b"MThd"

    def test_of_a_piece_with_all_rights_reserved_is_its_authors_only(
        self, api: APIClient, participant: User, round_: Round
    ):
        now = timezone.now()
        piece = hand_in(round_, participant, at=now, licence="all-rights-reserved")
        work(at=now)

        assert self.get(api, piece).status_code == 403
        api.force_authenticate(participant)
        answer = self.get(api, piece)
        assert answer.status_code == 200
        answer.close()

    def test_says_so_when_the_store_does_not_answer(
        self, sender: APIClient, participant: User, round_: Round
    ):
        piece = hand_in(round_, participant, at=timezone.now())
        Submission.objects.update(midi_key="midi/gone.mid")

        answer = self.get(sender, piece)

        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


def test_a_withdrawn_piece_is_hidden_from_others_even_on_a_frozen_board(
    api: APIClient, participant: User
):
    now = timezone.now()
    round_ = make_round(
        opens_at=now - timedelta(days=2),
        freeze_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    early = now - timedelta(days=1, hours=1)
    piece = hand_in(round_, participant, at=early)
    work(at=early)
    withdraw(submission=piece, now=now)

    assert api.get(f"/api/v1/submissions/{piece.pk}/").status_code == 404
    assert api.get(f"/api/v1/submissions/{piece.pk}/midi/").status_code == 404


def test_uploads_are_throttled(sender: APIClient, round_: Round):
    from rest_framework.throttling import ScopedRateThrottle

    with mock.patch.object(ScopedRateThrottle, "THROTTLE_RATES", {"submissions": "2/min"}):
        codes = [sender.post(url_of(round_), {}).status_code for _ in range(3)]
        read = sender.get(url_of(round_)).status_code

    assert codes == [400, 400, 429]
    assert read == 200
