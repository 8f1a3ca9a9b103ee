"""The lessons as they are written: links, terms, keys, live parts, words, and reading time."""

import re
from itertools import pairwise

import pytest
from django.urls import Resolver404, resolve

from learning import live
from learning.book import Chapter, FigureBlock, LiveBlock, capsules
from learning.figures import FIGURES, figure
from learning.quiz import Question, check
from learning.words import glossary, html_of, plain

CHAPTERS = [chapter for capsule in capsules().values() for chapter in capsule.chapters]
QUESTIONS = [question for chapter in CHAPTERS for question in chapter.questions]
COURSE_TERMS = {
    "action", "agent", "discriminator", "discriminator-loss", "edit-event", "environment",
    "exploration-against-exploitation", "generator", "generator-loss", "hidden-layer",
    "input-layer", "output-layer", "piano-roll", "reward",
}  # fmt: skip
BRITISH = re.compile(
    r"\b\w*(?:colour|behaviour|favour|neighbour|organis|recognis|practis|licence|centre|"
    r"metre\b|harmonis|memoris|analys(?:e|ed|ing)\b|modell|travell|grey)\w*",
    re.IGNORECASE,
)
MISSPELT = re.compile(
    r"\b(?:teh|recieve|seperate|occured|definately|accomodate|acheive|untill|wich|thier|begining|"
    r"existance|independant|necesary|neccessary|paralell|rythm|rythmic|genrator|discrimnator|"
    r"sequense|lenght|heigth|probabilty|occurence|transfomer|gradiant)\b",
    re.IGNORECASE,
)


def _id(chapter: Chapter) -> str:
    return f"{chapter.capsule}/{chapter.slug}"


def _html(chapter: Chapter) -> str:
    return "".join(html_of((chapter.text,), chapter.capsule))


def _words(chapter: Chapter) -> str:
    quiz = [
        text
        for q in chapter.questions
        for text in (q.ask, q.because, *q.items, *(t for o in q.options for t in (o.text, o.why)))
    ]
    return ". ".join([chapter.title, plain(chapter.text), *map(plain, quiz)])


def test_there_are_the_ten_capsules_with_four_to_eight_chapters():
    assert len(capsules()) == 10
    assert all(4 <= len(capsule.chapters) <= 8 for capsule in capsules().values())


def test_no_capsule_has_the_address_of_another_page():
    assert not {"glossary", "search", "manage", "certificates", "samples"} & set(capsules())


def test_each_technique_has_one_capsule():
    techniques = [capsule.technique for capsule in capsules().values() if capsule.technique]

    assert sorted(techniques) == ["accompany", "edit", "extend"]


@pytest.mark.parametrize("slug", capsules())
def test_a_capsule_takes_ten_to_twenty_minutes_and_has_two_live_parts(slug):
    capsule = capsules()[slug]

    assert 10 <= capsule.minutes <= 20
    assert capsule.n_live >= 2


@pytest.mark.parametrize("chapter", CHAPTERS, ids=_id)
def test_a_chapter_asks_something_and_takes_two_to_six_minutes(chapter):
    assert chapter.questions
    assert 2 <= chapter.minutes <= 6


@pytest.mark.parametrize("chapter", CHAPTERS, ids=_id)
def test_every_figure_and_live_part_of_a_chapter_can_be_drawn(chapter):
    for block in chapter.blocks:
        if isinstance(block, FigureBlock):
            assert figure(block.name).svg.startswith("<svg")
        if isinstance(block, LiveBlock):
            part = live.show(block.name, {}, block.options)
            assert part.pieces[0].kind == "words"
            assert part.controls


def test_every_figure_and_live_part_is_used_somewhere():
    blocks = [block for chapter in CHAPTERS for block in chapter.blocks]

    assert {b.name for b in blocks if isinstance(b, FigureBlock)} == set(FIGURES)
    assert {b.name for b in blocks if isinstance(b, LiveBlock)} == set(live.PARTS)


def test_a_chapter_has_each_live_part_once():
    for chapter in CHAPTERS:
        names = [block.name for block in chapter.blocks if isinstance(block, LiveBlock)]
        assert len(names) == len(set(names)), _id(chapter)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=_id)
def test_every_link_of_a_chapter_leads_somewhere(chapter):
    for address in re.findall(r'href="([^"]+)"', _html(chapter)):
        path, _, anchor = address.partition("#")
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{_id(chapter)}: nothing lies at {address}")
        if path == "/learn/glossary/":
            assert anchor in glossary()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=_id)
def test_a_term_is_linked_once_in_a_chapter(chapter):
    anchors = re.findall(r'href="/learn/glossary/#([^"]+)"', _html(chapter))

    assert len(anchors) == len(set(anchors))


def test_the_glossary_has_the_terms_of_the_course_and_all_are_used():
    marked = {slug for slug, term in glossary().items() if term.course}
    linked = {
        anchor
        for chapter in CHAPTERS
        for anchor in re.findall(r'href="/learn/glossary/#([^"]+)"', _html(chapter))
    }

    assert marked == COURSE_TERMS
    assert set(glossary()) - linked == set()
    assert {term.capsule for term in glossary().values()} <= set(capsules())


def _key(question: Question) -> list[str]:
    """Return the right answer of a question as a browser sends it."""
    match question.kind:
        case "single" | "multiple":
            return [str(i) for i, option in enumerate(question.options) if option.right]
        case "number":
            return [f"{question.answer}"]
        case "order":
            return [str(item + 1) for item in question.shown]
        case _:
            rights = [right for _, right in question.pairs]
            return [str(rights.index(right)) for right in rights]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_a_key_is_right_and_everything_else_is_wrong_or_incomplete(question):
    right = check(question, _key(question))
    nothing = check(question, [])

    assert right is not None
    assert right.right
    assert nothing is None
    if question.kind in {"single", "multiple"}:
        others = [str(i) for i, option in enumerate(question.options) if not option.right]
        wrong = check(question, others[:1])
        assert wrong is not None
        assert not wrong.right


def test_questions_of_all_five_kinds_are_asked_with_an_explanation():
    assert {q.kind for q in QUESTIONS} == {"single", "multiple", "order", "number", "match"}
    assert all(q.because and all(o.why for o in q.options) for q in QUESTIONS)


def test_ids_of_questions_are_unique_in_a_chapter():
    for chapter in CHAPTERS:
        ids = [question.id for question in chapter.questions]
        assert len(ids) == len(set(ids)), _id(chapter)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=_id)
def test_no_word_stands_twice_and_none_is_misspelt(chapter):
    text = _words(chapter)
    words = re.findall(r"[A-Za-z'’]+|[^\sA-Za-z]", text)
    doubled = [a for a, b in pairwise(words) if a.lower() == b.lower() and len(a) > 1]

    assert not doubled
    assert not MISSPELT.findall(text)
    assert not BRITISH.findall(text)
