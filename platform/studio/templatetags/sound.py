"""Template tags that draw sound: `{% load sound %}`."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

HEIGHT = 100
LOUDEST = 255


@register.simple_tag
def waveform(peaks: Sequence[int]) -> SafeString:
    """Return the outline of a sound as SVG, one unit wide per peak; decorative."""
    return format_html(
        '<svg class="waveform" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"/></svg>',
        max(1, len(peaks)),
        HEIGHT,
        outline(peaks),
    )


def outline(peaks: Sequence[int]) -> str:
    """Return the path around peaks of 0 to 255, mirrored at the middle of 100 units.

    >>> outline([255, 0])
    'M0 50V0H1V49H2V51H1V100H0Z'
    """
    if not peaks:
        return ""
    reach = [max(1, round(peak * HEIGHT / 2 / LOUDEST)) for peak in peaks]
    middle = HEIGHT // 2
    above = "".join(f"V{middle - up}H{x}" for x, up in enumerate(reach, start=1))
    below = "".join(f"V{middle + down}H{x}" for x, down in reversed(list(enumerate(reach))))
    return f"M0 {middle}{above}{below}Z"
