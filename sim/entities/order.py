"""An order, and the orders of a wave as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cached_property
from struct import Struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.entities.arrays import Floats, Ints


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
