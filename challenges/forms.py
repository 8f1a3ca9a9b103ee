"""What people fill in on the public pages."""

import unicodedata
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from challenges.licences import allowed_licences, why_not
from challenges.models.entry import Licence
from challenges.services.submitting import Piece
from ml.music import DEFAULT_LIMITS
from ml.music.text import clean_name
from studio.models import Composition
from studio.selectors.compositions import compositions_of, lineage_as_json
from studio.wording import how_made

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def visible_text(text: str) -> str:
    """Return text without the characters that hide or turn around other text; lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in lines if char in "\n\t" or unicodedata.category(char) not in INVISIBLE
    ).strip()


class SubmitForm(forms.Form):
    """A piece to hand in: a file, or a composition from the Studio.

    `key` makes a double click give one submission.
    """

    composition = forms.ModelChoiceField(
        Composition.objects.none(),
        label=gettext_lazy("From your Studio"),
        required=False,
        empty_label=gettext_lazy("None: I hand in a file"),
        error_messages={"invalid_choice": gettext_lazy("You keep no such composition.")},
    )
    midi = forms.FileField(
        label=gettext_lazy("Your MIDI file"),
        required=False,
        allow_empty_file=True,  # the reader of music says what is wrong with an empty file
        widget=forms.FileInput(attrs={"accept": ".mid,.midi,audio/midi,audio/x-midi"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=80,
        help_text=gettext_lazy("As it stands on the board."),
        error_messages={"required": gettext_lazy("Give your piece a title.")},
    )
    statement = forms.CharField(
        label=gettext_lazy("About this piece"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What you set out to do, and how you used the models. Everybody can read it."
        ),
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("What others may do with it"),
        choices=Licence.choices,
        initial=Licence.CC_BY,
    )
    rights = forms.BooleanField(
        label=gettext_lazy("I made this piece, or may share it under the licence above."),
        error_messages={"required": gettext_lazy("Confirm that you may share this piece.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    max_bytes: ClassVar[int] = DEFAULT_LIMITS.max_bytes

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = cast(forms.ModelChoiceField[Composition], self.fields["composition"])
        own.queryset = compositions_of(person)

    @classmethod
    def of(cls, person: User, composition_id: str) -> "SubmitForm":
        """Return an empty form, filled in as far as a composition of the person tells."""
        try:
            chosen = compositions_of(person).filter(pk=UUID(composition_id)).first()
        except ValueError:
            chosen = None
        return cls(person, initial=_prefilled(chosen) if chosen else {})

    def clean_licence(self) -> str:
        licence: str = self.cleaned_data["licence"]
        composition = self.cleaned_data.get("composition")
        reason = why_not(licence, composition.attributions) if composition else ""
        if reason:
            raise forms.ValidationError(reason)
        return licence

    @property
    def has_compositions(self) -> bool:
        """Whether there is anything to choose from."""
        own = cast(forms.ModelChoiceField[Composition], self.fields["composition"])
        return own.queryset is not None and own.queryset.exists()

    def clean(self) -> dict[str, Any]:
        composition, midi = (self.cleaned_data.get(name) for name in ("composition", "midi"))
        if "composition" in self.errors or "midi" in self.errors:
            return self.cleaned_data
        if composition is None and midi is None:
            self.add_error("midi", _("Choose the MIDI file of your piece."))
        elif composition is not None and midi is not None:
            self.add_error("midi", _("Hand in either this file or a piece from your Studio."))
        return self.cleaned_data

    def clean_title(self) -> str:
        title = clean_name(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Use letters that can be seen."))
        return title

    def clean_statement(self) -> str:
        return visible_text(self.cleaned_data["statement"])

    def piece(self) -> Piece:
        """Return what was handed in; of a file that is too large, enough to be refused.

        :raises StorageUnavailable: if the composition's file cannot be read
        """
        values = self.cleaned_data
        said = {name: values[name] for name in ("title", "statement", "licence")}
        if values["composition"] is not None:
            return Piece.of(values["composition"], **said)
        return Piece(upload=values["midi"].read(self.max_bytes + 1), **said)

    def with_new_key(self) -> "SubmitForm":
        """Return the form as typed, ready to be sent as another submission."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["key"] = str(uuid4())
        self.data = typed
        return self


def _prefilled(chosen: Composition) -> dict[str, Any]:
    """Return what a composition tells of itself when it is to be handed in."""
    return {
        "composition": chosen.pk,
        "title": chosen.title,
        "statement": how_made(lineage_as_json(chosen), chosen.attributions),
        "licence": allowed_licences(chosen.attributions)[0],
    }


class AppealForm(forms.Form):
    """Why a disqualification should be looked at again."""

    statement = forms.CharField(
        label=gettext_lazy("What should the organizers know?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_statement(self) -> str:
        statement = visible_text(self.cleaned_data["statement"])
        if not statement:
            raise forms.ValidationError(_("Write a sentence or two."))
        return statement
