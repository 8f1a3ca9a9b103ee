"""What the Lab's things are called on screens and in the API. Pure, no database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from studio.wording import Technique


class Source(models.TextChoices):
    """Where the music of a data set comes from."""

    STYLE = "style", _("A style that is shipped")
    COMPOSITIONS = "compositions", _("Compositions of your own")
    UPLOAD = "upload", _("MIDI files")


class Kind(models.TextChoices):
    """Which model is trained."""

    GAN = "gan", _("GAN: adds a band to a melody")
    AR_CNN = "ar_cnn", _("AR-CNN: edits note by note")
    TRANSFORMER = "transformer", _("Transformer: plays on")


TECHNIQUES = {
    Kind.GAN: Technique.ACCOMPANY,
    Kind.AR_CNN: Technique.EDIT,
    Kind.TRANSFORMER: Technique.EXTEND,
}
"""The technique that a trained model is for."""


class Wanted(models.TextChoices):
    """What the owner of a run wants of it."""

    GO = "go", _("Train")
    PAUSE = "pause", _("Pause")
    FINISH = "finish", _("Finish now")


class RunState(models.TextChoices):
    """Where a run stands, in one word. The last three are final."""

    WAITING = "waiting", _("Waiting for its turn")
    TRAINING = "training", _("Training")
    PAUSING = "pausing", _("Pausing")
    PAUSED = "paused", _("Paused")
    FINISHING = "finishing", _("Finishing")
    FAILED = "failed", _("Failed")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


class Visibility(models.TextChoices):
    """Who may see and use a model."""

    PRIVATE = "private", _("Only you")
    UNLISTED = "unlisted", _("Whoever has its address")
    PUBLIC = "public", _("Everybody")
