"""A time axis for runs of one day, a week or a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from matplotlib.axes import Axes

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import of
from sim.kpi.tables import Tables
from sim.report.style import width_in
from sim.report.wording import day
from sim.units import HOUR

DAY_H, WEEK_H = 24.0, 168.0
LONG_DAYS, LONGER_DAYS = 8, 120
"""Runs beyond these are counted by day and by week."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The hours of a run worth showing, from the first midnight.

    Parameters
    ----------
    start_h, end_h
        First and last hour; multiples of the bin.
    bin_h
        Width of a bin in hours: an hour, a day or a week.
    first
        Date of the first day.
    """

    start_h: float
    end_h: float
    bin_h: float
    first: date

    @property
    def unit(self) -> str:
        """What one bin is called."""
        return {1.0: "hour", DAY_H: "day"}.get(self.bin_h, "week")

    @property
    def edges(self) -> Floats:
        """Edges of the bins in hours."""
        return np.arange(self.start_h, self.end_h + self.bin_h / 2, self.bin_h)

    def show(self, ax: Axes) -> None:
        """Label the horizontal axis with clock times or dates."""
        ax.set_xlim(self.start_h, self.end_h)
        if self.end_h - self.start_h <= 2 * DAY_H:
            self._clock(ax)
        else:
            self._dates(ax)

    def _clock(self, ax: Axes) -> None:
        room = width_in(ax) / 0.55
        step = next(s for s in (1, 2, 3, 4, 6, 12, 24, 48) if (self.end_h - self.start_h) / s <= room or s == 48)
        hours = np.arange(np.ceil(self.start_h / step) * step, self.end_h + 0.5, step)
        ax.set_xticks(hours, [self._hour(h, h == hours[0]) for h in hours])

    def _hour(self, hour: float, is_first: bool) -> str:
        text = f"{int(hour % DAY_H):02d}:00"
        named = self.end_h > 25 and (is_first or hour % DAY_H == 0)
        return f"{text}\n{self._date(hour // DAY_H)}" if named else text

    def _dates(self, ax: Axes) -> None:
        """Ticks at midnight, names under the middle of the day."""
        days = np.arange(np.floor(self.start_h / DAY_H), np.ceil(self.end_h / DAY_H))
        step = max(int(np.ceil(len(days) * 0.8 / width_in(ax))), 1)
        shown = days[::step]
        shown = shown[(shown + 0.5) * DAY_H < self.end_h]
        ax.set_xticks(days * DAY_H if step == 1 else shown * DAY_H, minor=True)
        ax.set_xticks(shown * DAY_H + DAY_H / 2, [self._date(d) for d in shown])
        ax.tick_params(axis="x", which="major", length=0)
        ax.tick_params(axis="x", which="minor", length=5)

    def _date(self, number: float) -> str:
        return day(self.first + timedelta(days=int(number)), weekday=True)


def time_axis(tables: Tables, first: date, days: int) -> TimeAxis:
    """The hours in which anybody ordered or worked; the whole calendar when nobody did."""
    t = of(tables.events, Kind.PLACED, Kind.ON_SHIFT, Kind.OFF_SHIFT)["t"] / HOUR
    start, end = (float(t.min()), float(t.max())) if len(t) else (0.0, DAY_H * days)
    length = (end - start) / DAY_H
    bin_h = 1.0 if length <= LONG_DAYS else DAY_H if length <= LONGER_DAYS else WEEK_H
    low = float(np.floor(start / bin_h) * bin_h)
    high = max(float(np.ceil(end / bin_h) * bin_h), low + bin_h)
    return TimeAxis(low, high, bin_h, first)
