"""Uploads over HTTP: how long one waits at 50 a second, and what becomes of 1 000 at once.

`python -m benchmarks.uploads [--rate 50] [--seconds 20] [--burst 1000]` starts the site with its
workers on this machine, on PostgreSQL and Redis where they answer and embedded otherwise, and
sends real files to it.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benchmarks.database import bench_database
from benchmarks.report import show, summary

PORT = int(os.environ.get("COUNTERPOINT_BENCH_PORT", "8189"))
PEOPLE = 50
WARM_UP = 40
ROUND = "bench"
REDIS = os.environ.get("COUNTERPOINT_BENCH_BROKER", "redis://127.0.0.1:6379/9")


def main() -> None:
    """Run the steady load, then the burst, and print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--burst", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, bench_database("uploads"):
        os.environ["COUNTERPOINT_DATA_DIR"] = folder
        os.environ["COUNTERPOINT_BROKER_URL"] = REDIS
        keys = make_round()
        with running_site():
            bodies = different_files(options.rate * options.seconds + options.burst + WARM_UP)
            send_at_once(bodies, keys, WARM_UP)
            steady = send_steadily(bodies, keys, options.rate, options.seconds)
            burst = send_at_once(bodies, keys, options.burst)
    show("uploads", {"steady": steady, "burst": burst})


def make_round() -> list[str]:
    """Make an open round without quota and its participants; return their API keys."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.services import create_person, create_token
    from challenges.services.rounds import Dates, create_challenge, create_round, publish

    now = timezone.now()
    actor = create_person(username="olga", email="o@example.org", password=None)
    challenge = create_challenge(
        actor=actor, now=now, slug=ROUND, title="Bench", brief="", quota=0, max_seconds=1800
    )
    dates = Dates(opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=1))
    draft = create_round(
        challenge=challenge, dates=dates, title="Bench", slug=ROUND, actor=actor, now=now
    )
    publish(round_=draft, actor=actor, now=now)
    return [
        create_token(
            person=create_person(username=f"p{n}", email=f"p{n}@example.org", password=None),
            name="bench",
            now=now,
        )[1]
        for n in range(PEOPLE)
    ]


@contextmanager
def running_site() -> Iterator[None]:
    """Run the site with worker and sweeper until the block ends."""
    command = [sys.executable, "manage.py", "up", "--port", str(PORT)]
    site = subprocess.Popen(command, stdout=sys.stderr)
    try:
        wait_for(lambda: get("/healthz")[0] == http.client.OK, 60)
        yield
    finally:
        site.terminate()
        site.wait(20)


def wait_for(is_so: Callable[[], bool], seconds: float) -> float:
    """Return how long it took until something was so.

    :raises TimeoutError: if it was not so in time
    """
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if is_so():
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"Waited {seconds} s in vain.")


def get(path: str) -> tuple[int, bytes]:
    """Return status and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def different_files(count: int) -> list[bytes]:
    """Return typical pieces (60 s, 4 tracks), each with other music."""
    from benchmarks.material import typical_piece

    return [typical_piece(seed).to_midi() for seed in range(count)]


def post(midi: bytes, key: str) -> tuple[int, float]:
    """Hand in a file; return the status and how long the answer took, in seconds."""
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nBench\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="midi"; filename="a.mid"\r\n'
        "Content-Type: audio/midi\r\n\r\n"
    ).encode()
    body += midi + f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Authorization": f"Token {key}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    try:
        connection.request("POST", f"/api/v1/rounds/{ROUND}/submissions/", body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - began
    except OSError:
        return 0, time.perf_counter() - began
    finally:
        connection.close()


def send_steadily(bodies: list[bytes], keys: list[str], rate: int, seconds: int) -> dict[str, Any]:
    """Send `rate` files a second, each at its appointed time whether or not others are done."""
    answers: list[tuple[int, float]] = []
    lock = threading.Lock()
    start = time.monotonic() + 0.5

    def send(number: int) -> None:
        due = start + number / rate
        time.sleep(max(due - time.monotonic(), 0))
        answer = post(bodies.pop(), keys[number % len(keys)])
        with lock:
            answers.append(answer)

    with ThreadPoolExecutor(max_workers=rate) as pool:
        list(pool.map(send, range(rate * seconds)))
    return {
        "rate_per_s": rate,
        **summary(duration for _, duration in answers),
        "statuses": Counter(status for status, _ in answers),
        "all_scored_after_s": round(wait_for(all_scored, 600), 2),
        **scored(),
    }


def send_at_once(bodies: list[bytes], keys: list[str], count: int) -> dict[str, Any]:
    """Send `count` files as fast as 64 senders can, and wait until all of them are scored."""
    before = scored()["scored"]
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=64) as pool:
        answers = list(pool.map(lambda n: post(bodies.pop(), keys[n % len(keys)]), range(count)))
    sent = time.monotonic() - began
    backlog = wait_for(all_scored, 600)
    return {
        "sent": count,
        **summary(duration for _, duration in answers),
        "statuses": Counter(status for status, _ in answers),
        "accepting_took_s": round(sent, 2),
        "backlog_took_s": round(backlog, 2),
        "scored": scored()["scored"] - before,
    }


def all_scored() -> bool:
    """Tell whether no job is open any more."""
    from django.db import connection

    from jobs.models import Job

    connection.close()
    return not Job.objects.open().exists()


def scored() -> dict[str, int]:
    """Return how many submissions there are and how many of them have a score."""
    from challenges.models import Score, Submission

    return {"submissions": Submission.objects.count(), "scored": Score.objects.count()}


if __name__ == "__main__":
    main()
