"""Why a technique does not run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """One wrong value: the parameter's name and, in a sentence, what would be right."""

    name: str
    detail: str


class ParametersRefused(ValueError):
    """One or more parameters are wrong; `problems` names each."""

    def __init__(self, problems: tuple[ParameterProblem, ...]) -> None:
        super().__init__(" ".join(problem.detail for problem in problems))
        self.problems = problems


class GenerationRefused(ValueError):
    """A technique cannot work on the music: `code` for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class GenerationCancelled(Exception):
    """Somebody stopped the generation."""


class ModelUnavailable(Exception):
    """A technique's weights are missing or damaged; `technique` names it, `detail` says why."""

    def __init__(self, technique: str, detail: str) -> None:
        super().__init__(detail)
        self.technique = technique
        self.detail = detail
