"""Days alike, and days unknown."""

import numpy as np
import pytest

from sim.forecast.calendar import Calendar
from tests.forecast.made import calendar


def test_days_alike_are_of_the_weekday_else_as_free_else_all() -> None:
    days = calendar(15)
    assert days.alike(14, 14).tolist() == [0, 7]
    assert days.alike(4, 3).tolist() == [0, 1, 2]
    assert days.alike(5, 3).tolist() == [0, 1, 2]
    assert days.alike(6, 6).tolist() == [5]


def test_a_holiday_is_not_like_its_weekday() -> None:
    off = np.arange(15) % 7 >= 5
    off[14] = True
    assert Calendar(96, np.arange(15) % 7, off).alike(14, 14).tolist() == [5, 6, 12, 13]


def test_moments_are_split_into_days_and_steps() -> None:
    day, step = calendar(3, 24).split(np.array([0, 25, 71]))
    assert (day.tolist(), step.tolist()) == ([0, 1, 2], [0, 1, 23])
    assert calendar(1, 24).two_hours == 2
    assert calendar(1).two_hours == 8


@pytest.mark.parametrize("moment", [-1, 72])
def test_a_day_that_the_calendar_does_not_know(moment: int) -> None:
    with pytest.raises(ValueError, match="the calendar knows days 0 to 2"):
        calendar(3, 24).split(np.array([moment]))
