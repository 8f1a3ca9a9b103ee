"""Two tabs, two browsers or a worker at the same moment: nothing is lost, nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from accounts.errors import RuleBroken
from jobs.models import Job
from jobs.states import State
from studio.models import Composition, DiscardedFile, Generation
from studio.services import discarding, generations
from studio.services.compositions import create_composition
from studio.services.copying import copy_composition
from studio.services.guests import adopt_guest_work, create_guest
from studio.services.sharing import share
from studio.services.versions import save_music
from tests.rounds import midi
from tests.studio import NOW, ask, compose, generate_everything
from workers import generation as handler

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("weights")]

AT_ONCE = 6


def all_at_once(*actions) -> list[object]:
    """Do several things in threads of their own at the same moment; return results, refusals."""
    start = Barrier(len(actions))

    def act(action) -> object:
        start.wait(10)
        try:
            return action()
        except RuleBroken as broken:
            return broken.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(act, actions))


def test_of_many_tabs_that_save_at_once_one_is_first_and_the_others_are_told(participant):
    tune = compose(participant)

    def saves(seed: int):
        return lambda: save_music(composition=tune, upload=midi(seed), known="1", now=NOW).version

    found = all_at_once(*(saves(seed) for seed in range(10, 10 + AT_ONCE)))

    assert sorted(map(str, found)) == ["2", *["version_conflict"] * (AT_ONCE - 1)]
    assert sorted(tune.versions.values_list("number", flat=True)) == [1, 2]


def test_the_same_music_saved_at_once_is_one_version(participant):
    tune = compose(participant)
    save = [lambda: save_music(composition=tune, upload=midi(9), known="1", now=NOW).version]

    assert all_at_once(*save * AT_ONCE) == [2] * AT_ONCE


def test_what_a_guest_keeps_while_signing_in_is_adopted_too(participant):
    guest = create_guest(now=NOW)
    tune = compose(guest)

    def keep(seed: int):
        return lambda: (
            create_composition(owner=guest, upload=midi(seed), title="Late", now=NOW) and "kept"
        )

    all_at_once(
        lambda: adopt_guest_work(guest=guest, user=participant, now=NOW),
        *(keep(seed) for seed in range(20, 23)),
        lambda: copy_composition(composition=tune, owner=guest, now=NOW) and "kept",
        lambda: ask(tune) and "asked",
    )

    assert Composition.objects.count() == 5
    assert set(Composition.objects.values_list("owner", "guest")) == {(participant.pk, None)}
    assert set(Generation.objects.values_list("owner", "guest")) == {(participant.pk, None)}
    assert set(Job.objects.values_list("owner", "share")) == {(participant.pk, "")}


def test_a_result_recorded_while_its_guest_is_adopted_is_the_person_s(participant, monkeypatch):
    guest = create_guest(now=NOW)
    ask(compose(guest))
    recording, real = Event(), generations.record_generation

    def slowly(**kwargs):
        output = real(**kwargs)
        recording.set()
        with transaction.atomic():
            Job.objects.filter(state=State.LEASED).exists()  # the transaction is still open here
        return output

    monkeypatch.setattr(handler, "record_generation", slowly)

    def adopt():
        assert recording.wait(60)
        adopt_guest_work(guest=guest, user=participant, now=NOW)

    all_at_once(generate_everything, adopt)

    assert Job.objects.get().state == State.SUCCEEDED
    made = Composition.objects.get(origin="generation")
    assert (made.owner, made.guest) == (participant, None)
    assert Generation.objects.get().owner == participant


def test_one_guest_adopted_by_two_requests_of_a_person_at_once(participant):
    guest = create_guest(now=NOW)
    compose(guest)
    adopt = [lambda: adopt_guest_work(guest=guest, user=participant, now=NOW)]

    assert sorted(all_at_once(*adopt * AT_ONCE)) == [0] * (AT_ONCE - 1) + [1]


def test_sharing_at_once_gives_one_link(participant):
    tune = compose(participant)
    make = [lambda: share(composition=tune, may_download=False, now=NOW)[0].token]

    assert len(set(all_at_once(*make * AT_ONCE))) == 1


def test_a_file_stored_again_while_it_is_removed_is_there_afterwards(participant):
    for seed in range(30, 36):
        tune = compose(participant, seed=seed)
        key = tune.midi_key
        tune.delete()
        discarding.discard_files(keys=[key], now=NOW)

        all_at_once(
            lambda: discarding.remove_discarded_files(NOW + 2 * discarding.REST),
            lambda seed=seed: compose(participant, seed=seed),
        )

        assert default_storage.exists(key)
        assert not DiscardedFile.objects.filter(key=key).exists()
