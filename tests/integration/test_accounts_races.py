"""Two requests of one person at the same time."""

import threading

import pytest
from django.db import connection

from accounts.errors import TokenLimitReached
from accounts.services import create_token

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_requests_at_once_make_no_more_tokens_than_allowed(participant, settings, now):
    settings.MAX_API_TOKENS = 3
    together = threading.Barrier(8)
    outcomes = []

    def ask() -> None:
        together.wait(10)
        try:
            create_token(person=participant, name="race", now=now)
            outcomes.append("made")
        except TokenLimitReached:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes) == ["made"] * 3 + ["refused"] * 5
    assert participant.api_tokens.count() == 3
