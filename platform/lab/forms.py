"""What people fill in in the Lab."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.words import translated
from lab.models import DataFile, DataSet
from lab.models.data import PARTS
from lab.presets import presets
from lab.recipes import describe, parse
from lab.services.data_sets import Upload
from lab.services.runs import RunWish
from lab.styles import counted
from lab.wording import Kind, Visibility
from ml.music import DEFAULT_LIMITS
from ml.music.text import clean_name
from ml.techniques import Parameter, ParametersRefused
from studio.models import MAX_SEED, Composition

PART_NAMES = {
    "melody": _("Melody"),
    "second": _("Second voice"),
    "third": _("Third voice"),
    "bass": _("Bass"),
}


class NameForm(forms.Form):
    """Another name for a data set."""

    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Give it a name.")}
    )

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Use letters that can be seen."))
        return name


class StyleForm(forms.Form):
    """A shipped style to train on."""

    style = forms.ChoiceField(label=_("Style"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("The style’s if empty.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="style")
        self.fields["style"].choices = [  # type: ignore[attr-defined]
            (name, name.capitalize()) for name in counted()
        ]


class CompositionsForm(forms.Form):
    """Some of one's own compositions to train on."""

    pieces = forms.ModelMultipleChoiceField(
        label=_("Compositions"),
        queryset=Composition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one piece.")},
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("“My compositions” if empty."),
    )

    def __init__(self, own: Any, data: Any = None) -> None:
        super().__init__(data, prefix="compositions")
        self.fields["pieces"].queryset = own  # type: ignore[attr-defined]


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Any number of files; what is wrong with one of them is told of that one later."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class UploadForm(forms.Form):
    """MIDI files to train on. The files' own faults are shown with the data set."""

    music = _FilesField(
        label=_("MIDI files"),
        allow_empty_file=True,
        widget=_ManyFiles(attrs={"accept": ".mid,.midi,audio/midi,audio/x-midi"}),
        error_messages={"required": _("Choose at least one MIDI file.")},
    )
    rights = forms.BooleanField(
        label=_("I may train on this music"),
        help_text=_(
            "You wrote it, or its age or licence lets you. Nobody else sees or downloads these "
            "files; a model that you share was made of them."
        ),
        error_messages={
            "required": _(
                "Say that you may train on these files. Nothing was stored without your word."
            )
        },
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("“My files” if empty.")
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix="upload")

    @property
    def max_bytes(self) -> int:
        """How large the files of one data set may be together."""
        return int(settings.LAB_BYTES)

    def uploads(self) -> list[Upload]:
        """Return the files as they were sent; of one that is too large enough to be refused."""
        return [
            Upload(file.name, file.read(DEFAULT_LIMITS.max_bytes + 1))
            for file in self.cleaned_data["music"]
        ]


class PartsForm(forms.Form):
    """Which tracks of a file are the four parts that models learn from."""

    def __init__(self, file: DataFile, data: Any = None) -> None:
        super().__init__(data)
        tracks = [("", _("None"))] + [
            (str(track["index"]), track_label(track))
            for track in file.report.get("tracks", [])
            if not track["is_drum"] and track["notes"]
        ]
        chosen = file.report.get("parts") or [None] * len(PARTS)
        for part, number in zip(PARTS, chosen, strict=True):
            self.fields[part] = forms.ChoiceField(
                label=PART_NAMES[part],
                choices=tracks,
                required=False,
                initial="" if number is None else str(number),
            )

    def parts(self) -> list[int | None]:
        """Return the chosen tracks, from the melody to the bass."""
        values = [self.cleaned_data[part] for part in PARTS]
        return [int(value) if value else None for value in values]


def track_label(track: Mapping[str, Any]) -> str:
    """Return a track as one chooses it: its number, name and size."""
    name = track["name"] or _("Track")
    return f"{track['index'] + 1}. {name} ({track['notes']})"


class RunForm(forms.Form):
    """What to train, on what, and for how long.

    Each kind of model has its own settings, built from what `lab.recipes` says of them. A field
    that is left empty is as the preset says.
    """

    data_set = forms.ModelChoiceField(
        label=_("Music"),
        queryset=DataSet.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the music to train on.")},
    )
    preset = forms.ChoiceField(label=_("How long"), widget=forms.RadioSelect)
    seed = forms.CharField(
        label=_("Seed"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": MAX_SEED, "step": 1}),
        help_text=_(
            "The same seed, music and settings give the same weights on the same machine. Empty: "
            "a new one at random."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, kind: Kind, own: Any, data: Any = None, *, values: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=values)
        self.kind = kind
        self.parameters = describe(kind)
        self.fields["data_set"].queryset = own  # type: ignore[attr-defined]
        names = [(preset.name, preset.title) for preset in presets(kind)]
        self.fields["preset"].choices = names  # type: ignore[attr-defined]
        self.fields["preset"].initial = names[0][0]
        self.fields.update({p.name: _field(p) for p in self.parameters})
        self.values: dict[str, Any] = {}

    @property
    def setting_fields(self) -> Sequence[Any]:
        """The fields of the kind's own settings, and the seed."""
        return [self[parameter.name] for parameter in self.parameters] + [self["seed"]]

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("preset")
        preset = next((p for p in presets(self.kind) if p.name == chosen), None)
        self.values = {**(preset.settings if preset else {}), **self.typed()}
        try:
            parse(self.kind, self.values)
        except ParametersRefused as refused:
            for problem in refused.problems:
                self.add_error(problem.name, translated(problem.detail))
        return self.cleaned_data

    def typed(self) -> dict[str, Any]:
        """Return the settings that differ from the preset by somebody's wish."""
        return {
            parameter.name: self.cleaned_data[parameter.name]
            for parameter in self.parameters
            if self.cleaned_data.get(parameter.name) not in ("", None)
        }

    def wish(self) -> RunWish:
        """Return what is asked for."""
        preset = "" if self.typed() else self.cleaned_data["preset"]
        return RunWish(
            kind=self.kind,
            settings=self.values,
            preset=preset,
            seed=self.cleaned_data["seed"],
        )

    def clean_seed(self) -> int | None:
        text = self.cleaned_data["seed"].strip()
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or int(text[:20]) > MAX_SEED:
            raise forms.ValidationError(
                _("A seed is a whole number from 0 to %(most)d.") % {"most": MAX_SEED}
            )
        return int(text)


def _field(parameter: Parameter) -> forms.Field:
    about: dict[str, Any] = {
        "label": f"{parameter.label} ({parameter.unit})" if parameter.unit else parameter.label,
        "help_text": parameter.help,
        "required": False,
    }
    if parameter.kind == "choice":
        names = [(choice, CHOICES.get(choice, choice)) for choice in parameter.choices]
        return forms.ChoiceField(choices=[("", _("as above")), *names], **about)
    step = 1 if parameter.kind == "integer" else "any"
    limits = {"min": parameter.minimum, "max": parameter.maximum, "step": step}
    return forms.CharField(
        widget=forms.NumberInput(attrs=limits | {"placeholder": _("as above")}), **about
    )


CHOICES = {
    "unet": "U-Net",
    "musegan": "MuseGAN",
    "tiny": _("tiny"),
    "small": _("small"),
    "shipped": _("as shipped"),
    "nothing": _("from nothing"),
}


class ModelForm(forms.Form):
    """What a model is called, and who may use it."""

    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Give it a name.")}
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is good at, and what not."),
    )
    visibility = forms.ChoiceField(
        label=_("Who may use it"), choices=Visibility.choices, widget=forms.RadioSelect
    )

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Use letters that can be seen."))
        return name
