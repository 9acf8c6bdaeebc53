"""Nearest rider: greedy, one order at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Ints, Order, Wave
from sim.policies.bounds import MOST, inside
from sim.policies.candidates import due, errand_of, idle, pair_costs

PORTION = 16
"""Fewest orders whose costs are worth a look of their own."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Give each order, the earliest ready first, to the idle rider with the least cost of a pair.

    Parameters
    ----------
    lead_min
        An order is given away from this long before it will be ready, in minutes, 0 or more.
    """

    lead_min: float = 10.0

    def __post_init__(self) -> None:
        inside("lead_min", 0, MOST, self.lead_min)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign greedily."""
        orders = due(wave, self.lead_min)
        if not orders:
            return []
        riders, answer = idle(wave), list[Assignment]()
        while orders and len(riders):  # in portions: orders may outnumber riders by far, and few costs matter
            size = max(len(riders), PORTION)
            portion, orders = orders[:size], orders[size:]
            taken = _serve(wave, portion, riders, answer)
            riders = np.delete(riders, taken) if orders else riders
        return answer


def _serve(wave: Wave, orders: Sequence[Order], riders: Ints, answer: list[Assignment]) -> list[int]:
    """Add errands for a portion of the orders to the answer; whom of the riders they take."""
    costs = pair_costs(wave, orders, riders)
    taken: list[int] = []
    for order, row, best in zip(orders, costs, costs.argmin(axis=1).tolist(), strict=True):
        if row.item(best) == inf:
            best = int(row.argmin())  # the first choice is taken
        if row.item(best) < inf:
            rider = riders.item(best)
            answer.append(Assignment(wave.riders.id.item(rider), errand_of(wave, rider, order)))
            taken.append(best)
            if len(taken) == len(riders):
                break
            costs[:, best] = inf
    return taken
