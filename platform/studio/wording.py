"""What techniques and pieces are called. Pure, no database."""

from dataclasses import dataclass

from django.db import models

from ml.music.text import clean_name

ENDINGS = {"mid", "midi", "smf", "kar"}


class Technique(models.TextChoices):
    """How a generative model may take part in a composition."""

    ACCOMPANY = "accompany", "Add a band (GAN)"
    EDIT = "edit", "Bach it (AR-CNN)"
    EXTEND = "extend", "Keep going (Transformer)"


@dataclass(frozen=True, slots=True)
class Plain:
    """A technique in plain words: its name, the model's, what it does, what it is doing.

    `result` makes the title of the new piece out of the old one.
    """

    name: str
    model: str
    text: str
    doing: str
    result: str


PLAIN = {
    Technique.ACCOMPANY: Plain(
        "Add a band",
        "GAN",
        "A generator writes further tracks to your melody. The melody stays as it is.",
        "Adding a band",
        "{title} with a band",
    ),
    Technique.EDIT: Plain(
        "Bach it",
        "AR-CNN",
        "A network that learned from Bach adds, removes and moves notes, one after another.",
        "Editing towards Bach",
        "{title} in Bach’s hand",
    ),
    Technique.EXTEND: Plain(
        "Keep going",
        "Transformer",
        "A Transformer listens to your piece and plays on from where it ends.",
        "Playing on",
        "{title} continued",
    ),
}


def plain(technique: str) -> Plain:
    """Return a technique in plain words."""
    return PLAIN[Technique(technique)]


def title_of(filename: str) -> str:
    """Return a file's name as a title.

    >>> title_of("My first waltz.MID"), title_of(".mid")
    ('My first waltz', 'Untitled')
    """
    name = clean_name(filename)
    stem, dot, ending = name.rpartition(".")
    return clean_name(stem if dot and ending.lower() in ENDINGS else name) or "Untitled"
