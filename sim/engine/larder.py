"""The larder: what merchants have made ahead for the day, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.entities import Bools, Floats, Ints, Order


@dataclass(slots=True)
class Larder:
    """State of goods that spoil; columns of shape (merchants,), 0 for whoever makes none.

    Parameters
    ----------
    makes
        Who makes such goods; all others make what is ordered, when it is ordered.
    rest, variance
        What each merchant expects beside pre-orders and the mean square of his errors, in portions, on weekdays and
        on weekends, shape (2, merchants); NaN before his first such day.
    made, left
        Portions made for today, and of them those that are not sold.
    comes
        Share of those who pre-order whom each merchant expects to come; NaN before his first day.
    told, came, kept
        Pre-orders for today, of them those that have been placed, and portions kept for the others.
    waiting
        Numbers of the Intents that were told and have not been placed.
    price
        Usual price of a portion in fen.
    since
        When today began, in seconds: what was sold before was made for another day.
    """

    makes: Bools
    rest: Floats
    variance: Floats
    comes: Floats
    made: Ints
    left: Ints
    told: Ints
    came: Ints
    kept: Ints
    waiting: set[int] = field(default_factory=set)
    price: float = 0.0
    since: float = 0.0

    @classmethod
    def empty(cls, makes: Bools) -> Larder:
        """Nothing made, nothing known."""
        unknown, zeros = np.full((2, len(makes)), np.nan), np.zeros(len(makes), np.int64)
        made, left, told, came, kept = (zeros.copy() for _ in range(5))
        return cls(makes, unknown, unknown.copy(), unknown[0].copy(), made, left, told, came, kept)

    @property
    def expected(self) -> Floats:
        """Pre-orders of today that each merchant expects to be placed."""
        return self.comes * self.told

    def short(self, number: int, merchant: int) -> bool:
        """Whether no portion is left for a wish; those kept for others are not."""
        kept = 0 if number in self.waiting else self.kept.item(merchant)
        return bool(self.makes[merchant]) and self.left.item(merchant) <= kept

    def take(self, order: Order) -> None:
        """An order that is placed takes its portion."""
        if order.merchant >= 0 and self.makes[order.merchant]:
            self.left[order.merchant] -= 1
        if order.id in self.waiting:
            self.waiting.remove(order.id)
            self.came[order.merchant] += 1
            self.kept[order.merchant] = max(self.kept.item(order.merchant) - 1, 0)

    def put_back(self, order: Order) -> None:
        """An order that is cancelled gives its portion back, unless the day for which it was made is over."""
        if order.merchant >= 0 and self.makes[order.merchant] and order.placed_at >= self.since:
            self.left[order.merchant] += 1
