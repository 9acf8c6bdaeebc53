"""Nearest rider: greedy, one order at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Ints, Order, Wave
from sim.policies.candidates import due, errand_of, idle, pair_costs


@dataclass(frozen=True, slots=True)
class Nearest:
    """Give each order, the earliest ready first, to the idle rider with the least cost of a pair.

    Parameters
    ----------
    lead_min
        An order is given away from this long before it will be ready, in minutes, 0 or more.
    """

    lead_min: float = 10.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign greedily."""
        answer: list[Assignment] = []
        orders = due(wave, self.lead_min)
        riders = idle(wave) if orders else np.zeros(0, np.int64)
        while len(orders) and len(riders):  # in portions: orders may outnumber riders by far, and few costs matter
            portion, orders = orders[: len(riders)], orders[len(riders) :]
            riders = _serve(wave, portion, riders, answer)
        return answer


def _serve(wave: Wave, orders: Sequence[Order], riders: Ints, answer: list[Assignment]) -> Ints:
    """Add errands for a portion of the orders to the answer; who is left of the riders."""
    costs = pair_costs(wave, orders, riders)
    left = np.ones(len(riders), np.bool_)
    for order, row in zip(orders, costs, strict=True):
        best = int(row.argmin())
        if row.item(best) < np.inf:
            rider = riders.item(best)
            answer.append(Assignment(wave.riders.id.item(rider), errand_of(wave, rider, order)))
            costs[:, best], left[best] = np.inf, False
    return riders[left]
