from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from challenges.phases import LABELS, Instants, Phase, phase_of

OPENS = datetime(2026, 11, 1, tzinfo=UTC)
FREEZES = datetime(2026, 11, 25, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SHOWN = Instants(opens_at=OPENS, closes_at=CLOSES, freeze_at=FREEZES, published_at=OPENS)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - MILLISECOND, Phase.SCHEDULED),
        (OPENS, Phase.OPEN),
        (FREEZES - MILLISECOND, Phase.OPEN),
        (FREEZES, Phase.FROZEN),
        (CLOSES - MILLISECOND, Phase.FROZEN),
        (CLOSES, Phase.CLOSED),
        (CLOSES + timedelta(days=999), Phase.CLOSED),
    ],
)
def test_a_round_opens_at_its_first_moment_and_closes_before_its_last(now: datetime, phase: Phase):
    assert phase_of(SHOWN, now) == phase


def test_a_closed_round_awaits_results_once_everything_is_scored():
    assert phase_of(replace(SHOWN, drained_at=CLOSES), CLOSES) == Phase.JUDGING


def test_a_draft_stays_a_draft_whatever_the_time():
    draft = replace(SHOWN, published_at=None)
    for now in (OPENS - MILLISECOND, OPENS, CLOSES):
        assert phase_of(draft, now) == Phase.DRAFT


def test_a_later_decision_outweighs_an_earlier_one():
    decided = SHOWN
    for name, phase in [
        ("results_at", Phase.PROVISIONAL),
        ("finalized_at", Phase.FINAL),
        ("cancelled_at", Phase.CANCELLED),
        ("archived_at", Phase.ARCHIVED),
    ]:
        decided = replace(decided, **{name: CLOSES})
        assert phase_of(decided, CLOSES) == phase


def test_every_phase_has_words_for_people():
    assert set(LABELS) == set(Phase)
    assert all(phase.label for phase in Phase)
