"""The nouns: what a city is made of and what a policy sees, as frozen data.

Tables are *structures of arrays*: row ``i`` of every column belongs to entity ``i``. Times are in
seconds, lengths in metres, money in integer fen. See the README's glossary for the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from functools import cached_property
from struct import Struct
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Index = Ints | int
"""One place, or an array of them."""


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


class StopKind(IntEnum):
    """What a rider does at a stop."""

    PICKUP = 0
    DROPOFF = 1
    REPOSITION = 2


class Weather(IntEnum):
    """Weather of an hour; rain goes before temperature, and snow counts as rain."""

    DRY = 0
    RAIN = 1
    HEAVY_RAIN = 2
    HEAT = 3
    COLD = 4


class Stop(NamedTuple):
    """One stop of a route: its kind, its order (-1 for a reposition) and its place."""

    kind: StopKind
    order: int
    place: int


Route = tuple[Stop, ...]


class Assignment(NamedTuple):
    """One rider's whole remaining route: the only thing a dispatch policy returns."""

    rider: int
    route: Route


class Order(NamedTuple):
    """What the platform knows of an order.

    ``ready_at`` is the platform's estimate in seconds (the truth once the meal is ready), ``basket``
    and ``fee`` are in fen, a higher ``priority`` is more urgent (0 is normal).

    ``kind`` indexes the scenario's kinds of order. ``handling_s`` is what the rider is expected to spend on
    the order between his arrival and the pickup (shopping, queueing), ``door_s`` what its door costs on top
    of the usual drop-off (stairs, gates), both in seconds. ``needs`` are :class:`Need` flags; ``care`` is 1
    for a customer who asked for care.
    """

    id: int
    user: int
    merchant: int
    pickup: int
    dropoff: int
    placed_at: float
    ready_at: float
    promised_at: float
    basket: int
    fee: int
    priority: int
    kind: int = 0
    handling_s: float = 0.0
    door_s: float = 0.0
    needs: int = 0
    care: int = 0


class Need(IntFlag):
    """What an order needs of a rider, and a rider may offer."""

    BOX = 1  # an insulated box
    STAIRS = 2  # fit for stairs without a lift
    RANGE = 4  # a vehicle for long ways


_FLOATS = tuple(name.endswith(("_at", "_s")) for name in Order._fields)
_ORDER = np.dtype([(name, "<f8" if real else "<i8") for name, real in zip(Order._fields, _FLOATS, strict=True)])
_pack = Struct("<" + "".join("d" if real else "q" for real in _FLOATS)).pack


@dataclass(frozen=True)
class Orders:
    """Orders of a wave, as columns of shape (orders,); index it for one :class:`Order`."""

    rows: Sequence[Order]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Order:
        return self.rows[index]

    def __iter__(self) -> Iterator[Order]:
        return iter(self.rows)

    @cached_property
    def _table(self) -> NDArray[np.void]:
        return np.frombuffer(b"".join([_pack(*row) for row in self.rows]), dtype=_ORDER)

    @property
    def id(self) -> Ints:
        """Order ids."""
        return self._table["id"]

    @property
    def merchant(self) -> Ints:
        """Merchants."""
        return self._table["merchant"]

    @property
    def pickup(self) -> Ints:
        """Places of pickup."""
        return self._table["pickup"]

    @property
    def dropoff(self) -> Ints:
        """Places of drop-off."""
        return self._table["dropoff"]

    @property
    def placed_at(self) -> Floats:
        """Placement times in seconds."""
        return self._table["placed_at"]

    @property
    def ready_at(self) -> Floats:
        """Estimated ready times in seconds."""
        return self._table["ready_at"]

    @property
    def promised_at(self) -> Floats:
        """Promised times in seconds."""
        return self._table["promised_at"]

    @property
    def basket(self) -> Ints:
        """Prices of the baskets in fen."""
        return self._table["basket"]

    @property
    def priority(self) -> Ints:
        """Priorities: 0 is normal, higher is more urgent."""
        return self._table["priority"]

    @property
    def kind(self) -> Ints:
        """Kinds of order, as indices into the scenario's table."""
        return self._table["kind"]

    @property
    def needs(self) -> Ints:
        """What the orders need of a rider: :class:`Need` flags."""
        return self._table["needs"]


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
