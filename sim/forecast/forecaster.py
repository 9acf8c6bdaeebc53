"""What a forecaster is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.entities import Floats
from sim.forecast.calendar import Calendar

HORIZON = 8
"""Two hours in quarters of an hour."""
LARGEST_SHAPE = 1e7
"""Gamma shapes beyond are Poisson to eight digits."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Counts to come; arrays of shape (horizon, zones), first the step that begins now.

    A count is Poisson about a rate that is known up to a gamma distribution, so it is negative binomial.

    Parameters
    ----------
    mean
        The forecast.
    rate
        Mean of the rate; it differs from the forecast where that is a bare count.
    shape
        Shape of the rate's gamma distribution; infinite where the rate is certain.
    """

    mean: Floats
    rate: Floats
    shape: Floats

    def quantiles(self, levels: Floats) -> Floats:
        """Quantiles of the counts, shape (levels, horizon, zones): the first axis is the levels'.

        Parameters
        ----------
        levels
            Between 0 and 1.
        """
        from scipy.stats import nbinom

        shape = np.minimum(self.shape, LARGEST_SHAPE)
        found = nbinom.ppf(levels.reshape(-1, *[1] * shape.ndim), shape, shape / (shape + np.maximum(self.rate, 1e-12)))
        return np.asarray(found, dtype=np.float64)


class Fitted(Protocol):
    """A forecaster that has seen a history."""

    def predict(self, recent: Floats, now: int, horizon: int = HORIZON) -> Forecast:
        """Counts of the next steps.

        Parameters
        ----------
        recent
            Counts of the steps just before now, oldest first, shape (any, zones); none is allowed.
        now
            Steps since midnight of the history's first day.
        horizon
            How many steps.
        """
        ...


class Forecaster(Protocol):
    """A way to forecast: a frozen dataclass whose fields are its parameters."""

    def fit(self, history: Floats, calendar: Calendar) -> Fitted:
        """Learn from a history; equal histories give equal answers, and nothing is kept outside the result.

        Parameters
        ----------
        history
            Counts of whole days, shape (days * steps, zones).
        calendar
            Of the history's days and of those to be forecast.
        """
        ...


def whole_days(history: Floats, calendar: Calendar) -> Floats:
    """The history by day, shape (days, steps, zones).

    Raises
    ------
    ValueError
        When it is empty, not of whole days, longer than the calendar, or holds what is no count.
    """
    if history.ndim != 2 or not len(history) or len(history) % calendar.steps:
        raise ValueError(f"expected a history of whole days of {calendar.steps} steps by zone, got {history.shape}")
    if len(history) > len(calendar.weekday) * calendar.steps:
        raise ValueError(f"the history has {len(history) // calendar.steps} days, the calendar {len(calendar.weekday)}")
    if not (history >= 0).all():
        raise ValueError("a history holds counts: no negative number and no NaN")
    return np.asarray(history, np.float64).reshape(-1, calendar.steps, history.shape[1])


def overdispersion(actual: Floats, mean: Floats) -> float:
    """Variance of the rates about their forecast, as a share of the forecast squared (by moments, at least 0)."""
    return max(0.0, float(((actual - mean) ** 2 - mean).sum() / np.maximum((mean**2).sum(), 1e-12)))
