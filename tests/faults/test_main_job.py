"""The main job on real processes: the demo's round, and uploads while things are killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.services import create_token
from benchmarks.material import typical_piece
from challenges.models import BoardRow, Round, Score, Submission
from challenges.models.entry import QuotaState
from jobs.models import Job
from tests.factories import make_person
from tests.faults.running import ROOT, Running, wait_until, wipe_broker
from tests.rounds import make_round

pytestmark = pytest.mark.faults

PIECES = 24


def test_the_demo_ranks_real_pieces_first_and_gives_each_refusal_a_reason() -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    ranked = [entry["title"] for entry in result["entries"]]
    real = [title for title in ranked if title.startswith("Chorale BWV")]
    assert len(real) == 8
    assert ranked[:8] == real
    assert [entry["rank"] for entry in result["entries"]] == sorted(
        entry["rank"] for entry in result["entries"]
    )
    refused = {refusal["title"]: refusal["code"] for refusal in result["refused"]}
    assert refused["Silence"] == "no_notes"
    assert refused["Cut in the middle"] == "truncated"
    assert refused["A picture named .mid"] == "not_midi"
    assert refused["An empty file"] == "empty_file"
    assert [code for title, code in refused.items() if "copied" in title] == ["under_review"]
    assert result["jobs"]["failed"] == 0


@dataclass(frozen=True)
class Site:
    """The whole site on this test's database, with a key to its API."""

    process: subprocess.Popen[bytes]
    port: int
    key: str
    round: Round

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                method, path, body, {"Authorization": f"Token {self.key}", **headers}
            )
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def upload(self, midi: bytes) -> str:
        """Hand in a file and return the address that says how it fares."""
        boundary = uuid.uuid4().hex
        disposition = 'form-data; name="midi"; filename="a.mid"'
        body = b"".join(
            (
                f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode(),
                midi,
                f"\r\n--{boundary}--\r\n".encode(),
            )
        )
        status, headers, answer = self.ask(
            "POST",
            f"/api/v1/rounds/{self.round.slug}/submissions/",
            body,
            **{"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        assert status == 202, answer
        return headers["Location"].removeprefix(f"http://127.0.0.1:{self.port}")

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False


@pytest.fixture
def site(running: Running, tmp_path: Path) -> Iterator[Site]:
    now = timezone.now()
    round_ = make_round(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), quota=0
    )
    _, key = create_token(person=make_person(), name="test", now=now)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = running.start("django", "up", "--port", str(port), "--workers", "2")
    site = Site(process, port, key, round_)
    wait_until(site.answers, "the site answers")
    yield site
    process.terminate()
    process.wait(10)


def test_no_upload_is_lost_or_scored_twice_while_workers_die_and_rings_vanish(site: Site) -> None:
    addresses = []
    for number in range(PIECES):
        addresses.append(site.upload(typical_piece(number).to_midi()))
        if number % 8 == 3:
            kill_a_worker()
        if number % 8 == 6:
            wipe_broker()

    scoring = Job.objects.filter(kind="score")
    wait_until(lambda: not scoring.open().exists(), "every score is there", 60)

    for address in addresses:
        answer = json.loads(site.ask("GET", address)[2])
        assert (answer["state"], answer["final"]) == ("scored", True)
    assert Submission.objects.count() == Score.objects.count() == PIECES
    assert set(Submission.objects.values_list("quota_use__state", flat=True)) == {QuotaState.SPENT}
    row = BoardRow.objects.get(board=site.round.live_board)
    assert row.tenths == max(Score.objects.values_list("tenths", flat=True))


def kill_a_worker() -> None:
    """Kill the process that holds a lease at this moment, if one does."""
    job = Job.objects.leased().first()
    if job is None:
        return
    try:
        os.kill(int(job.worker.rpartition("/")[2].partition(".")[0]), signal.SIGKILL)
    except ProcessLookupError:
        return


def test_an_upload_is_taken_and_scored_although_the_broker_is_away(site: Site) -> None:
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        rings = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        moved = rings.with_name("moved")
        rings.rename(moved)
        rings.write_text("in the way")
        address = site.upload(typical_piece(1).to_midi())
        rings.unlink()
        moved.rename(rings)
    else:
        address = site.upload(typical_piece(1).to_midi())
        wipe_broker()

    wait_until(
        lambda: json.loads(site.ask("GET", address)[2])["state"] == "scored",
        "the piece is scored",
        30,
    )
