"""Reposition policies: where idle riders wait for what is to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.random import Generator

from sim.entities import Floats, Ints, Travel
from sim.policies.bounds import MOST, inside, whole
from sim.units import MINUTE


class Move(NamedTuple):
    """Send an idle rider to a place."""

    rider: int
    place: int


@dataclass(frozen=True)
class Scene:
    """What the platform sees when it may send idle riders somewhere; read-only.

    Parameters
    ----------
    now
        Time in seconds.
    rider, at, home
        Idle riders, where they are, and where their shift began; shape (riders,).
    zone
        Zone of each place.
    anchor
        Place in each zone where a rider best waits, -1 where no merchant is; shape (zones,).
    expected
        Pickups that the platform expects in each zone and quarter of an hour from now on, shape (zones, 4).
    coming
        Riders at work who will be free in each zone within a quarter of an hour, shape (zones,).
    waiting
        Open orders to be picked up in each zone, shape (zones,).
    travel
        Travel times.
    """

    now: float
    rider: Ints
    at: Ints
    home: Ints
    zone: Ints
    anchor: Ints
    expected: Floats
    coming: Ints
    waiting: Ints
    travel: Travel


class RepositionPolicy(Protocol):
    """Decides where idle riders go."""

    def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
        """Moves of some of the idle riders; the others stay."""
        ...


@dataclass(frozen=True, slots=True)
class Stay:
    """Idle riders stay where they are."""

    def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
        """No moves."""
        return []


@dataclass(frozen=True, slots=True)
class Home:
    """Idle riders go back to where their shift began.

    Parameters
    ----------
    beyond_min
        Riders nearer than this stay, in minutes, 0 or more.
    """

    beyond_min: float = 5.0

    def __post_init__(self) -> None:
        inside("beyond_min", 0, MOST, self.beyond_min)

    def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
        """Everyone who is far from home."""
        far = scene.travel.times(scene.at, scene.home) > self.beyond_min * MINUTE
        return [Move(*row) for row in zip(scene.rider[far].tolist(), scene.home[far].tolist(), strict=True)]


@dataclass(frozen=True, slots=True)
class Proportional:
    """Spread idle riders over the zones as the expected pickups are.

    Parameters
    ----------
    quarters
        How many quarters of an hour ahead are counted, 1 to 4.
    most_min
        No move takes longer, in minutes, above 0.
    """

    quarters: int = 2
    most_min: float = 15.0

    def __post_init__(self) -> None:
        whole("quarters", 1, 4, self.quarters)
        inside("most_min", 0.01, MOST, self.most_min)

    def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
        """Fill the zones that have fewer idle riders than their share."""
        pull = scene.expected[:, : self.quarters].sum(axis=1) * (scene.anchor >= 0)
        if not pull.sum() or not len(scene.rider):
            return []
        share = pull / pull.sum() * len(scene.rider)
        here = np.bincount(scene.zone[scene.at], minlength=len(pull))
        slots = np.repeat(np.arange(len(pull)), np.maximum(np.floor(share - here), 0).astype(np.int64))
        spare = _spare(scene, here - np.ceil(share))
        return _send(scene, spare, slots, np.full(len(slots), self.most_min * MINUTE))


@dataclass(frozen=True, slots=True)
class Flow:
    """Cover the pickups expected a quarter of an hour ahead, as far as a rider's way is worth it.

    Each zone needs a rider for each expected pickup and each waiting order that the riders there and those
    coming free do not serve. Needs and idle riders are paired at the least total travel time; a need may
    be met from as far as it is worth, the later ones of a zone from less far (mission B9: 15 minutes ahead,
    within 5 km).

    Parameters
    ----------
    orders_per_rider
        Pickups that one rider serves in a quarter of an hour, above 0.
    most_min
        What the first need of a zone is worth in minutes of travel, above 0; 5 km by e-bike are 20.
    """

    orders_per_rider: float = 0.75
    most_min: float = 20.0

    def __post_init__(self) -> None:
        inside("orders_per_rider, most_min", 0.01, MOST, self.orders_per_rider, self.most_min)

    def __call__(self, scene: Scene, rng: Generator) -> Sequence[Move]:
        """Cover needs from spare riders."""
        here = np.bincount(scene.zone[scene.at], minlength=len(scene.anchor))
        need = (scene.expected[:, 0] + scene.waiting) / self.orders_per_rider - scene.coming
        short = np.where(scene.anchor >= 0, np.maximum(np.floor(need - here), 0), 0).astype(np.int64)
        slots = np.repeat(np.arange(len(short)), short)
        rank = np.arange(len(slots)) - np.repeat(np.cumsum(short) - short, short)
        worth = self.most_min * MINUTE * (1 - rank / np.maximum(short[slots], 1))
        return _send(scene, _spare(scene, here - np.ceil(np.maximum(need, 0))), slots, worth)


def _spare(scene: Scene, surplus: Floats | Ints) -> Ints:
    """Rows of riders whom their zone can spare: as many as its surplus, the first by row."""
    zone = scene.zone[scene.at]
    order = np.argsort(zone, kind="stable")
    first = np.searchsorted(zone[order], zone[order])
    return np.asarray(np.sort(order[np.arange(len(order)) - first < surplus[zone[order]]]))


def _send(scene: Scene, riders: Ints, slots: Ints, worth: Floats) -> list[Move]:
    """Pair riders and slots (zones) at the least total time, where the way takes no longer than the slot is worth."""
    from scipy.optimize import linear_sum_assignment  # a slow import, and not every run needs it

    if not len(riders) or not len(slots):
        return []
    goal = scene.anchor[slots]
    gain = worth - scene.travel.times(scene.at[riders][:, None], goal)
    rows, columns = linear_sum_assignment(np.maximum(gain, 0.0), maximize=True)
    good = gain[rows, columns] > 0
    pairs = zip(scene.rider[riders[rows[good]]].tolist(), goal[columns[good]].tolist(), strict=True)
    return [Move(rider, place) for rider, place in pairs]


REPOSITION: dict[str, Callable[..., Any]] = {"none": Stay, "home": Home, "proportional": Proportional, "flow": Flow}
"""Shipped reposition policies by name."""
