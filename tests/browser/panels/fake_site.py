"""A site for the panels' page: its built files under a strict policy, and an API in memory.

Techniques are the real ones, music is written and edited by the real code, and answers have the
shapes of `docs/openapi.yaml`; only time and failures are the tests' to decide.
"""

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ml.music import Notes, Song, Track, read_midi
from ml.techniques import EditedNote, EditEvent
from ml.techniques import replay as replay_events
from studio.api.techniques import TechniqueOutput
from studio.selectors.techniques import techniques

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'"
)
STEP = 480
PARTS = {
    "music": {"value": 71.0, "weight": 0.6, "reasons": ["Two bars repeat each other."]},
    "originality": {"value": 100.0, "weight": 0.3, "reasons": []},
    "fit": {"value": 100.0, "weight": 0.1, "reasons": []},
}

Json = dict[str, Any]


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, status: int, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.status, self.body = status, {"code": code, "detail": detail, **extra}


@dataclass
class Piece:
    """A composition with all its states."""

    id: str
    title: str
    states: list[bytes]
    made_by: str | None = None
    attributions: list[Json] = field(default_factory=list)
    settings: Json = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The number of the present state."""
        return len(self.states)

    def row(self, site: "FakeSite") -> Json:
        """Return the composition as the API tells it."""
        song = read_midi(self.states[-1])
        return {
            "id": self.id,
            "title": self.title,
            "version": self.version,
            "sha256": sha256(self.states[-1]).hexdigest(),
            "midi": f"/api/v1/compositions/{self.id}/midi/",
            "seconds": song.duration_seconds,
            "notes": song.n_notes,
            "tracks": len(song.tracks),
            "created_at": "2026-11-14T12:00:00+00:00",
            "lineage": site.lineage_of(self),
            "statement": site.statement_of(self),
            "attributions": self.attributions,
            "settings": self.settings,
        }


@dataclass
class Run:
    """A generation."""

    id: str
    piece: Piece
    version: int
    wish: Json
    state: str = "waiting"
    progress: float = 0.0
    message: str = ""
    position: int | None = 2
    events: list[EditEvent] = field(default_factory=list)
    result: Piece | None = None
    detail: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def seed(self) -> int:
        """The seed that was asked for, or one of the site's."""
        return 20_261_114 if self.wish["seed"] is None else int(self.wish["seed"])

    def row(self) -> Json:
        """Return the generation as the API tells it."""
        final = self.state in {"succeeded", "failed", "cancelled"}
        job = {
            "state": {"waiting": "ready", "running": "leased"}.get(self.state, self.state),
            "position": self.position if self.state == "waiting" else None,
            "age": 3.0,
            "attempt": 0 if self.state == "waiting" else 1,
            "max_attempts": 3,
            "progress": self.progress,
            "message": self.message,
            "eta": None if final else 12.0,
        }
        return {
            "id": self.id,
            "url": f"/api/v1/generations/{self.id}/",
            "input": self.piece.id,
            "input_sha256": sha256(self.piece.states[self.version - 1]).hexdigest(),
            "input_version": self.version,
            "technique": self.wish["technique"],
            "model": self.wish["model"] or MODELS[self.wish["technique"]],
            "parameters": self.wish["parameters"],
            "seed": self.seed,
            "state": self.state,
            "final": final,
            "job": job,
            "code": "too_short" if self.state == "failed" else None,
            "detail": self.detail,
            "result": self._result() if self.state == "succeeded" else None,
            "created_at": self.created.isoformat(),
        }

    def _result(self) -> Json:
        assert self.result is not None
        before = read_midi(self.piece.states[self.version - 1])
        after = read_midi(self.result.states[0])
        kinds = [event.kind for event in self.events]
        added = kinds.count("add") if kinds else after.n_notes - before.n_notes
        return {
            "composition": self.result.id,
            "midi": f"/api/v1/generations/{self.id}/midi/",
            "notes_in": before.n_notes,
            "notes_out": after.n_notes,
            "added": added,
            "removed": kinds.count("remove"),
            "events": len(self.events),
            "events_url": f"/api/v1/generations/{self.id}/events/",
            "seconds": 1.25,
        }


MODELS = {"accompany": "gan-chorale", "edit": "ar-cnn", "extend": "transformer"}


def bass_under(song: Song) -> Song:
    """Return the song with a bass track, as a GAN adds one."""
    starts = list(range(0, song.end_tick, 2 * STEP))
    notes = Notes.tidy([43] * len(starts), starts, [2 * STEP] * len(starts), [80] * len(starts))
    return replace(song, tracks=(*song.tracks, Track("Bass", 32, False, notes)))


def edits_of(song: Song) -> list[EditEvent]:
    """Return four edits of the first track: a note removed, two added, and one moved."""
    notes = song.tracks[0].notes
    first, second = (
        EditedNote(int(notes.start[n]), int(notes.pitch[n]), int(notes.duration[n]), 80)
        for n in (0, 1)
    )
    third = EditedNote(0, 67, STEP, 80)
    bass = EditedNote(STEP, 50, STEP, 80)
    return [
        EditEvent("remove", 0, first, None, 2.1, 1),
        EditEvent("add", 0, None, third, 3.4, 2),
        EditEvent("add", 0, None, bass, 0.4, 3),
        EditEvent("move", 0, second, replace(second, pitch=second.pitch + 1), -0.7, 4),
    ]


def model_row(name: str, technique: str, **about: Any) -> Json:
    """Return a model as the API tells it; by itself one of the site's own."""
    row = {"name": name, "title": name, "technique": technique, "available": True, "detail": None}
    return row | {"own": False, "mine": False, "fixed": {}} | about


class FakeSite:
    """Everything that the API would know; tests read and change it between requests."""

    def __init__(self) -> None:
        self.pieces: dict[str, Piece] = {}
        self.runs: dict[str, Run] = {}
        self.keys: dict[str, Json] = {}
        self.submissions: dict[str, Json] = {}
        self.estimates: dict[str, Json] = {}
        self.requests: list[tuple[str, str]] = []
        self.refusals: dict[tuple[str, str], Refused] = {}
        self.unavailable: dict[str, str] = {}
        self.own_models: list[Json] = []
        self.rounds = [round_row("canon", "Canon at the octave", days=9)]
        self.quota_left = 3
        self.quota_resets: str | None = None

    # What tests do

    def compose(self, title: str, *, pitches: Iterator[int] | range = range(60, 68)) -> Piece:
        """Keep a melody of quarter notes."""
        pitch = list(pitches)
        starts = [STEP * n for n in range(len(pitch))]
        notes = Notes.tidy(pitch, starts, [STEP] * len(pitch), [80] * len(pitch))
        return self._keep(title, Song((Track("Melody", 0, False, notes),)).to_midi())

    def generate(self, piece: Piece, technique: str, *, seed: int = 7, **parameters: Any) -> Run:
        """Have a generation asked for, as if in an earlier visit."""
        wish = {"technique": technique, "parameters": parameters, "seed": seed, "model": None}
        return self._run(piece, wish)

    def work(self, run: Run, progress: float, message: str) -> None:
        """Have a worker get so far."""
        run.state, run.progress, run.message = "running", progress, message

    def finish(self, run: Run) -> Piece:
        """Have a worker finish."""
        song = read_midi(run.piece.states[run.version - 1])
        if run.wish["technique"] == "edit":
            run.events = edits_of(song)
            made = replay_events(song, run.events)
        else:
            made = bass_under(song)
        run.result = self._keep(f"{run.piece.title}, worked on", made.to_midi(), made_by=run.id)
        run.state, run.progress = "succeeded", 1.0
        return run.result

    def fail(self, run: Run, detail: str) -> None:
        """Have a generation fail for its input."""
        run.state, run.detail = "failed", detail

    def score(self, total: float = 82.6) -> None:
        """Have everything scored that waits for it."""
        advice = {"title": "Range", "advice": "Let the melody climb a little higher."}
        for row in self.estimates.values():
            row["explanation"] = {"suggestions": [advice]}
        for row in [*self.submissions.values(), *self.estimates.values()]:
            row |= {"state": "scored", "final": True, "score": total, "parts": PARTS, "job": None}

    def refuse(self, method: str, ending: str, refusal: Refused) -> None:
        """Say no to requests whose path ends like this, until `forgive`."""
        self.refusals[method, ending] = refusal

    def forgive(self) -> None:
        """Say no no more."""
        self.refusals.clear()

    def asked(self, method: str, ending: str) -> int:
        """Return how often this was asked."""
        return sum(1 for m, path in self.requests if m == method and path.endswith(ending))

    # What the API does

    def lineage_of(self, piece: Piece) -> list[Json]:
        """Return the generations that led to a piece, the first one first."""
        if piece.made_by is None:
            return []
        run = self.runs[piece.made_by]
        row = run.row()
        step = {name: row[name] for name in ("input", "technique", "model", "parameters", "seed")}
        return [*self.lineage_of(run.piece), {**step, "generation": run.id}]

    def statement_of(self, piece: Piece) -> str:
        """Return how a piece was made, in a sentence."""
        steps = self.lineage_of(piece)
        return f"Made with {steps[-1]['model']}, seed {steps[-1]['seed']}." if steps else ""

    def answer(self, method: str, path: str, body: bytes, headers: Any) -> tuple[int, Any]:
        """Return the status and JSON value, or bytes, for one request."""
        self.requests.append((method, path))
        for (refused, ending), refusal in self.refusals.items():
            if method == refused and path.endswith(ending):
                raise refusal
        for wanted, pattern, handle in ROUTES:
            match = re.fullmatch(f"/api/v1/{pattern}", path)
            if method == wanted and match:
                return handle(self, *match.groups(), body=body, headers=headers)
        raise Refused(404, "not_found", "There is nothing at this address.")

    def _keep(self, title: str, midi: bytes, made_by: str | None = None) -> Piece:
        piece = Piece(str(uuid.uuid4()), title, [midi], made_by)
        self.pieces[piece.id] = piece
        return piece

    def _run(self, piece: Piece, wish: Json) -> Run:
        run = Run(str(uuid.uuid4()), piece, piece.version, wish)
        self.runs[run.id] = run
        return run

    def _piece(self, pk: str) -> Piece:
        if pk not in self.pieces:
            raise Refused(404, "not_found", "There is nothing at this address.")
        return self.pieces[pk]

    def once(self, headers: Any, make: Callable[[], Json]) -> Json:
        """Answer a repeated key as before."""
        key = headers["Idempotency-Key"]
        if key not in self.keys:
            self.keys[key] = make()
        return self.keys[key]

    def create(self, *, body: bytes, headers: Any) -> tuple[int, Any]:
        form = form_of(body, headers)
        piece = self._keep(form["title"].decode(), form["midi"])
        return 201, piece.row(self)

    def read(self, pk: str, **_: Any) -> tuple[int, Any]:
        return 200, self._piece(pk).row(self)

    def change(self, pk: str, *, body: bytes, **_: Any) -> tuple[int, Any]:
        piece, sent = self._piece(pk), json.loads(body)
        piece.title = sent.get("title", piece.title)
        piece.settings = sent.get("settings", piece.settings)
        return 200, piece.row(self)

    def midi(self, pk: str, **_: Any) -> tuple[int, Any]:
        return 200, self._piece(pk).states[-1]

    def save(self, pk: str, *, body: bytes, **_: Any) -> tuple[int, Any]:
        piece = self._piece(pk)
        midi = read_midi(body).to_midi()
        if midi != piece.states[-1]:
            piece.states.append(midi)
        return 200, piece.row(self)

    def versions(self, pk: str, **_: Any) -> tuple[int, Any]:
        piece = self._piece(pk)
        rows = []
        for number, state in enumerate(piece.states, start=1):
            song = read_midi(state)
            rows.append(
                {
                    "number": number,
                    "current": number == piece.version,
                    "seconds": song.duration_seconds,
                    "notes": song.n_notes,
                    "tracks": len(song.tracks),
                    "created_at": "2026-11-14T12:00:00+00:00",
                }
            )
        return 200, rows[::-1]

    def version_midi(self, pk: str, number: str, **_: Any) -> tuple[int, Any]:
        states = self._piece(pk).states
        if not 0 < int(number) <= len(states):
            raise Refused(404, "not_found", "There is nothing at this address.")
        return 200, states[int(number) - 1]

    def runs_of(self, pk: str, **_: Any) -> tuple[int, Any]:
        rows = [run.row() for run in self.runs.values() if run.piece.id == pk]
        return 200, {"results": rows[::-1], "next": None, "previous": None}

    def ask(self, pk: str, *, body: bytes, headers: Any) -> tuple[int, Any]:
        piece = self._piece(pk)
        wish = json.loads(body)
        if wish["parameters"].get("creative_risk", 1) > 6:
            wrong = {"parameters": {"creative_risk": ["Creative risk is a number from 0.5 to 6."]}}
            raise Refused(400, "invalid", "Some fields need another value.", fields=wrong)
        return 202, self.once(headers, lambda: self._run(piece, wish).row())

    def run(self, pk: str, **_: Any) -> tuple[int, Any]:
        if pk not in self.runs:
            raise Refused(404, "not_found", "There is nothing at this address.")
        return 200, self.runs[pk].row()

    def cancel(self, pk: str, **_: Any) -> tuple[int, Any]:
        self.runs[pk].state = "cancelled"
        return 202, self.runs[pk].row()

    def events(self, pk: str, **_: Any) -> tuple[int, Any]:
        return 200, [event.as_dict() for event in self.runs[pk].events]

    def run_midi(self, pk: str, **_: Any) -> tuple[int, Any]:
        result = self.runs[pk].result
        assert result is not None
        return 200, result.states[0]

    def techniques(self, **_: Any) -> tuple[int, Any]:
        views = [replace(v, unavailable=self.unavailable.get(v.name, "")) for v in techniques()]
        return 200, [TechniqueOutput(view).data for view in views]

    def models(self, **_: Any) -> tuple[int, Any]:
        rows = [model_row(name, view.name) for view in techniques() for name in view.models]
        return 200, rows + self.own_models

    def list_rounds(self, phase: str, **_: Any) -> tuple[int, Any]:
        rows = [row for row in self.rounds if row["phase"] == phase]
        return 200, {"results": rows, "next": None, "previous": None}

    def round(self, slug: str, **_: Any) -> tuple[int, Any]:
        row = next(row for row in self.rounds if row["slug"] == slug)
        used = 5 - self.quota_left
        quota = {"limit": 5, "period": "round", "used": used, "left": self.quota_left}
        return 200, {**row, "quota": {**quota, "resets_at": self.quota_resets}}

    def check(self, slug: str, *, body: bytes, **_: Any) -> tuple[int, Any]:
        piece = self._piece(json.loads(body)["composition"])
        seconds = read_midi(piece.states[-1]).duration_seconds
        short = "" if seconds >= 3 else f"Too short: yours has 0:{seconds:02.0f}."
        length = {"name": "length", "rule": "Your piece lasts 0:03 to 2:00.", "reason": short}
        tracks = {"name": "tracks", "rule": "It has 1 to 4 tracks.", "reason": ""}
        checks = [{**check, "kept": not check["reason"]} for check in (length, tracks)]
        return 200, {"round": slug, "kept": not short, "refused": bool(short), "checks": checks}

    def estimate(self, slug: str, **_: Any) -> tuple[int, Any]:
        row = {**waiting_row(), "id": str(uuid.uuid4())}
        self.estimates[row["id"]] = row
        return 202, row

    def read_estimate(self, pk: str, **_: Any) -> tuple[int, Any]:
        return 200, self.estimates[pk]

    def submit(self, slug: str, *, body: bytes, headers: Any) -> tuple[int, Any]:
        form = {name: value.decode() for name, value in form_of(body, headers).items()}

        def make() -> Json:
            row = {**waiting_row(), "id": str(uuid.uuid4()), "entry": str(uuid.uuid4()), **form}
            self.submissions[row["id"]] = row
            self.quota_left -= 1
            return row

        return 202, self.once(headers, make)

    def read_submission(self, pk: str, **_: Any) -> tuple[int, Any]:
        return 200, self.submissions[pk]


ID = "([0-9a-f-]{36})"
ROUTES: list[tuple[str, str, Callable[..., tuple[int, Any]]]] = [
    ("POST", "compositions/", FakeSite.create),
    ("GET", f"compositions/{ID}/", FakeSite.read),
    ("PATCH", f"compositions/{ID}/", FakeSite.change),
    ("GET", f"compositions/{ID}/midi/", FakeSite.midi),
    ("PUT", f"compositions/{ID}/midi/", FakeSite.save),
    ("GET", f"compositions/{ID}/versions/", FakeSite.versions),
    ("GET", f"compositions/{ID}/versions/(\\d+)/midi/", FakeSite.version_midi),
    ("GET", f"compositions/{ID}/generations/", FakeSite.runs_of),
    ("POST", f"compositions/{ID}/generations/", FakeSite.ask),
    ("GET", f"generations/{ID}/", FakeSite.run),
    ("DELETE", f"generations/{ID}/", FakeSite.cancel),
    ("GET", f"generations/{ID}/events/", FakeSite.events),
    ("GET", f"generations/{ID}/midi/", FakeSite.run_midi),
    ("GET", "techniques/", FakeSite.techniques),
    ("GET", "models/", FakeSite.models),
    ("GET", r"rounds/\?phase=(\w+)", FakeSite.list_rounds),
    ("GET", "rounds/([a-z-]+)/", FakeSite.round),
    ("POST", "rounds/([a-z-]+)/checks/", FakeSite.check),
    ("POST", "rounds/([a-z-]+)/estimates/", FakeSite.estimate),
    ("GET", f"estimates/{ID}/", FakeSite.read_estimate),
    ("POST", "rounds/([a-z-]+)/submissions/", FakeSite.submit),
    ("GET", f"submissions/{ID}/", FakeSite.read_submission),
]


def round_row(slug: str, title: str, *, days: int) -> Json:
    """Return an open round that closes in so many days."""
    return {
        "slug": slug,
        "title": title,
        "phase": "open",
        "paused": False,
        "zone": "Europe/Paris",
        "closes_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
    }


def waiting_row() -> Json:
    """Return what an estimate and a submission say while they wait."""
    job = {"state": "ready", "position": 1, "age": 1.0, "attempt": 0, "max_attempts": 3}
    return {
        "state": "waiting",
        "final": False,
        "score": None,
        "parts": None,
        "explanation": None,
        "code": None,
        "detail": None,
        "job": {**job, "progress": 0.0, "message": "", "eta": 4.0},
    }


def form_of(body: bytes, headers: Any) -> dict[str, bytes]:
    """Return the fields of a multipart form."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    found = {}
    for part in message_from_bytes(head + body).walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            found[name] = part.get_payload(decode=True)
    return found


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder and a site's API, without a line in the log for each request."""

    def __init__(self, *args: Any, sites: list[FakeSite], **kwargs: Any) -> None:
        self.sites = sites
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self._api()
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._api()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names are the server's

    def _api(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, data = self.sites[-1].answer(self.command, self.path, body, self.headers)
        except Refused as refusal:
            status, data = refusal.status, refusal.body
        is_file = isinstance(data, bytes)
        content = data if is_file else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "audio/midi" if is_file else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(folder: Path, sites: list[FakeSite]) -> Iterator[str]:
    """Serve the folder and the last of the sites; give the address."""
    handler = partial(Handler, directory=str(folder), sites=sites)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
