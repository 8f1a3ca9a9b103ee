import numpy as np
import pytest
import torch

from ml.evaluation import two_sample as module
from ml.evaluation.two_sample import WINDOW, features, transposed, two_sample, wilson


def walks(seed, *, count=12, windows=1):
    """Four voices that walk by step, held for four steps."""
    dice = np.random.default_rng(seed)
    middles = np.array([72, 65, 58, 48])
    moves = dice.integers(-2, 3, size=(count, WINDOW * windows // 4, 4)).cumsum(axis=1)
    return [np.repeat(middles + piece % 12, 4, axis=0) for piece in moves]


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    monkeypatch.setattr(module, "STEPS", 24)


def test_music_with_a_plain_difference_is_told_apart():
    broken = [np.where(np.arange(WINDOW)[:, None] % 2, g, g + 1) for g in walks(1)]

    found = two_sample(broken, walks(2), seed=0)

    assert found.accuracy > 0.9
    assert found.low > 0.6
    assert found.windows == 24


def test_music_of_one_kind_is_not():
    found = two_sample(walks(3), walks(4), seed=0)

    assert found.low < 0.6
    assert found.control.low < 0.6


def test_the_same_seed_gives_the_same_accuracy_and_leaves_torch_alone():
    state = torch.get_rng_state()

    one, again = (two_sample(walks(5), walks(6), seed=3) for _ in range(2))

    assert one == again
    assert torch.equal(torch.get_rng_state(), state)


def test_the_larger_side_gives_up_windows():
    assert two_sample(walks(7), walks(8, windows=3), seed=0).windows == 24


def test_too_few_pieces_are_refused():
    with pytest.raises(ValueError, match="8 bars"):
        two_sample(walks(9, count=3), walks(10), seed=0)


def test_the_interval_is_wilsons():
    assert wilson(1.0, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0.5, 400)[1] - wilson(0.5, 400)[0] == pytest.approx(0.098, abs=1e-3)


def test_intervals_heard_do_not_change_with_the_key():
    pitch = torch.from_numpy(np.stack(walks(11, count=2)))
    pitch[0, 5, 2] = -1

    moved = transposed(pitch, torch.Generator().manual_seed(1))

    assert ((moved == -1) == (pitch == -1)).all()
    assert not torch.equal(moved, pitch)
    pairs = slice(-72, None)
    assert torch.equal(features(moved)[:, pairs], features(pitch)[:, pairs])
