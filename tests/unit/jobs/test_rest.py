from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.services import LONGEST_REST, rest_after


@given(attempt=st.integers(1, 20), base=st.floats(0.1, 60))
def test_a_rest_doubles_up_to_a_bound_and_differs_by_half(attempt, base):
    longest = min(timedelta(seconds=base) * 2 ** (attempt - 1), LONGEST_REST)

    rest = rest_after(attempt, timedelta(seconds=base))

    assert longest / 2 - timedelta(milliseconds=1) <= rest <= longest
