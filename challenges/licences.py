"""What a piece made from other people's pieces may be licensed as. Pure, no database."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from challenges.models.entry import Licence

REMIXABLE = frozenset({Licence.CC_BY, Licence.CC_BY_SA, Licence.CC0})
"""The licences that let others make something new of a piece."""


def allowed_licences(attributions: Iterable[Mapping[str, str]]) -> list[Licence]:
    """Return the licences under which a piece may be handed in, the one to offer first in front.

    `attributions` names what it was made from. Share-alike sources leave only their own licence;
    where credit is due, the piece cannot be given away without conditions.
    """
    sources = {one["licence"] for one in attributions}
    if Licence.CC_BY_SA in sources:
        return [Licence.CC_BY_SA]
    if Licence.CC_BY in sources:
        return [Licence.CC_BY, Licence.CC_BY_SA, Licence.ALL_RIGHTS]
    return list(Licence)


def why_not(licence: str, attributions: Iterable[Mapping[str, str]]) -> str:
    """Return why a piece may not be handed in under a licence; "" if it may."""
    sources = list(attributions)
    allowed = allowed_licences(sources)
    if licence in allowed:
        return ""
    if allowed == [Licence.CC_BY_SA]:
        title = next(one["title"] for one in sources if one["licence"] == Licence.CC_BY_SA)
        return _(
            "“{title}”, which this piece was made from, may only be passed on under the "
            "licence that it came with: CC BY-SA 4.0."
        ).format(title=title)
    return _(
        "This piece was made from one whose author asks for credit; CC0 would drop the credit."
    )
