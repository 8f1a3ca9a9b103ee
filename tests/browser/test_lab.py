"""The Lab in a real browser: from files to a model that plays, and what one sees on the way."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from challenges.models import Submission
from lab.models import CustomModel, TrainingRun
from lab.services.models import change_model
from lab.services.runs import cancel_run, change_run
from lab.wording import Visibility, Wanted
from studio.models import Composition
from tests.axe import faults_of
from tests.factories import PASSWORD
from tests.lab import NOW, four_voices, make_data, make_run, train_everything
from tests.lab_runs import finished, tell
from tests.pages import score_everything
from tests.studio import compose, generate_everything
from workers import watching
from workers.runner import work_once

pytestmark = pytest.mark.usefixtures("weights")

SOON = 15_000


def as_file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "audio/midi", "buffer": content}


FILES = [as_file(f"piece {n}.mid", four_voices(n)) for n in range(6)]


def ask_for_a_tiny_run(page: Page, iterations: int) -> None:
    """Fill in the form of a run so that it takes seconds, and send it."""
    page.get_by_text("More settings").click()
    page.get_by_label("Size (optional)").select_option("tiny")
    page.get_by_label("Iterations (optional)").fill(str(iterations))
    page.get_by_label("Critic updates").fill("1")
    page.get_by_label("Batch size").fill("4")
    page.get_by_role("button", name="Train").click()
    page.wait_for_url("**/lab/runs/*-*/")


def test_a_newcomer_trains_a_model_hears_it_learn_and_hands_in_what_it_makes(
    live_server, page, round_, participant, sign_in, complaints, monkeypatch
):
    monkeypatch.setattr(watching, "SITTING", timedelta(0))  # a sitting is one iteration
    sign_in(participant)
    page.goto(live_server.url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Lab").click()
    page.get_by_role("link", name="Choose music to begin").click()
    page.set_input_files("input[type=file]", [*FILES, as_file("picture.mid", b"GIF89a")])
    expect(page.get_by_text("7 files, ")).to_be_visible()
    page.get_by_label("I may train on this music").check()
    page.get_by_role("button", name="Look through them").click()
    expect(page.get_by_text("This looks like a GIF picture")).to_be_visible()
    page.get_by_role("link", name="Train on it").click()

    ask_for_a_tiny_run(page, 4)
    expect(page.get_by_role("heading", name="It waits for its turn")).to_be_visible()
    page.evaluate("window.stayed = true")
    for _ in range(2):
        assert work_once("train", "test")
    expect(page.get_by_role("heading", name="Hear it learn")).to_be_visible(timeout=SOON)
    expect(page.locator("#run-live .stat__value").first).to_have_text("2", timeout=SOON)
    train_everything()
    expect(page.get_by_role("heading", name="Your model is ready")).to_be_focused(timeout=SOON)
    expect(page.locator("#curves")).to_contain_text("Is it music yet?")
    expect(page.locator('[hx-trigger^="every"]')).to_have_count(0)
    assert page.evaluate("window.stayed")

    page.get_by_role("link", name="To the model").click()
    page.get_by_role("button", name="Try it").click()
    page.wait_for_url("**/studio/generations/**")
    generate_everything()
    expect(page.get_by_text("Your piece is ready")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Hand it in to").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/**")
    score_everything()

    model = CustomModel.objects.get()
    [step] = Submission.objects.get().lineage
    assert (step["technique"], step["model"]) == ("accompany", model.own_name)
    expect(page.get_by_text(model.label).first).to_be_visible()
    assert not complaints


def test_a_model_is_chosen_among_the_settings_of_a_piece(
    live_server, page, participant, sign_in, complaints
):
    model = finished(make_run(participant))
    piece = compose(participant, title="Dusk")
    sign_in(participant)
    page.goto(live_server.url + model.get_absolute_url())

    page.get_by_label("Piece").select_option("Dusk")
    page.get_by_role("button", name="Use it there").click()

    page.wait_for_url(f"**/studio/{piece.pk}/**")
    settings = page.get_by_role("article", name="Add a band")
    expect(settings.get_by_label("Model")).to_have_value(model.own_name)
    assert not complaints


def test_the_training_is_scrubbed_by_keyboard_and_played_like_a_film(live_server, page, complaints):
    page.goto(f"{live_server.url}/lab/example/")
    slider = page.get_by_role("slider", name="Moment of the training")
    say = page.locator("#evolution [data-say]")
    expect(say).to_have_text("Iteration 3,580: 51 notes under the melody")
    slider.focus()

    page.keyboard.press("Home")

    expect(say).to_have_text("Iteration 0: 187 notes under the melody")
    expect(slider).to_have_attribute("aria-valuetext", "Iteration 0: 187 notes under the melody")
    expect(page.locator("#evolution cp-listen:visible")).to_have_count(1)
    page.get_by_role("button", name="Play the training").click()
    expect(say).to_contain_text("Iteration 50:", timeout=SOON)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Play the training")).to_be_visible()
    page.get_by_label("Melody", exact=True).select_option("3")
    expect(page.locator('#evolution cp-listen[src$="/2.mid"]').first).to_be_attached()
    assert not complaints


def test_a_film_that_plays_goes_on_when_one_more_sample_comes(
    live_server, page, participant, sign_in, complaints
):
    run = make_run(participant)
    for at in (2, 4):
        tell(run, at)
    sign_in(participant)
    page.goto(f"{live_server.url}/lab/runs/{run.pk}/")
    slider = page.get_by_role("slider", name="Moment of the training")
    slider.focus()
    page.keyboard.press("ArrowLeft")

    tell(run, 6)

    expect(page.locator("#evolution-at option")).to_have_count(4, timeout=SOON)
    expect(page.locator("#evolution [data-say]")).to_contain_text("Iteration 2:")
    expect(slider).to_be_focused()
    assert not complaints


def test_everything_works_without_scripts(live_server, browser, participant):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/lab/")
    page.get_by_role("link", name="Sign in to train").click()
    page.get_by_label("Email").fill(participant.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Choose music to begin").click()
    page.set_input_files("input[type=file]", FILES)
    page.get_by_label("I may train on this music").check()
    page.get_by_role("button", name="Look through them").click()
    page.get_by_role("link", name="Train on it").click()
    ask_for_a_tiny_run(page, 2)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="It rests")).to_be_visible()
    page.get_by_role("button", name="Go on training").click()
    train_everything()

    page.get_by_role("link", name="Look again").click()

    expect(page.get_by_role("heading", name="Your model is ready")).to_be_visible()
    page.get_by_label("Iteration", exact=True).select_option("0")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#evolution [data-say]")).to_contain_text("Iteration 0:")
    page.get_by_role("link", name="To the model").click()
    page.get_by_role("button", name="Try it").click()
    generate_everything()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Your piece is ready")).to_be_visible()
    assert Composition.objects.filter(origin="generation").count() == 1
    context.close()


@pytest.fixture
def pages(round_, participant, settings):
    """The address of each type of page of the Lab, as `participant` sees them."""
    settings.LAB_RUNS_AT_ONCE = 9
    data = make_data(participant, name="A rather long name for a set of music on a small page")
    model = finished(make_run(participant, data=data))
    change_model(model=model, now=NOW, description="Busy.", visibility=Visibility.PUBLIC)
    resting, cancelled, failed, training = (make_run(participant, data=data) for _ in range(4))
    change_run(run=resting, wanted=Wanted.PAUSE, now=NOW)
    cancel_run(run=cancelled, now=NOW)
    TrainingRun.objects.filter(pk=failed.pk).update(iteration=3)
    failed.job.state, failed.job.finished_at, failed.job.fault = "failed", NOW, "platform"
    failed.job.save()
    for at in (3, 6, 9):
        tell(training, at)
    file = data.files.first()
    runs = {"resting": resting, "cancelled": cancelled, "failed": failed, "training": training,
            "finished": model.run}  # fmt: skip
    return {
        "lab": "/lab/",
        "choose music": "/lab/data/new/",
        "data": data.get_absolute_url(),
        "rename data": f"{data.get_absolute_url()}rename/",
        "file": f"{data.get_absolute_url()}files/{file.pk}/",
        "new run": f"/lab/runs/new/?data={data.pk}",
        "new run again": f"/lab/runs/new/?again={training.pk}",
        "cancel": f"{training.get_absolute_url()}cancel/",
        "model": model.get_absolute_url(),
        "edit model": f"{model.get_absolute_url()}edit/",
        "metrics": "/lab/metrics/",
        "example": "/lab/example/",
        **{name: run.get_absolute_url() for name, run in runs.items()},
    }


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_every_page_of_the_lab_is_accessible_and_fits(
    live_server, page, pages, participant, sign_in, complaints, theme, width
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(participant)

    faults = faults_of(page, live_server.url, pages)

    assert not faults
    assert not complaints


def test_what_a_guest_sees_is_accessible(live_server, page, complaints):
    page.set_viewport_size({"width": 360, "height": 800})

    assert not faults_of(page, live_server.url, {"lab": "/lab/", "example": "/lab/example/"})
    assert not complaints
