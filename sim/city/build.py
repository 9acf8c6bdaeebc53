"""From a scenario to its city: the one entrance of this room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.city.demand import Demand, appeal
from sim.city.district import build_district
from sim.city.mdrp import build_mdrp
from sim.city.model import City, Day, LandUse, Map, Places, Riders, Shifts
from sim.city.people import hire_riders, open_merchants, settle_users
from sim.city.travel import StraightTravel
from sim.city.zones import zone_grid
from sim.entities import Travel
from sim.scenario.city import District, Mdrp, Plane, TravelSpeed
from sim.scenario.city import Riders as RidersSpec
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE, seconds


def build_city(scenario: Scenario) -> City:
    """Build the city of a scenario: equal for all replications and policies of one seed.

    Raises
    ------
    ValueError
        When a benchmark instance cannot be read, with file and line.
    """
    if isinstance(scenario.city, Mdrp):
        return build_mdrp(scenario.city.dir, scenario.travel)
    streams = Streams(scenario.seed)
    places, zones, travel, drawing = _lay_out(scenario.city, scenario.travel, streams.fixed("city.streets"))
    merchants = open_merchants(scenario.merchants, places, streams.fixed("city.merchants"))
    users = settle_users(scenario.population, places, streams.fixed("city.users"))
    riders = hire_riders(scenario.riders, merchants, places, streams.fixed("city.riders"))
    weights = appeal(scenario.merchants, merchants, places)
    demand = Demand(scenario.population, users, merchants, weights, scenario.calendar.start)
    days = GeneratedDays(demand, riders, scenario.riders)
    segments = tuple(scenario.population.segments)
    return City(places, zones, segments, travel, merchants, users, riders, days, drawing)


@dataclass(frozen=True, slots=True)
class GeneratedDays:
    """Draws the days of a generated city."""

    demand: Demand
    riders: Riders
    spec: RidersSpec

    def __call__(self, day: int, streams: Streams) -> Day:
        """Intents and shifts of a day."""
        return Day(self.demand.draw(day, streams), self._shifts(day, streams.generator("fleet.shifts", day)))

    def _shifts(self, day: int, rng: Generator) -> Shifts:
        attends, delay = rng.random((2, len(self.riders.start)))
        rider = np.flatnonzero(attends < self.spec.attendance)
        templates = list(self.spec.shifts.values())
        start = np.array([seconds(t.start) for t in templates])[self.riders.template[rider]]
        length = np.array([t.hours * HOUR for t in templates])[self.riders.template[rider]]
        on = day * DAY + start + np.floor(delay[rider] * self.spec.start_jitter_min) * MINUTE
        return Shifts(rider, self.riders.start[rider], on, on + length)


def _lay_out(city: District | Plane, speed: TravelSpeed, rng: Generator) -> tuple[Places, tuple[str, ...], Travel, Map]:
    if isinstance(city, District):
        return build_district(city, speed, rng)
    x, y = rng.uniform(0, city.width_m, city.places), rng.uniform(0, city.height_m, city.places)
    zone, names = zone_grid(x, y, city.zone_m)
    travel = StraightTravel(x, y, speed.metres_per_minute, speed.whole_minutes, city.metric == "manhattan")
    return Places(x, y, zone, np.full(city.places, LandUse.HOUSING)), names, travel, Map()
