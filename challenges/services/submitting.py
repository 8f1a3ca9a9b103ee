"""Handing in, taking back and choosing compositions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from challenges.errors import (
    CustomModelsNotAllowed,
    DuplicateSubmission,
    LicenceNotAllowed,
    NotPickable,
    NotWithdrawable,
    OutsideRules,
    QuotaExhausted,
    RoundClosed,
    RoundNotOpen,
    RoundPaused,
)
from challenges.kinds import SCORE
from challenges.licences import why_not
from challenges.models import Entry, QuotaUse, Round, Submission
from challenges.models.challenge import Counting
from challenges.models.entry import Content, Eligibility, Licence, QuotaState
from challenges.phases import Phase
from challenges.quotas import period_name, resets_at
from challenges.scoring import PieceFacts, fit_value
from challenges.services.boards import refresh_rows
from challenges.services.sounding import request_sound
from jobs.services import enqueue
from ml.music import Song, read_midi
from studio.errors import IdempotencyConflict
from studio.files import StoredSong, bytes_at, store_song
from studio.models import Composition
from studio.own_models import own_models_in
from studio.selectors.compositions import lineage_as_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a participant hands in: the MIDI file's bytes and what is said about them."""

    upload: bytes
    title: str
    statement: str = ""
    licence: str = Licence.CC_BY
    lineage: Sequence[dict[str, Any]] = field(default_factory=tuple)
    attributions: Sequence[dict[str, str]] = field(default_factory=tuple)

    @classmethod
    def of(cls, composition: Composition, **said: str) -> "Piece":
        """Return a composition as a piece, with the generations that led to it.

        :raises StorageUnavailable: if its file cannot be read
        """
        upload = bytes_at(composition.midi_key)
        return cls(
            upload=upload,
            lineage=lineage_as_json(composition),
            attributions=composition.attributions,
            **said,
        )

    @property
    def sha256(self) -> str:
        """A hash that tells two requests apart."""
        said = "\0".join((self.title, self.statement, self.licence)).encode()
        return hashlib.sha256(said + b"\0" + self.upload).hexdigest()


def submit(
    *,
    round_: Round,
    participant: User,
    piece: Piece,
    received_at: datetime,
    idempotency_key: str | None = None,
) -> Submission:
    """Hand in a composition and queue its scoring.

    `received_at` is when the upload began, by the database's clock. The same key with the same
    request gives the submission that the first request made.

    :raises MidiRefused: if the bytes are no MIDI file that can be scored
    :raises RoundNotOpen: if the round does not take submissions at `received_at`
    :raises OutsideRules: if the round refuses pieces of this length or with these tracks
    :raises LicenceNotAllowed: if what the piece was made from does not allow its licence
    :raises CustomModelsNotAllowed: if it was made with a model that the round does not take
    :raises QuotaExhausted: if the participant has no submission left
    :raises DuplicateSubmission: if the participant handed in the same music before
    :raises IdempotencyConflict: if the key came with another request before
    :raises StorageUnavailable: if the bytes could not be stored
    """
    earlier = _replayed(round_, participant, piece, idempotency_key)
    if earlier is not None:
        return earlier
    _require_open(round_, received_at)
    _require_licence(piece)
    _require_models(round_, piece)
    song = read_midi(piece.upload)
    _require_within_rules(round_, song)
    stored = store_song(song)
    with transaction.atomic():
        # Read again: an organizer may have paused or closed the round meanwhile.
        round_ = Round.objects.get(pk=round_.pk)
        _require_open(round_, received_at)
        entry = _locked_entry(round_, participant, received_at)
        earlier = _replayed(round_, participant, piece, idempotency_key)
        return earlier or _hand_in(entry, piece, stored, received_at, idempotency_key)


def _replayed(
    round_: Round, participant: User, piece: Piece, idempotency_key: str | None
) -> Submission | None:
    if not idempotency_key:
        return None
    earlier = Submission.objects.filter(
        entry__round=round_, entry__participant=participant, idempotency_key=idempotency_key
    ).first()
    if earlier is not None and earlier.request_sha256 != piece.sha256:
        raise IdempotencyConflict(
            _(
                "This Idempotency-Key came with another file or title before. Use a new key "
                "for a new submission."
            )
        )
    return earlier


def _require_open(round_: Round, received_at: datetime) -> None:
    if round_.takes_submissions(received_at):
        return
    if round_.phase(received_at) in (Phase.OPEN, Phase.FROZEN):
        raise RoundPaused(
            _("{title} is paused. The organizers will say when it goes on.").format(
                title=round_.title
            )
        )
    if received_at >= round_.closes_at:
        raise RoundClosed(
            _(
                "{title} closed at {closes_at:%Y-%m-%d %H:%M} UTC. Your upload began after that."
            ).format(title=round_.title, closes_at=round_.closes_at)
        )
    raise RoundNotOpen(_("{title} does not take submissions now.").format(title=round_.title))


def _require_licence(piece: Piece) -> None:
    reason = why_not(piece.licence, piece.attributions)
    if reason:
        raise LicenceNotAllowed(reason)


def _require_models(round_: Round, piece: Piece) -> None:
    used = own_models_in(piece.lineage)
    if used and not round_.allows_custom_models:
        raise CustomModelsNotAllowed(
            _("%(round)s takes pieces made with the site’s own models only, and %(models)s is one "
              "that somebody trained. Make the piece again with another model.")
            % {"round": round_.title, "models": ", ".join(used)}
        )  # fmt: skip


def _require_within_rules(round_: Round, song: Song) -> None:
    if not round_.refuse_outside_rules:
        return
    _, reasons = fit_value(
        PieceFacts(song.duration_seconds, len(song.tracks), frozenset()),
        seconds=(round_.min_seconds, round_.max_seconds),
        tracks=(round_.min_tracks, round_.max_tracks),
        techniques=frozenset(),
    )
    if reasons:
        raise OutsideRules(" ".join(reasons))


def _hand_in(
    entry: Entry,
    piece: Piece,
    stored: StoredSong,
    received_at: datetime,
    idempotency_key: str | None,
) -> Submission:
    """Make the rows of a submission that is in time, the entry's row being locked."""
    facts = stored.facts()
    eligibility = _eligibility(entry, facts["music_hash"])
    period = _require_quota(entry.round, entry, received_at)
    submission = entry.submissions.create(
        round=entry.round,
        number=entry.submissions.count() + 1,
        title=piece.title,
        statement=piece.statement,
        licence=piece.licence,
        lineage=list(piece.lineage),
        attributions=list(piece.attributions),
        submitted_at=received_at,
        idempotency_key=idempotency_key,
        request_sha256=piece.sha256,
        **facts,
        **eligibility,
    )
    QuotaUse.objects.create(
        entry=entry, submission=submission, period=period, updated_at=received_at
    )
    enqueue(
        kind=SCORE,
        payload={"submission": str(submission.pk), "round": submission.round_id},
        owner=entry.participant,
        subject=submission.subject,
        now=received_at,
    )
    request_sound(submission=submission, owner=entry.participant, now=received_at)
    return submission


def _locked_entry(round_: Round, participant: User, now: datetime) -> Entry:
    # The lock makes two uploads of one participant wait for each other, so that both cannot pass
    # the quota. Other participants are not held up.
    own = Entry.objects.select_for_update().filter(round=round_, participant=participant)
    entry = own.first()
    if entry is None:
        Entry.objects.get_or_create(
            round=round_, participant=participant, defaults={"created_at": now}
        )
        entry = own.get()
    entry.round, entry.participant = round_, participant
    return entry


def _eligibility(entry: Entry, notes: str) -> dict[str, str]:
    """Refuse music that its participant handed in before; send another's to review."""
    same = Submission.objects.filter(
        round=entry.round, music_hash=notes, content=Content.ACCEPTED
    ).only("title", "entry_id")
    found = list(same.order_by("submitted_at"))
    own = next((earlier for earlier in found if earlier.entry_id == entry.pk), None)
    if own is not None:
        raise DuplicateSubmission(
            _("You handed in this music before, as “{title}”.").format(title=own.title),
            extra={"submission": str(own.pk), "entry": str(entry.pk)},
        )
    if not found:
        return {}
    return {
        "eligibility": Eligibility.UNDER_REVIEW,
        "eligibility_reason": gettext_noop("Another participant handed in the same music before."),
    }


def _require_quota(round_: Round, entry: Entry, now: datetime) -> str:
    period = period_name(round_, now)
    uses = entry.quota_uses.filter(period=period).exclude(state=QuotaState.REFUNDED)
    if round_.quota and uses.count() >= round_.quota:
        again = resets_at(round_, now)
        then = (
            _("The next ones are yours from {again:%Y-%m-%d %H:%M} UTC.").format(again=again)
            if again
            else ""
        )
        used_up = _("You have used all {limit} submissions.").format(limit=round_.quota)
        raise QuotaExhausted(
            f"{used_up} {then}".strip(),
            extra={"resets_at": again.isoformat() if again else None},
        )
    return period


@transaction.atomic
def withdraw(*, submission: Submission, now: datetime) -> Submission:
    """Take a submission back before the round closes. Its place in the quota is not given back.

    :raises NotWithdrawable: if the round has closed or the submission does not stand any more
    """
    entry = Entry.objects.select_for_update().get(pk=submission.entry_id)
    submission = Submission.objects.get(pk=submission.pk)
    if now >= submission.round.closes_at:
        raise NotWithdrawable(_("The round has closed; its pieces can no longer be withdrawn."))
    if submission.content != Content.ACCEPTED:
        raise NotWithdrawable(_("This piece was withdrawn or rejected before."))
    submission.content = Content.WITHDRAWN
    submission.save(update_fields=["content"])
    if entry.picked_id == submission.pk:
        entry.picked = None
        entry.save(update_fields=["picked"])
    refresh_rows(entry=entry, now=now)
    return submission


@transaction.atomic
def pick(*, submission: Submission, now: datetime) -> Entry:
    """Choose the submission that counts, where the round leaves that to the participant.

    :raises NotPickable: if the round counts otherwise, has closed, or the submission cannot count
    """
    entry = Entry.objects.select_for_update().get(pk=submission.entry_id)
    submission = Submission.objects.select_related("round").get(pk=submission.pk)
    if submission.round.counting != Counting.PICKED:
        raise NotPickable(
            _("In this round it is {label} that counts.").format(
                label=Counting(submission.round.counting).label
            )
        )
    if now >= submission.round.closes_at:
        raise NotPickable(_("The round has closed; the choice stands."))
    if not submission.counts:
        raise NotPickable(_("This piece was withdrawn, rejected or is under review."))
    entry.picked = submission
    entry.save(update_fields=["picked"])
    refresh_rows(entry=entry, now=now)
    return entry
