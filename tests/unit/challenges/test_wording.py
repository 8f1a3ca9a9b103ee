from datetime import timedelta

import pytest

from challenges.models import Round
from challenges.templatetags.music import first_sentence, markdown, share_percent
from challenges.wording import rules_in_words, span


def test_rules_are_told_in_sentences():
    round_ = Round(
        min_seconds=30,
        max_seconds=125,
        min_tracks=2,
        max_tracks=4,
        techniques=["accompany"],
        quota=1,
        quota_period="week",
        style="chorale",
        refuse_outside_rules=True,
    )

    text = " ".join(rules_in_words(round_))

    assert "0:30 to 2:05 minutes" in text
    assert "2 to 4 tracks" in text
    assert "Add a band (GAN)" in text
    assert "is refused" in text
    assert "1 piece a week" in text
    assert "music 70%, originality 20%, fit to the brief 10%" in text


def test_a_round_without_limits_says_so():
    text = " ".join(rules_in_words(Round(quota=0, min_tracks=1, max_tracks=1)))

    assert "as many pieces as you like" in text
    assert "exactly 1 track." in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 s"), (-5, "1 s"), (89, "89 s"), (90, "2 min"), (7200, "2 h"), (90_000, "1 day")],
)
def test_waiting_times_are_told_in_their_largest_unit(seconds, text):
    assert span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# Canon\n\nWrite it.", "Canon"),
        ("Write **one**, [two](/x)\nor `three`. Then rest.", "Write one, two or three."),
        ("", ""),
        ("x" * 300, "x" * 159 + "…"),
    ],
)
def test_the_first_sentence_of_a_brief_is_plain_text(text, sentence):
    assert first_sentence(text) == sentence


def test_headings_of_a_brief_stand_below_those_of_the_page():
    assert markdown("# A\n\n##### B") == "<h3>A</h3>\n<h6>B</h6>\n"


def test_shares_are_told_as_people_do():
    assert [share_percent(share) for share in (0, 0.001, 0.25)] == ["0 %", "under 1 %", "25 %"]
