"""What is known of each day beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Bools, Ints


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that history and forecasts fall on, from the first day of the history.

    Parameters
    ----------
    steps
        Steps of a day: 96 quarters of an hour, or 24 hours.
    weekday
        Day of the week, 0 for Monday, shape (days,).
    off
        Whether it is a weekend or a holiday, shape (days,).
    """

    steps: int
    weekday: Ints
    off: Bools

    @property
    def two_hours(self) -> int:
        """Steps of two hours, at least one."""
        return max(1, self.steps // 12)

    def split(self, moments: Ints) -> tuple[Ints, Ints]:
        """Day and step of the day of some moments, counted in steps from the first midnight.

        Raises
        ------
        ValueError
            When one of them lies outside the calendar.
        """
        day = moments // self.steps
        if len(day) and not 0 <= day.min() <= day.max() < len(self.weekday):
            raise ValueError(f"the calendar knows days 0 to {len(self.weekday) - 1}, asked for day {int(day.max())}")
        return day, moments % self.steps

    def alike(self, day: int, among: int) -> Ints:
        """Earlier days most like a day: of its weekday, else as free as it is, else all.

        Parameters
        ----------
        day
            A day of the calendar.
        among
            Only the days before this one are looked at.
        """
        same_off = self.off[:among] == self.off[day]
        same_weekday = same_off & (self.weekday[:among] == self.weekday[day])
        alike = same_weekday if same_weekday.any() else same_off if same_off.any() else np.ones(among, np.bool_)
        return np.flatnonzero(alike)
