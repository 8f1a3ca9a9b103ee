"""What techniques and pieces are called. Pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from ml.music.text import clean_name

LONGEST_TITLE = 80
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


def fitting(pattern: str, title: str) -> str:
    """Return a title made of another one, which is cut where the whole would be too long.

    >>> fitting("{title} (copy)", "A tune")
    'A tune (copy)'
    """
    room = LONGEST_TITLE - len(pattern.format(title=""))
    return pattern.format(title=title if len(title) <= room else title[: room - 1] + "…")


def how_made(steps: Iterable[Mapping[str, Any]], attributions: Iterable[Mapping[str, str]]) -> str:
    """Return in sentences whose pieces a piece was made of and which techniques were used.

    `steps` are those of its lineage, the first one first. Empty for a piece made by hand.
    """
    names = [f"“{one['title']}” by {one['author']}" for one in attributions]
    sentences = [f"Made from {' and '.join(names)}."] if names else []
    used = [f"{plain(step['technique']).name} ({plain(step['technique']).model})" for step in steps]
    if used:
        sentences.append(f"I used {', then '.join(used)}.")
    return " ".join(sentences)


def title_of(filename: str) -> str:
    """Return a file's name as a title.

    >>> title_of("My first waltz.MID"), title_of(".mid")
    ('My first waltz', 'Untitled')
    """
    name = clean_name(filename)
    stem, dot, ending = name.rpartition(".")
    return clean_name(stem if dot and ending.lower() in ENDINGS else name) or "Untitled"
