"""AWS's networks, built anew for the benchmarks, have the counts that were published."""

import pytest
import torch

from benchmarks.peers import ar_cnn, gan, transformer_xl


def numbers(net):
    return sum(parameter.numel() for parameter in net.parameters())


@pytest.mark.parametrize(
    ("net", "published"),
    [
        (gan.Generator, 8_270_852),
        (gan.Critic, 2_766_785),
        (ar_cnn.UNet, 31_448_833),
        (transformer_xl.TransformerXL, 9_170_310),
    ],
)
def test_a_peer_has_as_many_numbers_as_the_original(net, published):
    assert numbers(net()) == published


def test_the_gan_accompanies_eight_bars_in_four_passes():
    tracks = gan.accompany(gan.Generator().eval(), bars=8)

    assert tracks.shape == (1, 4, 128, 128)
    assert tracks.abs().max() <= 1


def test_the_editor_flips_at_most_one_cell_a_pass():
    net = ar_cnn.UNet().eval()
    torch.manual_seed(0)
    start = (torch.rand(1, 1, 128, 128) < 0.02).float()
    torch.manual_seed(0)

    roll = ar_cnn.edit(net, iterations=1)

    assert int((roll != start).sum()) == 1


def test_the_transformer_keeps_every_token_as_memory():
    net = transformer_xl.TransformerXL().eval()
    memories = [torch.zeros(5, transformer_xl.WIDTH) for _ in range(transformer_xl.LAYERS)]

    logits, longer = net(torch.zeros(1, dtype=torch.long), memories)

    assert logits.shape == (1, transformer_xl.VOCABULARY)
    assert [len(memory) for memory in longer] == [6] * transformer_xl.LAYERS


def test_events_are_notes_on_and_off_and_shifts_of_a_second_at_most():
    assert transformer_xl.event_count([0.0, 0.5], [0.5, 3.0]) == 4 + 1 + 3
