"""Fill an empty site with a challenge, rounds, people and pieces to look at."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.people import API_KEY, JUDGE, ORGANIZER, PARTICIPANT, PASSWORD
from config.demo.seeding import is_seeded, seed
from config.env import environment


class Command(BaseCommand):
    """Loads the demo data once; a site that has a challenge is left alone."""

    help = "Load the demo data: accounts, an open round and a past one with pieces."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--quiet`."""
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        """Load the data and name the accounts."""
        if environment().production:
            raise CommandError(
                "Demo accounts have public passwords: never load them in production."
            )
        if not is_seeded():
            logging.getLogger("workers").setLevel(logging.WARNING)
            seed(cache=environment().data_dir / "cache")
        if not quiet:
            self._name_accounts()

    def _name_accounts(self) -> None:
        self.stdout.write("Demo accounts (this database only):")
        for role, name in (
            ("organizer", ORGANIZER),
            ("judge", JUDGE),
            ("participant", PARTICIPANT),
        ):
            self.stdout.write(f"  {role:<12} {name}@counterpoint.example   {PASSWORD}")
        self.stdout.write(f"The participant's API key: {API_KEY}")
        self.stdout.write("The round “Open stage” takes any number of pieces of any kind.")
