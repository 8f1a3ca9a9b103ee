"""What a public name may look like."""

import unicodedata
from collections.abc import Callable
from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

RESERVED_HANDLES = frozenset(
    {"admin", "administrator", "anonymous", "api", "counterpoint", "me", "nobody", "root", "staff"}
    | {"moderator", "organizer", "support", "system"}
)

# ASCII on purpose: a handle stands in addresses, and look-alike letters would allow
# impersonation. The display name may use any script.
validate_handle_characters = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]{1,29}\Z",
    gettext_lazy(
        "Use 2 to 30 letters without accents, digits, - and _, beginning with a letter or digit."
    ),
    code="handle",
)


def validate_handle_free(value: str) -> None:
    """Refuse handles that would look like the site itself speaking."""
    if value.lower() in RESERVED_HANDLES:
        raise ValidationError(_("This user name is kept for the site itself."), code="reserved")


HANDLE_VALIDATORS: list[Callable[[str], None]] = [validate_handle_characters, validate_handle_free]


def validate_printable(value: str) -> None:
    """Refuse control characters and marks that turn the writing direction of the text around."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in value):
        raise ValidationError(_("Leave out invisible characters."), code="invisible")


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all IANA zones; listing them reads hundreds of folders, so once."""
    return frozenset(available_timezones())


def validate_timezone(value: str) -> None:
    """Refuse names that are not in the time zone database."""
    if value not in known_zones():
        raise ValidationError(_("Choose a time zone from the list."), code="timezone")
