"""`submissions/<id>/audio/`: the sound of a piece that was handed in."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from accounts.models import User
from challenges.api.common import viewer_of
from challenges.api.submissions import OneSubmission
from challenges.models import Submission
from challenges.selectors.visibility import may_download
from studio.api.sounds import Mp3File, PieceAudio, WavFile
from studio.models import AudioFormat


class SubmissionSound(OneSubmission, PieceAudio):
    """Anything about the sound of a submission: whoever may see it may hear it."""

    names: ClassVar = {AudioFormat.MP3: "submission-mp3", AudioFormat.WAV: "submission-wav"}

    def piece(self, pk: UUID) -> Submission:
        """Return the submission in the address, if the caller may see it."""
        return self.submission(pk)

    def owner(self, piece: Submission) -> User:
        """Return the participant."""
        return piece.entry.participant


class SubmissionAudio(SubmissionSound):
    """A submission's sound."""


class SubmissionMp3(SubmissionSound, Mp3File):
    """A submission's sound to play."""


class SubmissionWav(SubmissionSound, WavFile):
    """A submission's sound to keep."""

    def piece(self, pk: UUID) -> Submission:
        """Return the submission in the address, if its licence lets the caller keep it."""
        submission = super().piece(pk)
        if not may_download(viewer_of(self.request), submission):
            raise PermissionDenied(_("Its author reserves all rights: it can be listened to only."))
        return submission
