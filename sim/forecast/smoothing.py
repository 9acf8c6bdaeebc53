"""Exponential smoothing of counts: a usual day, the city's level of today and each zone's.

The constants are chosen from grids by Poisson deviance on the history, each forecast made from what came before
it. statsmodels' Holt-Winters method was tried and left out: on a zone of 200 orders a day it takes four times as
long and errs by 67% where this errs by 40% and the noise is 40%, as it smooths noisy counts as if they were exact
(``tests/forecast/test_smoothing.py`` compares them); it knows no zones, no free days and no counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.entities import Floats
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import HORIZON, Forecast, overdispersion, whole_days
from sim.forecast.level import Level, discounted
from sim.forecast.profile import Usual, deviance

WARM_DAYS = 7
"""Days at the beginning of a history that choose nothing."""
STILL = Level(0.5, np.inf)


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Exponential smoothing; the fields are the grids its constants are chosen from.

    Parameters
    ----------
    day_discounts, pooled_days, blurs
        For the usual day, see :class:`~sim.forecast.profile.Usual`.
    discounts, priors, dampings
        For the levels, see :class:`~sim.forecast.level.Level`.
    """

    day_discounts: tuple[float, ...] = (0.7, 0.85, 0.95, 1.0)
    pooled_days: tuple[float, ...] = (0.5, 2.0, 8.0)
    blurs: tuple[int, ...] = (0, 1, 2, 4)
    discounts: tuple[float, ...] = (0.5, 0.8, 0.95)
    priors: tuple[float, ...] = (3.0, 10.0, 30.0, 100.0)
    dampings: tuple[float, ...] = (0.8, 0.95, 1.0)

    def fit(self, history: Floats, calendar: Calendar) -> FittedSmoothing:
        """Choose the constants one stage after the other: the usual day, the city's level, the zones' levels."""
        days, path = self.usual_days(history, calendar)
        actual, usual = (each.reshape(len(history), -1) for each in (days, path[:-2]))
        start = warm(len(days)) * calendar.steps
        leads = range(calendar.two_hours)
        city = self._choose(_total(actual), [_total(usual[lead:]) for lead in leads], start)
        levels = city.path(_total(actual), _total(usual))[:-1]
        lifted = [usual[lead:] * city.ahead(levels[: len(usual) - lead], lead) for lead in leads]
        zones = self._choose(actual, lifted, start) if actual.shape[1] > 1 else STILL
        middle = len(leads) // 2
        zone_levels = zones.path(actual, lifted[0])[start : len(actual) - middle]
        excess = overdispersion(actual[start + middle :], lifted[middle][start:] * zones.ahead(zone_levels, middle))
        return FittedSmoothing(path[-2:], calendar, city, zones, excess)

    def usual_days(self, history: Floats, calendar: Calendar) -> tuple[Floats, Floats]:
        """The history by day, and the usual day before each: see :meth:`~sim.forecast.profile.Usual.path`."""
        days = whole_days(history, calendar)
        first, off = warm(len(days)), calendar.off[: len(days)]
        usuals = (Usual(*each) for each in product(self.day_discounts, self.pooled_days, self.blurs))
        best = min(usuals, key=lambda usual: deviance(days[first:], usual.path(days, off)[first:-2]))
        return days, best.path(days, off)

    def _choose(self, actual: Floats, expected: list[Floats], start: int) -> Level:
        """The level under which forecasts are likeliest; `expected` holds those without it by lead."""
        return min(self._losses(actual, expected, start), key=lambda found: found[0])[1]

    def _losses(self, actual: Floats, expected: list[Floats], start: int) -> Iterator[tuple[float, Level]]:
        yield _loss(STILL, np.ones(actual.shape), actual, expected, start), STILL
        for discount in self.discounts:
            sums = [discounted(discount, each)[:-1] for each in (actual, expected[0])]
            for prior, damping in product(self.priors, self.dampings):
                level = Level(discount, prior, damping)
                yield _loss(level, level.of(*sums), actual, expected, start), level


@dataclass(frozen=True, slots=True)
class FittedSmoothing:
    """Smoothed history.

    Parameters
    ----------
    usual
        The usual working and free day, shape (2, steps, zones).
    calendar
        Which day is which.
    city, zones
        How the levels follow today's counts.
    excess
        Variance of the rate about its forecast, as a share of the forecast squared.
    """

    usual: Floats
    calendar: Calendar
    city: Level
    zones: Level
    excess: float

    def predict(self, recent: Floats, now: int, horizon: int = HORIZON) -> Forecast:
        """The usual counts of the next steps times the levels of the last day's."""
        recent = recent[-self.calendar.steps :]
        day, step = self.calendar.split(np.arange(now - len(recent), now + horizon))
        usual = self.usual[self.calendar.off[day].astype(np.int64), step]
        past, coming = usual[: len(recent)], usual[len(recent) :]
        city = self.city.path(_total(recent), _total(past))
        zones = self.zones.path(recent, past * city[:-1])[-1]
        factors = [self.city.ahead(city[-1], lead) * self.zones.ahead(zones, lead) for lead in range(horizon)]
        mean = coming * np.array(factors)
        return Forecast(mean, mean, np.full(mean.shape, 1 / self.excess if self.excess else np.inf))


def warm(days: int) -> int:
    """First day whose forecast counts when constants are chosen."""
    return min(WARM_DAYS, days // 2)


def _loss(level: Level, path: Floats, actual: Floats, expected: list[Floats], start: int) -> float:
    leads = enumerate(expected)
    steps = len(actual)
    return sum(
        deviance(actual[start + lead :], each[start:] * level.ahead(path[start : steps - lead], lead))
        for lead, each in leads
    )


def _total(counts: Floats) -> Floats:
    return counts.sum(axis=1, keepdims=True)
