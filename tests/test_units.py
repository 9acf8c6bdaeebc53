"""Clock times and money survive the way there and back; what is no clock time is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.units import DAY, HOUR, MINUTE, clock, fen, moment, seconds, yuan

HOURS, MINUTES = st.integers(0, 48), st.integers(0, 59)


def test_the_constants_agree() -> None:
    assert (MINUTE, HOUR, DAY) == (60, 60 * MINUTE, 24 * HOUR)


@given(HOURS, MINUTES, st.integers(0, 59))
def test_seconds_counts_hours_minutes_and_seconds(h: int, m: int, s: int) -> None:
    assert seconds(f"{h:02d}:{m:02d}:{s:02d}") == h * 3600 + m * 60 + s
    assert seconds(f"{h}:{m:02d}") == h * 3600 + m * 60


@given(st.integers(0, 23), MINUTES)
def test_a_clock_time_of_the_first_day_reads_back(h: int, m: int) -> None:
    text = f"{h:02d}:{m:02d}"
    assert clock(seconds(text)) == text


@given(st.integers(0, 400), st.integers(0, 23), MINUTES, st.integers(0, 59))
def test_a_later_time_names_its_day(day: int, h: int, m: int, s: int) -> None:
    text = clock(day * DAY + h * HOUR + m * MINUTE + s)
    assert text == (f"day {day} " if day else "") + f"{h:02d}:{m:02d}"


@given(st.floats(0, 400 * DAY))
def test_clock_is_never_more_than_a_minute_off(t: float) -> None:
    *_, day, rest = ["0", *clock(t).replace("day ", "").split()]
    assert -0.5 <= t - (int(day) * DAY + seconds(rest)) <= MINUTE


def test_a_shift_may_end_after_midnight() -> None:
    assert seconds("24:00") == DAY
    assert seconds("48:00") == 2 * DAY


BAD = ["", "8", "8:5", "8:60", "-1:00", "49:00", "100:00", "08:00:60", "08:00:5", "8.30", "08h30", " 8:00", "8:00 pm"]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a clock time such as '18:30'") as error:
        seconds(text)
    assert repr(text) in str(error.value)


def test_a_line_end_is_no_part_of_a_clock_time() -> None:
    with pytest.raises(ValueError, match="is not a clock time"):
        seconds("18:30\n")


@given(st.integers(-(10**12), 10**12))
def test_fen_read_back_from_yuan(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@given(st.floats(-1e9, 1e9))
def test_money_is_whole_fen_and_rounds_to_the_nearest(amount: float) -> None:
    assert isinstance(fen(amount), int)
    assert math.isclose(fen(amount), amount * 100, rel_tol=1e-15, abs_tol=0.5)


def test_prices_as_people_write_them() -> None:
    assert [fen(4.0), fen(0.01), fen(29.99), fen(1.1), fen(-3.5)] == [400, 1, 2999, 110, -350]
    assert yuan(2999) == 29.99


@pytest.mark.parametrize(
    ("text", "time"),
    [("11:30", 41400), ("0 00:00", 0), ("2 18:30", 239400), ("day 2 18:30", 239400), ("1 24:00", 172800)],
)
def test_a_moment_is_a_day_and_a_clock_time(text: str, time: float) -> None:
    assert moment(text) == time


@given(st.integers(0, 10**8))
def test_a_moment_reads_what_clock_writes(minute: int) -> None:
    time = minute % (10_000 * 1440) * 60
    assert moment(clock(time)) == time


@pytest.mark.parametrize("text", ["", "2", "day 2", "2 8", "-1 08:00", "2  08:00", "two 08:00", "2 49:00", "1.5 08:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        moment(text)
