"""Hours of the day, also over midnight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.crew.hours import span, within
from sim.units import DAY, HOUR

CLOCKS = st.integers(0, 23).map("{:02d}:00".format)


@pytest.mark.parametrize(
    "text",
    ["25:00-26:00", "22:00-26:00", "11:00", "11:00-11:00", "11-13", "", "11:00-13:00-15:00"],
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no hours|not a clock time"):
        span(text)


def test_a_span_is_in_seconds() -> None:
    assert span("11:00-13:30") == (11 * HOUR, 13.5 * HOUR)
    assert span("00:00-24:00") == (0, DAY)


@given(CLOCKS, CLOCKS, st.floats(0, 9 * DAY, exclude_max=True))
def test_of_two_spans_that_make_up_a_day_one_holds(one: str, other: str, now: float) -> None:
    if one != other:
        assert within(f"{one}-{other}", now) != within(f"{other}-{one}", now)
        assert within(f"{one}-{other}", now) == within(f"{one}-{other}", now % DAY)
