"""The lessons through their pages, without scripts: as a guest, signed in, and as an organizer."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client

from learning.book import Chapter, LiveBlock, capsules
from learning.errors import CapsuleNotFinished
from learning.models import CapsuleSetting, Certificate, ChapterProgress
from learning.progress import KEY, InRows, InSession, State
from learning.selectors import capsule_for_technique, completion, search, shelf
from learning.services import adopt_progress, arrange_capsules, issue_certificate
from ml.music.reader import read_canonical
from tests.factories import make_person
from tests.pages import open_round, read, text_of
from tests.unit.learning.test_content import _key

pytestmark = pytest.mark.django_db

SLUG = "what-is-generative-ai"
GANS = capsules()["gans"]
FIRST = capsules()[SLUG].chapters[0]
NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


def _address(chapter: Chapter) -> str:
    return f"/learn/{chapter.capsule}/{chapter.slug}/"


def sounds_of(page: str) -> list[str]:
    """Return the addresses of the music on a page."""
    return [str(values["src"]) for tag, values in read(page).tags if tag == "cp-listen"]


def evolution_of(page: str) -> list[str]:
    """Return those of the live part that shows a training."""
    return [address for address in sounds_of(page) if "/evolution/" in address]


def _do(client: Client, chapter: Chapter) -> None:
    """Answer every question of a chapter as its key says."""
    for question in chapter.questions:
        sent = {"question": question.id, "given": _key(question)}
        answer = client.post(_address(chapter), sent)
        assert answer.status_code == 302


def test_a_guest_reads_every_page_and_uses_every_live_part_without_scripts(client):
    assert client.get("/learn/").status_code == 200
    for capsule in capsules().values():
        page = client.get(f"/learn/{capsule.slug}/").content.decode()
        for chapter in capsule.chapters:
            assert _address(chapter) in page
            answer = client.get(_address(chapter))
            assert answer.status_code == 200
            lives = [block.name for block in chapter.blocks if isinstance(block, LiveBlock)]
            for name in lives:
                assert f'id="live-{name}"' in answer.content.decode()


def test_a_live_part_answers_to_its_form_and_leaves_the_others_alone(client):
    address = "/learn/transformers/keep-going/"

    before = text_of(client.get(address).content.decode())
    cold = text_of(
        client.get(address, {"part": "sampling", "temperature": "0.25"}).content.decode()
    )
    other = text_of(client.get(address, {"part": "paint", "temperature": "0.25"}).content.decode())

    assert "1 of 89 notes stay in the draw" in cold
    assert "1 of 89 notes stay in the draw" not in before
    assert other == before


def test_a_painted_bar_comes_back_as_it_was_painted(client):
    sent = {"part": "paint", "painted": "1", "cell": ["0-0", "1-0", "99-99", "x"]}

    page = client.get("/learn/music-as-data/notes-and-midi/", sent).content.decode()

    assert "2 of 104 cells are on: 1 note." in text_of(page)
    assert page.count("checked") == 2


def test_a_right_answer_is_explained_and_ends_the_chapter(client):
    _do(client, FIRST)

    page = text_of(client.get(_address(FIRST)).content.decode())

    assert "Right." in page
    assert "This chapter is done." in page
    assert "1 of 4 chapters done" in text_of(client.get(f"/learn/{SLUG}/").content.decode())


def test_a_wrong_answer_is_explained_and_can_be_mended(client):
    question = FIRST.questions[0]
    wrong = _key(question)[::-1]
    wrong = ["2" if value == "0" else "0" for value in wrong]

    client.post(_address(FIRST), {"question": question.id, "given": wrong})
    page = text_of(client.get(_address(FIRST)).content.decode())

    assert "Not quite yet." in page
    assert "This chapter is done." not in page
    _do(client, FIRST)
    assert "This chapter is done." in text_of(client.get(_address(FIRST)).content.decode())


def test_a_wrong_choice_says_which_options_were_mistaken(client):
    chapter = capsules()["judging-music"].chapters[0]
    question = chapter.questions[0]
    assert [option.right for option in question.options] == [True, True, False, False]

    client.post(_address(chapter), {"question": question.id, "given": ["1", "2"]})
    page = client.get(_address(chapter)).content.decode()

    assert text_of(page).count("This belongs to the answer.") == 1
    assert text_of(page).count("This does not belong to it.") == 1


def test_an_incomplete_answer_is_refused_with_a_sentence_and_not_kept(client):
    question = FIRST.questions[0]

    answer = client.post(_address(FIRST), {"question": question.id, "given": ["0", "", "", ""]})

    assert answer.status_code == 422
    assert "Fill in every part of the answer" in text_of(answer.content.decode())
    assert client.session.get(KEY) is None


def test_what_was_right_once_stays_right(participant, client):
    client.force_login(participant)
    chapter = GANS.chapters[1]
    _do(client, chapter)

    client.post(_address(chapter), {"question": chapter.questions[0].id, "given": ["1"]})

    kept = InRows(participant).all()["gans", chapter.slug]
    assert kept.answers[chapter.questions[0].id]["right"]
    assert kept.done_at is not None


def test_a_guests_progress_becomes_the_persons_and_what_they_had_stays(participant):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    guest, mine = InSession(session), InRows(participant)
    guest.save(FIRST, State({"a": {"given": ["1"], "right": False}}, NOW))
    guest.save(GANS.chapters[0], State({"b": {"given": ["1"], "right": True}}, None))
    mine.save(FIRST, State({"a": {"given": ["0"], "right": True}}, None))

    adopt_progress(session, participant, NOW)
    adopt_progress(session, participant, NOW)

    found = mine.all()
    assert found[SLUG, FIRST.slug].answers["a"]["right"]
    assert found[SLUG, FIRST.slug].done_at == NOW
    assert found["gans", GANS.chapters[0].slug].answers["b"]["right"]
    assert KEY not in session


def test_progress_of_chapters_that_are_gone_is_left_behind(participant):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[KEY] = {"gone/away": {"answers": {}, "done_at": None}}

    adopt_progress(session, participant, NOW)

    assert not ChapterProgress.objects.exists()


def test_a_certificate_is_issued_once_for_a_finished_capsule_and_anybody_may_read_it(
    participant, client
):
    client.force_login(participant)
    with pytest.raises(CapsuleNotFinished, match="5 of 5 chapters of GANs"):
        issue_certificate(person=participant, capsule=GANS, now=NOW)
    for chapter in GANS.chapters:
        _do(client, chapter)

    first = client.post("/learn/gans/certificate/")
    second = client.post("/learn/gans/certificate/")

    certificate = Certificate.objects.get()
    assert first["Location"] == second["Location"] == certificate.get_absolute_url()
    assert len(certificate.token) >= 32
    page = text_of(Client().get(first["Location"]).content.decode())
    assert participant.public_name in page
    assert "GANs" in page
    assert Client().get("/learn/certificates/guessed/").status_code == 404


def test_a_certificate_of_an_unfinished_capsule_is_refused_with_what_is_missing(signed_in):
    answer = signed_in.post("/learn/gans/certificate/", follow=True)

    assert "5 of 5 chapters of GANs are not done yet." in text_of(answer.content.decode())
    assert not Certificate.objects.exists()


def test_search_finds_titles_before_text_and_needs_every_word(client):
    found = search("attention")

    assert found[0].chapter.slug == "attention"
    assert not search("attention zebra")
    assert not search("a")
    page = text_of(client.get("/learn/search/", {"q": "<b>zebra"}).content.decode())
    assert "No chapter has every word of “<b>zebra”" in page


def test_the_glossary_leads_back_to_capsules(client):
    page = client.get("/learn/glossary/").content.decode()

    assert 'id="piano-roll"' in page
    assert "/learn/music-as-data/" in page


def test_a_hidden_capsule_is_gone_for_visitors_and_there_for_organizers(client, organizer):
    arrange_capsules(arrangement=[("gans", 5, False)])
    staff = Client()
    staff.force_login(organizer)

    assert client.get("/learn/gans/").status_code == 404
    assert client.get(_address(GANS.chapters[0])).status_code == 404
    assert capsule_for_technique("accompany") is None
    assert not [hit for hit in search("orchestra") if hit.capsule.slug == "gans"]
    assert staff.get("/learn/gans/").status_code == 200


def test_a_technique_points_at_its_capsule():
    assert [capsule_for_technique(t).slug for t in ("accompany", "edit", "extend")] == [
        "gans",
        "ar-cnn",
        "transformers",
    ]
    assert capsule_for_technique("whistle") is None


def test_only_organizers_arrange(signed_in, client, organizer):
    assert signed_in.get("/learn/manage/").status_code == 403
    assert Client().get("/learn/manage/").status_code == 302
    client.force_login(organizer)
    sent = {f"{row.capsule.slug}-position": str(row.position) for row in shelf()}
    sent |= {f"{row.capsule.slug}-is_published": "on" for row in shelf()}
    sent |= {"gans-position": "1"}
    del sent["transformers-is_published"]

    answer = client.post("/learn/manage/", sent)

    assert answer.status_code == 302
    assert shelf()[0].capsule.slug == "gans"
    assert "transformers" not in [row.capsule.slug for row in shelf()]


def test_the_desk_leads_to_the_lessons_and_back(client, organizer):
    client.force_login(organizer)

    links = [values.get("href") for _, values in read(client.get("/desk/").content.decode()).tags]
    back = [
        values.get("href") for _, values in read(client.get("/learn/manage/").content.decode()).tags
    ]

    assert "/learn/manage/" in links
    assert "/desk/" in back


def test_a_place_that_is_no_number_is_refused_and_nothing_changes(client, organizer):
    client.force_login(organizer)
    sent = {f"{row.capsule.slug}-position": "soon" for row in shelf()}

    assert client.post("/learn/manage/", sent).status_code == 422
    assert not CapsuleSetting.objects.exists()


def test_completion_counts_people_who_began_and_finished(participant):
    other = make_person()
    for chapter in GANS.chapters:
        InRows(participant).save(chapter, State({}, NOW))
    InRows(other).save(GANS.chapters[0], State({}, None))
    issue_certificate(person=participant, capsule=GANS, now=NOW)

    figures = next(row for row in completion() if row.row.capsule.slug == "gans")

    assert (figures.began, figures.finished, figures.certificates) == (2, 1, 1)
    assert [count for _, count in figures.chapters] == [1] * len(GANS.chapters)


def test_pages_that_do_not_exist_are_not_found(client):
    for address in ("/learn/nothing/", "/learn/gans/nothing/", "/learn/gans/certificate/x/"):
        assert client.get(address).status_code == 404


def test_a_shelf_page_asks_the_database_little(client, django_assert_max_num_queries):
    client.get("/learn/")
    with django_assert_max_num_queries(4):
        client.get("/learn/")


def test_a_capsule_points_at_the_round_that_asks_for_its_technique(client):
    round_ = open_round(techniques=["edit"])

    assert round_.title in text_of(client.get("/learn/ar-cnn/").content.decode())
    assert round_.title not in text_of(client.get("/learn/gans/").content.decode())


def test_the_admin_shows_progress_and_certificates_and_changes_none(client, participant):
    InRows(participant).save(FIRST, State({}, NOW))
    staff = make_person()
    staff.is_staff = staff.is_superuser = True
    staff.save()
    client.force_login(staff)

    for name in ("chapterprogress", "certificate"):
        assert client.get(f"/admin/learning/{name}/").status_code == 200
        assert client.get(f"/admin/learning/{name}/add/").status_code == 403


def test_every_piece_of_music_in_the_lessons_can_be_heard_and_had_as_a_file(client):
    chapters = [chapter for capsule in capsules().values() for chapter in capsule.chapters]
    heard = 0
    for chapter in chapters:
        page = client.get(_address(chapter))
        sounds = sounds_of(page.content.decode())
        assert "'wasm-unsafe-eval'" in page["Content-Security-Policy"]
        for sound in sounds:
            answer = client.get(sound)
            assert answer["Content-Type"] == "audio/midi"
            assert read_canonical(answer.content).n_notes
            heard += 1
    assert heard > 30


def test_the_music_follows_the_values_that_its_page_was_asked_with(client):
    address = "/learn/gans/what-it-makes/"
    sent = {"part": "evolution", "early": "0", "late": "3580", "melody": "2"}

    first, _ = evolution_of(client.get(address).content.decode())
    early, late = evolution_of(client.get(address, sent).content.decode())

    assert "melody=2" in early
    assert client.get(early).content != client.get(first).content
    assert client.get(early).content != client.get(late).content
    assert "max-age=3600" in client.get(early)["Cache-Control"]


def test_an_empty_bar_and_what_is_no_piece_of_music_cannot_be_heard(client):
    address = "/learn/music-as-data/notes-and-midi/"
    empty = {"part": "paint", "preset": "empty"}

    assert not sounds_of(client.get(address, empty).content.decode())
    assert client.get(f"{address}paint/1.mid", empty).status_code == 404
    assert client.get(f"{address}paint/1.mid").status_code == 200
    for wrong in ("paint/0", "paint/99", "markov/1"):
        assert client.get(f"{address}{wrong}.mid").status_code == 404
