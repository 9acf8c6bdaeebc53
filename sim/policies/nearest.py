"""Nearest rider: greedy, one order at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Wave
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
        orders = due(wave, self.lead_min)
        if not orders or not len(riders := idle(wave)):
            return []
        costs = pair_costs(wave, orders, riders)
        answer: list[Assignment] = []
        for order, row in zip(orders, costs, strict=True):
            best = int(row.argmin())
            if row.item(best) == np.inf:
                continue
            rider = riders.item(best)
            answer.append(Assignment(wave.riders.id.item(rider), errand_of(wave, rider, order)))
            if len(answer) == len(riders):
                break
            costs[:, best] = np.inf
        return answer
