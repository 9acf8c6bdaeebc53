"""Gradient-boosted trees with Poisson loss (scikit-learn), on top of the usual day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
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
USUAL_GRAIN, LEVEL_GRAIN = 0.1, 0.05
"""Logarithms are rounded to these: bins of few distinct values are found at once, of many it outlasts the growing."""


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
    trust
        Orders' worth of trust in the usual day in each leaf (the L2 penalty): few orders move nothing far.
    rows
        Training rows aimed at: origins are taken at equal distances to that end.
    """

    most_trees: int = 200
    learning_rate: float = 0.1
    leaves: int = 15
    trust: float = 20.0
    rows: int = 30_000

    def fit(self, history: Floats, calendar: Calendar) -> FittedBoosted:
        """Grow as many trees as forecast the last quarter of the days best, then as many from all days.

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
        number, excess = self._enough(learn, test)
        trees = self._trees(number, [learn, test], early_stopping=False) if number else None
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

    def _enough(self, learn: Rows, test: Rows) -> tuple[int, float]:
        """How many trees forecast the held-out days best, and the overdispersion about those forecasts."""
        number, ratio = 0, np.ones(len(test.usual))
        if learn.actual.any():
            held_out = {"X_val": test.seen, "y_val": test.actual / test.usual, "sample_weight_val": test.usual}
            trees = self._trees(self.most_trees, [learn], early_stopping=True, **held_out)
            number = int(np.argmax(trees.validation_score_))
            ratio = next(islice(trees.staged_predict(test.seen), number - 1, None)) if number else ratio
        return number, overdispersion(test.actual, test.usual * ratio)

    def _trees(self, number: int, parts: list[Rows], early_stopping: bool, **held_out: Floats) -> Any:
        try:
            from sklearn.ensemble import HistGradientBoostingRegressor
        except ImportError:
            raise ValueError("boosted forecasts need scikit-learn: pip install 'paotui[forecast]'") from None
        trees = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=number,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.leaves,
            l2_regularization=self.trust,
            early_stopping=early_stopping,
            random_state=0,
        )
        seen, usual, actual = (np.concatenate(column) for column in zip(*parts, strict=True))
        with _one_thread():
            return trees.fit(seen, actual / usual, usual, **held_out)


@dataclass(frozen=True, slots=True)
class FittedBoosted:
    """Grown trees.

    Parameters
    ----------
    trees
        A regressor of scikit-learn; None when the usual day alone does better.
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
    logs = [_rounded(usual[..., None], USUAL_GRAIN, 6.0), _rounded(levels, LEVEL_GRAIN, 3.0)]
    return np.concatenate([rows, zones[..., None], *logs], axis=2).reshape(usual.size, -1)


def _rounded(values: Floats, grain: float, limit: float) -> Floats:
    return np.round(np.clip(np.log(values), -limit, limit) / grain) * grain


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
