"""Questions of five kinds, and whether an answer is right. Pure: no database, no HTTP.

In a chapter a question is YAML: `id`, `kind`, `ask`, `because` (the explanation that everybody
sees after answering) and, by kind, `options` (a list of {text, right, why}), `items` (in the
right order), `answer` with `within` and `unit`, or `pairs` (a list of [left, right]).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["single", "multiple", "order", "number", "match"]
Given = list[str]
"""An answer as it was sent: numbers of options, places of items, a number, or partners' numbers."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its key; which fields are filled depends on `kind`."""

    id: str
    kind: Kind
    ask: str
    because: str
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    answer: float = 0.0
    within: float = 0.0
    unit: str = ""
    shown: tuple[int, ...] = field(default=())
    """The order in which items, or partners, are shown: numbers of `items` or `pairs`."""

    @property
    def n_parts(self) -> int:
        """How many values a complete answer has; 0 where any number may be chosen."""
        return {"single": 1, "multiple": 0, "number": 1, "order": len(self.items)}.get(
            self.kind, len(self.pairs)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right; `parts` says so part by part, for order and match."""

    right: bool
    parts: tuple[bool, ...] = ()


def question_from(about: Mapping[str, Any]) -> Question:
    """Return a question as it is written in a chapter.

    :raises ValueError: if it has no key or a wrong one
    """
    about = dict(about)
    options = tuple(
        Option(str(o["text"]), bool(o.get("right", False)), str(o["why"]))
        for o in about.pop("options", ())
    )
    items = tuple(str(item) for item in about.pop("items", ()))
    pairs = tuple((str(left), str(right)) for left, right in about.pop("pairs", ()))
    question = Question(
        **about, options=options, items=items, pairs=pairs,
        shown=_mixed(about["id"], len(items or pairs)),
    )  # fmt: skip
    _check(question)
    return question


def _check(question: Question) -> None:
    n_right = sum(option.right for option in question.options)
    sound = {
        "single": n_right == 1 and len(question.options) > 1,
        "multiple": n_right > 0 and len(question.options) > 2,
        "order": len(question.items) > 2,
        "number": question.within >= 0,
        "match": len(question.pairs) > 1,
    }
    if not sound.get(question.kind):
        raise ValueError(f"the question {question.id} has no sound key")


def _mixed(seed: str, count: int) -> tuple[int, ...]:
    """Return 0 to count - 1 in an order that is always the same, and never the right one."""
    if count < 2:
        return tuple(range(count))
    order = sorted(range(count), key=lambda n: hashlib.sha256(f"{seed}{n}".encode()).digest())
    return tuple(order if order != list(range(count)) else [*order[1:], order[0]])


def check(question: Question, given: Sequence[str]) -> Verdict | None:
    """Return whether an answer is right, or None for one that is incomplete or no answer."""
    return _CHECKS[question.kind](question, given)


def _chosen(question: Question, given: Sequence[str]) -> Verdict | None:
    picked = {int(g) for g in given if g.isdecimal() and int(g) < len(question.options)}
    if not picked or (question.kind == "single" and len(picked) > 1):
        return None
    right = {number for number, option in enumerate(question.options) if option.right}
    return Verdict(picked == right)


def _number(question: Question, given: Sequence[str]) -> Verdict | None:
    try:
        value = float(given[0].replace(",", ".").strip())
    except (IndexError, ValueError):
        return None
    return Verdict(abs(value - question.answer) <= question.within + 1e-9)


def _ordered(question: Question, given: Sequence[str]) -> Verdict | None:
    """Check places 1 to n, sent in the order in which the items are shown."""
    if len(given) != len(question.items) or not all(g.isdecimal() for g in given):
        return None
    parts = tuple(int(place) == item + 1 for place, item in zip(given, question.shown, strict=True))
    return Verdict(all(parts), parts)


def _matched(question: Question, given: Sequence[str]) -> Verdict | None:
    """Check the numbers of the partners, sent in the order of the pairs."""
    if len(given) != len(question.pairs) or not all(g.isdecimal() for g in given):
        return None
    rights = [right for _, right in question.pairs]
    parts = tuple(
        int(g) < len(rights) and rights[int(g)] == right
        for g, right in zip(given, rights, strict=True)
    )
    return Verdict(all(parts), parts)


_CHECKS: dict[str, Callable[[Question, Sequence[str]], Verdict | None]] = {
    "single": _chosen, "multiple": _chosen, "number": _number,
    "order": _ordered, "match": _matched,
}  # fmt: skip
