"""The three techniques without their models: parameters, edit events, results, model cards.

Nothing here loads torch, so that the site can build forms and schemas from it.
"""

from ml.techniques.cards import (
    SHIPPED,
    WEIGHTS,
    Card,
    name_in,
    names_in,
    read_card,
    unavailable,
    weights_for,
)
from ml.techniques.errors import (
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    ParameterProblem,
    ParametersRefused,
)
from ml.techniques.generated import (
    Cancelled,
    EditedNote,
    EditEvent,
    Generated,
    Progress,
    generated,
    replay,
)
from ml.techniques.parameters import (
    TECHNIQUES,
    AccompanyParameters,
    EditParameters,
    ExtendParameters,
    Parameter,
    Parameters,
    as_dict,
    describe,
    described,
    parse,
    parsed,
)

__all__ = [
    "SHIPPED",
    "TECHNIQUES",
    "WEIGHTS",
    "AccompanyParameters",
    "Cancelled",
    "Card",
    "EditEvent",
    "EditParameters",
    "EditedNote",
    "ExtendParameters",
    "Generated",
    "GenerationCancelled",
    "GenerationRefused",
    "ModelUnavailable",
    "Parameter",
    "ParameterProblem",
    "Parameters",
    "ParametersRefused",
    "Progress",
    "as_dict",
    "describe",
    "described",
    "generated",
    "name_in",
    "names_in",
    "parse",
    "parsed",
    "read_card",
    "replay",
    "unavailable",
    "weights_for",
]
