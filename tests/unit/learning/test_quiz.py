import pytest

from learning.quiz import check, question_from

OPTIONS = [
    {"text": "a", "why": "no"},
    {"text": "b", "right": True, "why": "yes"},
    {"text": "c", "right": True, "why": "yes"},
]


def _question(**about):
    return question_from({"id": "q", "ask": "?", "because": "!", **about})


def test_a_multiple_choice_is_right_with_all_right_options_and_no_other():
    question = _question(kind="multiple", options=OPTIONS)

    assert check(question, ["1", "2"]).right
    assert not check(question, ["1"]).right
    assert not check(question, ["0", "1", "2"]).right
    assert check(question, ["9", "x"]) is None


def test_a_number_is_right_within_its_tolerance_in_either_notation():
    question = _question(kind="number", answer=0.583, within=0.006)

    assert check(question, ["0.58"]).right
    assert check(question, [" 0,583 "]).right
    assert not check(question, ["0.6"]).right
    assert check(question, ["a half"]) is None
    assert not check(question, ["nan"]).right


def test_an_order_is_never_shown_solved_and_is_checked_place_by_place():
    question = _question(kind="order", items=["one", "two", "three"])
    right = [str(item + 1) for item in question.shown]

    assert question.shown != (0, 1, 2)
    assert check(question, right).right
    assert sum(check(question, [right[1], right[0], right[2]]).parts) == 1
    assert check(question, ["1", "2", ""]) is None


def test_partners_that_say_the_same_are_the_same_partner():
    question = _question(
        kind="match", pairs=[["cat", "animal"], ["dog", "animal"], ["oak", "tree"]]
    )

    assert check(question, ["0", "0", "2"]).right
    assert check(question, ["1", "0", "2"]).right
    assert check(question, ["0", "2", "2"]).parts == (True, False, True)


@pytest.mark.parametrize(
    "about",
    [
        {"kind": "single", "options": OPTIONS},
        {"kind": "multiple", "options": OPTIONS[:1]},
        {"kind": "order", "items": ["one"]},
        {"kind": "riddle"},
    ],
)
def test_a_question_without_a_sound_key_is_refused(about):
    with pytest.raises(ValueError, match="no sound key"):
        _question(**about)
