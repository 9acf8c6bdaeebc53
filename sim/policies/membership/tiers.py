"""Tiers: silver, gold and black, by what a user has spent or ordered in the last 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Touch

By = Literal["orders", "spent", "friends"]


@dataclass(frozen=True, slots=True)
class Tiers:
    """Levels with a discount, free delivery and priority; a level is kept for 30 days at least.

    Parameters
    ----------
    by
        What counts: ``orders`` in 30 days, yuan ``spent`` in 30 days, or ``friends`` brought.
    least
        From how much of it on each level is reached, ascending.
    discount
        Share of the basket taken off at each level, 0 to 1.
    fee_off_yuan
        Taken off the delivery fee at each level, in yuan.
    priority
        Dispatch priority of orders at each level, 0 or more.
    """

    by: By = "orders"
    least: tuple[float, ...] = (4, 8, 16)
    discount: tuple[float, ...] = (0.0, 0.02, 0.05)
    fee_off_yuan: tuple[float, ...] = (0.0, 1.0, 2.0)
    priority: tuple[int, ...] = (0, 0, 1)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Levels by what is counted, and the terms of each."""
        level = np.searchsorted(np.array(self.least), self._counted(night), side="right")
        if night.day % 30:
            level = np.maximum(level, night.members.tier)  # nobody steps down within the month
        level = np.where(night.members.registered, level, 0)
        return Grants(
            tier=level,
            discount=np.array([0.0, *self.discount])[level],
            fee_off=np.rint(np.array([0.0, *self.fee_off_yuan])[level] * 100).astype(np.int64),
            priority=np.array([0, *self.priority])[level],
            touch=Touch.HONOUR,
            touched=level > night.members.tier,
        )

    def _counted(self, night: Night) -> np.typing.NDArray[np.float64]:
        members = night.members
        if self.by == "friends":
            return members.friends.astype(np.float64)
        if self.by == "orders":
            return members.recent_orders.sum(axis=0).astype(np.float64)
        return members.recent_spent.sum(axis=0) / 100
