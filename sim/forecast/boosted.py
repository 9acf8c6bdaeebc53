"""Gradient-boosted trees with Poisson loss (scikit-learn), on top of the usual day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import gcd
from typing import Any, NamedTuple

import numpy as np

from sim.entities import Floats, Ints
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import HORIZON, Forecast, overdispersion
from sim.forecast.level import Level
from sim.forecast.smoothing import Smoothing, warm

CITY = (Level(0.5, 10.0), Level(0.95, 30.0))
ZONES = (Level(0.5, 3.0), Level(0.95, 10.0))
"""Levels shown to the trees: of the last half hour, and of the last hours."""
HELD_OUT = 0.25
"""Share of the days, the last ones, that say when trees are enough and how wide the intervals are."""
FEWEST_DAYS = 4
BINS = 63
"""Of a feature; finding more costs more than growing the trees."""


class Rows(NamedTuple):
    """What trees see, the usual count, and the count that came; one row for an origin, a lead and a zone."""

    seen: Floats
    usual: Floats
    actual: Floats


@dataclass(frozen=True, slots=True)
class Boosted:
    """Trees that learn the ratio of counts to the usual day from time, zone and the levels of today.

    A rate is the usual count times the ratio, and rows weigh by the usual count: Poisson regression with exposure.

    Parameters
    ----------
    most_trees
        Trees at most.
    learning_rate
        Share of each tree that is taken.
    leaves
        Leaves of a tree at most.
    rows
        Training rows aimed at: origins are taken at equal distances to that end.
    """

    most_trees: int = 200
    learning_rate: float = 0.1
    leaves: int = 15
    rows: int = 30_000

    def fit(self, history: Floats, calendar: Calendar) -> FittedBoosted:
        """Grow the trees; the last quarter of the days says when it is enough.

        Raises
        ------
        ValueError
            When scikit-learn is not installed, or the history is shorter than four days.
        """
        days, path = Smoothing().usual_days(history, calendar)
        if len(days) < FEWEST_DAYS:
            raise ValueError(f"trees need a history of {FEWEST_DAYS} days or more, got {len(days)}")
        first, cut = warm(len(days)), len(days) - max(1, round(HELD_OUT * len(days)))
        learn, test = (
            self._rows(days, path[:-2], calendar, begin, end) for begin, end in ((first, cut), (cut, len(days)))
        )
        trees = self._grown(learn, test)
        excess = overdispersion(test.actual, test.usual * _ratios(trees, test.seen))
        return FittedBoosted(trees, path[-2:], calendar, excess)

    def _rows(self, days: Floats, usual_days: Floats, calendar: Calendar, begin: int, end: int) -> Rows:
        """Rows of the days from `begin` to before `end`."""
        actual, usual = (each.reshape(-1, days.shape[2]) for each in (days, usual_days))
        leads = calendar.two_hours
        origins = np.arange(begin * calendar.steps, end * calendar.steps - leads + 1)
        origins = origins[:: _stride(origins.size * leads * days.shape[2] / self.rows, calendar.steps)]
        origin, lead = (each.ravel() for each in np.meshgrid(origins, np.arange(leads), indexing="ij"))
        target = origin + lead
        seen = features(calendar, target, lead, usual[target], _levels(actual, usual)[origin])
        return Rows(seen, usual[target].ravel(), actual[target].ravel())

    def _grown(self, learn: Rows, test: Rows) -> Any:
        if not learn.actual.any():
            return None
        try:
            from sklearn.ensemble import HistGradientBoostingRegressor
        except ImportError:
            raise ValueError("boosted forecasts need scikit-learn: pip install 'paotui[forecast]'") from None
        trees = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=self.most_trees,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.leaves,
            max_bins=BINS,
            early_stopping=True,
            random_state=0,
        )
        ratios = [each.actual / each.usual for each in (learn, test)]
        weigh = {"sample_weight": learn.usual, "sample_weight_val": test.usual}
        with _one_thread():
            return trees.fit(learn.seen, ratios[0], X_val=test.seen, y_val=ratios[1], **weigh)


@dataclass(frozen=True, slots=True)
class FittedBoosted:
    """Grown trees.

    Parameters
    ----------
    trees
        A regressor of scikit-learn; None when nobody ordered.
    usual
        The usual working and free day, shape (2, steps, zones).
    calendar
        Which day is which.
    excess
        Variance of the rate about its forecast, as a share of the forecast squared.
    """

    trees: Any
    usual: Floats
    calendar: Calendar
    excess: float

    def predict(self, recent: Floats, now: int, horizon: int = HORIZON) -> Forecast:
        """The usual counts of the next steps times what the trees say."""
        recent = recent[-self.calendar.steps :]
        moments = np.arange(now - len(recent), now + horizon)
        day, step = self.calendar.split(moments)
        usual = self.usual[self.calendar.off[day].astype(np.int64), step]
        coming, lead = usual[len(recent) :], np.arange(horizon)
        with _one_thread():
            levels = np.repeat(_levels(recent, usual[: len(recent)])[-1:], horizon, axis=0)
            ratio = _ratios(self.trees, features(self.calendar, now + lead, lead, coming, levels))
        mean = coming * ratio.reshape(coming.shape)
        return Forecast(mean, mean, np.full(mean.shape, 1 / self.excess if self.excess else np.inf))


def features(calendar: Calendar, target: Ints, lead: Ints, usual: Floats, levels: Floats) -> Floats:
    """What the trees see of some rows (each a lead of an origin) and all zones, shape (rows * zones, 10).

    Parameters
    ----------
    target
        Step to be forecast.
    lead
        Steps from now; 0 is the step that begins now.
    usual
        Usual counts of that step, shape (rows, zones).
    levels
        Levels at the origin, shape (rows, zones, 4).
    """
    day, step = calendar.split(target)
    known = np.column_stack([step, calendar.weekday[day], calendar.off[day], lead]).astype(np.float64)
    zones = np.broadcast_to(np.arange(float(usual.shape[1])), usual.shape)
    rows = np.repeat(known[:, None, :], usual.shape[1], axis=1)
    return np.concatenate([rows, zones[..., None], np.log(usual)[..., None], levels], axis=2).reshape(usual.size, -1)


def _levels(actual: Floats, usual: Floats) -> Floats:
    """Levels before each step and after the last, shape (steps + 1, zones, 4)."""
    totals = [each.sum(axis=1, keepdims=True) for each in (actual, usual)]
    shape = len(actual) + 1, actual.shape[1]
    city = [np.broadcast_to(level.path(*totals), shape) for level in CITY]
    return np.stack([*city, *(level.path(actual, usual) for level in ZONES)], axis=2)


def _ratios(trees: Any, seen: Floats) -> Floats:
    return np.ones(len(seen)) if trees is None else np.asarray(trees.predict(seen))


@contextmanager
def _one_thread() -> Iterator[None]:
    """On a few rows, threads that wait for each other cost more than the trees; and replications fill the cores."""
    with _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _stride(wanted: float, steps: int) -> int:
    """At least what is wanted, and such that every step of the day comes up."""
    stride = max(1, round(wanted))
    while gcd(stride, steps) > 1:
        stride += 1
    return stride
