"""Several requests of one person at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import RuleBroken
from jobs.models import Job
from studio.models import Composition, Generation
from studio.services.compositions import create_composition
from studio.services.generations import Wish, request_generation
from tests.rounds import midi
from tests.studio import NOW, SHORT, compose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("weights")]

AT_ONCE = 8


def all_at_once(action) -> list[object]:
    """Do something in several threads at the same moment; return results and refusals."""
    start = Barrier(AT_ONCE)

    def act(number: int) -> object:
        start.wait(10)
        try:
            return action(number)
        except RuleBroken as broken:
            return broken.code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, range(AT_ONCE)))


def test_one_key_asks_for_one_generation(participant):
    tune = compose(participant)
    wish = Wish(technique="extend", parameters=SHORT["extend"])

    found = all_at_once(
        lambda _: (
            request_generation(
                composition=tune, owner=participant, wish=wish, now=NOW, idempotency_key="once"
            ).pk
        )
    )

    assert len(set(found)) == 1
    assert Generation.objects.count() == Job.objects.count() == 1


def test_nobody_has_more_under_way_than_they_may(participant, settings):
    settings.MAX_GENERATIONS_AT_ONCE = 3
    tune = compose(participant)

    found = all_at_once(
        lambda number: (
            request_generation(
                composition=tune,
                owner=participant,
                wish=Wish(technique="extend", parameters=SHORT["extend"], seed=number),
                now=NOW,
            ).pk
        )
    )

    assert found.count("too_many_generations") == AT_ONCE - 3
    assert Generation.objects.count() == Job.objects.count() == 3


def test_one_key_keeps_one_composition(participant):
    upload = midi(3)

    found = all_at_once(
        lambda _: (
            create_composition(
                owner=participant, upload=upload, title="Once", now=NOW, idempotency_key="once"
            ).pk
        )
    )

    assert len(set(found)) == 1
    assert Composition.objects.count() == 1
