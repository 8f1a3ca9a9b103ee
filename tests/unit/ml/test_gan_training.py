"""A GAN run with tiny networks: it learns, goes on where it stopped, and leaves a usable card."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.data.grids import REST, store
from ml.models.gan import Accompanist, accompany
from ml.models.gan_critic import Critic
from ml.models.gan_grid import STYLES, held_exactly, rolls_exactly, rolls_of
from ml.models.gan_nets import Generator
from ml.techniques import AccompanyParameters, read_card
from ml.training import gan as training
from ml.training.gan_batches import WindowSampler
from ml.training.gan_figures import grids_of_windows
from ml.training.gan_sizes import config_of
from ml.training.gan_steps import GanTrainer, Rates
from ml.training.run import TrainingRefused
from tests.unit.ml.gan_songs import grid_piece, melody

CPU = torch.device("cpu")


def a_sampler(seed: int = 0, *, style: str = "chorale", steps: int = 160) -> WindowSampler:
    found = [grid_piece(f"{n}", seed=n, style=style, steps=steps) for n in range(3)]
    return WindowSampler({style: found}, seed)


def a_trainer(algorithm: str = "unet") -> GanTrainer:
    return GanTrainer(config_of("tiny", algorithm), 4, Rates(), 1, CPU)


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Prepared grids of all styles in the folder of this test."""
    monkeypatch.chdir(tmp_path)
    for style in STYLES:
        rows = [(side, grid_piece(f"{side}{n}", seed=n, style=style))
                for side in ("train", "valid") for n in range(2)]  # fmt: skip
        store(style, rows)
    return tmp_path


def run(out: Path, **changes: object) -> dict[str, object]:
    settings = {
        "style": "chorale", "data": None, "out": out, "iterations": 6, "minutes": None, "seed": 1,
        "resume": False, "device": "cpu", "as_json": True, "size": "tiny", "batch_size": 4,
        "critic_updates": 2,
    } | changes  # fmt: skip
    return training.train(**settings)  # type: ignore[arg-type]


def test_a_window_is_the_piece_transposed_as_a_whole():
    batch = a_sampler().draw(20)

    pitch, strike = grids_of_windows(batch, batch.classes.numpy())

    pieces = [grid_piece(f"{n}", seed=n, steps=160).pitch.astype(int) for n in range(3)]
    for window, struck in zip(pitch, strike, strict=True):
        music = int(batch.is_music.sum(dim=1).min())
        found = [
            (p[at : at + music] - window[:music])[window[:music] != REST]
            for p in pieces for at in range(len(p) - music + 1)
            if ((p[at : at + music] == REST) == (window[:music] == REST)).all()
        ]  # fmt: skip
        assert any(len(set(d.tolist())) == 1 for d in found)
        assert (struck <= (window != REST)).all()


def test_the_same_seed_draws_the_same_windows():
    one, again, other = (a_sampler(seed).draw(8) for seed in (1, 1, 2))

    assert torch.equal(one.classes, again.classes)
    assert not torch.equal(one.classes, other.classes)


def test_after_the_end_of_a_piece_all_is_silent():
    batch = a_sampler(steps=70).draw(30)
    after = ~batch.is_music

    sounding = held_exactly(batch.classes).sum(dim=(1, 3))

    assert after.any()
    assert (sounding[after] == 0).all()
    assert (batch.given.melody[after] == -1).all()


def test_only_pieces_that_tell_about_drums_have_drums():
    assert a_sampler(style="arcade").draw(4).has_drums.all()
    assert not a_sampler().draw(4).has_drums.any()


def test_the_two_ways_to_make_rolls_agree():
    batch = a_sampler().draw(4)

    soft = rolls_of(torch.nn.functional.one_hot(batch.classes, 50).float())

    assert torch.equal(soft, rolls_exactly(batch.classes))


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_the_warm_up_learns_a_small_set_of_windows(algorithm):
    trainer, batch = a_trainer(algorithm), a_sampler().draw(4)

    found = [trainer.warm_step(batch, 5e-3, 0.0)["ce"] for _ in range(30)]

    assert found[-1] < 0.7 * found[0]


def test_the_critic_learns_to_tell_real_from_fake_and_from_the_wrong_melody():
    trainer, sampler = a_trainer(), a_sampler()
    for group in trainer.critic_optimizer.param_groups:
        group["lr"] = 5e-3

    found = [trainer.critic_step(sampler.draw(8)) for _ in range(40)]

    assert np.mean([f["wasserstein"] for f in found[-5:]]) > 0.5
    assert np.mean([f["penalty"] for f in found[-5:]]) < 0.5


def test_the_penalty_reaches_the_weights_by_a_second_derivative():
    trainer, batch = a_trainer(), a_sampler().draw(4)
    rolls, drums = rolls_exactly(batch.classes), batch.drums

    trainer._penalty(batch.given, (rolls, drums), (rolls.roll(1, 0), drums)).backward()

    gradients = [p.grad for p in trainer.critic.eyes.rolls.parameters() if p.dim() > 1]
    assert all(g is not None and g.abs().sum() > 0 for g in gradients)


def test_the_critic_sends_gradients_through_the_drawn_notes_to_the_generator():
    trainer, batch = a_trainer(), a_sampler().draw(4)

    drawn = trainer.generator(batch.given, trainer._throw(batch))
    score = trainer.critic(batch.given, rolls_of(drawn.classes), drawn.drums)
    score.sum().backward()

    for head in trainer.generator.heads:
        assert head.out.weight.grad.abs().sum() > 0
    assert trainer.generator.drums.out.weight.grad.abs().sum() > 0


def test_the_critic_sees_when_the_windows_of_a_batch_are_all_alike():
    torch.manual_seed(0)
    critic, batch = Critic(4), a_sampler().draw(4)
    rolls = rolls_exactly(batch.classes)

    alone = critic(batch.given.part(slice(0, 1)), rolls[:1], batch.drums[:1])
    among = critic(batch.given, rolls, batch.drums)[:1]

    assert not torch.allclose(alone, among)


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_the_draw_does_not_depend_on_the_company_of_other_windows(algorithm):
    torch.manual_seed(0)
    generator = Generator(config_of("tiny", algorithm)).eval()
    batch = a_sampler().draw(6)
    dice = a_trainer(algorithm)._throw(batch)

    whole = generator(batch.given, dice, wants_gradient=False).logits
    part = generator(batch.given.part(slice(0, 2)), dice.part(slice(0, 2)), wants_gradient=False)

    assert torch.allclose(whole[:2], part.logits, atol=1e-5)


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_the_noise_changes_what_the_generator_states(algorithm):
    torch.manual_seed(0)
    generator = Generator(config_of("tiny", algorithm)).eval()
    batch, trainer = a_sampler().draw(2), a_trainer(algorithm)

    one, other = (generator(batch.given, trainer._throw(batch)).logits for _ in range(2))

    assert not torch.allclose(one, other)


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_a_run_leaves_weights_that_accompany(prepared, algorithm):
    card = run(Path("out"), algorithm=algorithm, style="all")

    assert read_card(f"gan_{algorithm}", folder=Path("out")).technique == "accompany"
    assert card["trained"]["iterations"] == 6
    assert card["adversarial_since"] is not None
    asked = AccompanyParameters(algorithm=algorithm)
    assert accompany(melody(), asked, seed=1, model=Accompanist(Path("out"))).added > 0


def test_a_run_keeps_what_it_played_on_the_way(prepared):
    run(Path("out"))

    kept = json.loads(Path("out/gan_unet.samples.json").read_text())

    assert [s["iteration"] for s in kept["samples"]] == [0, 6]
    assert len(kept["melodies"]) == len(kept["samples"][0]["windows"]) == 3
    assert all(note[0] == 0 for note in kept["melodies"][0])


def test_a_run_goes_on_where_it_stopped(prepared):
    run(Path("out"))

    card = run(Path("out"), iterations=9, resume=True)

    assert card["trained"]["iterations"] == 9
    assert [p["iteration"] for p in card["curves"]] == [6, 9]
    kept = json.loads(Path("out/gan_unet.samples.json").read_text())
    assert [s["iteration"] for s in kept["samples"]] == [0, 6, 9]


def test_two_runs_of_one_seed_end_with_the_same_weights(prepared):
    one, other = run(Path("one")), run(Path("other"))

    assert one["sha256"] == other["sha256"]


def test_a_run_on_a_style_without_accompaniment_is_refused(prepared):
    with pytest.raises(TrainingRefused, match="chorale, madrigal, quartet, arcade"):
        run(Path("out"), style="dance")


def test_a_run_learns_from_a_folder_of_midi_files(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    for n in range(3):
        tracks = [melody(pitch=p + n, beats=40).tracks[0] for p in (72, 67, 60, 48)]
        song = melody(beats=40)
        whole = type(song)(tuple(tracks), song.tempos, song.time_signatures)
        (tmp_path / "mine" / f"{n}.mid").write_bytes(whole.to_midi())

    card = run(Path("out"), data=tmp_path / "mine")

    assert "mine" in card["data"]
    assert len(card["samples"]) == 2


def test_a_folder_of_lone_melodies_is_refused_with_the_reason(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "one.mid").write_bytes(melody(beats=40).to_midi())

    with pytest.raises(TrainingRefused, match="melody"):
        run(Path("out"), data=tmp_path / "mine")
