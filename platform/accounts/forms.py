from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, User
from accounts.validators import known_zones

# Zones named after places; the others are historical aliases.
_PLACES = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
        "UTC",
    ]
)


def timezone_choices() -> list[tuple[str, str]]:
    """Return the zones a person may choose, by name."""
    zones = sorted(zone for zone in known_zones() if zone.split("/")[0] in _PLACES)
    return [(zone, zone.replace("_", " ")) for zone in zones]


class ProfileForm(forms.ModelForm[User]):
    """What a person may change about their own profile; the handle stays, since links hold it."""

    class Meta:
        model = User
        fields: ClassVar = ["display_name", "bio", "timezone"]
        widgets: ClassVar = {
            "bio": forms.Textarea(attrs={"rows": 3}),
            "timezone": forms.Select,
        }
        labels: ClassVar = {
            "display_name": gettext_lazy("Display name"),
            "bio": gettext_lazy("About you"),
            "timezone": gettext_lazy("Time zone"),
        }
        help_texts: ClassVar = {
            "timezone": gettext_lazy("Times on the site are shown in this zone.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["timezone"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", _("As my browser says")), *timezone_choices()]


class TokenForm(forms.ModelForm[ApiToken]):
    """Names a new API token."""

    class Meta:
        model = ApiToken
        fields: ClassVar = ["name"]
        labels: ClassVar = {"name": gettext_lazy("What is it for?")}
        help_texts: ClassVar = {"name": gettext_lazy("For example: upload script on my laptop.")}
