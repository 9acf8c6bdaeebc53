"""The last metres of a city: what each door costs, and what is latent about a customer at it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from sim.city.model import DoorTable, Intents, LandUse, Places
from sim.entities import Bools, Floats
from sim.scenario.doors import Care, Door, Doors, Lockers, Ratings
from sim.streams import Streams
from sim.units import MINUTE

DRAWS = 7
"""Uniforms drawn for a place, whatever its door is like: changing one thing moves nothing else."""


def hang_doors(spec: Doors, lockers: Lockers, places: Places, rng: Generator) -> DoorTable | None:
    """What the doors of all places cost; None where nothing is said about them."""
    by_use = {use: getattr(spec, use.name.lower()) for use in LandUse}
    if not any(by_use.values()) and not lockers.slots:
        return None
    extra, mean, stairs = np.zeros(len(places.x)), np.zeros(len(places.x)), np.zeros(len(places.x), np.bool_)
    draws = rng.random((DRAWS, len(places.x)))
    for use, door in by_use.items():
        of = np.flatnonzero(places.use == use)
        if door is not None and len(of):
            extra[of], stairs[of] = _door(door, draws[:, of])
            mean[of] = extra[of].mean()
    locker = (places.use == LandUse[lockers.use.upper()]) & (lockers.slots > 0)
    return DoorTable(extra, extra if spec.platform_knows else mean, stairs, locker)


def _door(door: Door, draws: Floats) -> tuple[Floats, Bools]:
    """Seconds of each place, there and back, and whether it has stairs and no lift."""
    building, floor, lift, gate, signs, zone, way = draws
    stairs = building < door.stairs
    lifted = ~stairs & (building < door.stairs + door.lifts)
    climbed = np.floor(1 + floor * door.floors) * door.floor_s
    walked = 2 * (2 * way * door.walk_m) / door.walk_m_per_s
    seconds = stairs * climbed + lifted * door.lift_s * _gamma2(lift)
    return seconds + (gate < door.gates) * door.gate_s * _gamma2(signs) + (zone < door.walks) * walked, stairs


def _gamma2(u: Floats) -> Floats:
    """Gamma draws of shape 2 and mean 1."""
    from scipy.special import gammaincinv  # a slow import, and not every city needs it

    return np.asarray(gammaincinv(2.0, u) / 2)


@dataclass(frozen=True, slots=True)
class Customers:
    """Gives every Intent what is latent about its customer: care, a locker, an opinion.

    Parameters
    ----------
    care, lockers, ratings
        The scenario's blocks; one that is off leaves its column None.
    """

    care: Care
    lockers: Lockers
    ratings: Ratings

    def __call__(self, intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
        """Intents of one layer with their customers; the key begins with the day."""

        def two(name: str) -> Floats:
            return streams.generator(name, *key).random((2, len(intents)))

        care, collect_s, opinion = intents.care, intents.collect_s, intents.opinion
        if self.care.share:
            care = two("demand.care")[0] < self.care.share
        if self.lockers.slots:
            agrees, lies = two("demand.locker")
            mean_s = self.lockers.pickup_after_min * MINUTE
            collect_s = np.where(agrees < self.lockers.accept, -np.log1p(-lies) * mean_s, -1.0)
        if self.ratings.share:
            rates, u = two("demand.opinion")
            opinion = np.where(rates < self.ratings.share, u, -1.0)
        return replace(intents, care=care, collect_s=collect_s, opinion=opinion)
