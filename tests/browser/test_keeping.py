"""The pages on which compositions are kept, shared and brought back."""

import pytest
from django.utils import timezone

from challenges.models.entry import Licence
from studio.services.compositions import create_composition, delete_composition
from studio.services.copying import copy_composition
from studio.services.sharing import share
from studio.services.versions import save_music
from tests.axe import faults_of
from tests.factories import make_person
from tests.pages import score_everything
from tests.rounds import hand_in, midi

LONG = "A rather long title for a small page, with a great many words in it"


@pytest.fixture
def pages(round_, participant):
    """The address of each page, as `participant` sees them."""
    now = timezone.now()
    tune = create_composition(owner=participant, upload=midi(1, seconds=8), title=LONG, now=now)
    for seed in (2, 3):
        save_music(composition=tune, upload=midi(seed, seconds=8), known="*", now=now)
    copied = copy_composition(composition=tune, owner=participant, now=now)
    gone = copy_composition(composition=tune, owner=participant, now=now)
    delete_composition(composition=gone, actor=participant, now=now)
    link, _ = share(composition=tune, may_download=True, now=now)
    entry = hand_in(
        round_, make_person(display_name="Anna"), seed=7, at=now, licence=Licence.CC_BY_SA
    ).entry
    score_everything()
    return {
        "studio": "/studio/?sort=title",
        "composition": f"/studio/{tune.pk}/",
        "copy": f"/studio/{copied.pk}/",
        "deleted": "/studio/deleted/",
        "shared": link.get_absolute_url(),
        "entry to remix": f"/entries/{entry.pk}/",
    }


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_every_page_is_accessible_and_fits(
    live_server, page, pages, participant, sign_in, complaints, theme, width
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(participant)

    faults = faults_of(page, live_server.url, pages)

    assert not faults
    assert complaints == []


def test_a_guest_remixes_keeps_and_signs_in_without_losing_anything(
    live_server, page, pages, participant, sign_in
):
    page.goto(live_server.url + pages["entry to remix"])
    page.get_by_role("button", name="Remix").click()
    page.get_by_role("heading", name="Made from").wait_for()
    remix = page.url

    page.goto(f"{live_server.url}/studio/")
    assert page.get_by_text("You are a guest here").is_visible()
    page.get_by_role("link", name="(remix)").click()
    page.get_by_role("link", name="Hand it in").click()
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password").fill("a long enough passphrase")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("heading", name="Make your entry").wait_for()
    chosen = page.get_by_label("From your Studio").input_value()
    assert chosen in remix
    assert page.get_by_label("What others may do with it").input_value() == "cc-by-sa-4.0"
    assert "by Anna" in page.get_by_label("About this piece").input_value()
