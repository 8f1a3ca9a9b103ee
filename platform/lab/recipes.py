"""What may be set of a training run: one typed class for each kind of model, described once.

Forms, the API and the worker read the settings through `parse`; `ml.training` is called with them.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from lab.wording import Kind
from ml.techniques import Parameter, ParameterProblem, ParametersRefused, described, parsed
from ml.techniques.parameters import ACCOMPANY_STYLES, STYLES

MOST_ITERATIONS = 200_000

TRAINABLE_STYLES: dict[str, tuple[str, ...]] = {
    Kind.GAN: ACCOMPANY_STYLES,
    Kind.AR_CNN: tuple(style for style in STYLES if style != "dance"),
    Kind.TRANSFORMER: STYLES,
}
"""The shipped styles that each kind of model can learn; dance tunes are single lines."""


def _number(default: float, low: float, high: float, label: Any, text: Any, unit: Any = "") -> Any:
    kind = "integer" if isinstance(default, int) else "number"
    about = {"kind": kind, "minimum": low, "maximum": high, "label": label, "help": text,
             "unit": unit}  # fmt: skip
    return field(default=default, metadata=about)


def _choice(default: str, choices: tuple[str, ...], label: Any, text: Any) -> Any:
    about = {"kind": "choice", "choices": choices, "label": label, "help": text}
    return field(default=default, metadata=about)


def _iterations(default: int) -> Any:
    return _number(
        default, 1, MOST_ITERATIONS, _("Iterations"),
        _("How often the weights are changed. Twice as many take twice as long."),
    )  # fmt: skip


def _begin(text: Any) -> Any:
    return _choice("shipped", ("shipped", "nothing"), _("Begin from"), text)


def _points(default: int) -> Any:
    return _number(
        default, 1, 10_000, _("Points every"),
        _("How many iterations lie between two points of the curves. Each point costs a little "
          "time."), _("iterations"),
    )  # fmt: skip


def _size() -> Any:
    return _choice(
        "shipped", ("tiny", "shipped"), _("Size"),
        _("Shipped is as large as the model that the site came with. Tiny is for trying out the "
          "page, and begins from nothing."),
    )  # fmt: skip


def _highest_rate(default: float) -> Any:
    return _number(
        default, 1e-6, 1e-1, _("Learning rate"),
        _("The highest of the run; it rises at first and falls towards the end."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GanSettings:
    """Settings of a GAN: a generator and a critic, both trained from nothing."""

    algorithm: str = _choice(
        "unet", ("unet", "musegan"), _("Algorithm"),
        _("U-Net looks at the whole phrase at once; MuseGAN gives every track a generator of its "
          "own and a shared idea."),
    )  # fmt: skip
    size: str = _choice(
        "small", ("tiny", "small", "medium", "shipped"), _("Size"),
        _("Small learns in minutes, medium in a quarter of an hour. Shipped is as large as the "
          "models that the site came with, and takes hours. Tiny is for trying out the page."),
    )  # fmt: skip
    iterations: int = _iterations(500)
    learning_rate: float = _number(
        2e-4, 1e-6, 1e-2, _("Learning rate"),
        _("How far each iteration moves the weights. Too high and the losses jump; too low and "
          "nothing happens."),
    )  # fmt: skip
    critic_updates: int = _number(
        2, 1, 20, _("Critic updates"),
        _("How often the critic learns for each time that the generator does. A critic that knows "
          "little teaches little."),
    )  # fmt: skip
    batch_size: int = _number(
        16, 1, 64, _("Batch size"),
        _("Phrases in one iteration. More make smoother steps and take longer."), _("phrases"),
    )  # fmt: skip
    points_every: int = _points(25)


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """Settings of an AR-CNN."""

    begin_from: str = _begin(
        _("Shipped weights know Bach already and are tuned to your music; from nothing it learns "
          "from your music alone, which takes far longer.")
    )  # fmt: skip
    size: str = _size()
    iterations: int = _iterations(240)
    learning_rate: float = _highest_rate(3e-4)
    points_every: int = _points(40)


@dataclass(frozen=True, slots=True)
class ExtenderSettings:
    """Settings of a Transformer."""

    begin_from: str = _begin(
        _("Shipped weights know five styles already and are tuned to your music; from nothing it "
          "learns from your music alone, which takes far longer.")
    )  # fmt: skip
    size: str = _size()
    iterations: int = _iterations(70)
    learning_rate: float = _highest_rate(1e-4)
    points_every: int = _points(10)


Settings = GanSettings | EditorSettings | ExtenderSettings

CLASSES: dict[str, type[Settings]] = {
    Kind.GAN: GanSettings,
    Kind.AR_CNN: EditorSettings,
    Kind.TRANSFORMER: ExtenderSettings,
}


def describe(kind: str) -> tuple[Parameter, ...]:
    """Return the settings of a kind of run in the order in which they are asked for.

    :raises KeyError: if there is no such kind
    """
    return described(CLASSES[kind])


def parse(kind: str, values: Any) -> Settings:
    """Return the settings of a run from JSON values or text; what is left out is the default.

    :raises KeyError: if there is no such kind
    :raises ParametersRefused: naming every value that is wrong and what would be right
    """
    settings = parsed(CLASSES[kind], values)
    if not isinstance(settings, GanSettings) and settings.size == "tiny":
        _require_nothing(settings.begin_from)
    return settings


def _require_nothing(begin_from: str) -> None:
    if begin_from != "nothing":
        detail = _("The shipped weights are not tiny: begin from nothing, or choose their size.")
        raise ParametersRefused((ParameterProblem("begin_from", str(detail)),))


def as_dict(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON values; `parse` reads them back."""
    return asdict(settings)
