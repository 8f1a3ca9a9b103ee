"""Sending a submission's file to a browser or a program."""

from django.http import HttpResponseBase

from challenges.models import Submission
from studio import downloads


def midi_response(submission: Submission) -> HttpResponseBase:
    """Return the canonical file as an attachment, or the way to a signed address that has it.

    :raises StorageUnavailable: if the file store does not answer
    """
    return downloads.midi_response(submission.midi_key, submission.title)
