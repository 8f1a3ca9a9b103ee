"""Choosing music to train on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.words import translated
from lab.errors import (
    DataSetInUse,
    NothingToTrainOn,
    PartsNotFitting,
    RightsNotConfirmed,
)
from lab.models import DataFile, DataSet
from lab.selectors.runs import unfinished_runs_on
from lab.services.room import distinct, lock_person, require_few, require_room
from lab.styles import totals_of_style
from lab.surveys import Finding, Parts, look_through, totals_of
from lab.wording import Source
from ml.music import MidiRefused, Song, read_midi
from ml.music.text import clean_name
from studio.files import bytes_at, song_at, store_song
from studio.models import Composition
from studio.services.discarding import discard_files


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Music:
    """A file's music under the name it has in its data set, or why it was refused."""

    name: str
    song: Song | None
    refusal: tuple[str, str] = ("", "")


@transaction.atomic
def create_from_style(*, owner: User, style: str, name: str, now: datetime) -> DataSet:
    """Choose a shipped style to train on.

    :raises KeyError: if there is no such style
    :raises TooManyDataSets: if the owner keeps as many as one person may
    """
    require_room(owner)
    return DataSet.objects.create(
        owner=owner,
        name=_named(name, style.capitalize()),
        source=Source.STYLE,
        style=style,
        survey=totals_of_style(style),
        created_at=now,
    )


def create_from_compositions(
    *, owner: User, compositions: Iterable[Composition], name: str, now: datetime
) -> DataSet:
    """Make a data set of somebody's own compositions as they are now.

    :raises TooManyDataSets: if the owner keeps as many as one person may
    :raises TooManyFiles: if there are more than a data set may have
    :raises NothingToTrainOn: if none of them holds music that a model can learn from
    :raises StorageUnavailable: if their files cannot be read
    """
    chosen = list(compositions)
    require_few(len(chosen))
    names = distinct(f"{clean_name(piece.title) or 'Untitled'}.mid" for piece in chosen)
    music = [
        _Music(name, song_at(piece.midi_key)) for name, piece in zip(names, chosen, strict=True)
    ]
    draft = DataSet(
        owner=owner,
        name=_named(name, _("My compositions")),
        source=Source.COMPOSITIONS,
        created_at=now,
    )
    return _keep(draft, music)


def create_from_upload(
    *, owner: User, files: Sequence[Upload], name: str, rights_confirmed: bool, now: datetime
) -> DataSet:
    """Make a data set of uploaded MIDI files; those that cannot be used are kept as refused.

    :raises RightsNotConfirmed: if nobody said that they may be trained on
    :raises TooManyDataSets: if the owner keeps as many as one person may
    :raises TooManyFiles: if they are more, or larger, than a data set may be
    :raises NothingToTrainOn: if none of them holds music that a model can learn from
    :raises StorageUnavailable: if the music could not be stored
    """
    if not rights_confirmed:
        raise RightsNotConfirmed(
            _("Say that you wrote these pieces, or that their licence or age lets you train on "
              "them. Nothing was stored.")
        )  # fmt: skip
    require_few(len(files), sum(len(file.content) for file in files))
    names = distinct(clean_name(file.name) or "untitled.mid" for file in files)
    music = [_read(name, file.content) for name, file in zip(names, files, strict=True)]
    draft = DataSet(
        owner=owner,
        name=_named(name, _("My files")),
        source=Source.UPLOAD,
        rights_confirmed_at=now,
        created_at=now,
    )
    return _keep(draft, music)


def _read(name: str, content: bytes) -> _Music:
    try:
        return _Music(name, read_midi(content))
    except MidiRefused as refused:
        return _Music(name, None, (refused.code, refused.detail))


def _keep(draft: DataSet, music: Sequence[_Music]) -> DataSet:
    """Store the music, and make the rows of a data set that has any."""
    require_room(draft.owner)
    songs = {one.name: one.song for one in music if one.song is not None}
    findings = look_through((name, song.to_midi()) for name, song in songs.items())
    rows = [_row(draft, one, findings.get(one.name)) for one in music]
    if not any(row.is_taken for row in rows):
        raise NothingToTrainOn(_why_nothing(rows))
    for row in rows:
        if row.name in songs:
            row.midi_key = store_song(songs[row.name]).key
    draft.survey = _totals(rows)
    with transaction.atomic():
        lock_person(draft.owner)
        require_room(draft.owner)
        draft.save(force_insert=True)
        DataFile.objects.bulk_create(rows)
    return draft


def _row(data_set: DataSet, music: _Music, finding: Finding | None) -> DataFile:
    row = DataFile(data_set=data_set, name=music.name)
    if finding is None:
        row.refusal_code, row.refusal_detail = music.refusal
    else:
        _tell(row, finding)
    return row


def _tell(row: DataFile, finding: Finding) -> None:
    """Write what the survey found into a row."""
    row.music_sha256, row.side = finding.music_sha256, finding.side
    row.report = dict(finding.report)
    row.refusal_code, row.refusal_detail = finding.refusal_code, finding.refusal_detail


def _totals(rows: Iterable[DataFile]) -> dict[str, object]:
    return totals_of(
        Finding(row.name, row.music_sha256, row.side, row.refusal_code, "", row.report)
        for row in rows
    )


def _why_nothing(rows: Sequence[DataFile]) -> str:
    reasons = " ".join(f"{row.name}: {translated(row.refusal_detail)}" for row in rows[:3])
    start = _("None of these files holds music that a model can learn from, so nothing was stored.")
    return f"{start} {reasons}".strip()


@transaction.atomic
def choose_parts(*, data_set: DataSet, file: str, parts: Parts | None) -> DataSet:
    """Say which tracks of a file are its four parts, or leave that to the survey again (None).

    The whole set is surveyed anew, since the sides depend on all of it.

    :raises PartsNotFitting: if the file has no such tracks, or nothing is left to learn from
    :raises DataSetInUse: if a run that has not ended trains on the set
    :raises StorageUnavailable: if the files cannot be read
    """
    data_set = DataSet.objects.select_for_update().get(pk=data_set.pk)
    _require_unused(data_set)
    rows = list(data_set.files.exclude(midi_key=""))
    row = next((one for one in rows if one.name == file), None)
    if row is None:
        raise PartsNotFitting(_("This data set has no readable file of that name."))
    row.parts = None if parts is None else list(parts)
    _survey_again(data_set, rows)
    if not row.is_taken and not row.report["duplicate_of"]:
        raise PartsNotFitting(
            _("With these tracks there is nothing to learn from: %(reason)s")
            % {"reason": translated(row.refusal_detail)}
        )
    return data_set


def _survey_again(data_set: DataSet, rows: Sequence[DataFile]) -> None:
    files = [(row.name, bytes_at(row.midi_key)) for row in rows]
    parts = {row.name: row.parts for row in rows if row.parts is not None}
    findings = look_through(files, parts)
    for row in rows:
        _tell(row, findings[row.name])
    DataFile.objects.bulk_update(
        rows,
        ["music_sha256", "side", "report", "refusal_code", "refusal_detail", "parts"],
    )
    unreadable = data_set.files.filter(midi_key="")
    data_set.survey = _totals([*rows, *unreadable])
    data_set.save(update_fields=["survey"])


def rename_data_set(*, data_set: DataSet, name: str) -> DataSet:
    """Give a data set another name."""
    data_set.name = _named(name, data_set.name)
    data_set.save(update_fields=["name"])
    return data_set


@transaction.atomic
def delete_data_set(*, data_set: DataSet, now: datetime) -> None:
    """Delete a data set with its files. Runs that ended keep what they said about it.

    :raises DataSetInUse: if a run that has not ended trains on it
    """
    data_set = DataSet.objects.select_for_update().get(pk=data_set.pk)
    _require_unused(data_set)
    discard_files(keys=data_set.files.values_list("midi_key", flat=True), now=now)
    data_set.delete()


def _require_unused(data_set: DataSet) -> None:
    if unfinished_runs_on(data_set):
        raise DataSetInUse(
            _("A run that has not ended trains on this music. Wait for it, finish it or cancel it.")
        )


def _named(name: str, otherwise: str) -> str:
    return clean_name(name) or otherwise
