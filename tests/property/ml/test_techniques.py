"""Laws of parameters and edit events, for values and songs of any kind."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ml.music import Notes, Song, Track
from ml.techniques import (
    TECHNIQUES,
    EditedNote,
    EditEvent,
    ParametersRefused,
    as_dict,
    describe,
    generated,
    parse,
    replay,
)

calm = settings(deadline=None, max_examples=100, derandomize=True)

BEAT = 480


def allowed(parameter):
    """Values in range, as JSON has them."""
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "boolean":
        return st.booleans()
    if parameter.kind in {"bars", "notes", "tracks"}:
        first = 0 if parameter.kind == "notes" else 1
        return st.lists(st.integers(first, 999_999), max_size=20)
    if parameter.kind == "integer":
        return st.integers(int(parameter.minimum), int(parameter.maximum))
    number = st.floats(parameter.minimum, parameter.maximum)
    return st.none() | number if parameter.optional else number


def beyond(parameter):
    """Numbers out of range: just above, far above, below, and none at all."""
    low, high = parameter.minimum, parameter.maximum
    above = st.floats(high, allow_nan=False, exclude_min=True)
    below = st.floats(max_value=low, allow_nan=False, exclude_max=True)
    return above | below | st.just(float("nan"))


@st.composite
def chosen(draw):
    technique = draw(st.sampled_from(TECHNIQUES))
    known = {p.name: allowed(p) for p in describe(technique)}
    names = draw(st.sets(st.sampled_from(sorted(known))))
    values = {name: draw(known[name]) for name in sorted(names)}
    if values.get("tracks") == 4:
        values["style"] = "arcade"  # the only style with a fourth track
    return technique, values


@calm
@given(case=chosen())
def test_parameters_that_are_stated_are_read_back(case):
    technique, values = case
    parameters = parse(technique, values)

    stated = json.loads(json.dumps(as_dict(parameters)))

    assert parse(technique, stated) == parameters


@calm
@given(case=chosen())
def test_a_form_may_send_everything_as_text(case):
    technique, values = case
    as_text = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value or 0)
        for name, value in values.items()
        if value is not None
    }

    assert parse(technique, as_text) == parse(
        technique, {name: value for name, value in values.items() if value is not None}
    )


@calm
@given(data=st.data(), technique=st.sampled_from(TECHNIQUES))
def test_a_number_out_of_range_is_refused_by_name(data, technique):
    numbers = [p for p in describe(technique) if p.kind in {"integer", "number"}]
    parameter = data.draw(st.sampled_from(numbers))
    value = data.draw(beyond(parameter))

    for sent in (value, repr(value)):
        with pytest.raises(ParametersRefused) as caught:
            parse(technique, {parameter.name: sent})
        (problem,) = caught.value.problems
        assert problem.name == parameter.name
        assert problem.detail.startswith(parameter.label)


@calm
@given(
    technique=st.sampled_from(TECHNIQUES),
    values=st.dictionaries(
        st.sampled_from(["creative_risk", "style", "locked_bars", "key_lock", "tempo"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
        | st.dictionaries(st.text(), st.integers()),
    ),
)  # fmt: skip
def test_whatever_is_sent_is_read_or_refused_in_sentences(technique, values):
    problems = ()
    try:
        parse(technique, values)
    except ParametersRefused as error:
        problems = error.problems

    assert {problem.name for problem in problems} <= set(values)
    assert all(problem.detail.endswith(".") for problem in problems)


@st.composite
def edited(draw):
    """A song whose notes do not touch, and events that keep it so."""
    cells = {
        (track, step, pitch)
        for track, step, pitch in draw(
            st.sets(
                st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(50, 60)), max_size=25
            )
        )
    }
    song = song_of(cells)
    events = []
    for _ in range(draw(st.integers(0, 15))):
        step = draw(one_event(sorted(cells)))
        before, after = step
        if after in cells or (before is None and after is None):
            continue
        cells = (cells - {before}) | ({after} if after else set())
        events.append(as_event(before, after, len(events) + 1))
    return song, events, song_of(cells)


@st.composite
def one_event(draw, cells):
    kind = draw(st.sampled_from(["add", "remove", "move"] if cells else ["add"]))
    before = draw(st.sampled_from(cells)) if kind != "add" else None
    track = before[0] if before else draw(st.integers(0, 2))
    after = (track, draw(st.integers(0, 12)), draw(st.integers(50, 60)))
    return before, None if kind == "remove" else after


def as_event(before, after, iteration):
    kind = "add" if before is None else "remove" if after is None else "move"
    notes = [cell and EditedNote(cell[1] * BEAT, cell[2], BEAT, 80) for cell in (before, after)]
    return EditEvent(kind, (before or after)[0], *notes, log_odds=0.5, iteration=iteration)


def song_of(cells):
    tracks = []
    for track in range(3):
        rows = [(p, s * BEAT, BEAT, 80) for t, s, p in sorted(cells) if t == track]
        columns = list(zip(*rows, strict=True)) or [[], [], [], []]
        tracks.append(Track(f"Part {track}", track, track == 2, Notes.tidy(*columns)))
    return Song(tuple(tracks))


def undone(event):
    kind = {"add": "remove", "remove": "add", "move": "move"}[event.kind]
    return EditEvent(kind, event.track, event.after, event.before, -event.log_odds, event.iteration)


@calm
@given(case=edited())
def test_replaying_the_events_gives_the_result_exactly(case):
    before, events, after = case

    assert replay(before, events).to_midi() == after.to_midi()


@calm
@given(case=edited())
def test_replaying_the_events_backwards_gives_the_song_back(case):
    before, events, after = case

    assert replay(after, [undone(e) for e in reversed(events)]).to_midi() == before.to_midi()


@calm
@given(case=edited(), cut=st.integers(0, 15))
def test_events_may_be_replayed_in_parts(case, cut):
    before, events, after = case

    assert replay(replay(before, events[:cut]), events[cut:]).to_midi() == after.to_midi()


@calm
@given(case=edited())
def test_events_survive_json(case):
    _, events, _ = case

    read = [EditEvent.from_dict(json.loads(json.dumps(e.as_dict()))) for e in events]

    assert read == events


@calm
@given(case=edited())
def test_the_counts_add_up(case):
    before, events, after = case
    assume(events)

    for found in (generated(before, after, events=events), generated(before, after)):
        assert found.notes_out == found.notes_in + found.added - found.removed
