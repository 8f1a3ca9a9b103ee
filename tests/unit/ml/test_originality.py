import numpy as np
import pytest

from ml.data.corpus import read_file
from ml.data.split import side_of
from ml.metrics.fingerprint import Fingerprint, fingerprint
from ml.metrics.originality import (
    ONE_BAR_SUSPECT,
    TWO_BAR_SUSPECT,
    corpus_matches,
    judge,
    originality,
)
from ml.music import Notes, Song, Track, read_canonical, transposed

KNOWN = "bach/bwv66.6.mxl"


@pytest.fixture(scope="module")
def known(corpus_cache) -> Song:
    [piece] = read_file(KNOWN, cache=corpus_cache)
    assert side_of("chorale", piece.name, piece.title) == "reference"
    return read_canonical(piece.printed)


def shifted(song: Song, ticks: int) -> Song:
    return _changed(song, lambda n: Notes.tidy(n.pitch, n.start + ticks, n.duration, n.velocity))


def _changed(song: Song, change) -> Song:
    return Song(tuple(Track(t.name, t.program, t.is_drum, change(t.notes)) for t in song.tracks))


@pytest.mark.parametrize("by", [-6, 0, 5])
@pytest.mark.parametrize("ticks", [0, 480, 240, 1920])
def test_a_copy_is_found_however_it_is_moved(known, by, ticks):
    found = originality(shifted(transposed(known, by), ticks))

    assert found.is_suspected
    assert found.share > 0.9
    assert KNOWN in found.nearest
    assert found.passages[0].end - found.passages[0].start > known.duration_beats / 2


def test_a_revoiced_copy_is_found_by_its_lines(known):
    octaves = (0, 12, -12, 12)
    tracks = tuple(
        Track(t.name, 5, False, Notes(t.notes.pitch + o, *(getattr(t.notes, n) for n in
              ("start", "duration", "velocity"))))
        for t, o in zip(known.tracks, octaves, strict=True)
    )  # fmt: skip

    found = originality(Song(tracks))

    assert found.is_suspected
    assert found.line_share > 0.9


def test_doubled_note_values_are_found_by_their_lines(known):
    slow = _changed(known, lambda n: Notes.tidy(n.pitch, n.start * 2, n.duration * 2, n.velocity))

    assert originality(slow).line_share > 0.5


def test_held_out_pieces_are_original(chorales):
    shares = [originality(song) for song in chorales]

    assert np.median([o.share for o in shares]) < ONE_BAR_SUSPECT / 2
    assert np.median([o.two_bar_share for o in shares]) < TWO_BAR_SUSPECT / 2
    assert sum(o.is_suspected for o in shares) <= 1


def test_another_entry_with_the_same_music_is_the_nearest(chorales):
    first, second = chorales[0], chorales[1]

    found = originality(
        transposed(first, 2), {"entry-7": fingerprint(first), "entry-8": fingerprint(second)}
    )

    assert found.nearest == "entry-7"
    assert found.share == 1


def test_look_ups_by_hash_give_the_same_as_comparing(chorales):
    own, other = fingerprint(chorales[0]), fingerprint(chorales[0])
    table = {h: ["entry-7"] for h in other.stored_hashes()}

    wanted = {h: table[h] for h in own.hashes() if h in table}

    assert judge(own, wanted) == originality(own, {"entry-7": other}, with_corpus=False)
    assert all(-(1 << 63) <= h < 1 << 63 for h in own.hashes())


def test_a_fingerprint_survives_storage(chorales):
    own = fingerprint(chorales[0])

    again = Fingerprint.from_bytes(own.to_bytes())

    assert again.hashes() == own.hashes()
    assert again.to_bytes() == own.to_bytes()
    with pytest.raises(ValueError, match="no fingerprint"):
        Fingerprint.from_bytes(own.to_bytes()[:-8])


def test_hashes_are_the_same_on_every_machine():
    notes = Notes.tidy(range(60, 80), np.arange(20) * 240, [240] * 20, [64] * 20)

    own = fingerprint(Song((Track("", 0, False, notes),)))

    assert own.one_bar.hashes[0] == HASH_OF_A_CHROMATIC_SCALE


@pytest.mark.parametrize(
    "song", [Song(()), Song((Track("", 0, False, Notes.tidy([60], [0], [9], [9])),))]
)
def test_music_without_passages_is_original(song):
    found = originality(song)

    assert (found.share, found.nearest, found.passages) == (0, None, ())


def test_matches_name_the_piece(known):
    keys = {key for found in corpus_matches(fingerprint(known)).values() for key in found}

    assert any(KNOWN in key for key in keys)


HASH_OF_A_CHROMATIC_SCALE = 7791176849923043557
