"""The extender's network: its likelihood is exact, looks back only, and so does its cache."""

import math

import numpy as np
import pytest
import torch

from ml.models.transformer_features import (
    BEGIN,
    N_TOKENS,
    STYLES,
    frame_features,
    head_features,
    history_of,
    moved,
    pitches_of,
    strike_features,
    tokens_of,
)
from ml.models.transformer_frames import Cut, Line, batch, line_of, without_strikes
from ml.models.transformer_likelihood import cell_nats, nats_per_note
from ml.models.transformer_net import TINY, Transformer
from ml.models.transformer_past import Past
from ml.models.transformer_step import Stepper
from tests.unit.ml.transformer_songs import tiny_network


def random_line(n_frames: int, *, seed: int = 0, style: str = "chorale") -> Line:
    dice = np.random.default_rng(seed)
    pitch = np.repeat(dice.integers(40, 80, (-(-n_frames // 3), 4)), 3, axis=0)[:n_frames]
    pitch[dice.random(pitch.shape) < 0.1] = -1
    strike = (dice.random(pitch.shape) < 0.3) & (pitch >= 0)
    return line_of(pitch, strike, np.arange(n_frames) % 16, np.full(n_frames, 16), style)


def changed(
    line: Line, frame: int, voice: int, *, semitones: int = 0, strike: bool = False
) -> Line:
    tokens, struck = line.voices[..., 5].copy(), line.voices[..., 6].astype(bool)
    tokens[frame, voice] = (tokens[frame, voice] + semitones) % N_TOKENS
    struck[frame, voice] ^= strike
    metre = line.metre
    return line_of(pitches_of(tokens), struck, metre[:, 0], metre[:, 1], STYLES[metre[0, 2]])


def nats(network: Transformer, line: Line) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        losses = network.losses(batch([Cut(line, 0, len(line), 0, 0)], 1, len(line)))
    return losses.cells[0], losses.strikes[0]


def test_tokens_hold_every_pitch_of_the_piano_and_fold_others_by_octaves() -> None:
    pitch = np.array([-1, 0, 20, 21, 108, 109, 127])

    back = pitches_of(tokens_of(pitch))

    assert back.tolist() == [-1, 24, 32, 21, 108, 97, 103]


def test_transposing_leaves_rests_and_beginnings_and_stays_on_the_piano() -> None:
    tokens = torch.tensor([0, BEGIN, 1, 40, 88])

    assert moved(tokens, torch.tensor(3)).tolist() == [0, BEGIN, 4, 43, 79]
    assert moved(tokens, torch.tensor(-3)).tolist() == [0, BEGIN, 10, 37, 85]


def test_the_history_tells_what_came_before_and_for_how_long() -> None:
    tokens = np.tile(np.array([40, 40, 42, 0, 0, 45])[:, None], 4)
    strike = np.tile(np.array([1, 1, 1, 0, 0, 1], bool)[:, None], 4)

    found = {name: column[:, 0].tolist() for name, column in history_of(tokens, strike).items()}

    assert found == {
        "last": [BEGIN, 40, 40, 42, 0, 0, 45],
        "run": [0, 1, 2, 1, 1, 2, 1],
        "before": [BEGIN, BEGIN, BEGIN, 40, 42, 42, 0],
        "run_before": [0, 0, 0, 2, 1, 1, 2],
        "strike": [0, 0, 1, 0, 0, 0, 0],
    }


@pytest.mark.parametrize("voice", range(4))
def test_a_cell_changes_no_probability_before_its_own(voice: int) -> None:
    network, line, frame = tiny_network(), random_line(24), 11
    cells, strikes = nats(network, line)

    other_cells, other_strikes = nats(network, changed(line, frame, voice, semitones=3))

    assert torch.allclose(cells[:frame], other_cells[:frame], atol=1e-6)
    assert torch.allclose(cells[frame, :voice], other_cells[frame, :voice], atol=1e-6)
    assert torch.allclose(strikes[:frame], other_strikes[:frame], atol=1e-6)
    assert not torch.allclose(cells[frame + 1 :], other_cells[frame + 1 :], atol=1e-6)


def test_a_strike_tells_nothing_about_the_cells_of_its_own_frame() -> None:
    network, line, frame = tiny_network(), random_line(24), 12
    repeated = np.argwhere(line.voices[..., 5] == line.voices[..., 0])
    frame, voice = next((f, v) for f, v in repeated.tolist() if f > 4 and line.voices[f, v, 5])
    cells, _ = nats(network, line)

    other_cells, _ = nats(network, changed(line, frame, voice, strike=True))

    assert torch.allclose(cells[: frame + 1], other_cells[: frame + 1], atol=1e-6)
    assert not torch.allclose(cells[frame + 1], other_cells[frame + 1], atol=1e-6)


def test_pieces_in_one_row_do_not_see_each_other() -> None:
    network, lines = tiny_network(), [random_line(20, seed=1), random_line(20, seed=2)]
    alone = [nats(network, line)[0] for line in lines]

    cuts = [Cut(lines[0], 0, 20, 0, 0), Cut(lines[1], 0, 20, 0, 20)]
    with torch.no_grad():
        together = network.losses(batch(cuts, 1, 40)).cells[0]

    assert torch.allclose(together[:20], alone[0], atol=1e-5)
    assert torch.allclose(together[20:], alone[1], atol=1e-5)


def test_the_probabilities_of_a_voice_sum_to_one() -> None:
    network, line = tiny_network(), random_line(6)
    total = 0.0

    for token in range(N_TOKENS):
        shift = token - int(line.voices[4, 2, 5])
        cells, _ = nats(network, changed(line, 4, 2, semitones=shift))
        total += math.exp(-float(cells[4, 2]))

    assert total == pytest.approx(1.0, abs=1e-4)


def test_a_network_without_training_gives_every_cell_the_same_chance() -> None:
    torch.manual_seed(0)

    found = nats_per_note(Transformer(TINY), [random_line(40)], dtype=torch.float32)

    assert found == pytest.approx(math.log(N_TOKENS), abs=1e-4)


def test_long_pieces_are_scored_in_windows_with_half_a_context_before_each_cell() -> None:
    network, line = tiny_network(), random_line(150)
    half = TINY.context // 2

    (found,) = cell_nats(network, [line], dtype=torch.float32)

    for start in (0, half, 2 * half):
        size = min(TINY.context, len(line) - start)
        with torch.no_grad():
            window = network.losses(batch([Cut(line, start, size, 0, 0)], 1, size)).cells[0].numpy()
        first = half if start else 0
        last = size if start + TINY.context >= len(line) else TINY.context
        assert np.allclose(found.cells[start + first : start + last], window[first:last], atol=1e-5)


def test_the_likelihood_of_a_piece_does_not_depend_on_the_pieces_beside_it() -> None:
    network = tiny_network()
    lines = [random_line(n, seed=n) for n in (5, 70, 130)]

    together = cell_nats(network, lines, dtype=torch.float32)

    for line, found in zip(lines, together, strict=True):
        (alone,) = cell_nats(network, [line], dtype=torch.float32)
        assert np.allclose(found.cells, alone.cells, atol=1e-5)


def test_unknown_strikes_leave_the_cells_as_they_are() -> None:
    line = random_line(12)

    hidden = without_strikes(line)

    assert np.array_equal(hidden.voices[..., 5], line.voices[..., 5])
    assert (hidden.voices[..., 4] == 2).all()
    assert (line.voices[..., 4] != 2).all()


def test_every_feature_has_a_row_of_its_own_kind() -> None:
    line = random_line(30)
    frames = batch([Cut(line, 0, 30, 0, 0)], 1, 30)

    rows = frame_features(frames.history, frames.position, frames.bar_steps, frames.style)[0]

    for frame in rows:
        kinds = [*frame[:26].tolist(), *frame[30:].tolist()]
        assert len(set(kinds)) == len(kinds)  # only voices of one pitch class share a row


@pytest.mark.parametrize("sizes", [(20,), (20, 1, 33), (5, 0, 1, 33, 7, 40)])
def test_stepping_with_the_cache_gives_the_probabilities_of_the_whole_piece(
    sizes: tuple[int, ...],
) -> None:
    network, n_steps = tiny_network(), 20
    lines = [random_line(60, seed=s) for s in range(len(sizes))]
    stepper = Stepper(network, len(sizes))
    found = []

    with torch.no_grad():
        stepper.prime([
            Line(line.voices[: n + 1], line.metre[: n + 1])
            for line, n in zip(lines, sizes, strict=True)
        ])  # fmt: skip
        for step in range(n_steps):
            now = [line.voices[n + step] for line, n in zip(lines, sizes, strict=True)]
            metre = [line.metre[n + step] for line, n in zip(lines, sizes, strict=True)]
            cells, struck = np.stack(now)[..., 5], np.stack(now)[..., 6].astype(bool)
            h = stepper.frame(*np.stack(metre, axis=1))
            costs = [
                torch.nn.functional.cross_entropy(
                    torch.from_numpy(stepper.voice_logits(x, cells, voice)),
                    torch.from_numpy(cells[:, voice]), reduction="none",
                )
                for voice, x in enumerate(stepper.voice_inputs(h))
            ]  # fmt: skip
            found.append(torch.stack(costs, dim=1))
            stepper.past.add(cells, struck)

    for stream, (line, n) in enumerate(zip(lines, sizes, strict=True)):
        whole, _ = nats(network, Line(line.voices[: n + n_steps], line.metre[: n + n_steps]))
        assert torch.allclose(torch.stack(found)[:, stream], whole[n:], atol=1e-4)


def test_a_step_reads_the_rows_that_training_reads() -> None:
    line = random_line(40)
    frames = batch([Cut(line, 0, 40, 0, 0)], 1, 40)
    past, cells = Past(line.voices[..., :5]), line.voices[..., 5]
    history, last = frames.history, frames.history.last[0]

    rows = frame_features(history, frames.position, frames.bar_steps, frames.style)[0]

    assert np.array_equal(past.rows(*line.metre.T), rows)
    assert np.array_equal(past.strike_rows(cells), strike_features(torch.tensor(cells), last))
    for voice in range(1, 4):
        expected = head_features(torch.tensor(cells), last, voice)
        assert np.array_equal(past.head_rows(cells, voice), expected)


def test_what_lies_before_is_kept_up_to_date_frame_by_frame() -> None:
    line = random_line(120)
    past = Past(line.voices[:1, :, :5])

    for frame in range(len(line) - 1):
        past.add(line.voices[frame : frame + 1, :, 5], line.voices[frame : frame + 1, :, 6] > 0)
        columns = (past.last, past.run, past.before, past.run_before, past.strike)
        assert np.array_equal(np.concatenate(columns).T, line.voices[frame + 1, :, :5])


def test_streams_that_are_finished_leave_the_others_as_they_are() -> None:
    network, lines = tiny_network(), [random_line(30, seed=s) for s in range(5)]
    metre = np.zeros((3, 5), np.int64)
    both, alone = Stepper(network, 5), Stepper(network, 2)
    both.prime(lines)
    alone.prime(lines[:2])

    both.frame(*metre)
    alone.frame(*metre[:, :2])
    for stepper in (both, alone):
        stepper.past.add(np.full((2, 4), 40), np.ones((2, 4), bool))

    assert np.allclose(both.frame(*metre[:, :2]), alone.frame(*metre[:, :2]), atol=1e-5)


def test_the_cache_forgets_what_lies_further_back_than_one_context() -> None:
    network, line = tiny_network(), random_line(TINY.context + 30)
    kept = Line(line.voices[-TINY.context - 1 :], line.metre[-TINY.context - 1 :])

    found = []
    for given in (line, kept):
        stepper = Stepper(network, 1)
        with torch.no_grad():
            stepper.prime([given])
            found.append(stepper.frame(*np.zeros((3, 1), np.int64)))

    assert np.allclose(found[0], found[1], atol=1e-5)
