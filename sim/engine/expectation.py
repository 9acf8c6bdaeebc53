"""What the platform expects to be picked up where: by the plan of its city, or by a forecast from counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np

from sim.city.model import City, Intents
from sim.engine.run import Run
from sim.entities import Floats
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import Fitted
from sim.forecast.registry import find_forecasters
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, QUARTER, QUARTERS

LEARNT_DAYS = 28
"""Days before the first that a forecaster has seen: four weeks, so that weekdays fall alike."""
PAST = 2**31
"""The past is a replication of its own, which no study draws."""


class Expectation(Protocol):
    """Expects the pickups of the next four quarters of an hour."""

    def __call__(self, run: Run) -> Floats:
        """Pickups by zone and quarter, shape (zones, 4)."""
        ...


@dataclass(frozen=True, slots=True)
class Planned:
    """Knows the city's habits and announced bursts, and no surprise and no weather.

    Parameters
    ----------
    pickups
        Share of the orders of each zone (row) that is picked up in each zone (column).
    """

    pickups: Floats

    @classmethod
    def of(cls, city: City, reach_m: float) -> Planned:
        """Merchants by popularity, falling with the distance from the middle of the zone."""
        places, shops, zones = city.places, city.merchants.place, len(city.zones)
        size = np.maximum(np.bincount(places.zone, minlength=zones), 1)
        x, y = (np.bincount(places.zone, column, zones) / size for column in (places.x, places.y))
        metres = np.hypot(x[:, None] - places.x[shops], y[:, None] - places.y[shops])
        weight = city.merchants.popularity * np.exp(-metres / reach_m)
        weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
        return cls(np.asarray(weight @ np.eye(zones)[places.zone[shops]]))

    def __call__(self, run: Run) -> Floats:
        """The planned orders of the next hour, moved to where they are picked up."""
        nothing = np.zeros((len(run.city.zones), QUARTERS))
        if run.city.expected is None:
            return nothing[:, :4]
        day, first = divmod(int(run.env.now // QUARTER), QUARTERS)
        days = [run.city.expected(d) for d in (day, day + 1) if d * DAY < run.terms.horizon_s]
        return np.asarray(self.pickups.T @ np.concatenate([*days, nothing], axis=1)[:, first : first + 4])


@dataclass(frozen=True, slots=True)
class Forecasted:
    """Forecasts from what was picked up in four weeks before the run, and on the present day so far."""

    fitted: Fitted

    @classmethod
    def of(cls, scenario: Scenario, city: City, name: str) -> Forecasted:
        """A forecaster that has seen the city's past.

        Raises
        ------
        ValueError
            When there is no such forecaster.
        """
        past = Streams(scenario.seed, PAST)
        seen = [pickups_of(city.day(day, past).intents, city, day) for day in range(LEARNT_DAYS)]
        days = range(-LEARNT_DAYS, scenario.calendar.days + 2)
        weekday = np.array([(scenario.calendar.start + timedelta(days=day)).weekday() for day in days])
        calendar = Calendar(QUARTERS, weekday, weekday >= 5)
        return cls(find_forecasters([name])[name].fit(np.concatenate(seen), calendar))

    def __call__(self, run: Run) -> Floats:
        """The mean of the forecast."""
        step = int(run.env.now // QUARTER)
        today = min(step // QUARTERS, run.terms.days - 1)
        counts = pickups_of(run.today.intents, run.city, today)
        lived = step - today * QUARTERS  # more than a day's in the drain, when nobody wishes for anything
        known = np.concatenate([counts, np.zeros((max(lived - QUARTERS, 0), counts.shape[1]))])[:lived]
        return np.asarray(self.fitted.predict(known, LEARNT_DAYS * QUARTERS + step, 4).mean.T)


def pickups_of(intents: Intents, city: City, day: int) -> Floats:
    """Wishes of a day by quarter of an hour and zone of the merchant, shape (96, zones)."""
    cooked = intents.merchant >= 0
    zone = city.places.zone[city.merchants.place[intents.merchant[cooked]]]
    step = ((intents.t[cooked] - day * DAY) // QUARTER).astype(np.int64)
    cell = step * len(city.zones) + zone
    return np.bincount(cell, minlength=QUARTERS * len(city.zones)).reshape(QUARTERS, -1).astype(np.float64)
