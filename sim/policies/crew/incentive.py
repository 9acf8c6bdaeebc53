"""Incentives: extra pay by zone, decided every quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator

from sim.entities import Floats, Ints
from sim.policies.bounds import MOST, inside
from sim.policies.crew.hours import span, within
from sim.policies.crew.pay import MUCH


@dataclass(frozen=True, slots=True)
class Shortage:
    """What an incentive policy sees; columns of shape (zones,), read-only.

    Parameters
    ----------
    now
        Time in seconds.
    open
        Open orders whose pickup is in the zone.
    idle
        Riders without a route in the zone.
    expected
        Orders expected in the next quarter of an hour.
    paid, budget
        Extra pay of today so far, and what may be paid in a day, in fen.
    """

    now: float
    open: Ints
    idle: Ints
    expected: Floats
    paid: int
    budget: int


class IncentivePolicy(Protocol):
    """Decides on extra pay."""

    def __call__(self, seen: Shortage, rng: Generator) -> Ints:
        """Extra pay for each order picked up in a zone until the next decision, in fen, 0 or more, shape (zones,).

        Parameters
        ----------
        seen
            What the platform knows.
        rng
            The policy's own randomness.
        """
        ...


def none(seen: Shortage, rng: Generator) -> Ints:
    """Nothing extra."""
    return np.zeros(len(seen.open), np.int64)


@dataclass(frozen=True, slots=True)
class FixedPeak:
    """The same everywhere in some hours: yuan by span, such as ``11:00-13:00`` or ``22:00-02:00``."""

    yuan: Mapping[str, float] = field(default_factory=lambda: {"11:00-13:00": 2.0, "17:30-19:30": 2.0})

    def __post_init__(self) -> None:
        for hours, yuan in self.yuan.items():
            span(hours)
            inside(f"yuan.{hours}", 0, MUCH, yuan)

    def __call__(self, seen: Shortage, rng: Generator) -> Ints:
        """The surcharge of the hour."""
        found = max((yuan for hours, yuan in self.yuan.items() if within(hours, seen.now)), default=0.0)
        return np.full(len(seen.open), round(found * 100))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where more orders are expected than there are riders: so much for each order a rider that is missing.

    Parameters
    ----------
    orders_per_rider
        Orders that an idle rider is expected to take in a quarter of an hour.
    yuan_per_missing
        Extra pay for each order beyond what the zone's idle riders take, as a share of those expected.
    most_yuan
        No more than this.
    """

    orders_per_rider: float = 0.75
    yuan_per_missing: float = 4.0
    most_yuan: float = 4.0

    def __post_init__(self) -> None:
        inside("orders_per_rider", 0, MOST, self.orders_per_rider)
        inside("yuan_per_missing", 0, MUCH, self.yuan_per_missing)
        inside("most_yuan", 0, MUCH, self.most_yuan)

    def __call__(self, seen: Shortage, rng: Generator) -> Ints:
        """The surcharge by zone."""
        wanted = seen.open + seen.expected
        missing = np.maximum(wanted - self.orders_per_rider * seen.idle, 0) / np.maximum(wanted, 1.0)
        return np.rint(100 * np.minimum(self.yuan_per_missing * missing, self.most_yuan)).astype(np.int64)


INCENTIVES: dict[str, Callable[..., Any]] = {"none": none, "peak": FixedPeak, "forecast": Forecast}
"""Shipped incentive policies by name."""
