"""Makes the things that tests need, with honest defaults."""

import itertools

from accounts.models import User
from accounts.services import create_person

PASSWORD = "a long enough passphrase"

_numbers = itertools.count(1)


def make_person(**kwargs: object) -> User:
    """Make a person with a verified address; every keyword of `create_person` may be given."""
    number = next(_numbers)
    values: dict[str, object] = {
        "username": f"person-{number}",
        "email": f"person-{number}@example.org",
        "password": PASSWORD,
    }
    return create_person(**(values | kwargs))
