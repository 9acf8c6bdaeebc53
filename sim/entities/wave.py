"""What a policy sees at one decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sim.entities.arrays import Bools, Floats, Index, Ints
from sim.entities.order import Orders


class Travel(Protocol):
    """Travel between places, the only thing a policy knows of geography."""

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast against each other."""
        ...

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        ...

    def distance(self, origin: int, destination: int) -> float:
        """Distance along the way in metres between two places."""
        ...


class Weather(IntEnum):
    """Weather of an hour; rain goes before temperature, and snow counts as rain."""

    DRY = 0
    RAIN = 1
    HEAVY_RAIN = 2
    HEAT = 3
    COLD = 4


@dataclass(frozen=True, slots=True)
class Riders:
    """The riders on shift at a wave, as columns of shape (riders,).

    Parameters
    ----------
    id
        Rider ids, ascending.
    at
        Place where the rider will be when his present route is done.
    free_at
        Time in seconds when that will be, by the platform's estimate; ``now`` for an idle rider.
    available
        Whether the rules allow to give the rider a new route in this wave.
    load
        Orders in his remaining route, on board or not.
    capacity
        Most orders he may have on board at once.
    off_at
        End of his shift in seconds.
    route
        His remaining route, a :data:`Route`; empty for an idle rider.
    on_board
        Ids of the orders he carries, a frozenset.
    under_way
        Whether the first stop of the route has begun and must stay first in any new route.
    earned
        What he has earned in the present shift, in fen.
    worked_s
        How long the present shift has lasted, in seconds.
    skills
        What each rider offers, as :class:`Need` flags; None where every rider can do everything.
    """

    id: Ints
    at: Ints
    free_at: Floats
    available: Bools
    load: Ints
    capacity: Ints
    off_at: Floats
    route: NDArray[np.object_]
    on_board: NDArray[np.object_]
    under_way: Bools
    earned: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    worked_s: Floats = field(default_factory=lambda: np.zeros(0))
    skills: Ints | None = None

    def __len__(self) -> int:
        return len(self.id)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as plain columns, also where they are made at first use."""
        return Riders, tuple(getattr(self, column.name) for column in fields(Riders))


@dataclass(frozen=True, slots=True)
class Roster:
    """Riders who are not on shift and are expected later in the day, as columns of shape (riders,).

    Parameters
    ----------
    id
        Rider ids.
    at
        Place where each will begin.
    on_at, off_at
        When his shift is to begin and to end, in seconds; he may come late, or not at all.
    capacity
        Most orders he may have on board at once.
    """

    id: Ints
    at: Ints
    on_at: Floats
    off_at: Floats
    capacity: Ints

    def __len__(self) -> int:
        return len(self.id)

    @classmethod
    def nobody(cls) -> Self:
        """No riders."""
        none, never = np.zeros(0, np.int64), np.zeros(0)
        return cls(none, none, never, never, none)

    def take(self, rows: Bools | Ints) -> Roster:
        """Some of them."""
        return Roster(self.id[rows], self.at[rows], self.on_at[rows], self.off_at[rows], self.capacity[rows])


@dataclass(frozen=True, slots=True)
class Rules:
    """What the engine enforces and a policy must respect.

    Parameters
    ----------
    pickup_s, dropoff_s
        Service time in seconds at a visit; half passes before the pickup or drop-off, half after.
    diversion
        Whether a rider with a route may be given a new one (it takes effect at his next stop).
    single_merchant
        Whether all orders of a route must come from one merchant and be picked up first.
    pickup_by_off
        Whether no pickup may be planned after the rider's off-time.
    match_skills
        Whether an order may only go to a rider who offers what it needs.
    """

    pickup_s: float
    dropoff_s: float
    diversion: bool
    single_merchant: bool
    pickup_by_off: bool
    match_skills: bool = False


@dataclass(frozen=True)
class Wave:
    """What the platform sees at one decision; read-only, and not to be kept after the call.

    Parameters
    ----------
    index
        Number of the wave, from 0.
    now
        Time in seconds.
    orders
        Open orders: placed, in nobody's route.
    assigned
        Orders in somebody's route that are not on board yet; a policy may move them to another.
    riders
        Riders on shift.
    travel
        Travel times and distances.
    rules
        What the engine will enforce.
    weather, forecast
        The :class:`Weather` of the present, and what the weather service says of the next six hours.
    refused
        Open orders that were refused, and the riders who did: they would refuse again.
    coming
        Riders whom the roster expects later today; empty where each decides by himself when to work.
    """

    index: int
    now: float
    orders: Orders
    assigned: Orders
    riders: Riders
    travel: Travel
    rules: Rules
    weather: int = 0
    forecast: Ints = field(default_factory=lambda: np.zeros(6, np.int64))
    refused: Mapping[int, frozenset[int]] = field(default_factory=dict)
    coming: Roster = field(default_factory=Roster.nobody)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as plain columns, also where they are made at first use."""
        return Wave, tuple(getattr(self, column.name) for column in fields(Wave))
