import numpy as np
import pytest
import torch

from ml.models.ar_cnn_net import (
    N_CLASSES,
    N_VOICES,
    OUTSIDE,
    REST,
    TINY,
    ArCnn,
    ArCnnConfig,
    Rolls,
    folded,
    planes,
)
from ml.models.ar_cnn_rolls import padded, roll_of, stacked, transposition, whole_columns


def some_rolls(batch=2, steps=16, seed=0) -> Rolls:
    dice = torch.Generator().manual_seed(seed)
    return Rolls(
        torch.randint(0, N_CLASSES, (batch, steps, N_VOICES), generator=dice),
        torch.rand(batch, steps, N_VOICES, generator=dice) < 0.5,
        torch.arange(steps).repeat(batch, 1) % 16,
        torch.tensor([False, True]),
    )


@pytest.fixture
def network() -> ArCnn:
    torch.manual_seed(0)
    return ArCnn(TINY).eval()


def test_every_cell_gets_a_logit_for_each_class(network: ArCnn):
    assert network(some_rolls()).shape == (2, 16, N_VOICES, N_CLASSES)


def test_hidden_cells_do_not_leak_what_they_hold(network: ArCnn):
    rolls = some_rolls()
    other = torch.where(rolls.known, rolls.cells, (rolls.cells + 7) % N_CLASSES)

    changed = Rolls(other, rolls.known, rolls.metre, rolls.doubt)

    assert not torch.equal(other, rolls.cells)
    assert torch.equal(network(rolls), network(changed))


def test_known_cells_doubt_and_metre_are_heard(network: ArCnn):
    rolls = some_rolls()
    heard = network(rolls)

    shifted = torch.where(rolls.known, (rolls.cells + 7) % N_CLASSES, rolls.cells)
    for changed in (
        Rolls(shifted, rolls.known, rolls.metre, rolls.doubt),
        Rolls(rolls.cells, rolls.known, rolls.metre, ~rolls.doubt),
        Rolls(rolls.cells, rolls.known, (rolls.metre + 1) % 16, rolls.doubt),
    ):
        assert not torch.allclose(heard, network(changed))


def test_planes_are_notes_masks_rests_and_doubt():
    cells = torch.tensor([[[0, 47, REST, 5]]]).repeat(1, 4, 1)
    known = torch.tensor([[[True, True, True, False]]]).repeat(1, 4, 1)

    image = planes(Rolls(cells, known, torch.zeros(1, 4, dtype=torch.int64), torch.tensor([True])))

    assert image.shape == (1, 13, 4, 48)
    notes, hidden, rests, doubt = image[0].split([4, 4, 4, 1])
    assert notes[0, :, 0].all()
    assert notes[1, :, 47].all()
    assert notes.sum() == 2 * 4
    assert [bool(p.all()) for p in hidden] == [False, False, False, True]
    assert [bool(p.all()) for p in rests] == [False, False, True, False]
    assert doubt.all()


def test_a_beat_hears_every_other_beat(network: ArCnn):
    rolls = some_rolls(steps=128)
    changed = rolls.cells.clone()
    changed[:, :4] = (changed[:, :4] + 5) % N_CLASSES

    far = network(Rolls(changed, rolls.known, rolls.metre, rolls.doubt))[:, 120:]

    assert not torch.equal(far, network(rolls)[:, 120:])


def test_folding_the_normalization_changes_nothing():
    torch.manual_seed(0)
    network = ArCnn(TINY)
    for seed in range(5):
        network(some_rolls(seed=seed))  # running means of its own
    network.eval()

    rolls = some_rolls()

    assert torch.allclose(network(rolls), folded(network)(rolls), atol=1e-4)


def test_the_sizes_survive_json():
    assert ArCnnConfig.from_dict(ArCnnConfig().as_dict()) == ArCnnConfig()


def test_the_shipped_network_is_within_its_size():
    n_weights = sum(p.numel() for p in ArCnn(ArCnnConfig()).parameters())

    assert n_weights <= 6_000_000


def test_pitches_become_rows_rests_and_what_does_not_fit():
    roll = roll_of([[60, 36, -1, 30]], [17])

    assert roll.cells.tolist() == [[24, 0, REST, REST]]
    assert roll.fits.tolist() == [[True, True, True, False]]
    assert roll.metre.tolist() == [1]


def test_a_transposition_keeps_all_pitches_in_the_window():
    low, high = transposition([[80, 60, -1, 45]])

    assert (low, high) == (-9, 3)
    assert roll_of([[80, 60, -1, 45]], [0], up=low).fits.all()
    assert not roll_of([[80, 60, -1, 45]], [0], up=high + 1).fits.all()


def test_steps_after_the_piece_are_outside_it():
    longer = padded(roll_of([[60, 55, 50, 45]], [3]), 4)

    assert longer.metre.tolist() == [3, OUTSIDE, OUTSIDE, OUTSIDE]
    assert (longer.cells[1:] == REST).all()
    assert [whole_columns(n) for n in (1, 4, 5)] == [4, 4, 8]


def test_a_batch_holds_what_was_stacked():
    one = padded(roll_of([[60, 55, 50, 45]], [3]), 4)

    rolls = stacked([one, one], [np.ones((4, 4), bool), np.zeros((4, 4), bool)], [False, True])

    assert rolls.cells.shape == (2, 4, 4)
    assert rolls.known.sum(dim=(1, 2)).tolist() == [16, 0]
    assert rolls.doubt.tolist() == [False, True]
