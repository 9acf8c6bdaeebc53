"""The pattern of demand: expected Intents by segment, zone and quarter of an hour, as far as people's habits go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.city.datebook import Datebook
from sim.city.model import Users
from sim.entities import Bools, Floats, Ints
from sim.scenario.city import Population
from sim.scenario.demand import Demand, Rule, quarters
from sim.scenario.errors import ScenarioError, shown
from sim.spelling import did_you_mean
from sim.units import DAY, HOUR, QUARTER, QUARTERS, clock

WORK_BEGINS, WORK_ENDS = 9 * HOUR, 18 * HOUR
MOST_LIFT = 20
"""Every whole multiple of the habitual demand is a day of Intents drawn, so factors may not multiply without end."""

SHOWN = 30
"""Names listed in an error."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What habits, rules and holidays make of a day; arrays of shape (segments, zones, 96).

    Parameters
    ----------
    spec
        Rules and holidays.
    population, users
        Curves of the segments, and who lives and works where.
    zone, zones
        Zone of each place, and the zones' names.
    book
        Which date a day is.
    """

    spec: Demand
    population: Population
    users: Users
    zone: Ints
    zones: tuple[str, ...]
    book: Datebook

    def rates(self, day: int) -> Floats:
        """Intents per segment and hour of a day by habit alone, shape (segments, 24)."""
        weekend = self.book.weekend(day)
        sizes = np.bincount(self.users.segment, minlength=len(self.population.segments))
        rows = []
        for size, spec in zip(sizes, self.population.segments.values(), strict=True):
            curve = np.array(spec.weekend if weekend else spec.weekday)
            rows.append(size * spec.intents_per_day * (spec.weekend_factor if weekend else 1) * curve / curve.sum())
        return np.array(rows)

    def habit(self, day: int) -> Floats:
        """Expected Intents without rules."""
        starts, hour = np.arange(0.0, DAY, QUARTER), np.arange(QUARTERS) // 4
        at_work = np.array([spec.at_work for spec in self.population.segments.values()])
        working = at_work[:, None, None] * at_workplaces(starts, self.book.weekend(day))
        home, work = (self._share(place)[:, :, None] for place in (self.users.home, self.users.work))
        return self.rates(day)[:, None, hour] / 4 * ((1 - working) * home + working * work)

    def ratio(self, day: int) -> Floats:
        """What rules and the holiday multiply the habit by."""
        ratio = np.ones((len(self.population.segments), len(self.zones), QUARTERS))
        for rule in self.spec.rules:
            if self.book.falls_on(day, rule.days):
                ratio[self._cells(rule)] *= rule.factor
        if holiday := self.book.holiday(day):
            ratio *= np.array([holiday.factors.get(name, 1.0) for name in self.population.segments])[:, None, None]
        return ratio

    def check(self) -> None:
        """See that all names exist and that the factors stay within bounds.

        Raises
        ------
        ScenarioError
            With one line for the first fault.
        """
        for index, rule in enumerate(self.spec.rules):
            indices(rule.zones, self.zones, f"demand.rules.{index}.zones: unknown zone")
            indices(rule.segments, self._names, f"demand.rules.{index}.segments: unknown segment")
        for index, holiday in enumerate(self.spec.holidays):
            indices(holiday.factors, self._names, f"demand.holidays.{index}.factors: unknown segment")
        self._check_lift()

    def _check_lift(self) -> None:
        lift = np.ones((len(self._names), len(self.zones), QUARTERS))
        for rule in self.spec.rules:
            lift[self._cells(rule)] *= max(rule.factor, 1)
        lift *= max([1, *(factor for holiday in self.spec.holidays for factor in holiday.factors.values())])
        if lift.max() > MOST_LIFT:
            segment, zone, quarter = np.unravel_index(lift.argmax(), lift.shape)
            where = f"segment {self._names[segment]!r}, zone {self.zones[zone]!r}, {clock(float(quarter) * QUARTER)}"
            raise ScenarioError(f"demand.rules: factors multiply to {lift.max():g} ({where}); at most {MOST_LIFT}")

    def _share(self, place: Ints) -> Floats:
        """Share of each zone in a segment's Intents, shape (segments, zones)."""
        shape = len(self.population.segments), len(self.zones)
        cell = self.users.segment * shape[1] + self.zone[place]
        weight = np.bincount(cell, self.users.taste, shape[0] * shape[1]).reshape(shape)
        return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.population.segments)

    def _cells(self, rule: Rule) -> tuple[Ints, ...]:
        segments = indices(rule.segments or self._names, self._names)
        zones = indices(rule.zones or self.zones, self.zones)
        return np.ix_(segments, zones, np.arange(QUARTERS)[quarters(rule.hours)])


def at_workplaces(t: Floats, weekend: bool) -> Bools:
    """Whether people are at their workplaces at a time of day (s)."""
    return (t >= WORK_BEGINS) & (t < WORK_ENDS) & (not weekend)


def indices(names: Iterable[str], known: tuple[str, ...], complaint: str = "unknown name") -> Ints:
    """Positions of names among the known ones.

    Raises
    ------
    ScenarioError
        When one is not known; tells which is close, or which there are.
    """
    found = []
    for name in names:
        if name not in known:
            few = ", ".join((*known[:SHOWN], "...") if len(known) > SHOWN else known)
            raise ScenarioError(f"{complaint} {shown(name)}{did_you_mean(name, known) or f'; there are {few}'}")
        found.append(known.index(name))
    return np.array(found, np.int64)
