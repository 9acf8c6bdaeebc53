"""Forecasts of one who knows the rates: the oracle, and a planner who knows the scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Floats
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import HORIZON, Forecast


@dataclass(frozen=True, slots=True)
class Known:
    """The Poisson means themselves: no forecaster of these counts has a lower expected squared error.

    Parameters
    ----------
    rates
        Expected counts, shape (days * steps, zones), from midnight of the history's first day.
    """

    rates: Floats

    def fit(self, history: Floats, calendar: Calendar) -> Known:
        """There is nothing to learn."""
        return self

    def predict(self, recent: Floats, now: int, horizon: int = HORIZON) -> Forecast:
        """Expected counts of the next steps."""
        mean = self.rates[now : now + horizon]
        if len(mean) < horizon:
            raise ValueError(f"rates are known for {len(self.rates)} steps, asked for step {now + horizon - 1}")
        return Forecast(mean, mean, np.full(mean.shape, np.inf))
