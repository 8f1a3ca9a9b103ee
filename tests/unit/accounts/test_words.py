import pytest
from django.utils import translation

from accounts.words import translated, within
from ml.music import read_midi
from ml.music.drawing import summary_of
from tests.rounds import midi


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Reading the notes", "Liest die Noten"),
        (
            "The file is cut off: track 2 should be 1,200 bytes long and only 7 are there. "
            "Copy or export the file again.",
            "Die Datei ist abgeschnitten: Spur 2 sollte 1,200 Bytes lang sein, und nur 7 sind da. "
            "Kopiere oder exportiere die Datei noch einmal.",
        ),
        # What stands in a place may be a sentence of the source itself.
        (
            "Track 3 is damaged: byte 7 of the track should be data below 128. "
            "Export the file again from the program that made it.",
            "Spur 3 ist beschädigt: Byte 7 der Spur müsste ein Wert unter 128 sein. "
            "Exportiere die Datei noch einmal aus dem Programm, mit dem sie gemacht wurde.",
        ),
        # Two sentences that were joined.
        (
            "Creative risk is a number from 0.5 to 6. Key lock is true or false.",
            "Kreatives Wagnis ist eine Zahl von 0.5 bis 6. Tonart halten ist wahr oder falsch.",
        ),
        # A title in quotation marks is somebody's own, even if it is a word of the source.
        (
            "You handed in this music before, as “Open”.",
            "Diese Musik hast du schon eingereicht, als „Open“.",
        ),
        ("My own words stay as they are.", "My own words stay as they are."),
        ("", ""),
    ],
)
def test_a_sentence_of_the_source_is_recognized_and_translated(sentence, german):
    with translation.override("de"):
        assert translated(sentence) == german

    assert translated(sentence) == sentence


def test_what_a_roll_shows_is_told_in_german():
    summary = summary_of(read_midi(midi()))

    with translation.override("de"):
        assert " Noten in " in translated(summary)
        assert " Takte" in translated(summary)


def test_german_keeps_the_capitals_of_nouns_within_a_sentence():
    assert within("Music") == "music"
    with translation.override("de"):
        assert within("Musik") == "Musik"
