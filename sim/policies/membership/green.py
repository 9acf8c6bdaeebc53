"""The green option: points for orders that share a way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Bools, Grants, Night
from sim.policies.bounds import MOST, whole


@dataclass(frozen=True, slots=True)
class Green:
    """Points for delivered orders that were green by what the user chose.

    Parameters
    ----------
    points
        Points for a green order, 0 or more.
    together
        From how many people on a group order is green, 2 or more: one way serves them all.
    kinds
        Indices, in the scenario's `kinds`, of kinds of order that are green, such as one without hurry that
        waits for a rider who comes by anyway.
    """

    points: int = 5
    together: int = 2
    kinds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        whole("points", 0, MOST, self.points)
        whole("together", 2, 1000, self.together)
        whole("kinds", 0, 1000, *self.kinds)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        green = night.orders.per_user(len(night.members), self._chosen(night))
        return Grants(points=green.astype(np.int64) * self.points)

    def _chosen(self, night: Night) -> Bools:
        orders = night.orders
        return orders.delivered & ((orders.people >= self.together) | np.isin(orders.kind, self.kinds))
