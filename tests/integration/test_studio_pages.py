"""The Studio's pages as a browser without scripts sees them."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jobs.models import Job
from jobs.services import claim, heartbeat
from studio.models import Composition, Generation
from studio.services.compositions import create_composition
from studio.views import generations
from tests.factories import make_person
from tests.pages import read, text_of
from tests.rounds import midi
from tests.studio import (
    NOW,
    ask,
    compose,
    damage_weights,
    drums_alone,
    generate_everything,
)

UNKNOWN = "05fa845c-4602-4d06-8413-37457553e833"


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def tune(participant):
    return compose(participant)


def upload(content: bytes | None = None, **typed):
    file = SimpleUploadedFile("My waltz.mid", midi(3) if content is None else content)
    return {"midi": file, "title": "", "key": str(uuid4())} | typed


def sent(technique: str, **typed):
    """Return a technique's form as a browser sends it with its defaults."""
    return {"technique": technique, f"{technique}-key": str(uuid4())} | {
        f"{technique}-{name}": value for name, value in typed.items()
    }


def defaults_on(page: str, technique: str) -> dict[str, str]:
    """Return what a browser would send of a technique's form untouched."""
    found = {"technique": technique}
    for tag, attrs in read(page).tags:
        name = attrs.get("name") or ""
        if tag == "input" and name.startswith(f"{technique}-"):
            found[name] = attrs.get("value") or ""
    selects = re.findall(rf'<select name="({technique}-\w+)".*?</select>', page, re.DOTALL)
    for name in selects:
        chosen = re.search(rf'name="{name}".*?value="(\w+)" selected', page, re.DOTALL)
        found[name] = chosen[1]
    return found


class TestStudio:
    """`/studio/`"""

    def test_needs_no_account(self, client: Client):
        page = client.get("/studio/")

        assert page.status_code == 200
        assert "You need no account to begin" in text_of(page.content.decode())
        assert "sessionid" not in client.cookies  # looking leaves no trace

    def test_keeps_an_upload_and_leads_to_it(self, signed_in: Client):
        answer = signed_in.post("/studio/", upload())

        composition = Composition.objects.get()
        assert answer.url == f"/studio/{composition.pk}/"
        assert composition.title == "My waltz"
        assert "My waltz" in text_of(signed_in.get("/studio/").content.decode())

    def test_a_double_click_keeps_one(self, signed_in: Client):
        key = str(uuid4())
        first, second = (signed_in.post("/studio/", upload(key=key)) for _ in range(2))

        assert first.url == second.url
        assert Composition.objects.count() == 1

    def test_says_what_is_wrong_with_a_file_beside_it(self, signed_in: Client):
        answer = signed_in.post("/studio/", upload(b"GIF89a", title="Kept"))

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Nothing was kept yet" in page
        assert 'value="Kept"' in page

    def test_shows_only_the_viewers_own(self, signed_in: Client, tune):
        compose(make_person(), title="Secret")

        page = signed_in.get("/studio/").content.decode()

        assert "A tune" in page
        assert "Secret" not in page

    def test_finds_by_title_and_pages(self, signed_in: Client, participant):
        for number in range(25):
            compose(participant, seed=1, title=f"Étude {number}")
        compose(participant, seed=1, title="March")

        first = signed_in.get("/studio/?search=Étude")
        second = signed_in.get("/studio/?search=Étude&page=2")

        assert len(first.context["lines"]) == 20
        assert len(second.context["lines"]) == 5
        assert "March" not in text_of(first.content.decode())
        assert "search=%C3%89tude" in first.context["next_url"]

    def test_a_piece_whose_file_is_away_is_listed_without_a_drawing(
        self, signed_in: Client, participant
    ):
        piece = compose(participant, seed=4321)
        default_storage.delete(piece.midi_key)

        assert signed_in.get("/studio/").status_code == 200
        page = signed_in.get(f"/studio/{piece.pk}/").content.decode()
        assert "cannot be made just now" in page


class TestComposition:
    """`/studio/<id>/`"""

    def test_offers_each_technique_by_its_plain_name_with_its_model_beneath(
        self, signed_in: Client, tune
    ):
        page = text_of(signed_in.get(f"/studio/{tune.pk}/").content.decode())

        for name in ("Add a band GAN", "Bach it AR-CNN", "Keep going Transformer"):
            assert name in page

    @pytest.mark.parametrize("technique", ["accompany", "edit", "extend"])
    def test_its_form_untouched_asks_for_the_defaults(self, signed_in: Client, tune, technique):
        page = signed_in.get(f"/studio/{tune.pk}/").content.decode()

        answer = signed_in.post(f"/studio/{tune.pk}/", defaults_on(page, technique))

        generation = Generation.objects.get()
        assert answer.url == f"/studio/generations/{generation.pk}/"
        made_by_default = ask(tune, technique)
        made_by_default.refresh_from_db()
        expected = made_by_default.parameters
        short = {"tracks", "sampling_iterations", "extension_duration", "style"}
        for name, value in expected.items():
            if name not in short:
                assert generation.parameters[name] == value, name

    def test_what_is_set_is_asked_for(self, signed_in: Client, tune):
        settings = {"maximum_notes_to_add": "7", "locked_bars": "1-2, 4", "seed": "12"}
        signed_in.post(f"/studio/{tune.pk}/", sent("edit", **settings))

        generation = Generation.objects.get()
        assert generation.parameters["maximum_notes_to_add"] == 7
        assert generation.parameters["locked_bars"] == [1, 2, 4]
        assert generation.seed == 12

    @pytest.mark.parametrize(
        ("name", "value"),
        [("creative_risk", "9"), ("locked_bars", "x"), ("seed", "-1"), ("seed", "9" * 30)],
    )
    def test_a_wrong_value_is_marked_and_nothing_is_asked_for(
        self, signed_in: Client, tune, name, value
    ):
        answer = signed_in.post(f"/studio/{tune.pk}/", sent("edit", **{name: value}))

        assert answer.status_code == 422
        assert answer.context["sent"].errors.keys() == {name}
        page = answer.content.decode()
        assert '<details class="stack stack--tight" open>' in page
        assert not Job.objects.filter(kind="generate").exists()

    @pytest.mark.parametrize("technique", ["", "compose", "../edit"])
    def test_an_unknown_technique_asks_for_nothing(self, signed_in: Client, tune, technique):
        answer = signed_in.post(f"/studio/{tune.pk}/", {"technique": technique})

        assert answer.status_code == 422
        assert not Job.objects.filter(kind="generate").exists()

    def test_a_double_click_asks_once(self, signed_in: Client, tune):
        form = sent("extend")
        first, second = (signed_in.post(f"/studio/{tune.pk}/", form) for _ in range(2))

        assert first.url == second.url
        assert Generation.objects.count() == 1

    def test_a_technique_that_does_not_run_says_why_in_place_of_its_form(
        self, signed_in: Client, tune
    ):
        damage_weights("ar_cnn")

        page = signed_in.get(f"/studio/{tune.pk}/").content.decode()
        refused = signed_in.post(f"/studio/{tune.pk}/", sent("edit"))

        assert "The weights ar_cnn are damaged" in page
        assert 'value="edit"' not in page
        assert 'value="extend"' in page
        assert refused.status_code == 503

    def test_too_many_at_once_are_refused_on_the_page(self, signed_in: Client, tune, settings):
        settings.MAX_GENERATIONS_AT_ONCE = 1
        ask(tune)

        answer = signed_in.post(f"/studio/{tune.pk}/", sent("extend"))

        assert answer.status_code == 409
        assert "under way" in text_of(answer.content.decode())

    def test_the_settings_of_an_earlier_generation_can_be_taken_up(self, signed_in: Client, tune):
        earlier = ask(tune, "edit", seed=77, creative_risk=2.5, locked_bars=[1, 2, 3])

        page = signed_in.get(f"/studio/{tune.pk}/?again={earlier.pk}").content.decode()

        typed = defaults_on(page, "edit")
        assert typed["edit-creative_risk"] == "2.5"
        assert typed["edit-locked_bars"] == "1-3"
        assert typed["edit-seed"] == "77"

    @pytest.mark.parametrize("again", ["x", UNKNOWN, ""])
    def test_settings_of_nothing_are_the_defaults(self, signed_in: Client, tune, again):
        page = signed_in.get(f"/studio/{tune.pk}/?again={again}").content.decode()

        assert defaults_on(page, "edit")["edit-creative_risk"] == "1.0"

    def test_downloads_renames_and_deletes(self, signed_in: Client, tune):
        file = signed_in.get(f"/studio/{tune.pk}/midi/")
        assert file["Content-Disposition"] == 'attachment; filename="A_tune.mid"'
        assert b"".join(file.streaming_content) == midi(1, seconds=8)

        signed_in.post(f"/studio/{tune.pk}/rename/", {"title": "Dusk"})
        assert "Dusk" in signed_in.get(f"/studio/{tune.pk}/").content.decode()
        empty = signed_in.post(f"/studio/{tune.pk}/rename/", {"title": "\u200b"})
        assert empty.status_code == 422

        assert "Delete it" in signed_in.get(f"/studio/{tune.pk}/delete/").content.decode()
        gone = signed_in.post(f"/studio/{tune.pk}/delete/", follow=True)
        assert "“Dusk” is deleted." in text_of(gone.content.decode())
        assert signed_in.get(f"/studio/{tune.pk}/").status_code == 404

    @pytest.mark.parametrize("what", ["", "midi/", "rename/", "delete/"])
    def test_another_s_is_not_found(self, signed_in: Client, what):
        other = compose(make_person())

        assert signed_in.get(f"/studio/{other.pk}/{what}").status_code == 404
        assert signed_in.post(f"/studio/{other.pk}/{what}").status_code in {404, 405}

    def test_a_title_cannot_speak_html(self, signed_in: Client, participant):
        piece = compose(participant, title="<script>alert(1)</script>")

        for address in ("/studio/", f"/studio/{piece.pk}/", f"/studio/{piece.pk}/delete/"):
            assert "<script>alert" not in signed_in.get(address).content.decode()


class TestGeneration:
    """`/studio/generations/<id>/`"""

    def page(self, client: Client, generation: Generation, what: str = "") -> str:
        return client.get(f"/studio/generations/{generation.pk}/{what}").content.decode()

    def test_waiting_shows_the_place_in_the_queue_and_a_way_out(self, signed_in: Client, tune):
        ask(tune, "edit", seed=1)
        second = ask(tune, "extend", seed=2)

        page = self.page(signed_in, second)

        assert "In the queue" in page
        assert "Place in the queue 1" in text_of(page)
        assert f'action="/studio/generations/{second.pk}/cancel/"' in page
        assert f'hx-get="/studio/generations/{second.pk}/status/"' in page
        assert "Look again" in page

    def test_at_work_shows_how_far_it_is(self, signed_in: Client, tune):
        generation = ask(tune)
        lease = claim(queue="generate", worker="w", now=NOW)
        heartbeat(lease=lease, now=NOW, progress=0.4, message="bar 3 of 8")

        page = self.page(signed_in, generation, "status/")

        assert 'value="40"' in page
        assert "bar 3 of 8" in page
        assert 'id="result"' not in page

    def test_the_last_answer_brings_the_result_and_asks_no_more(self, signed_in: Client, tune):
        generation = ask(tune, "edit")
        generate_everything()

        page = self.page(signed_in, generation, "status/")

        assert "Your piece is ready" in page
        assert 'id="result" hx-swap-oob="true"' in page
        assert 'hx-get="/studio/generations/' not in page

    def test_the_result_shows_both_rolls_edits_settings_and_lineage(self, signed_in: Client, tune):
        generation = ask(tune, "edit", seed=4)
        generate_everything()
        generation.refresh_from_db()

        page = self.page(signed_in, generation)

        assert 'aria-label="Before"' in page
        assert 'aria-label="After"' in page
        text = text_of(page)
        assert f"{generation.added} added" in text
        assert "Log-odds" in text
        assert "Sampling iterations 6" in text
        assert "Seed 4" in text
        assert generation.model_sha256 in text
        assert "Use it as new input" in text
        assert f"ar_cnn, seed {generation.seed}" in text

    def test_added_notes_have_an_outline_class_a_sign_and_a_word(self, signed_in: Client, tune):
        generation = ask(tune, "edit")
        generate_everything()

        page = self.page(signed_in, generation)

        assert 'class="roll__added"' in page
        assert 'class="roll__sign roll__sign--added"' in page
        assert re.search(r"\+</span>Melody: \d+ added", page)

    def test_a_new_track_keeps_its_color_and_is_marked(self, signed_in: Client, tune):
        generation = ask(tune, "accompany")
        generate_everything()

        page = self.page(signed_in, generation)

        assert 'class="roll__added track-2"' in page
        assert re.search(r"\+</span>Bass: \d+ added", page)

    def test_all_edits_are_paged_in_order(self, signed_in: Client, tune, monkeypatch):
        monkeypatch.setattr(generations, "EVENTS_PER_PAGE", 3)
        monkeypatch.setattr(generations, "SHOWN_EVENTS", 2)
        generation = ask(tune, "edit")
        generate_everything()
        generation.refresh_from_db()

        first = self.page(signed_in, generation, "events/")
        second = self.page(signed_in, generation, "events/?page=2")

        assert f"All {generation.n_events} edits" in self.page(signed_in, generation)
        numbers = re.compile(r'<td class="num">(\d+)</td>\s*<td class="nowrap"><span class="edit')
        assert numbers.findall(first) == ["1", "2", "3"]
        assert numbers.findall(second)[0] == "4"

    def test_a_refusal_is_told_in_the_model_s_words(self, signed_in: Client, participant):
        drums = create_composition(owner=participant, upload=drums_alone(), title="Beat", now=NOW)
        generation = ask(drums, "edit")
        generate_everything()

        page = unescape(self.page(signed_in, generation))

        assert "Nothing came of it" in page
        assert "no_melody" in page
        assert Job.objects.get(kind="generate").error_detail in page

    def test_cancelling_from_the_page(self, signed_in: Client, tune):
        generation = ask(tune)
        address = f"/studio/generations/{generation.pk}/cancel/"

        answer = signed_in.post(address, follow=True)
        assert "This generation is cancelled" in answer.content.decode()
        again = signed_in.post(address, follow=True)
        assert "This job has already ended." in answer_text(again)
        assert signed_in.get(address).status_code == 405

    def test_the_result_can_be_downloaded(self, signed_in: Client, tune):
        generation = ask(tune)
        assert signed_in.get(f"/studio/generations/{generation.pk}/midi/").status_code == 404
        generate_everything()

        file = signed_in.get(f"/studio/generations/{generation.pk}/midi/")

        assert b"".join(file.streaming_content)[:4] == b"MThd"

    def test_a_deleted_input_or_result_is_said_so(self, signed_in: Client, tune):
        generation = ask(tune)
        generate_everything()
        output = Composition.objects.get(generation=generation)
        signed_in.post(f"/studio/{tune.pk}/delete/")

        assert "(deleted)" in self.page(signed_in, generation)
        assert "(deleted)" in signed_in.get(f"/studio/{output.pk}/").content.decode()

        signed_in.post(f"/studio/{output.pk}/delete/")
        assert "You deleted the result." in self.page(signed_in, generation)

    def test_files_that_are_away_leave_a_page_that_says_so(self, signed_in: Client, participant):
        piece = compose(participant, seed=97531)
        generation = ask(piece, "edit")
        generate_everything()
        generation.refresh_from_db()
        default_storage.delete(generation.events_key)
        default_storage.delete(generation.output.midi_key)

        text = answer_text(signed_in.get(f"/studio/generations/{generation.pk}/"))

        assert "The drawing cannot be made just now" in text
        assert "The edits cannot be read just now" in text

    @pytest.mark.parametrize("what", ["", "status/", "events/", "midi/"])
    def test_another_s_is_not_found(self, signed_in: Client, what):
        other = ask(compose(make_person()))

        assert signed_in.get(f"/studio/generations/{other.pk}/{what}").status_code == 404

    def test_another_s_cannot_be_cancelled(self, signed_in: Client):
        other = ask(compose(make_person()))

        assert signed_in.post(f"/studio/generations/{other.pk}/cancel/").status_code == 404


def answer_text(answer) -> str:
    return text_of(answer.content.decode())


def test_the_studio_is_one_of_the_main_links(client: Client):
    links = [attrs.get("href") for tag, attrs in read(client.get("/").content.decode()).tags]

    assert "/studio/" in links
