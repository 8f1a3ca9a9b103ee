from jobs.states import EDGES, FINAL, OPEN, State


def reachable(start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for edge in EDGES.values():
            if here in edge.sources and edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return seen


def test_every_state_can_reach_every_end():
    for state in OPEN:
        assert reachable(state) >= FINAL, state


def test_only_another_try_leaves_a_final_state():
    leaving = {step for step, edge in EDGES.items() if edge.sources & FINAL}

    assert leaving == {"retried"}


def test_a_success_is_for_ever():
    assert all(State.SUCCEEDED not in edge.sources for edge in EDGES.values())


def test_only_a_lease_can_succeed():
    sources = [edge.sources for edge in EDGES.values() if edge.target == State.SUCCEEDED]

    assert sources == [{State.LEASED}]


def test_every_state_is_in_the_table():
    targets = {edge.target for edge in EDGES.values()}

    assert targets | {State.WAITING} == set(State)
