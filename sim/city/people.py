"""Who lives and works in a generated city: users, merchants and riders, equal in all replications."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from sim.city.model import LandUse, Merchants, Places, Riders, Users
from sim.entities import Floats, Ints
from sim.scenario.city import Merchants as MerchantsSpec
from sim.scenario.city import Population
from sim.scenario.city import Riders as RidersSpec
from sim.units import MINUTE, seconds

HOMES = {"student": LandUse.DORMITORY}
WORKPLACES = {"student": LandUse.TEACHING}


def settle_users(spec: Population, places: Places, rng: Generator) -> Users:
    """Give every user a segment, a home, a workplace and a taste."""
    names = list(spec.segments)
    shares = np.array([spec.segments[name].share for name in names])
    segment = rng.choice(len(names), spec.users, p=shares / shares.sum())
    home, work = np.zeros(spec.users, np.int64), np.zeros(spec.users, np.int64)
    for index, name in enumerate(names):
        of = np.flatnonzero(segment == index)
        home[of] = rng.choice(_standing(places, HOMES.get(name, LandUse.HOUSING), LandUse.HOUSING), len(of))
        work[of] = rng.choice(_standing(places, WORKPLACES.get(name, LandUse.OFFICE), LandUse.OFFICE), len(of))
    return Users(segment, home, work, gamma_mean_one(spec.taste_cv, spec.users, rng))


def open_merchants(
    spec: MerchantsSpec, places: Places, rng: Generator, fronts: Mapping[str, Ints] | None = None
) -> Merchants:
    """Put every merchant of every class into a shopfront, or where `fronts` has places for the class."""
    classes = list(spec.classes.values())
    kind = np.repeat(np.arange(len(classes)), [c.count for c in classes])

    def column(values: list[float]) -> Floats:
        return np.array(values, dtype=np.float64)[kind]

    taste = gamma_mean_one(spec.popularity_cv, len(kind), rng)
    shopfronts = _standing(places, LandUse.SHOPFRONT)
    return Merchants(
        place=_fronts(spec, places, rng, fronts) if fronts else rng.choice(shopfronts, len(kind)),
        kind=kind,
        stations=np.array([c.stations for c in classes], np.int64)[kind],
        prep_s=column([c.prep_min * MINUTE for c in classes]),
        prep_shape=column([c.prep_shape for c in classes]),
        opens=column([seconds(c.opens) for c in classes]),
        closes=column([seconds(c.closes) for c in classes]),
        popularity=column([c.popularity for c in classes]) * taste,
    )


def _fronts(spec: MerchantsSpec, places: Places, rng: Generator, fronts: Mapping[str, Ints]) -> Ints:
    """A place for every merchant, each another one as long as there are enough."""
    drawn = []
    for name, merchants in spec.classes.items():
        there = fronts.get(name, _standing(places, LandUse.SHOPFRONT))
        drawn.append(rng.choice(there, merchants.count, replace=merchants.count > len(there)))
    return np.concatenate(drawn)


def hire_riders(spec: RidersSpec, merchants: Merchants, places: Places, rng: Generator) -> Riders:
    """Give every rider a shift template and a start place near the merchants."""
    shares = np.array([shift.share for shift in spec.shifts.values()])
    template = rng.choice(len(shares), spec.count, p=shares / shares.sum())
    starts = merchants.place if len(merchants.place) else np.arange(len(places.x))
    return Riders(rng.choice(starts, spec.count), template, np.full(spec.count, spec.capacity))


def joined(riders: Riders, pool: Riders) -> Riders:
    """Riders, and after them those who might become riders."""
    columns = ("start", "template", "capacity")
    return Riders(*(np.concatenate([getattr(riders, name), getattr(pool, name)]) for name in columns))


def gamma_mean_one(cv: float, size: int, rng: Generator) -> Floats:
    """Gamma draws of mean 1 and the given coefficient of variation; ones where it is below 0.001."""
    return rng.gamma(1 / cv**2, cv**2, size) if cv > 1e-3 else np.ones(size)


def _standing(places: Places, *uses: LandUse) -> Ints:
    """Places of the first land use that there is; all places where there is none of them."""
    found = (np.flatnonzero(places.use == use) for use in uses)
    return next(filter(len, found), np.arange(len(places.use)))
