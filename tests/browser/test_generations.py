"""From a melody to a generated piece and on to a round, in a real browser."""

import pytest
from playwright.sync_api import expect

from challenges.models import Submission
from studio.models import Composition, Generation
from studio.services.compositions import create_composition
from studio.services.generations import cancel_generation
from tests.axe import faults_of
from tests.factories import PASSWORD
from tests.pages import score_everything
from tests.rounds import midi
from tests.studio import (
    NOW,
    ask,
    compose,
    damage_weights,
    drums_alone,
    generate_everything,
)

pytestmark = pytest.mark.usefixtures("weights")

FILE = {"name": "tune.mid", "mimeType": "audio/midi", "buffer": midi(5, seconds=20)}


def test_a_melody_is_brought_extended_and_handed_in(
    live_server, page, round_, participant, sign_in, complaints
):
    sign_in(participant)
    page.goto(live_server.url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Studio").click()
    page.set_input_files("input[type=file]", FILE)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="tune", level=1)).to_be_visible()
    page.get_by_role("article", name="Keep going").get_by_text("Settings").click()
    page.get_by_label("Extension duration (seconds)").fill("3")
    page.get_by_role("button", name="Keep going").click()
    page.wait_for_url("**/studio/generations/**")
    expect(page.locator("#job")).to_contain_text("In the queue")
    page.evaluate("window.stayed = true")
    generate_everything()

    expect(page.get_by_text("Your piece is ready")).to_be_visible(timeout=8000)
    expect(page.locator("#job")).to_be_focused()
    expect(page.get_by_role("region", name="After")).to_be_visible()
    expect(page.locator('[hx-get^="/studio/generations"]')).to_have_count(0)
    assert page.evaluate("window.stayed")

    page.get_by_role("link", name="Hand it in to").click()
    expect(page.get_by_label("From your Studio")).to_have_value(
        str(Composition.objects.get(origin="generation").pk)
    )
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/**")
    score_everything()
    assert [step["technique"] for step in Submission.objects.get().lineage] == ["extend"]
    expect(page.get_by_role("heading", name="Why this score")).to_be_visible(timeout=8000)
    assert not complaints


def test_everything_works_without_scripts(live_server, browser, round_, participant):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/accounts/login/?next=/studio/")
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.set_input_files("input[type=file]", FILE)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("article", name="Bach it").get_by_text("Settings").click()
    page.get_by_label("Sampling iterations").fill("5")
    page.get_by_role("button", name="Bach it").dblclick()
    page.wait_for_url("**/studio/generations/**")
    assert Generation.objects.count() == 1
    generate_everything()

    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("table", name="Edits in the model’s order")).to_be_visible()
    page.get_by_role("link", name="Use it as new input").click()
    page.get_by_role("button", name="Add a band").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("This generation is cancelled")).to_be_visible()
    context.close()


def test_a_generation_cancelled_elsewhere_tells_this_page(live_server, page, participant, sign_in):
    generation = ask(compose(participant))
    sign_in(participant)
    page.goto(f"{live_server.url}/studio/generations/{generation.pk}/")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()

    cancel_generation(generation=generation, actor=participant, now=NOW)

    expect(page.get_by_text("This generation is cancelled")).to_be_visible(timeout=8000)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


@pytest.fixture
def pages(round_, participant):
    """The address of each type of page of the Studio, as `participant` sees them."""
    tune = compose(participant, title="A rather long title for a very small page of the Studio")
    done = [ask(tune, technique) for technique in ("accompany", "edit", "extend")]
    drums = create_composition(owner=participant, upload=drums_alone(), title="Beat", now=NOW)
    failed = ask(drums, "edit")
    generate_everything()
    waiting, cancelled = ask(tune, "edit", seed=1), ask(tune, "edit", seed=2)
    cancel_generation(generation=cancelled, actor=participant, now=NOW)
    damage_weights("transformer")
    last = Composition.objects.get(generation=done[1])
    run = "/studio/generations"
    return {
        "studio": "/studio/",
        "search without result": "/studio/?search=nothing",
        "composition": f"/studio/{tune.pk}/",
        "composition with open settings": f"/studio/{tune.pk}/?again={done[0].pk}",
        "generated composition": f"/studio/{last.pk}/",
        "rename": f"/studio/{tune.pk}/rename/",
        "delete": f"/studio/{tune.pk}/delete/",
        "waiting": f"{run}/{waiting.pk}/",
        "accompanied": f"{run}/{done[0].pk}/",
        "edited": f"{run}/{done[1].pk}/",
        "extended": f"{run}/{done[2].pk}/",
        "failed": f"{run}/{failed.pk}/",
        "cancelled": f"{run}/{cancelled.pk}/",
        "all edits": f"{run}/{done[1].pk}/events/",
        "submit": f"/rounds/{round_.slug}/submit/?composition={last.pk}",
    }


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_every_page_of_the_studio_is_accessible_and_fits(
    live_server, page, pages, participant, sign_in, complaints, theme, width
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(participant)

    faults = faults_of(page, live_server.url, pages)

    assert not faults
    assert not complaints
