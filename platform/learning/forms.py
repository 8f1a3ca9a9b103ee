from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _

from learning.selectors import Shelved

MOST = 999


class ArrangeForm(forms.Form):
    """Where one capsule stands, and whether visitors see it."""

    position = forms.IntegerField(min_value=0, max_value=MOST)
    is_published = forms.BooleanField(required=False)

    @classmethod
    def of(cls, row: Shelved, data: Any = None) -> Self:
        """Return the form of a capsule's row, filled in as the row stands or was sent."""
        title = row.capsule.title
        initial = {"position": row.position, "is_published": row.is_published}
        form = cls(data, prefix=row.capsule.slug, initial=initial)
        for name, label in (
            ("position", _("Place of {title}")),
            ("is_published", _("Publish {title}")),
        ):
            form.fields[name].widget.attrs["aria-label"] = label.format(title=title)
        return form

    @property
    def arrangement(self) -> tuple[str, int, bool]:
        """The capsule, its position and whether it is published, of a valid form."""
        cleaned = self.cleaned_data
        return str(self.prefix), cleaned["position"], cleaned["is_published"]
