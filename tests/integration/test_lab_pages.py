"""The Lab's pages, through their addresses: every state, every refusal, and whose it is."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jobs.services import claim, heartbeat
from lab.models import CustomModel, DataSet, Point, TrainingRun
from lab.services.models import change_model
from lab.services.runs import cancel_run
from lab.services.sittings import begin_sitting, record_reference
from lab.wording import Visibility
from tests.factories import make_person
from tests.lab import NOW, four_voices, make_data, make_run
from tests.lab_runs import finished, tell
from tests.pages import text_of
from tests.studio import compose

pytestmark = pytest.mark.django_db


def files(*contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"piece {n}.mid", c) for n, c in enumerate(contents)]


def sent(*contents: bytes, **values: str) -> dict[str, object]:
    return {"source": "upload", "upload-music": files(*contents), "upload-rights": "on", **values}


def told(answer) -> str:
    return text_of(answer.content.decode())


class TestIndex:
    """`/lab/`"""

    def test_a_guest_sees_what_it_is_an_example_and_how_to_sign_in(self, client: Client):
        answer = client.get("/lab/")

        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'href="/accounts/login/?next=/lab/"' in page
        assert page.count("<cp-listen") == 3
        assert "It costs nothing" in told(answer)

    def test_a_member_sees_runs_music_models_and_the_meter(self, signed_in: Client, participant):
        run = finished(make_run(participant)).run
        make_run(participant, data=run.data_set)

        answer = signed_in.get("/lab/")

        text = told(answer)
        assert "Finished" in text
        assert "Waiting for its turn" in text
        assert "under a minute of 30 hours used this month." in text
        assert CustomModel.objects.get().get_absolute_url() in answer.content.decode()
        assert 'hx-get="/lab/runs/"' in answer.content.decode()

    def test_more_runs_are_not_more_questions_to_the_database(
        self, signed_in: Client, participant, settings, django_assert_max_num_queries
    ):
        settings.LAB_RUNS_AT_ONCE = 9
        data_set = make_data(participant)
        for _ in range(8):
            make_run(participant, data=data_set)

        with django_assert_max_num_queries(8):
            signed_in.get("/lab/runs/")

    def test_the_table_of_runs_asks_no_more_when_nothing_is_under_way(
        self, signed_in: Client, participant
    ):
        finished(make_run(participant))

        assert "hx-get" not in signed_in.get("/lab/runs/").content.decode()

    def test_shows_what_others_share_and_nothing_else_of_theirs(self, client: Client):
        owner = make_person()
        model = finished(make_run(owner, data=make_data(owner, name="Secret sources")))
        assert "Secret sources" not in told(client.get("/lab/"))

        change_model(model=model, now=NOW, name="Shared", visibility=Visibility.PUBLIC)

        text = told(client.get("/lab/"))
        assert "Shared" in text
        assert "Secret sources" not in text


class TestChoosingMusic:
    """`/lab/data/new/` and what comes of it."""

    def test_a_guest_is_asked_to_sign_in(self, client: Client):
        assert "/accounts/login/" in client.get("/lab/data/new/").url

    def test_good_and_broken_files_make_a_set_that_says_what_is_wrong_with_each(
        self, signed_in: Client
    ):
        music = [four_voices(n) for n in range(3)]
        form = sent(*music, music[0], b"GIF89a", b"", **{"upload-name": "Fugues"})

        answer = signed_in.post("/lab/data/new/", form, follow=True)

        data_set = DataSet.objects.get()
        assert answer.redirect_chain[0][0] == f"/lab/data/{data_set.pk}/"
        text = told(answer)
        assert "Fugues" in text
        assert "This looks like a GIF picture" in text
        assert "The file is empty" in text
        assert "It holds the same music as piece 0.mid." in text
        assert "3 files left out" in text
        assert "This is little music" in text
        assert "Pitch ranges: Melody from" in answer.content.decode()

    def test_without_the_word_on_rights_nothing_is_stored(self, signed_in: Client):
        form = sent(four_voices())
        del form["upload-rights"]

        answer = signed_in.post("/lab/data/new/", form)

        assert answer.status_code == 422
        assert "Say that you may train on these files." in told(answer)
        assert not DataSet.objects.exists()

    @pytest.mark.parametrize(
        ("contents", "reason"),
        [((), "Choose at least one MIDI file."), ((b"GIF89a",), "None of these files holds music")],
    )
    def test_no_usable_file_is_refused_with_the_reason(
        self, signed_in: Client, contents, reason: str
    ):
        answer = signed_in.post("/lab/data/new/", sent(*contents))

        assert answer.status_code == 422
        assert reason in told(answer)
        assert not DataSet.objects.exists()

    def test_a_style_is_taken_at_once(self, signed_in: Client):
        form = {"source": "style", "style-style": "chorale", "style-name": ""}

        answer = signed_in.post("/lab/data/new/", form, follow=True)

        assert "A style that is shipped" in told(answer)
        assert DataSet.objects.get().style == "chorale"

    def test_own_compositions_are_taken_and_nobody_elses(self, signed_in: Client, participant):
        own = [compose(participant, seed=n, seconds=40, title=f"Piece {n}") for n in range(2)]
        other = compose(make_person(), seconds=40)
        form = {"source": "compositions", "compositions-pieces": [piece.pk for piece in own]}

        refused = signed_in.post(
            "/lab/data/new/", {"source": "compositions", "compositions-pieces": [other.pk]}
        )
        signed_in.post("/lab/data/new/", form)

        assert refused.status_code == 422
        names = DataSet.objects.get().files.values_list("name", flat=True)
        assert sorted(names) == ["Piece 0.mid", "Piece 1.mid"]

    @pytest.mark.parametrize("source", ["", "internet"])
    def test_an_unknown_source_makes_nothing(self, signed_in: Client, source: str):
        assert signed_in.post("/lab/data/new/", {"source": source}).status_code == 422

    def test_a_name_cannot_speak_html(self, signed_in: Client, participant):
        data_set = make_data(participant, name="<script>alert(1)</script>")

        for address in ("/lab/", data_set.get_absolute_url(), f"/lab/runs/new/?data={data_set.pk}"):
            assert "<script>alert" not in signed_in.get(address).content.decode()


class TestDataSet:
    """`/lab/data/<id>/`"""

    def test_parts_can_be_chosen_and_inferred_again(self, signed_in: Client, participant):
        data_set = make_data(participant)
        file = data_set.files.first()
        address = f"/lab/data/{data_set.pk}/files/{file.pk}/"
        assert "1. Soprano (32)" in told(signed_in.get(address))

        signed_in.post(address, {"melody": "1", "second": "", "third": "2", "bass": "3"})
        file.refresh_from_db()
        assert file.parts == [1, None, 2, 3]
        assert "tracks 2 – 3 4, chosen" in told(signed_in.get(data_set.get_absolute_url()))

        signed_in.post(address, {"infer": "1"})
        file.refresh_from_db()
        assert file.parts is None

    def test_a_file_needs_a_melody(self, signed_in: Client, participant):
        data_set = make_data(participant)
        file = data_set.files.first()
        address = f"/lab/data/{data_set.pk}/files/{file.pk}/"

        answer = signed_in.post(address, {"melody": "", "bass": "1"})

        assert answer.status_code == 422
        assert "Choose a track for the melody" in told(answer)
        assert "tracks 1 2 3 4" in told(signed_in.get(data_set.get_absolute_url()))

    def test_a_file_can_be_heard(self, signed_in: Client, participant):
        data_set = make_data(participant)
        file = data_set.files.first()

        answer = signed_in.get(f"/lab/data/{data_set.pk}/files/{file.pk}/midi/")

        assert b"".join(answer.streaming_content)[:4] == b"MThd"

    def test_is_renamed_and_deleted(self, signed_in: Client, participant):
        data_set = make_data(participant)
        address = data_set.get_absolute_url()

        signed_in.post(f"{address}rename/", {"name": "Renamed"})
        assert "Renamed" in told(signed_in.get(address))
        assert signed_in.post(f"{address}rename/", {"name": "\u200b"}).status_code == 422
        assert "Its files are deleted with it" in told(signed_in.get(f"{address}delete/"))
        gone = signed_in.post(f"{address}delete/", follow=True)

        assert "“Renamed” is deleted." in told(gone)
        assert signed_in.get(address).status_code == 404

    def test_is_not_deleted_under_a_run(self, signed_in: Client, participant):
        data_set = make_run(participant).data_set

        answer = signed_in.post(f"{data_set.get_absolute_url()}delete/", follow=True)

        assert "A run that has not ended trains on this music" in told(answer)


class TestAsking:
    """`/lab/runs/new/`"""

    def form(self, data_set: DataSet, **values: str) -> dict[str, str]:
        base = {"kind": "gan", "data_set": str(data_set.pk), "preset": "quick", "key": str(uuid4())}
        return base | values

    def test_without_music_it_says_what_comes_first(self, signed_in: Client):
        assert "First, some music" in told(signed_in.get("/lab/runs/new/"))

    @pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
    def test_offers_three_presets_and_every_setting(self, signed_in, participant, kind: str):
        make_data(participant)

        page = signed_in.get(f"/lab/runs/new/?kind={kind}").content.decode()

        assert len(re.findall(r'name="preset"', page)) == 3
        assert "About 2 minutes" in page
        assert 'name="learning_rate"' in page
        assert 'name="seed"' in page

    def test_a_preset_alone_starts_a_run_with_its_settings(self, signed_in, participant):
        answer = signed_in.post("/lab/runs/new/", self.form(make_data(participant)))

        run = TrainingRun.objects.get()
        assert answer.url == run.get_absolute_url()
        assert (run.preset, run.settings["size"]) == ("quick", "small")

    def test_a_setting_of_ones_own_goes_over_the_preset(self, signed_in, participant):
        form = self.form(make_data(participant), iterations="7", algorithm="musegan", seed="5")

        signed_in.post("/lab/runs/new/", form)

        run = TrainingRun.objects.get()
        assert (run.iterations, run.settings["algorithm"], run.seed) == (7, "musegan", 5)
        assert run.settings["size"] == "small"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("iterations", "0"), ("learning_rate", "lots"), ("seed", "-1"), ("preset", "month"),
         ("algorithm", "vae"), ("data_set", "x")],
    )  # fmt: skip
    def test_a_wrong_value_is_marked_and_nothing_starts(
        self, signed_in, participant, name: str, value: str
    ):
        form = self.form(make_data(participant)) | {name: value}

        answer = signed_in.post("/lab/runs/new/", form)

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {name}
        assert not TrainingRun.objects.exists()

    def test_a_double_click_starts_one(self, signed_in, participant):
        form = self.form(make_data(participant))
        first, second = (signed_in.post("/lab/runs/new/", form) for _ in range(2))

        assert first.url == second.url
        assert TrainingRun.objects.count() == 1

    def test_too_many_at_once_are_refused_on_the_page(self, signed_in, participant, settings):
        settings.LAB_RUNS_AT_ONCE = 1
        run = make_run(participant)

        answer = signed_in.post("/lab/runs/new/", self.form(run.data_set))

        assert answer.status_code == 409
        assert "as many as one person may have" in told(answer)

    def test_a_used_up_month_says_when_it_is_given_back(self, signed_in, participant, settings):
        settings.LAB_CPU_MINUTES = 0

        answer = signed_in.post("/lab/runs/new/", self.form(make_data(participant)))

        assert answer.status_code == 409
        assert "They are given back on" in told(answer)

    def test_the_settings_of_an_earlier_run_can_be_taken_up(self, signed_in, participant):
        run = make_run(participant, seed=77)

        page = signed_in.get(f"/lab/runs/new/?kind=gan&again={run.pk}").content.decode()

        assert re.search(r'name="seed"[^>]* value="77"|value="77"[^>]* name="seed"', page)
        assert re.search(r'name="iterations"[^>]* value="12"|value="12"[^>]*name="iter', page)
        assert '<details class="stack" open>' in page

    def test_another_s_music_and_runs_are_not_offered(self, signed_in, participant):
        other = make_run(make_person(), data=None, seed=77)
        make_data(participant)

        page = signed_in.get(f"/lab/runs/new/?again={other.pk}&data={other.data_set_id}")
        answer = signed_in.post("/lab/runs/new/", self.form(other.data_set))

        assert 'value="77"' not in page.content.decode()
        assert answer.status_code == 422


def page_of(client: Client, run: TrainingRun, what: str = "") -> str:
    return client.get(f"/lab/runs/{run.pk}/{what}").content.decode()


class TestWatching:
    """`/lab/runs/<id>/` in every state."""

    def test_waiting(self, signed_in: Client, participant):
        page = page_of(signed_in, make_run(participant))

        assert "It waits for its turn" in page
        assert "Nothing to hear yet" in page
        assert f'hx-get="/lab/runs/{TrainingRun.objects.get().pk}/live/' in page
        assert "Look again" in page
        assert "Pause" in text_of(page)

    def test_getting_ready_says_with_what(self, signed_in: Client, participant):
        run = make_run(participant)
        lease = claim(queue="train", worker="w", now=NOW)
        heartbeat(lease=lease, now=NOW, message="Preparing the chorales: 120 of 413 files")

        text = text_of(page_of(signed_in, run))

        assert "It gets ready" in text
        assert "Preparing the chorales: 120 of 413 files" in text

    def test_training_with_points_and_samples(self, signed_in: Client, participant):
        run = make_run(participant)
        claim(queue="train", worker="w", now=NOW)
        tell(run, 4)

        page = page_of(signed_in, run)

        assert "It is learning" in page
        assert "Too early to say" in page
        assert 'id="curve-critic_loss"' in page
        assert 'class="band__zone"' not in page  # the worker has not told of held-out music
        assert "Iteration 4: 1 note under the melody" in page
        assert f'src="/lab/runs/{run.pk}/samples/4/0.mid"' in page

    def test_curves_stand_beside_what_the_worker_told_of_held_out_music(
        self, signed_in: Client, participant
    ):
        run = make_run(participant)
        lease = claim(queue="train", worker="w", now=NOW)
        sitting = begin_sitting(run_id=run.pk, job=lease.job, attempt=1, now=NOW)
        reference = {"dissonant": {"value": 0.1, "low": 0.09, "high": 0.12}}
        record_reference(sitting=sitting, reference=reference)
        tell(run, 4)

        page = page_of(signed_in, run)

        assert "Held-out music: 0.09 to 0.12." in page
        assert 'id="curve-nearness"' in page

    def test_a_question_brings_only_what_is_new(self, signed_in: Client, participant):
        run = make_run(participant)
        claim(queue="train", worker="w", now=NOW)
        tell(run, 4)

        same = page_of(signed_in, run, "live/?points=4&samples=4&at=4&melody=0")
        tell(run, 6)
        fresh = page_of(signed_in, run, "live/?points=4&samples=4&at=4&melody=0")

        assert "hx-swap-oob" not in same
        assert "points=4&amp;samples=4" in same
        assert 'id="curves" hx-swap-oob="true"' in fresh
        assert 'id="samples" hx-swap-oob="true"' in fresh
        assert 'value="6" selected' in fresh  # who looked at the newest sample sees the next one

    def test_a_sample_that_somebody_looks_at_stays(self, signed_in: Client, participant):
        run = make_run(participant)
        tell(run, 4)
        tell(run, 6)

        page = page_of(signed_in, run, "live/?points=4&samples=4&at=0&melody=0")

        assert 'value="0" selected' in page

    def test_pausing_going_on_and_finishing_from_the_page(self, signed_in: Client, participant):
        run = make_run(participant)
        address = f"/lab/runs/{run.pk}/change/"

        paused = signed_in.post(address, {"wanted": "pause"}, follow=True)
        assert "It rests" in told(paused)
        assert "Go on training" in told(paused)
        assert "hx-trigger" not in paused.content.decode().split('id="samples"')[0]

        early = signed_in.post(address, {"wanted": "finish"}, follow=True)
        assert "has not learned anything yet" in told(early)

        going = signed_in.post(address, {"wanted": "go"}, follow=True)
        assert "It waits for its turn" in told(going)
        assert signed_in.post(address, {"wanted": "faster"}).status_code == 404
        assert signed_in.get(address).status_code == 405

    def test_finished_leads_to_the_model_and_asks_no_more(self, signed_in: Client, participant):
        run = finished(make_run(participant)).run

        page = page_of(signed_in, run)
        last = page_of(signed_in, run, "live/")

        assert "Your model is ready" in page
        assert CustomModel.objects.get().get_absolute_url() in page
        assert "/live/" not in page
        assert "data-focus" in last
        assert 'id="curves" hx-swap-oob="true"' in last

    @pytest.mark.parametrize("kind", ["ar_cnn", "transformer"])
    def test_other_kinds_show_training_beside_held_out(self, signed_in, participant, kind: str):
        run = make_run(participant, kind=kind)
        held_out = {"ar_cnn": "valid", "transformer": "valid_chorale"}[kind]
        for at in (10, 20):
            values = {"iteration": at, "train": 2.0, held_out: 1.8}
            Point.objects.create(run=run, iteration=at, values=values)

        page = page_of(signed_in, run)

        assert "Loss on training and on held-out music" in page
        assert "Held out" in text_of(page)
        assert "Nothing to hear yet" in page

    def test_what_a_transformer_adds_comes_after_what_it_is_given(self, signed_in, participant):
        run = make_run(participant, kind="transformer")
        tell(run, 4)

        page = page_of(signed_in, run)

        assert "1 note after the two bars that are given" in page
        assert "sounds well from the first sample on" in page
        assert "Melody (given)" not in page

    def test_cancelled(self, signed_in: Client, participant):
        run = make_run(participant)
        assert "finish it early instead" in page_of(signed_in, run, "cancel/")

        answer = signed_in.post(f"/lab/runs/{run.pk}/cancel/", follow=True)

        assert "This training was cancelled" in told(answer)
        again = signed_in.post(f"/lab/runs/{run.pk}/cancel/", follow=True)
        assert "This run has ended." in told(again)

    def test_failed_says_why(self, signed_in: Client, participant):
        run = make_run(participant)
        run.job.state, run.job.fault, run.job.finished_at = "failed", "input", NOW
        run.job.error_code, run.job.error_detail = "not_trainable", "There is too little music."
        run.job.save()

        text = text_of(page_of(signed_in, run))

        assert "It came to a stop" in text
        assert "There is too little music." in text

    def test_is_deleted_when_it_is_over_and_not_before(self, signed_in: Client, participant):
        run = make_run(participant)
        address = f"/lab/runs/{run.pk}/delete/"
        early = signed_in.post(address, follow=True)
        assert "This run has not ended." in told(early)

        cancel_run(run=run, now=NOW)
        assert "The run is deleted." in told(signed_in.post(address, follow=True))

        assert page_of(signed_in, run).startswith("<!DOCTYPE html>")
        assert signed_in.get(f"/lab/runs/{run.pk}/").status_code == 404

    def test_without_samples_there_is_no_film(self, signed_in: Client, participant):
        run = make_run(participant)

        assert signed_in.get(f"/lab/runs/{run.pk}/film.webm").status_code == 404

    def test_a_sample_is_a_midi_file(self, signed_in: Client, participant):
        run = make_run(participant)
        tell(run, 4)

        answer = signed_in.get(f"/lab/runs/{run.pk}/samples/4/0.mid")

        assert answer.content[:4] == b"MThd"
        assert answer["Content-Type"] == "audio/midi"
        film = signed_in.get(f"/lab/runs/{run.pk}/film.webm")
        assert film.content[:4] == bytes.fromhex("1A45DFA3")  # Matroska
        for missing in ("5/0.mid", "4/1.mid"):
            assert signed_in.get(f"/lab/runs/{run.pk}/samples/{missing}").status_code == 404


@pytest.fixture
def model(participant) -> CustomModel:
    return finished(make_run(participant))


class TestModel:
    """`/lab/models/<id>/`"""

    def test_shows_its_card_its_samples_and_its_curves(self, signed_in: Client, model):
        answer = signed_in.get(model.get_absolute_url())

        text = told(answer)
        assert model.sha256 in text
        assert "python -m ml train gan" in text
        assert "What it cannot do" in text
        assert "Hear it learn" in text
        assert "Two networks, two losses" in text

    def test_keeps_its_curves_when_its_run_is_deleted(self, signed_in: Client, model):
        signed_in.post(f"/lab/runs/{model.run_id}/delete/")

        text = told(signed_in.get(model.get_absolute_url()))

        assert "Two networks, two losses" in text
        assert "Hear it learn" not in text

    def test_is_named_described_and_shared(self, signed_in: Client, client: Client, model):
        address = model.get_absolute_url()
        form = {"name": "Fugue machine", "description": "Busy.", "visibility": "public"}

        signed_in.post(f"{address}edit/", form)

        text = told(Client().get(address))
        assert "Fugue machine" in text
        assert "Busy." in text
        wrong = signed_in.post(f"{address}edit/", form | {"visibility": "everyone"})
        assert wrong.status_code == 422

    def test_its_files_can_be_downloaded(self, signed_in: Client, model):
        weights = signed_in.get(f"{model.get_absolute_url()}weights/")
        card = signed_in.get(f"{model.get_absolute_url()}card/")

        assert len(b"".join(weights.streaming_content)) == model.size
        assert ".safetensors" in weights["Content-Disposition"]
        assert card.json()["sha256"] == model.sha256

    def test_a_shared_model_lets_its_samples_be_heard(self, client: Client, model):
        sample = f"/lab/runs/{model.run_id}/samples/0/0.mid"
        assert client.get(sample).status_code == 404

        change_model(model=model, now=NOW, visibility=Visibility.UNLISTED)

        assert client.get(sample).status_code == 200
        assert client.get(f"/lab/runs/{model.run_id}/").status_code == 404

    def test_is_deleted(self, signed_in: Client, model):
        answer = signed_in.post(f"{model.get_absolute_url()}delete/", follow=True)

        assert "is deleted." in told(answer)
        assert signed_in.get(model.get_absolute_url()).status_code == 404

    def test_goes_to_a_piece_with_the_model_chosen(self, signed_in, participant, model):
        piece = compose(participant)

        answer = signed_in.post(f"{model.get_absolute_url()}use/", {"composition": piece.pk})

        assert answer.url == f"/studio/{piece.pk}/?model=own:{model.pk}#accompany"
        nowhere = signed_in.post(f"{model.get_absolute_url()}use/", {"composition": "x"})
        assert nowhere.url == "/studio/"


@pytest.mark.parametrize("as_guest", [True, False])
def test_what_is_private_is_not_found_by_others(client: Client, as_guest: bool, model):
    run = model.run
    file = run.data_set.files.first()
    data, runs = f"/lab/data/{run.data_set_id}/", f"/lab/runs/{run.pk}/"
    get = [
        data, f"{data}rename/", f"{data}delete/", f"{data}files/{file.pk}/",
        f"{data}files/{file.pk}/midi/", runs, f"{runs}live/", f"{runs}cancel/", f"{runs}delete/",
        f"{runs}samples/0/0.mid", f"{runs}film.webm", model.get_absolute_url(),
        f"{model.get_absolute_url()}edit/",
        f"{model.get_absolute_url()}delete/", f"{model.get_absolute_url()}weights/",
        f"{model.get_absolute_url()}card/",
    ]  # fmt: skip
    post = [
        f"{data}rename/", f"{data}delete/", f"{data}files/{file.pk}/", f"{runs}change/",
        f"{runs}cancel/", f"{runs}delete/", f"{model.get_absolute_url()}edit/",
        f"{model.get_absolute_url()}delete/", f"{model.get_absolute_url()}try/",
        f"{model.get_absolute_url()}use/",
    ]  # fmt: skip
    if not as_guest:
        client.force_login(make_person())

    found = [address for address in get if client.get(address).status_code != 404]
    changed = [address for address in post if client.post(address).status_code != 404]

    assert (found, changed) == ([], [])


def test_the_lab_is_one_of_the_main_links(client: Client):
    assert 'href="/lab/"' in client.get("/").content.decode()


@pytest.mark.parametrize("algorithm", ["", "unet/", "musegan/"])
def test_the_example_is_for_everybody(client: Client, algorithm: str):
    page = client.get(f"/lab/example/{algorithm}").content.decode()

    assert "How this site’s own GAN was trained" in page
    assert 'id="curve-nearness"' in page
    assert client.get("/lab/example/vae/").status_code == 404


def test_the_example_shows_the_sample_that_is_asked_for(client: Client):
    page = client.get("/lab/example/?at=500&melody=2").content.decode()
    odd = client.get("/lab/example/?at=501&melody=99999999999")

    assert 'value="500" selected' in page
    assert 'src="/lab/example/unet/500/2.mid"' in page
    assert client.get("/lab/example/unet/500/2.mid").content[:4] == b"MThd"
    assert client.get("/lab/example/unet.webm")["Content-Type"] == "video/webm"
    assert client.get("/lab/example/vae.webm").status_code == 404
    for missing in ("vae/500/2", "unet/501/2", "unet/500/3"):
        assert client.get(f"/lab/example/{missing}.mid").status_code == 404
    assert odd.status_code == 200
