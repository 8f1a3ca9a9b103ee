"""Write the pages that list the site's environment variables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.reference import DOCS, EXAMPLE, configuration_page, example_file


class Command(BaseCommand):
    """Writes `docs/configuration.md` and `.env.example`, or compares them."""

    help = "Write docs/configuration.md and .env.example from config/env.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Compare instead of writing.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        pages = {DOCS: configuration_page(), EXAMPLE: example_file()}
        for path, text in pages.items():
            if not check:
                path.write_text(text)
            elif not path.exists() or path.read_text() != text:
                raise CommandError(f"{path.name} is out of date: run `make schema`.")
