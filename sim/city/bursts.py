"""Bursts: the Intents of a concert's end or an exam's, their planned size apart from the surprise."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.random import Generator

from sim.city.model import LandUse, Places, Users
from sim.city.pattern import indices
from sim.entities import Bools, Floats, Ints
from sim.scenario.demand import Burst as BurstSpec
from sim.scenario.demand import BurstPlace
from sim.scenario.errors import ScenarioError
from sim.units import DAY, MINUTE, QUARTER, QUARTERS, seconds

TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst in its city.

    Parameters
    ----------
    spec
        What the scenario says.
    places
        Where its orders may go, each as likely as the others.
    zones
        Share of each zone in these places.
    mix
        Share of each segment; all zero when none of them has users.
    """

    spec: BurstSpec
    places: Ints
    zones: Floats
    mix: Floats

    @property
    def code(self) -> int:
        """Key of its streams."""
        return crc32(self.spec.name.encode())

    @property
    def planned(self) -> float:
        """Intents that a planner who knows the scenario expects, surprises averaged."""
        return self.spec.chance * self.spec.orders * bool(self.mix.sum())

    def size(self, rng: Generator) -> float:
        """The day's size: what the Intents are Poisson about, once the surprise is known."""
        happens = rng.random() < self.spec.chance
        cv = self.spec.size_cv
        spread = rng.gamma(1 / cv**2, cv**2) if cv > 1e-3 else 1.0
        return float(happens * spread * self.spec.orders * bool(self.mix.sum()))

    def profile(self) -> Floats:
        """Share of its Intents in each quarter of an hour, shape (96,)."""
        edges = np.arange(QUARTERS + 1) * QUARTER - seconds(self.spec.at)
        return np.diff(self._until(np.clip(edges / (self.spec.minutes * MINUTE), 0, 1)))

    def spread(self) -> Floats:
        """Share of its Intents in each zone and quarter of an hour, shape (zones, 96)."""
        return np.outer(self.zones, self.profile())

    def arrivals(self, size: float, count: Generator, who: Generator) -> tuple[Floats, Ints, Ints, Floats]:
        """Time of day (s), segment and place of each Intent, and a uniform that chooses the user.

        A larger size only adds Intents at the end: those of the smaller one stay.
        """
        enough = int(size + 10 * np.sqrt(size) + 30)
        number = np.searchsorted(np.cumsum(count.standard_exponential(enough)), size)
        u, v, w, user = who.random((number, 4)).T
        t = seconds(self.spec.at) + self.spec.minutes * MINUTE * self._when(u)
        shares = np.cumsum(self.mix)
        segment = np.searchsorted(shares, v * shares[-1], side="right")
        return np.minimum(t, DAY - 1e-6), segment, self.places[(w * len(self.places)).astype(np.int64)], user

    def _until(self, x: Floats) -> Floats:
        """Share of the Intents until a share of the duration has passed."""
        if self.spec.shape == "even":
            return x
        peak = self.spec.peak
        falling = 1 - (1 - x) ** 2 / max(1 - peak, TINY)
        return np.asarray(np.where(x < peak, x**2 / max(peak, TINY), falling))

    def _when(self, u: Floats) -> Floats:
        """The inverse of :meth:`_until`."""
        if self.spec.shape == "even":
            return u
        peak = self.spec.peak
        return np.asarray(np.where(u < peak, np.sqrt(u * peak), 1 - np.sqrt((1 - u) * (1 - peak))))


def find_bursts(
    specs: tuple[BurstSpec, ...], places: Places, zones: tuple[str, ...], segments: tuple[str, ...], users: Users
) -> tuple[Burst, ...]:
    """Find the places and the users of each burst.

    Raises
    ------
    ScenarioError
        When a zone or a segment is unknown, or no place of the city fits.
    """
    found = []
    for index, spec in enumerate(specs):
        of = _standing(spec.place, places, zones, f"demand.bursts.{index}.place")
        share = np.bincount(places.zone[of], minlength=len(zones)) / len(of)
        mix = _mix(spec, segments, users, f"demand.bursts.{index}.segments: unknown segment")
        found.append(Burst(spec, of, share, mix))
    return tuple(found)


def _standing(spec: BurstPlace, places: Places, zones: tuple[str, ...], path: str) -> Ints:
    fits: Bools = np.ones(len(places.x), np.bool_)
    if spec.zone:
        fits &= places.zone == indices([spec.zone], zones, f"{path}.zone: unknown zone")
    if spec.use is not None:
        fits &= places.use == LandUse[spec.use.upper()]
    if spec.x_m is not None and spec.y_m is not None:
        fits &= np.hypot(places.x - spec.x_m, places.y - spec.y_m) <= spec.radius_m
    if not fits.any():
        raise ScenarioError(f"{path}: no place of the city fits; it has {_stock(places)}")
    return np.flatnonzero(fits)


def _stock(places: Places) -> str:
    uses = ", ".join(LandUse(use).name.lower() for use in np.unique(places.use).tolist())
    west, east, south, north = places.x.min(), places.x.max(), places.y.min(), places.y.max()
    return f"{uses} from x_m {west:.0f} to {east:.0f} and y_m {south:.0f} to {north:.0f}"


def _mix(spec: BurstSpec, segments: tuple[str, ...], users: Users, complaint: str) -> Floats:
    indices(spec.segments, segments, complaint)
    sizes = np.bincount(users.segment, minlength=len(segments)).astype(np.float64)
    weights = np.array([spec.segments.get(name, 0.0) for name in segments]) * (sizes > 0) if spec.segments else sizes
    return np.asarray(weights / max(weights.sum(), TINY))
