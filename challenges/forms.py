"""What people fill in on the public pages."""

import unicodedata
from typing import ClassVar
from uuid import uuid4

from django import forms
from django.http import QueryDict

from challenges.models.entry import Licence
from challenges.services.submitting import Piece
from ml.music import DEFAULT_LIMITS
from ml.music.text import clean_name

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def visible_text(text: str) -> str:
    """Return text without the characters that hide or turn around other text; lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in lines if char in "\n\t" or unicodedata.category(char) not in INVISIBLE
    ).strip()


class SubmitForm(forms.Form):
    """A piece to hand in. `key` makes a double click give one submission."""

    midi = forms.FileField(
        label="Your MIDI file",
        allow_empty_file=True,  # the reader of music says what is wrong with an empty file
        widget=forms.FileInput(attrs={"accept": ".mid,.midi,audio/midi,audio/x-midi"}),
        error_messages={"required": "Choose the MIDI file of your piece."},
    )
    title = forms.CharField(
        max_length=80,
        help_text="As it stands on the board.",
        error_messages={"required": "Give your piece a title."},
    )
    statement = forms.CharField(
        label="About this piece",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you set out to do, if you like. Everybody can read it.",
    )
    licence = forms.ChoiceField(
        label="What others may do with it", choices=Licence.choices, initial=Licence.CC_BY
    )
    rights = forms.BooleanField(
        label="I made this piece, or may share it under the licence above.",
        error_messages={"required": "Confirm that you may share this piece."},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    max_bytes: ClassVar[int] = DEFAULT_LIMITS.max_bytes

    def clean_title(self) -> str:
        title = clean_name(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Use letters that can be seen.")
        return title

    def clean_statement(self) -> str:
        return visible_text(self.cleaned_data["statement"])

    def piece(self) -> Piece:
        """Return what was handed in; of a file that is too large, enough to be refused."""
        values = self.cleaned_data
        return Piece(
            upload=values["midi"].read(self.max_bytes + 1),
            title=values["title"],
            statement=values["statement"],
            licence=values["licence"],
        )

    def with_new_key(self) -> "SubmitForm":
        """Return the form as typed, ready to be sent as another submission."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["key"] = str(uuid4())
        self.data = typed
        return self


class AppealForm(forms.Form):
    """Why a disqualification should be looked at again."""

    statement = forms.CharField(
        label="What should the organizers know?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_statement(self) -> str:
        statement = visible_text(self.cleaned_data["statement"])
        if not statement:
            raise forms.ValidationError("Write a sentence or two.")
        return statement
