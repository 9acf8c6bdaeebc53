"""Nearest rider: greedy, one order at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.candidates import idle, pair_costs
from sim.routes import errand


@dataclass(frozen=True, slots=True)
class Nearest:
    """Give each order, the earliest ready first, to the idle rider with the least cost of a pair.

    Parameters
    ----------
    lead_min
        Longest wait for a meal that a rider is sent into, in minutes, 0 or more.
    """

    lead_min: float = 5.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign greedily."""
        riders = idle(wave)
        if not len(riders) or not len(wave.orders):
            return []
        costs = pair_costs(wave, np.arange(len(wave.orders)), riders, self.lead_min)
        answer: list[Assignment] = []
        can_go = np.flatnonzero(costs.min(axis=1) < np.inf)
        for row in can_go[np.argsort(wave.orders.ready_at[can_go], kind="stable")].tolist():
            best = int(costs[row].argmin())
            if costs[row, best] < np.inf:
                answer.append(Assignment(wave.riders.id.item(riders[best]), errand(wave.orders[row])))
                costs[:, best] = np.inf
        return answer
