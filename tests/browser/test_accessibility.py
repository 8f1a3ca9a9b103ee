"""Every type of page: what axe finds, and whether it fits a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from challenges.models.entry import Eligibility
from challenges.services.reviewing import judge_eligibility
from tests.axe import RULES, faults_of
from tests.pages import open_round, score_everything
from tests.rounds import hand_in, make_round, scored


@pytest.fixture
def pages(round_, participant, organizer):
    """The address of each type of page, as `participant` sees them."""
    now = timezone.now()
    [other_piece, *_] = scored(round_, *range(400, 452), at=now)
    past = make_round(opens_at=now - timedelta(days=40), closes_at=now + timedelta(days=2))
    for other, seed in ((past, 1), (round_, 2)):
        hand_in(other, participant, seed=seed, title="A rather long title for a small page", at=now)
    score_everything()
    waiting = hand_in(round_, participant, seed=3, at=now)
    done = participant.entries.get(round=round_).submissions.first()
    judged = hand_in(open_round(freeze_at=now - timedelta(days=1)), participant, at=now)
    judge_eligibility(
        submission=judged,
        decision=Eligibility.DISQUALIFIED,
        reason="Not a canon.",
        actor=organizer,
        now=now,
    )
    rounds = f"/rounds/{round_.slug}"
    return {
        "landing": "/",
        "rounds": "/rounds/",
        "round": f"{rounds}/",
        "board": f"{rounds}/leaderboard/",
        "search without result": f"{rounds}/leaderboard/?search=nobody",
        "empty frozen board": f"/rounds/{judged.round.slug}/leaderboard/",
        "submit": f"{rounds}/submit/",
        "own entry": f"/entries/{done.entry_id}/",
        "another's entry": f"/entries/{other_piece.entry_id}/",
        "waiting": f"/submissions/{waiting.pk}/",
        "disqualified": f"/submissions/{judged.pk}/",
        "withdraw": f"/submissions/{done.pk}/withdraw/",
        "appeal": f"/submissions/{judged.pk}/appeal/",
        "not found": "/rounds/there-is-no-such-round/",
        "profile": f"/people/{participant.username}/",
    }


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_every_page_is_accessible_and_fits(
    live_server, page, pages, participant, sign_in, complaints, theme, width
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(participant)

    faults = faults_of(page, live_server.url, pages)

    assert not faults
    assert [complaint for complaint in complaints if "404" not in complaint] == []


def test_a_refused_form_is_accessible(live_server, page, round_, participant, sign_in):
    sign_in(participant)
    page.goto(f"{live_server.url}/rounds/{round_.slug}/submit/")
    page.set_input_files(
        "input[type=file]", {"name": "a.mid", "mimeType": "audio/midi", "buffer": b"GIF89a"}
    )
    page.get_by_label("Title").fill("Kept")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Nothing was handed in yet").wait_for()

    found = Axe().run(page, options=RULES)

    assert not [violation["id"] for violation in found.response["violations"]]
    assert page.get_by_label("Title").input_value() == "Kept"
