"""The catalogs of other languages: `python -m config.catalogs` builds them, `… update` collects.

English stands in the source. `update` looks for every marked message and writes it into each
language's `django.po`, where people translate it; the build turns that file into `django.mo`, which
is what gettext reads. Neither needs Django to be set up, nor anything but Babel.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "platform" / "locale"
SOURCES = ("challenges", "ml", "platform", "workers")
LEFT_OUT = {"migrations", "node_modules", "frontend", "locale"}
PROJECT = "Counterpoint"
DATED = datetime(2026, 1, 1, tzinfo=UTC)  # git knows when; a file only changes with its words
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    name: places
    for names, places in (
        (("_", "gettext", "gettext_lazy", "gettext_noop"), None),
        (("ngettext", "ngettext_lazy", "many"), (1, 2)),
    )
    for name in names
}

Found = tuple[str, int, str | tuple[str, ...]]


def python_messages() -> Iterator[Found]:
    """Yield file, line and message of everything marked in Python."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not LEFT_OUT.intersection(path.relative_to(ROOT).parts):
                yield from _found(path, path.read_bytes())


def template_messages() -> Iterator[Found]:
    """Yield file, line and message of everything marked in a template."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from _found(path, _as_python(path.read_text(encoding="utf-8")))


def _as_python(template: str) -> bytes:
    # Django writes the marked messages as calls of gettext; indents would confuse the tokenizer.
    lines = templatize(template).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _found(path: Path, source: bytes) -> Iterator[Found]:
    name = path.relative_to(ROOT).as_posix()
    for line, message, _, _ in extract("python", BytesIO(source), KEYWORDS):
        yield name, line, message


def collect() -> Catalog:
    """Return every message of the source, untranslated."""
    catalog = Catalog(project=PROJECT, charset="utf-8")
    for name, _, message in (*python_messages(), *template_messages()):
        catalog.add(message, locations=[(name, 0)])
    return catalog


def read(locale: str) -> Catalog:
    """Return the translations to `locale`."""
    with po_file(locale).open("rb") as file:
        return read_po(file, locale=locale)


def po_file(locale: str) -> Path:
    """Return where people write the translations to `locale`."""
    return LOCALES / locale / "LC_MESSAGES" / "django.po"


def locales() -> list[str]:
    """Return the languages that there is a catalog of."""
    return sorted(path.parents[1].name for path in LOCALES.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """Bring every language's file up to date: new messages are added, gone ones leave it."""
    source = collect()
    for locale in locales():
        catalog = read(locale)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date = catalog.revision_date = DATED
        catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = PROJECT
        with po_file(locale).open("wb") as file:
            write_po(file, catalog, width=98, sort_output=False, include_lineno=False)
        print(f"{locale}: {len(catalog)} messages, {len(missing(catalog))} to translate")


def missing(catalog: Catalog) -> list[Message]:
    """Return the messages that have no translation yet, or one that nobody confirmed."""
    return [message for message in catalog if message.id and _is_missing(message)]


def _is_missing(message: Message) -> bool:
    words = message.string if isinstance(message.string, list | tuple) else [message.string]
    return message.fuzzy or not all(words)


def build() -> None:
    """Make the files that gettext reads of those that people write, whole or not at all."""
    for locale in locales():
        built = po_file(locale).with_suffix(".mo")
        draft = built.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("wb") as file:
            write_mo(file, read(locale))
        draft.replace(built)


def is_built() -> bool:
    """Whether every language's file is there and no older than its translations."""
    files = [(po_file(locale), po_file(locale).with_suffix(".mo")) for locale in locales()]
    return all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in files)


if __name__ == "__main__":
    update() if sys.argv[1:] == ["update"] else build()
