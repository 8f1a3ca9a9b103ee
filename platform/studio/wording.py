"""What techniques and pieces are called. Pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from ml.music.text import clean_name

LONGEST_TITLE = 80
ENDINGS = {"mid", "midi", "smf", "kar"}


class Technique(models.TextChoices):
    """How a generative model may take part in a composition."""

    ACCOMPANY = "accompany", _("Add a band (GAN)")
    EDIT = "edit", _("Bach it (AR-CNN)")
    EXTEND = "extend", _("Keep going (Transformer)")


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
        gettext_noop("Add a band"),
        "GAN",
        gettext_noop(
            "A generator writes further tracks to your melody. The melody stays as it is."
        ),
        gettext_noop("Adding a band"),
        "{title} with a band",
    ),
    Technique.EDIT: Plain(
        gettext_noop("Bach it"),
        "AR-CNN",
        gettext_noop(
            "A network that learned from Bach adds, removes and moves notes, one after another."
        ),
        gettext_noop("Editing towards Bach"),
        "{title} in Bach’s hand",
    ),
    Technique.EXTEND: Plain(
        gettext_noop("Keep going"),
        "Transformer",
        gettext_noop("A Transformer listens to your piece and plays on from where it ends."),
        gettext_noop("Playing on"),
        "{title} continued",
    ),
}


def plain(technique: str) -> Plain:
    """Return a technique in plain words."""
    written = PLAIN[Technique(technique)]
    return replace(
        written,
        name=gettext(written.name),
        text=gettext(written.text),
        doing=gettext(written.doing),
    )


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
    names = [gettext("“{title}” by {author}").format(**one) for one in attributions]
    sentences = []
    if names:
        sentences.append(gettext("Made from {names}.").format(names=gettext(" and ").join(names)))
    used = [f"{plain(step['technique']).name} ({plain(step['technique']).model})" for step in steps]
    if used:
        sentences.append(gettext("I used {names}.").format(names=gettext(", then ").join(used)))
    return " ".join(sentences)


def title_of(filename: str) -> str:
    """Return a file's name as a title.

    >>> title_of("My first waltz.MID"), title_of(".mid")
    ('My first waltz', 'Untitled')
    """
    name = clean_name(filename)
    stem, dot, ending = name.rpartition(".")
    return clean_name(stem if dot and ending.lower() in ENDINGS else name) or "Untitled"
