"""Exactly who may do what by the API: one row per operation, one column per kind of person."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from challenges.api.urls import urlpatterns
from challenges.models import Estimate, Round, ScoringRevision, Submission
from challenges.models.challenge import Counting
from challenges.services.estimating import Sketch, request_estimate
from challenges.services.revisions import start_revision
from jobs.models import Job
from tests.factories import make_person
from tests.rounds import hand_in, make_round, midi, work

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", "owner", "other", "judge", "organizer")
ALL = dict.fromkeys(PEOPLE, 200)
ORGANIZERS = {"anonymous": 401, "owner": 403, "other": 403, "judge": 403, "organizer": 200}


@dataclass
class Scene:
    """A running round: one scored piece on the board, one waiting, a draft round, a revision."""

    people: dict[str, User | None]
    round: Round
    draft: Round
    scored: Submission
    waiting: Submission
    job: Job
    revision: ScoringRevision
    estimate: Estimate


@pytest.fixture
def scene() -> Scene:
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=3), "closes_at": now + timedelta(days=3)}
    people = {
        "anonymous": None,
        "owner": make_person(username="owner"),
        "other": make_person(),
        "judge": make_person(is_judge=True),
        "organizer": make_person(is_organizer=True),
    }
    round_ = make_round(**dates, counting=Counting.PICKED, slug="theme")
    scored = hand_in(round_, people["owner"], seed=1, at=now)
    work(at=now)
    waiting = hand_in(round_, people["owner"], seed=2, at=now)
    revision = start_revision(
        round_=round_,
        actor=people["organizer"],
        reason="Fairer.",
        now=now,
        scoring_rule="sum",
        scoring_config={},
        style="",
    )
    return Scene(
        people=people,
        round=round_,
        draft=make_round(**dates, published=False),
        scored=scored,
        waiting=waiting,
        job=Job.objects.get(subject=waiting.subject),
        revision=revision,
        estimate=request_estimate(
            round_=round_, holder=people["owner"], sketch=Sketch.read(midi(9)), now=now
        ),
    )


def upload() -> dict[str, Any]:
    return {"midi": SimpleUploadedFile("new.mid", midi(7))}


def music() -> bytes:
    return midi(8)


DATES = {"opens_at": "2031-01-01T00:00", "closes_at": "2031-02-01T00:00"}
OWNER_SEES = {"anonymous": 404, "owner": 200, "other": 404, "judge": 404, "organizer": 200}
OWNER_ONLY = {"anonymous": 401, "owner": 200, "other": 403, "judge": 403, "organizer": 403}
SIGNED_IN = {"anonymous": 401, "owner": 200, "other": 200, "judge": 200, "organizer": 200}

# method, address, body, who gets which status (200 stands for any success), name of the pattern
RULES: list[tuple[str, str, Any, dict[str, int], str]] = [
    ("get", "rounds/", None, ALL, "round-collection"),
    (
        "post",
        "rounds/",
        {"challenge": "theme", "title": "New", **DATES},
        ORGANIZERS,
        "round-collection",
    ),
    ("get", "rounds/{s.round.slug}/", None, ALL, "round"),
    ("get", "rounds/{s.draft.slug}/", None, OWNER_SEES | {"owner": 404}, "round"),
    ("get", "rounds/{s.round.slug}/leaderboard/", None, ALL, "leaderboard"),
    (
        "get",
        "rounds/{s.draft.slug}/leaderboard/",
        None,
        OWNER_SEES | {"owner": 404},
        "leaderboard",
    ),
    ("get", "rounds/{s.round.slug}/submissions/", None, SIGNED_IN, "submission-collection"),
    ("post", "rounds/{s.round.slug}/submissions/", upload, SIGNED_IN, "submission-collection"),
    ("get", "rounds/{s.round.slug}/decisions/", None, ORGANIZERS, "round-decisions"),
    (
        "post",
        "rounds/{s.round.slug}/decisions/",
        {"decision": "pause", "reason": "A fault."},
        ORGANIZERS,
        "round-decisions",
    ),
    ("get", "rounds/{s.round.slug}/revisions/", None, ORGANIZERS, "revision-collection"),
    (
        "post",
        "rounds/{s.draft.slug}/revisions/",
        {"reason": "Fairer."},
        ORGANIZERS | {"organizer": 409},  # a draft has nothing to score
        "revision-collection",
    ),
    ("get", "revisions/{s.revision.pk}/", None, ORGANIZERS, "revision"),
    (
        "post",
        "revisions/{s.revision.pk}/decisions/",
        {"decision": "cancel"},
        ORGANIZERS,
        "revision-decisions",
    ),
    ("get", "submissions/{s.scored.pk}/", None, ALL, "submission"),
    ("get", "submissions/{s.waiting.pk}/", None, OWNER_SEES, "submission"),
    ("delete", "submissions/{s.scored.pk}/", None, OWNER_ONLY, "submission"),
    (
        "delete",
        "submissions/{s.waiting.pk}/",
        None,
        {"anonymous": 401, "owner": 200, "other": 404, "judge": 404, "organizer": 403},
        "submission",
    ),
    ("get", "submissions/{s.scored.pk}/midi/", None, ALL, "submission-midi"),
    ("get", "submissions/{s.waiting.pk}/midi/", None, OWNER_SEES, "submission-midi"),
    ("get", "submissions/{s.scored.pk}/audio/", None, ALL, "submission-audio"),
    ("get", "submissions/{s.waiting.pk}/audio/", None, OWNER_SEES, "submission-audio"),
    ("get", "submissions/{s.scored.pk}/audio/mp3/", None, ALL, "submission-mp3"),
    ("get", "submissions/{s.waiting.pk}/audio/mp3/", None, OWNER_SEES, "submission-mp3"),
    ("get", "submissions/{s.scored.pk}/audio/wav/", None, ALL, "submission-wav"),
    ("get", "submissions/{s.waiting.pk}/audio/wav/", None, OWNER_SEES, "submission-wav"),
    (
        "post",
        "submissions/{s.scored.pk}/appeals/",
        {"statement": "It is mine."},
        OWNER_ONLY | {"owner": 409},  # nothing to appeal against
        "appeals",
    ),
    (
        "post",
        "submissions/{s.scored.pk}/decisions/",
        {"decision": "disqualified", "reason": "A copy."},
        ORGANIZERS,
        "submission-decisions",
    ),
    ("get", "entries/", None, ALL, "entry-collection"),
    ("get", "entries/{s.scored.entry_id}/", None, ALL, "entry"),
    ("patch", "entries/{s.scored.entry_id}/", "{s.scored.pk}", OWNER_ONLY, "entry"),
    (
        "post",
        "entries/{s.scored.entry_id}/listens/",
        lambda: {"seconds": "20"},
        ALL,
        "listens",
    ),
    ("post", "entries/{s.scored.entry_id}/remixes/", None, ALL, "entry-remixes"),
    ("post", "rounds/{s.round.slug}/checks/", music, ALL, "round-checks"),
    (
        "post",
        "rounds/{s.draft.slug}/checks/",
        music,
        OWNER_SEES | {"owner": 404},
        "round-checks",
    ),
    ("post", "rounds/{s.round.slug}/estimates/", music, ALL, "estimate-collection"),
    (
        "post",
        "rounds/{s.draft.slug}/estimates/",
        music,
        OWNER_SEES | {"owner": 404},
        "estimate-collection",
    ),
    (
        "get",
        "estimates/{s.estimate.pk}/",
        None,
        OWNER_SEES | {"organizer": 404},
        "estimate",
    ),
    ("get", "people/owner/", None, ALL, "person"),
    ("get", "jobs/{s.job.pk}/", None, OWNER_SEES | {"anonymous": 401}, "job"),
    ("delete", "jobs/{s.job.pk}/", None, OWNER_SEES | {"anonymous": 401}, "job"),
    (
        "post",
        "jobs/{s.job.pk}/attempts/",
        None,
        ORGANIZERS | {"organizer": 409},  # it has not failed
        "job-attempts",
    ),
    ("get", "challenges/", None, ORGANIZERS, "challenge-collection"),
    (
        "post",
        "challenges/",
        {"slug": "new", "title": "New", "brief": "Make."},
        ORGANIZERS,
        "challenge-collection",
    ),
    ("get", "challenges/theme/", None, ORGANIZERS, "challenge"),
    ("patch", "challenges/theme/", {"title": "Changed"}, ORGANIZERS, "challenge"),
]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    ("method", "path", "body", "statuses", "name"),
    RULES,
    ids=[f"{rule[0]} {rule[1]}" for rule in RULES],
)
def test_everybody_may_do_exactly_this(
    scene: Scene,
    person: str,
    method: str,
    path: str,
    body: Any,
    statuses: dict[str, int],
    name: str,
):
    client = APIClient()
    client.force_authenticate(scene.people[person])
    data = body() if callable(body) else body
    if isinstance(body, str):
        data = {"picked": body.format(s=scene)}
    shape = {"format": "multipart" if callable(body) else "json"}
    if isinstance(data, bytes):
        shape = {"content_type": "audio/midi"}

    answer = getattr(client, method)(f"/api/v1/{path.format(s=scene)}", data, **shape)
    answer.close()

    success = answer.status_code < 300
    assert (200 if success else answer.status_code) == statuses[person]


def test_every_operation_of_the_api_has_a_rule_here():
    asked = {(name, method) for method, _, _, _, name in RULES}
    offered = {
        (pattern.name.removeprefix("api-"), method)
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern)
        for method in ("get", "post", "patch", "put", "delete")
        if hasattr(pattern.callback.view_class, method)
    }
    assert offered == asked


def test_what_is_not_public_yet_cannot_be_remixed_even_by_its_participant(scene: Scene):
    entry = hand_in(scene.round, make_person(), seed=3, at=timezone.now()).entry
    for person in (None, entry.participant, scene.people["organizer"]):
        client = APIClient()
        client.force_authenticate(person)

        assert client.post(f"/api/v1/entries/{entry.pk}/remixes/").status_code == 404


@pytest.mark.parametrize("person", ["anonymous", "other"])
def test_what_is_one_persons_own_stays_hidden(scene: Scene, person: str):
    client = APIClient()
    client.force_authenticate(scene.people[person])

    entry = client.get(f"/api/v1/entries/{scene.scored.entry_id}/").json()
    round_ = client.get(f"/api/v1/rounds/{scene.round.slug}/").json()

    assert [piece["id"] for piece in entry["submissions"]] == [str(scene.scored.pk)]
    assert entry["picked"] is None
    assert round_["quota"]["used"] in (None, 0)
