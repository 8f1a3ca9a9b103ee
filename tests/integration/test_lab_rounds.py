"""Pieces made with people's own models, where a round takes them and where it does not."""

import pytest

from challenges.errors import CustomModelsNotAllowed
from challenges.services.submitting import Piece, submit
from studio.models import Composition
from studio.services.generations import Wish, request_generation
from tests.lab import make_model
from tests.rounds import NOW, make_round
from tests.studio import SHORT, compose, generate_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(participant, tiny_weights) -> Composition:
    """A piece that a model of one's own extended."""
    model = make_model(participant, tiny_weights, name="transformer")
    wish = Wish(technique="extend", parameters=SHORT["extend"], seed=1, model=model.own_name)
    generation = request_generation(
        composition=compose(participant), owner=participant, wish=wish, now=NOW
    )
    generate_everything()
    return Composition.objects.get(generation=generation)


def hand_in(round_, participant, piece: Composition):
    return submit(
        round_=round_,
        participant=participant,
        piece=Piece.of(piece, title=piece.title),
        received_at=NOW,
    )


def test_a_round_takes_them_and_names_the_model(participant, made: Composition) -> None:
    submission = hand_in(make_round(min_seconds=1), participant, made)

    assert submission.lineage[0]["model_title"] == "Mine"


def test_a_round_without_them_refuses_with_a_sentence(participant, made: Composition) -> None:
    strict = make_round(min_seconds=1, allows_custom_models=False)
    assert strict.allows_custom_models is False

    with pytest.raises(CustomModelsNotAllowed, match="Mine is one that somebody trained"):
        hand_in(strict, participant, made)


def test_it_is_told_before_one_hands_in(participant, made: Composition, api) -> None:
    strict = make_round(min_seconds=1, allows_custom_models=False)
    api.force_authenticate(participant)

    body = api.post(
        f"/api/v1/rounds/{strict.slug}/checks/", {"composition": str(made.pk)}, format="json"
    ).json()

    [broken] = [check for check in body["checks"] if check["name"] == "models"]
    assert broken["reason"] == "It was made with Mine, which somebody trained."
    assert body["refused"]
    assert (
        api.get(f"/api/v1/rounds/{strict.slug}/").json()["rules"]["allows_custom_models"] is False
    )


def test_the_site_s_own_models_keep_the_rule(participant) -> None:
    strict = make_round(min_seconds=1, allows_custom_models=False)

    assert hand_in(strict, participant, compose(participant, seconds=30))


def test_organizers_set_it_at_the_desk(client, organizer) -> None:
    round_ = make_round(created_by=organizer)
    client.force_login(organizer)

    page = client.get(f"/desk/challenges/{round_.challenge.slug}/")

    assert page.status_code == 200
    assert 'name="allows_custom_models"' in page.content.decode()
