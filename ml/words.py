"""Marks words for people, so that the site can say them in another language.

The marks change nothing here: `ml` speaks English. They let the site's tools find the sentences,
also those with places for values; the site recognizes a finished sentence and translates it.
"""


def _(text: str) -> str:
    """Return `text` as it is: marked, to be collected."""
    return text


def many(one: str, several: str, n: int) -> str:
    """Return the words for `n` things, with `{n}` filled in.

    >>> many("{n} track", "{n} tracks", 1), many("{n} track", "{n} tracks", 4)
    ('1 track', '4 tracks')
    """
    return (one if n == 1 else several).format(n=n)
