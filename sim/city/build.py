"""From a scenario to its city: the one entrance of this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from sim.city.bursts import find_bursts
from sim.city.checkout import Troubles, refuse_troubles
from sim.city.choice import appeal
from sim.city.closures import closed_travels
from sim.city.conditions import Surroundings, refuse_surroundings
from sim.city.datebook import Datebook
from sim.city.demand import Demand, Latent, want
from sim.city.disruptions import Disruptions
from sim.city.district import build_district
from sim.city.doors import Customers, hang_doors
from sim.city.fleet import as_lived, draw_skills, refuse_riders
from sim.city.kinds import Kinds
from sim.city.mdrp import build_mdrp
from sim.city.model import City, Day, LandUse, Map, Merchants, Places, Riders, Shifts, Users
from sim.city.osm import build_osm
from sim.city.pattern import Pattern
from sim.city.people import hire_riders, joined, open_merchants, settle_users
from sim.city.pool import only_standing, with_pool
from sim.city.rechoice import picky
from sim.city.travel import StraightTravel
from sim.city.zones import zone_grid
from sim.entities import Bools, Floats, Ints, Travel
from sim.scenario.city import District, Mdrp, Plane, TravelSpeed
from sim.scenario.city import Riders as RidersSpec
from sim.scenario.demand import Demand as DemandSpec
from sim.scenario.errors import ScenarioError
from sim.scenario.roads import Osm
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE, seconds


def build_city(scenario: Scenario) -> City:
    """Build the city of a scenario: equal for all replications and policies of one seed.

    Raises
    ------
    ValueError
        When a benchmark instance or a real map cannot be read, with file and line; when the demand names a
        zone, a segment or a place that the city does not have.
    """
    if isinstance(scenario.city, Mdrp):
        if scenario.demand != DemandSpec():
            raise ScenarioError("demand: a benchmark city brings its own orders; leave this section out")
        refuse_surroundings(scenario)
        refuse_troubles(scenario)
        refuse_riders(scenario.riders)
        return build_mdrp(scenario.city.dir, scenario.travel)
    streams = Streams(scenario.seed)
    places, zones, travel, drawing, fronts = _lay_out(scenario.city, scenario.travel, streams.fixed("city.streets"))
    merchants = open_merchants(scenario.merchants, places, streams.fixed("city.merchants"), fronts)
    users = settle_users(scenario.population, places, streams.fixed("city.users"))
    riders = hire_riders(scenario.riders, merchants, places, streams.fixed("city.riders"))
    standing = len(merchants.place)
    if scenario.market.on:
        merchants = with_pool(
            scenario.merchants, merchants, scenario.market.pool, places, streams.fixed("merchant.pool"), fronts
        )
    if scenario.supply.on:
        pool = scenario.riders.model_copy(update={"count": scenario.supply.pool})
        riders = joined(riders, hire_riders(pool, merchants, places, streams.fixed("city.pool")))
    if scenario.riders.skills is not None:
        skills = draw_skills(scenario.riders.skills, len(riders.start), streams.fixed("rider.skills"))
        riders = replace(riders, skills=skills)
    demand = _demand(scenario, places, zones, users, merchants, standing)
    kinds = tuple(scenario.merchants.classes)
    wrong = Disruptions(tuple(scenario.disruptions), kinds, zones, places, merchants, riders)
    days = GeneratedDays(demand, riders, scenario.riders, Surroundings.of(scenario, wrong), scenario.supply.on)
    segments = tuple(scenario.population.segments)
    travels = (travel, *closed_travels(scenario, travel, streams.fixed("city.streets")))
    doors = hang_doors(scenario.doors, scenario.lockers, places, streams.fixed("city.doors"))
    expected = demand.expected
    return City(places, zones, segments, travel, merchants, users, riders, days, drawing, expected, travels, doors)


@dataclass(frozen=True, slots=True)
class GeneratedDays:
    """Draws the days of a generated city."""

    demand: Demand
    riders: Riders
    spec: RidersSpec
    around: Surroundings
    willing: bool = False

    def __call__(self, day: int, streams: Streams) -> Day:
        """Intents, shifts and conditions of a day."""
        intents = self.demand.draw(day, streams, self.around.boost(day, streams))
        shifts, away = self._shifts(day, streams)
        return Day(intents, shifts, self.around.conditions(day, streams), away)

    def _shifts(self, day: int, streams: Streams) -> tuple[Shifts, Bools]:
        """Who works, and who stays away whatever he is paid."""
        attends, delay = streams.generator("fleet.shifts", day).random((2, len(self.riders.start)))
        templates = list(self.spec.shifts.values())
        start = day * DAY + np.array([seconds(t.start) for t in templates])[self.riders.template]
        length = np.array([t.hours * HOUR for t in templates])[self.riders.template]
        on = start + np.floor(delay * self.spec.start_jitter_min) * MINUTE
        turnout = self.around.turnout(day, start, streams)
        comes = attends < (1.0 if self.willing else self.spec.attendance) * turnout
        comes |= (1 - attends < self.spec.standby * turnout) & self.around.harsh_ahead(day, start, streams)
        away = self.around.away(np.arange(len(on)), on, on + length, streams)
        rider = np.flatnonzero(comes & ~away)
        roster = Shifts(rider, self.riders.start[rider], on[rider], (on + length)[rider])
        if self.willing:
            roster = replace(roster, will=streams.generator("fleet.will", day).random(len(on))[rider])
        return as_lived(self.spec, roster, len(on), day, streams), away


def _demand(
    scenario: Scenario, places: Places, zones: tuple[str, ...], users: Users, merchants: Merchants, standing: int
) -> Demand:
    book = Datebook(scenario.calendar.start, scenario.demand.holidays)
    pattern = Pattern(scenario.demand, scenario.population, users, places.zone, zones, book)
    pattern.check()
    bursts = find_bursts(scenario.demand.bursts, places, zones, tuple(scenario.population.segments), users)
    weights = only_standing(appeal(scenario.merchants, merchants, places), standing)
    latents = tuple(_latents(scenario, merchants, weights, users))
    openings = scenario.response.openings if scenario.response.on else 1.0
    return Demand(pattern, merchants, weights, bursts, latents, openings)


def _latents(scenario: Scenario, merchants: Merchants, weights: Floats, users: Users) -> Iterator[Latent]:
    """What the mechanisms that are on add to each Intent."""
    if scenario.kinds:
        yield Kinds.of(scenario.kinds, tuple(scenario.merchants.classes), merchants, weights, users)
    if scenario.care.share or scenario.lockers.slots or scenario.ratings.share:
        yield Customers(scenario.care, scenario.lockers, scenario.ratings)
    if troubles := Troubles.of(scenario):
        yield troubles
    if scenario.response.on:
        yield want
    if scenario.market.on:
        yield picky


def _lay_out(
    city: District | Plane | Osm, speed: TravelSpeed, rng: Generator
) -> tuple[Places, tuple[str, ...], Travel, Map, Mapping[str, Ints]]:
    if isinstance(city, Osm):
        return build_osm(city, speed)
    if isinstance(city, District):
        return *build_district(city, speed, rng), {}
    x, y = rng.uniform(0, city.width_m, city.places), rng.uniform(0, city.height_m, city.places)
    zone, names = zone_grid(x, y, city.zone_m)
    travel = StraightTravel(x, y, speed.metres_per_minute, speed.whole_minutes, city.metric == "manhattan")
    return Places(x, y, zone, np.full(city.places, LandUse.HOUSING)), names, travel, Map(), {}
