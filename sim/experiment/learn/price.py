"""What an order costs, in minutes, from its events: the reward of learning is less of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.engine.log import Log
from sim.events import Kind
from sim.units import MINUTE

PLACED, DELIVERED, CANCELLED = Kind.PLACED, Kind.DELIVERED, Kind.CANCELLED


@dataclass(frozen=True, slots=True)
class Price:
    """Minutes that an order costs.

    Parameters
    ----------
    late_min
        On top of the minutes from click to door, when an order comes after its promise.
    lost_min
        For an order that is cancelled, or never comes.
    """

    late_min: float = 15.0
    lost_min: float = 60.0


class Bill(Log):
    """A log that adds up what the orders cost.

    Parameters
    ----------
    price
        What an order costs.

    Attributes
    ----------
    orders
        Orders placed so far.
    cost_min
        What those that have ended cost, in minutes.
    """

    def __init__(self, price: Price) -> None:
        super().__init__()
        self.price, self.orders, self.cost_min = price, 0, 0.0
        self._placed: dict[int, tuple[float, int]] = {}

    def record(self, t: float, kind: Kind, order: int = -1, *rest: Any, **fields: Any) -> None:
        """Append one event, and charge the order that it ends."""
        super().record(t, kind, order, *rest, **fields)
        if kind == PLACED:
            self._placed[order] = t, self._promise_s(*rest, **fields)
            self.orders += 1
        elif kind == DELIVERED and order in self._placed:
            placed_at, promise_s = self._placed.pop(order)
            self.cost_min += (t - placed_at) / MINUTE + self.price.late_min * (t - placed_at > promise_s)
        elif kind == CANCELLED and order in self._placed:
            del self._placed[order]
            self.cost_min += self.price.lost_min

    def close_account(self) -> None:
        """Charge the orders that never came."""
        self.cost_min += self.price.lost_min * len(self._placed)
        self._placed.clear()

    @staticmethod
    def _promise_s(*rest: int, **fields: int) -> int:
        """The promise that the event PLACED has in its last column."""
        return fields["detail"] if "detail" in fields else rest[-1]
