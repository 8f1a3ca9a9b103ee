"""Names that pages show as words, of actions, jobs and styles: marked here, stored elsewhere."""

from django.utils.translation import gettext_noop as _

ACTIONS = (
    _("Create challenge"),
    _("Change challenge"),
    _("Create round"),
    _("Publish round"),
    _("Pause round"),
    _("Resume round"),
    _("Extend round"),
    _("Close round"),
    _("Cancel round"),
    _("Publish results round"),
    _("Finalize round"),
    _("Archive round"),
    _("Start revision"),
    _("Apply revision"),
    _("Cancel revision"),
    _("Judge eligibility"),
)
DECISIONS = (
    _("publish"),
    _("pause"),
    _("resume"),
    _("extend"),
    _("close"),
    _("cancel"),
    _("publish results"),
    _("finalize"),
    _("archive"),
)
KINDS = (
    _("Score"),
    _("Rescore"),
    _("Estimate"),
    _("Generate"),
    _("Render"),
    _("Mail"),
    _("Train"),
    _("Attention"),
)
STYLES = (
    _("chorale"),
    _("madrigal"),
    _("quartet"),
    _("dance"),
    _("arcade"),
    _("Chorale"),
    _("Madrigal"),
    _("Quartet"),
    _("Dance"),
    _("Arcade"),
)
STATES = (
    _("Waiting"),
    _("Ready"),
    _("Leased"),
    _("Backoff"),
    _("Succeeded"),
    _("Failed"),
    _("Cancelled"),
    _("Scored"),
    _("Scoring"),
)
STEPS = (
    _("Released"),
    _("Claimed"),
    _("Refused"),
    _("Erred"),
    _("Lost"),
    _("Returned"),
    _("Woken"),
    _("Exhausted"),
    _("Retried"),
)
