"""Demand as counts by step of the day and zone: what forecasters learn from and are tested on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from sim.city.build import GeneratedDays, build_city
from sim.city.datebook import Datebook
from sim.city.model import City, Intents
from sim.entities import Floats, Ints
from sim.forecast.calendar import Calendar
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, QUARTER, QUARTERS


@dataclass(frozen=True, slots=True)
class Counts:
    """Orders by step and zone.

    Parameters
    ----------
    name
        Whose demand it is.
    first
        Date of the first day.
    calendar
        Its days, and one more that forecasts made late on the last day fall on.
    zones
        Name of each zone.
    values
        Counts, shape (days * steps, zones).
    rates
        The Poisson means they were drawn from, with one more day; None where nobody knows them.
    planned
        What a planner expects who knows the scenario but no surprises and no weather, with one more day.
    """

    name: str
    first: date
    calendar: Calendar
    zones: tuple[str, ...]
    values: Floats
    rates: Floats | None = None
    planned: Floats | None = None

    @property
    def days(self) -> int:
        """Whole days."""
        return len(self.values) // self.calendar.steps

    @property
    def minutes(self) -> int:
        """Length of a step."""
        return 1440 // self.calendar.steps

    def city(self) -> Counts:
        """The same with all zones together."""
        return replace(self, zones=("city",), **{name: t.sum(axis=1, keepdims=True) for name, t in self._tables()})

    def hourly(self) -> Counts:
        """The same by the hour."""
        of = self.calendar.steps // 24
        tables = {name: table.reshape(-1, of, table.shape[1]).sum(axis=1) for name, table in self._tables()}
        return replace(self, calendar=replace(self.calendar, steps=24), **tables)

    def _tables(self) -> list[tuple[str, Floats]]:
        named = (("values", self.values), ("rates", self.rates), ("planned", self.planned))
        return [(name, table) for name, table in named if table is not None]


def scenario_counts(scenario: Scenario, days: int) -> Counts:
    """Draw the demand of a scenario: who opens the app, by zone of the drop-off; nothing is simulated.

    Parameters
    ----------
    scenario
        Its calendar is made as long as needed.
    days
        Days to draw.

    Raises
    ------
    ValueError
        When the city is a benchmark instance, which has one day, or does not cover the days.
    """
    calendar = scenario.calendar.model_copy(update={"days": days + 1})
    return city_counts(build_city(scenario.model_copy(update={"calendar": calendar})), scenario, days)


def city_counts(city: City, scenario: Scenario, days: int, replication: int = 0) -> Counts:
    """As :func:`scenario_counts`, where the city of at least one day more stands already."""
    if not isinstance(city.day, GeneratedDays):
        raise ValueError(f"{scenario.name}: a benchmark city has one day, so there is no past to forecast from")
    streams, demand, around = Streams(scenario.seed, replication), city.day.demand, city.day.around
    values = [_table(city.day(day, streams).intents, day, city) for day in range(days)]
    rates = [demand.mean(day, streams, around.boost(day, streams)).T for day in range(days + 1)]
    planned = [demand.expected(day).T for day in range(days + 1)]
    book = Datebook(scenario.calendar.start, scenario.demand.holidays)
    weekday = np.array([book.date(day).weekday() for day in range(days + 1)])
    off = np.array([book.weekend(day) for day in range(days + 1)])
    tables = (np.concatenate(each) for each in (values, rates, planned))
    return Counts(scenario.name, scenario.calendar.start, Calendar(QUARTERS, weekday, off), city.zones, *tables)


def counted(step: Ints, zone: Ints, shape: tuple[int, int]) -> Floats:
    """Counts by step and zone, of that shape."""
    cell = step * shape[1] + zone
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def plain_calendar(first: date, days: int) -> Calendar:
    """Some days in quarters of an hour, and one more, with no holidays but the weekends."""
    weekday = np.array([(first + timedelta(days=day)).weekday() for day in range(days + 1)])
    return Calendar(QUARTERS, weekday, weekday >= 5)


def _table(intents: Intents, day: int, city: City) -> Floats:
    quarter = ((intents.t - day * DAY) // QUARTER).astype(np.int64)
    return counted(quarter, city.places.zone[intents.place], (QUARTERS, len(city.zones)))
