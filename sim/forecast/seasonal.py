"""Seasonal forecasts: as on the last days like this one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Floats
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import HORIZON, Forecast, whole_days


@dataclass(frozen=True, slots=True)
class Seasonal:
    """The mean of the same step on the last days like the one to come; what happens today is not looked at.

    Parameters
    ----------
    last
        How many days; with 1 it is the seasonal naive forecast.
    """

    last: int = 1

    def fit(self, history: Floats, calendar: Calendar) -> FittedSeasonal:
        """Keep the history."""
        return FittedSeasonal(whole_days(history, calendar), calendar, self.last)


@dataclass(frozen=True, slots=True)
class FittedSeasonal:
    """A history of shape (days, steps, zones) that is looked up."""

    days: Floats
    calendar: Calendar
    last: int

    def predict(self, recent: Floats, now: int, horizon: int = HORIZON) -> Forecast:
        """Counts of the next steps, with the distribution that Jeffreys' prior leaves for their rates."""
        day, step = self.calendar.split(np.arange(now, now + horizon))
        picked = [self.calendar.alike(each, len(self.days))[-self.last :] for each in day.tolist()]
        total = np.array([self.days[rows, at].sum(axis=0) for rows, at in zip(picked, step.tolist(), strict=True)])
        number = np.array([[len(rows)] for rows in picked])
        return Forecast(total / number, (total + 0.5) / number, total + 0.5)
