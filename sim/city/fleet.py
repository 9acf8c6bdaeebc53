"""The fleet: what riders can do, and what becomes of a roster when its day comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from sim.city.model import Shifts
from sim.entities import Floats, Ints, Need
from sim.scenario.city import Riders
from sim.scenario.errors import ScenarioError
from sim.scenario.riders import Vehicle
from sim.scenario.shifts import Breaks, Skills
from sim.streams import Streams
from sim.units import HOUR, MINUTE

OWN = ("late_start_min", "no_show", "hours_cap", "breaks", "fatigue", "skills")


def draw_skills(spec: Skills, count: int, rng: Generator) -> Ints:
    """What each rider offers, as :class:`Need` flags; more of a skill only adds riders who have it."""
    shares = {Need.BOX: spec.box, Need.STAIRS: spec.stairs, Need.RANGE: spec.range}
    has = rng.random((len(shares), count)) < np.array(list(shares.values()))[:, None]
    return np.asarray((has * np.array(list(shares), np.int64)[:, None]).sum(axis=0))


def draw_grams(vehicles: Mapping[str, Vehicle], count: int, rng: Generator) -> Floats:
    """Grams of carbon dioxide per kilometre of the vehicle that each rider has; more riders change nobody's."""
    kinds = tuple(vehicles.values())
    upto = np.cumsum([vehicle.share for vehicle in kinds])[:-1]
    which = np.searchsorted(upto, rng.random(count), side="right")
    return np.array([vehicle.grams_co2_per_km for vehicle in kinds])[which]


def as_lived(spec: Riders, roster: Shifts, riders: int, day: int, streams: Streams) -> Shifts:
    """The shifts of a day as they will be lived, from the roster.

    Parameters
    ----------
    spec
        What the scenario says of riders.
    roster
        Who is to work, and when.
    riders
        How many there are, on the roster or not.
    day
        Day of the run, from 0.
    streams
        Streams of the replication.
    """
    lived = roster
    if spec.late_start_min or spec.no_show:
        on = roster.on + _late_s(spec, riders, day, streams)[roster.rider]
        lived = replace(lived, on=np.where(on < roster.off, on, np.inf), due=roster.on)
    if spec.hours_cap is not None:
        begin = np.where(lived.on < np.inf, lived.on, roster.on)
        lived = replace(lived, off=np.minimum(lived.off, begin + spec.hours_cap * HOUR))
    if spec.breaks is not None:
        after_s, rest_s = _rests(spec.breaks, riders, streams.generator("fleet.breaks", day))
        lived = replace(lived, break_after_s=after_s[roster.rider], break_s=rest_s[roster.rider])
    return lived


def refuse_riders(spec: Riders) -> None:
    """See that nothing is said of the riders of a benchmark.

    Raises
    ------
    ScenarioError
        One line for each field that is not at its default.
    """
    default = Riders()
    changed = [name for name in OWN if getattr(spec, name) != getattr(default, name)]
    if changed:
        raise ScenarioError(*(f"riders.{name}: a benchmark's riders have none; leave it out" for name in changed))


def _late_s(spec: Riders, riders: int, day: int, streams: Streams) -> Floats:
    """How late each rider would be; infinitely, when he does not come."""
    late = streams.generator("fleet.lateness", day).exponential(size=riders) * spec.late_start_min * MINUTE
    away = streams.generator("fleet.no_show", day).random(riders) < spec.no_show
    return np.where(away, np.inf, late)


def _rests(spec: Breaks, riders: int, rng: Generator) -> tuple[Floats, Floats]:
    """Work before a break and length of a break, in whole seconds."""
    after, long = 1 + spec.spread * rng.uniform(-1, 1, (2, riders))
    return np.rint(after * spec.after_h * HOUR), np.rint(long * spec.minutes * MINUTE)
