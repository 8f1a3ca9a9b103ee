"""A question as a page shows it: what was given, and what is said about it. Pure."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.pages import Refusal
from learning.progress import State
from learning.quiz import Question, check
from learning.words import inline


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a question: an option, an item to place, or a pair to match.

    `value` is what the option sends, or what was given for an item; `right` is None before an
    answer. `choices` are (value, text) of a select.
    """

    label: SafeString
    value: str
    chosen: bool = False
    right: bool | None = None
    why: SafeString | str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def mistaken(self) -> bool:
        """Whether an option was chosen that is wrong, or left out that is right."""
        return self.right is not None and self.chosen != self.right


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the visitor's last answer; `right` is None before there is one."""

    question: Question
    ask: SafeString
    because: SafeString
    fields: tuple[Field, ...]
    right: bool | None
    given: str = ""
    refusal: Refusal | None = None


def asked_of(question: Question, state: State, refusal: Refusal | None) -> Asked:
    """Return a question as it stands for somebody."""
    kept = state.answers.get(question.id)
    given = [str(value) for value in kept["given"]] if kept else []
    verdict = check(question, given) if kept else None
    fields = {
        "single": _options, "multiple": _options, "order": _places, "match": _partners,
    }.get(question.kind, _none)(question, given, verdict.parts if verdict else ())  # fmt: skip
    return Asked(
        question, inline(question.ask), inline(question.because), fields,
        verdict.right if verdict else None, given[0] if given else "", refusal,
    )  # fmt: skip


def _none(_question: Question, _given: list[str], _parts: tuple[bool, ...]) -> tuple[Field, ...]:
    return ()


def _options(question: Question, given: list[str], _parts: tuple[bool, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(
            inline(option.text), str(number), str(number) in given,
            option.right if given else None, inline(option.why),
        )
        for number, option in enumerate(question.options)
    )  # fmt: skip


def _places(question: Question, given: list[str], parts: tuple[bool, ...]) -> tuple[Field, ...]:
    places = tuple((str(n), str(n)) for n in range(1, len(question.items) + 1))
    return tuple(
        Field(
            inline(question.items[item]), given[at] if given else "",
            right=parts[at] if parts else None, choices=places,
            why=_("place {number}").format(number=item + 1) if parts else "",
        )
        for at, item in enumerate(question.shown)
    )  # fmt: skip


def _partners(question: Question, given: list[str], parts: tuple[bool, ...]) -> tuple[Field, ...]:
    rights = [right for _, right in question.pairs]
    choices, seen = [], set[str]()
    for number in question.shown:
        if rights[number] not in seen:
            seen.add(rights[number])
            choices.append((str(rights.index(rights[number])), rights[number]))
    return tuple(
        Field(
            inline(left), given[at] if given else "", right=parts[at] if parts else None,
            choices=tuple(choices), why=right if parts else "",
        )
        for at, (left, right) in enumerate(question.pairs)
    )  # fmt: skip
