"""Text found in foreign files, made safe to store and show."""

from __future__ import annotations

import unicodedata

MAX_NAME = 80
"""Characters kept of a name."""

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(text: str) -> str:
    r"""Return `text` in one line of at most 80 visible characters.

    Control characters, direction overrides, zero-width and private characters are dropped and
    white space is joined. Cleaning twice changes nothing.

    >>> clean_name("Piano\x00\u202e  left\n hand ")
    'Piano left hand'
    """
    visible = (
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text[: MAX_NAME * 8])
        if char.isspace() or unicodedata.category(char) not in _DROPPED
    )
    joined = unicodedata.normalize("NFC", " ".join("".join(visible).split()))
    return joined[:MAX_NAME].strip()


def decode_name(raw: bytes) -> str:
    """Return a name stored in an unknown encoding: UTF-8, else Shift JIS, else Windows-1252.

    >>> decode_name("Flöte".encode("latin-1")), decode_name("ピアノ".encode("shift_jis"))
    ('Flöte', 'ピアノ')
    """
    try:
        return clean_name(raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _looks_like_shift_jis(raw):
        return clean_name(raw.decode("shift_jis", errors="replace"))
    return clean_name(raw.decode("cp1252", errors="replace"))


def _looks_like_shift_jis(raw: bytes) -> bool:
    """Say whether most bytes above 127 come as lead bytes of Japanese kana and kanji."""
    try:
        text = raw.decode("shift_jis")
    except UnicodeDecodeError:
        return False
    wide = sum(1 for char in text if "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff")
    return wide >= 2
