import numpy as np
import pytest
import torch
from torch import nn

from ml.evaluation.measures import parallels
from ml.models import ar_cnn
from ml.models.ar_cnn import Editor, edit
from ml.models.ar_cnn_draft import Draft
from ml.models.ar_cnn_layout import columns_of, held, layout_of, transposition_of
from ml.models.ar_cnn_net import N_CLASSES, REST, Rolls
from ml.models.ar_cnn_rolls import LOWEST
from ml.models.ar_cnn_rules import crosses, makes_parallels
from ml.music import Notes, Song, Track
from ml.music.voices import STEP_TICKS, voices_of
from ml.techniques import EditParameters, GenerationCancelled, replay
from tests.unit.ml.ar_cnn_songs import MELODY, line, rows, song, tiny_editor

CHORDS = [(72, 67, 64, 48), (71, 67, 62, 55), (72, 67, 64, 52), (74, 69, 65, 50),
          (71, 67, 62, 55), (72, 67, 64, 48), (69, 65, 60, 53), (71, 62, 59, 55)]  # fmt: skip


class Wish(nn.Module):
    """A network that wants one piece: rows (steps, V) from the song's first step on."""

    def __init__(self, wanted, sure: float = 9.0) -> None:
        super().__init__()
        self.wanted, self.sure = torch.as_tensor(np.asarray(wanted)), sure
        self.looks = 0

    def forward(self, rolls: Rolls) -> torch.Tensor:
        self.looks += len(rolls.cells)
        out = torch.zeros((*rolls.cells.shape, N_CLASSES))
        out[..., REST] = 1e-3  # rather silent where nothing is wished
        n = min(len(self.wanted), out.shape[1])
        hot = nn.functional.one_hot(self.wanted[:n], N_CLASSES).float()
        out[:, :n] = hot * self.sure
        return out


def choir(chords=CHORDS, length=480) -> Song:
    return song(*(line([c[v] for c in chords], length=length, track=v) for v in range(4)))


def wish_for(played: Song, wanted: Song, **values) -> Editor:
    """Return an editor that wants `wanted` when it is given `played`."""
    up = Draft(played, EditParameters()).layout.up
    pitch = voices_of(wanted).pitch.astype(np.int64)
    return Editor(Wish(np.where(pitch < 0, REST, pitch + up - LOWEST), **values))


def wishes(**values) -> EditParameters:
    return EditParameters(**values)


def with_wrong_note(voice=1, place=3, pitch=70) -> Song:
    chords = [list(c) for c in CHORDS]
    chords[place][voice] = pitch
    return choir(chords)


def test_a_wrong_note_is_moved_to_where_it_belongs():
    played = with_wrong_note()

    found = edit(played, wishes(), seed=0, model=wish_for(played, choir()))

    assert rows(found.song) == rows(choir())
    [event] = found.events
    assert (event.kind, event.track, event.iteration) == ("move", 1, 1)
    assert (event.before.pitch, event.after.pitch) == (70, 69)
    assert event.log_odds == pytest.approx(9, abs=0.01)


def test_a_melody_gets_the_voices_that_are_wished():
    played = song(line([c[0] for c in CHORDS]))

    found = edit(played, wishes(), seed=0, model=wish_for(played, choir()))

    assert np.array_equal(voices_of(found.song).pitch, voices_of(choir()).pitch)
    assert len(found.song.tracks) == 1
    assert {e.kind for e in found.events} <= {"add", "move"}
    assert rows(played) <= rows(found.song)


def test_added_voices_take_empty_tracks_from_the_top():
    empty = [Track(name, 5, False, Notes.tidy([], [], [], [])) for name in ("A", "T", "B")]
    played = song(line([c[0] for c in CHORDS]), *empty)

    found = edit(played, wishes(), seed=0, model=wish_for(played, choir()))

    lowest = [int(t.notes.pitch.min()) for t in found.song.tracks]
    assert lowest == sorted(lowest, reverse=True)
    assert all(len(t.notes) for t in found.song.tracks)


def test_no_iterations_change_nothing():
    played = with_wrong_note()

    found = edit(played, wishes(sampling_iterations=0), seed=0, model=tiny_editor())

    assert found.song.to_midi() == played.to_midi()
    assert found.events == ()


@pytest.mark.parametrize("most", [0, 1, 5])
def test_not_one_note_more_than_allowed_is_added(most: int):
    played = song(line([c[0] for c in CHORDS]))

    found = edit(played, wishes(maximum_notes_to_add=most), seed=0, model=wish_for(played, choir()))

    assert found.added == most
    assert found.song.n_notes == played.n_notes + most


@pytest.mark.parametrize(("percent", "removed"), [(0, 0), (24.9, 1), (25, 2), (100, 7)])
def test_not_one_note_more_than_allowed_is_removed(percent: float, removed: int):
    played = song(line(MELODY[:8]))
    silence = Editor(Wish(np.full((32, 4), REST)))

    found = edit(played, wishes(maximum_notes_to_remove=percent), seed=0, model=silence)

    assert found.removed == removed
    assert found.song.n_notes == 8 - removed


def test_a_moved_note_counts_as_removed_and_as_added():
    played = with_wrong_note()
    model = wish_for(played, choir())

    for forbidding in ({"maximum_notes_to_remove": 3.0}, {"maximum_notes_to_add": 0}):
        assert edit(played, wishes(**forbidding), seed=0, model=model).events == ()
    assert edit(played, wishes(maximum_notes_to_remove=3.2), seed=0, model=model).events


def test_locked_bars_and_notes_are_left_alone():
    played = with_wrong_note(place=1)  # in the first bar
    model = wish_for(played, choir())
    index = len(played.tracks[0].notes) + 1

    assert edit(played, wishes(locked_bars=(1,)), seed=0, model=model).events == ()
    assert edit(played, wishes(locked_notes=(index,)), seed=0, model=model).events == ()
    assert edit(played, wishes(locked_bars=(2,)), seed=0, model=model).events


def test_a_note_held_into_a_locked_bar_is_locked_and_none_is_added_into_it():
    held_over = song(line([60, 62], start=480 * 3, length=960), line([72] * 8, track=1))
    up = Draft(held_over, EditParameters()).layout.up
    model = Editor(Wish(np.full((32, 4), 65 + up - LOWEST)))

    found = edit(held_over, wishes(locked_bars=(2,)), seed=0, model=model)

    spans = [
        (n.start, n.start + n.duration)
        for e in found.events
        for n in (e.before, e.after)
        if n is not None
    ]
    assert spans
    assert all(end <= 4 * 480 for _, end in spans)


def test_notes_off_the_grid_keep_their_ticks():
    played = song(line([72, 71, 70, 67], length=160, start=7))
    wanted = voices_of(played).pitch.astype(np.int64)
    up = Draft(played, EditParameters()).layout.up
    wanted[wanted == 70] = 69
    model = Editor(Wish(np.where(wanted < 0, REST, wanted + up - LOWEST)))

    found = edit(played, wishes(maximum_notes_to_add=1), seed=0, model=model)

    [event] = [e for e in found.events if e.kind == "move"]
    assert (event.before.start, event.before.duration) == (7 + 320, 160)
    assert (event.after.start, event.after.duration, event.after.pitch) == (7 + 320, 160, 69)


def test_drums_and_notes_that_fit_no_voice_stay():
    drums = Track("Drums", 0, True, Notes.tidy([36, 38], [0, 480], [100, 100], [99, 99]))
    pitches = [60, 62, 64, 65, 67, 69]
    notes = Notes.tidy(pitches, [0] * 6, [1920] * 6, [80] * 6)
    cluster = Track("Cluster", 0, False, notes)
    played = song(cluster, drums)
    left = voices_of(played).left_over

    found = edit(played, wishes(creative_risk=6), seed=1, model=tiny_editor())

    assert len(left) == 2
    kept = rows(found.song)
    assert all(kept[0, 0, int(p), 1920, 80] for p in cluster.notes.pitch[left])
    assert sum(n for row, n in kept.items() if row[0] == 1) == 2


def test_pitches_outside_the_window_are_neither_heard_nor_touched():
    played = song(line([72] * 32), line([5] * 2, track=1))

    draft = Draft(played, EditParameters())

    low = [n for n in draft.notes if n.note.pitch == 5]
    assert low
    assert all(n.frozen for n in low)
    assert draft.layout.unseen[:8, low[0].voice].all()
    assert not draft.known[:8, low[0].voice].any()


def test_edits_make_no_parallel_fifths_or_octaves():
    melody = (72, 74, 76, 77, 76, 74, 72, 71)
    fifths = choir([(p, p - 7, p - 12, p - 24) for p in melody])
    begun = song(line(melody), *(line([72 - k], track=v) for v, k in ((1, 7), (2, 12), (3, 24))))

    found = edit(begun, wishes(), seed=0, model=wish_for(begun, fifths))

    assert found.added > 3
    assert parallels(voices_of(fifths).pitch).per_thousand > 600
    assert parallels(voices_of(found.song).pitch).per_thousand == 0


def test_a_long_song_takes_a_bounded_number_of_looks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ar_cnn, "MOST_LOOKS", 60)
    played = song(line(MELODY * 40))
    network = Wish(np.full((1, 4), REST), sure=0.0)

    found = edit(played, wishes(sampling_iterations=20), seed=0, model=Editor(network))

    assert len(ar_cnn.regions(len(voices_of(played)))) == 27
    assert network.looks <= 60
    assert found.details["iterations"] == 20


def test_every_region_of_a_long_song_is_worked_on():
    wrong = MELODY * 12
    model = tiny_editor(2)

    found = edit(song(line(wrong)), wishes(sampling_iterations=30), seed=0, model=model)

    starts = np.array([e.after.start for e in found.events if e.after])
    reached = np.unique(starts // (ar_cnn.REGION * STEP_TICKS))
    assert reached.tolist() == list(range(len(wrong) * 4 // ar_cnn.REGION))


def test_progress_rises_and_a_cancelled_edit_stops():
    played = song(line(MELODY))
    told = []
    edit(played, wishes(sampling_iterations=5), seed=0, model=tiny_editor(),
         progress=lambda share, word: told.append((share, word)))  # fmt: skip

    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    with pytest.raises(GenerationCancelled):
        edit(played, wishes(), seed=0, model=tiny_editor(), cancelled=lambda: True)


def test_seeds_differ_and_events_name_their_iterations():
    played = song(line(MELODY))

    one, other = (edit(played, wishes(sampling_iterations=30), seed=s, model=tiny_editor())
                  for s in (1, 2))  # fmt: skip

    assert one.song.to_midi() != other.song.to_midi()
    numbers = [e.iteration for e in one.events]
    assert numbers == sorted(numbers)
    assert 1 <= numbers[0] <= numbers[-1] <= 30
    assert replay(played, one.events).to_midi() == one.song.to_midi()


def test_editing_ends_when_nothing_is_worth_it():
    played = choir()

    found = edit(played, wishes(), seed=0, model=wish_for(played, choir()))

    assert found.events == ()
    assert found.details["iterations"] < 5


def a_column(*pitches) -> np.ndarray:
    """One voice among silent ones, shape (steps, 4)."""
    out = np.full((len(pitches), 4), -1, dtype=np.int16)
    out[:, 0] = pitches
    return out


def test_a_lone_melody_is_the_soprano_and_a_low_one_the_bass():
    assert columns_of(a_column(67, 69))[0] == 0
    assert columns_of(a_column(43, 45))[0] == 3


def test_two_voices_far_apart_are_soprano_and_bass():
    pitch = np.array([[72, 48, -1, -1]] * 4, dtype=np.int16)

    assert columns_of(pitch).tolist()[:2] == [0, 3]
    assert sorted(columns_of(pitch).tolist()) == [0, 1, 2, 3]


def test_a_song_is_brought_into_the_window():
    high = np.array([[100, 96, 92, 84]] * 4)

    assert ((high + transposition_of(high) >= LOWEST) & (high + transposition_of(high) < 84)).all()
    assert transposition_of(np.full((4, 4), -1)) == 0


def test_short_rests_read_as_held_and_long_ones_do_not():
    column = [60, 60, -1, -1, 62, -1, -1, -1, 64, -1]

    assert held(a_column(*column).astype(np.int64))[:, 0].tolist() == [
        60, 60, 60, 60, 62, -1, -1, -1, 64, -1,
    ]  # fmt: skip


def test_silent_voices_are_open_where_something_sounds_and_not_locked():
    played = song(line([72, 74], start=960))
    locked = np.zeros(16, dtype=bool)
    locked[12:] = True

    layout = layout_of(voices_of(played), locked)

    assert not layout.open[:8].any()
    assert layout.open[8:12, 1:].all()
    assert not layout.open[12:].any()
    assert layout.unseen[12:, 1:].all()


def test_parallel_fifths_and_octaves_are_seen_by_hand():
    cells = np.array([[19, REST, REST, 12], [REST, REST, REST, 14]])

    assert makes_parallels(cells, 0, 1, 2, 21)  # a fifth again
    assert not makes_parallels(cells, 0, 1, 2, 24)  # a minor seventh
    assert not makes_parallels(np.array([[24, 0, 0, 12], [24, 0, 0, 12]]), 0, 1, 2, 24)
    assert makes_parallels(np.array([[REST] * 3 + [12], [26] + [REST] * 2 + [14]]), 0, 0, 1, 24)


def test_contrary_motion_makes_no_parallels():
    cells = np.array([[19, REST, REST, 12], [REST, REST, REST, 5]])

    assert not makes_parallels(cells, 0, 1, 2, 24)


def test_voices_may_not_cross_anew():
    cells = np.array([[30, REST, 20, 10]] * 2)

    assert crosses(cells, 1, 0, 2, 31)
    assert crosses(cells, 1, 0, 2, 19)
    assert not crosses(cells, 1, 0, 2, 25)
    assert not crosses(np.array([[20, 25, REST, REST]]), 1, 0, 1, 24)  # crossed before
