"""What people fill in in the Studio."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.words import translated
from ml.music import DEFAULT_LIMITS
from ml.music.text import clean_name
from ml.techniques import Parameter, ParametersRefused, describe, parse
from studio.models import MAX_SEED
from studio.own_models import OwnModel
from studio.services.generations import Wish
from studio.wording import title_of


class TitleForm(forms.Form):
    """Another title for a composition."""

    title = forms.CharField(
        max_length=80, error_messages={"required": gettext_lazy("Give it a title.")}
    )

    def clean_title(self) -> str:
        title = clean_name(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Use letters that can be seen."))
        return title


class UploadForm(forms.Form):
    """A piece to keep. `key` makes a double click keep one."""

    midi = forms.FileField(
        label=gettext_lazy("A MIDI file"),
        allow_empty_file=True,  # the reader of music says what is wrong with an empty file
        widget=forms.FileInput(attrs={"accept": ".mid,.midi,audio/midi,audio/x-midi"}),
        error_messages={"required": gettext_lazy("Choose a MIDI file.")},
    )
    title = forms.CharField(
        max_length=80, required=False, help_text=gettext_lazy("The file’s name if empty.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    max_bytes: ClassVar[int] = DEFAULT_LIMITS.max_bytes

    def piece(self) -> tuple[bytes, str]:
        """Return the file's bytes, of one that is too large enough to be refused, and the title."""
        upload = self.cleaned_data["midi"]
        title = clean_name(self.cleaned_data["title"]) or title_of(upload.name)
        return upload.read(self.max_bytes + 1), title


class GenerateForm(forms.Form):
    """A technique's parameters, built from what the technique says of them.

    The values are checked by `ml.techniques.parse`, as the API's are; an empty field that is not
    optional has its default. `models` are those that people trained for this technique; without
    any there is nothing to choose.
    """

    seed = forms.CharField(
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": MAX_SEED, "step": 1}),
        help_text=gettext_lazy("The same seed gives the same music. Empty: a new one at random."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self,
        technique: str,
        data: Any = None,
        *,
        values: Any = None,
        models: Sequence[OwnModel] = (),
    ) -> None:
        super().__init__(data, prefix=technique, initial=values)
        self.technique = technique
        self.parameters = describe(technique)
        own = {parameter.name: _field(parameter) for parameter in self.parameters}
        fitting = [model for model in models if model.technique == technique]
        chosen = {"model": _model_field(fitting)} if fitting else {}
        self.fields = {**own, **chosen, **self.fields}  # the seed comes last

    def clean(self) -> dict[str, Any]:
        values = {
            parameter.name: self.cleaned_data.get(parameter.name)
            for parameter in self.parameters
            if parameter.optional or self.cleaned_data.get(parameter.name) not in ("", None)
        }
        try:
            parse(self.technique, values)
        except ParametersRefused as refused:
            for problem in refused.problems:
                self.add_error(problem.name, translated(problem.detail))
        self.values = values
        return self.cleaned_data

    def clean_seed(self) -> int | None:
        text = self.cleaned_data["seed"].strip()
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or int(text[:20]) > MAX_SEED:
            raise forms.ValidationError(
                _("A seed is a whole number from 0 to {max_seed}.").format(max_seed=MAX_SEED)
            )
        return int(text)

    def wish(self) -> Wish:
        """Return what is asked of the technique."""
        return Wish(
            technique=self.technique,
            parameters=self.values,
            seed=self.cleaned_data["seed"],
            model=self.cleaned_data.get("model") or None,
        )


def _model_field(models: Sequence[OwnModel]) -> forms.Field:
    names = [(model.name, model.title) for model in models]
    return forms.ChoiceField(
        label=_("Model"),
        choices=[("", _("The site’s own")), *names],
        required=False,
        help_text=_("One that somebody trained decides some settings itself."),
    )


def _field(parameter: Parameter) -> forms.Field:
    label, unit = translated(parameter.label), translated(parameter.unit)
    about: dict[str, Any] = {
        "label": f"{label} ({unit})" if unit else label,
        "help_text": translated(parameter.help),
        "initial": parameter.default,
        "required": False,
    }
    if parameter.kind == "choice":
        names = [(choice, choice.replace("_", "-")) for choice in parameter.choices]
        return forms.ChoiceField(choices=names, **about)
    if parameter.kind == "boolean":
        return forms.BooleanField(**about)
    if parameter.kind in {"bars", "notes", "tracks"}:
        widget = forms.TextInput(attrs={"placeholder": "1-4, 7", "autocomplete": "off"})
        return forms.CharField(widget=widget, **about | {"initial": ""})
    step = 1 if parameter.kind == "integer" else "any"
    limits = {"min": parameter.minimum, "max": parameter.maximum, "step": step}
    return forms.CharField(widget=forms.NumberInput(attrs=limits), **about)
