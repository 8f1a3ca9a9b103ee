import pytest

from ml.techniques import TECHNIQUES
from studio.models import Composition, Generation
from studio.services.generations import title_of_result
from studio.wording import PLAIN, Technique, how_made, plain, title_of


def test_every_technique_has_plain_words():
    assert set(Technique.values) == set(TECHNIQUES) == {str(name) for name in PLAIN}


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_label_holds_the_plain_name_and_the_model_s(technique):
    assert Technique(technique).label == f"{plain(technique).name} ({plain(technique).model})"


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("title", ["A", "x" * 80, "é" * 79])
def test_the_title_of_a_result_is_never_too_long(technique, title):
    generation = Generation(technique=technique, input=Composition(title=title))

    result = title_of_result(generation)

    assert len(result) <= 80
    assert result.startswith(title[:40])


@pytest.mark.parametrize(
    ("name", "title"),
    [("My waltz.MID", "My waltz"), (".mid", "Untitled"), ("a.b.kar", "a.b"), ("", "Untitled")],
)
def test_a_file_s_name_becomes_a_title(name, title):
    assert title_of(name) == title


def test_how_a_piece_was_made_is_told_in_sentences():
    steps = [{"technique": "accompany"}, {"technique": "edit"}]
    sources = [{"title": "Dawn", "author": "Anna"}, {"title": "Dusk", "author": "Ben"}]

    assert how_made([], []) == ""
    assert how_made(steps, []) == "I used Add a band (GAN), then Bach it (AR-CNN)."
    assert how_made([], sources) == "Made from “Dawn” by Anna and “Dusk” by Ben."
    assert how_made(steps[:1], sources[:1]) == (
        "Made from “Dawn” by Anna. I used Add a band (GAN)."
    )
