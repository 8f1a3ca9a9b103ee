"""How the tokens of links are kept. Pure."""

import hashlib


def digest_of(token: str) -> str:
    """Return the hash by which a link is looked up, so that no lookup's time tells a token."""
    return hashlib.sha256(token.encode()).hexdigest()
