"""Global matching: one order a rider, the whole wave at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.optimize import linear_sum_assignment

from sim.entities import Assignment, Wave
from sim.policies.candidates import idle, pair_costs
from sim.routes import errand

FORBIDDEN = 1e9


@dataclass(frozen=True, slots=True)
class Matching:
    """Pair open orders and idle riders at the least total cost of the wave.

    As many pairs as possible are made; among those, the total of travel and waiting time less the
    urgency of the served orders is least. When riders are short, urgency decides who is served.

    Parameters
    ----------
    lead_min
        Longest wait for a meal that a rider is sent into, in minutes, 0 or more.
    urgency
        Weight of a second that a meal has been ready against a second of a rider's time, 0 or more.
    """

    lead_min: float = 5.0
    urgency: float = 1.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign by linear assignment."""
        riders = idle(wave)
        if not len(riders) or not len(wave.orders):
            return []
        costs = pair_costs(wave, np.arange(len(wave.orders)), riders, self.lead_min)
        allowed = costs < FORBIDDEN
        waited = np.maximum(wave.now - wave.orders.ready_at, 0.0)
        weighted = np.where(allowed, costs - self.urgency * waited[:, None], FORBIDDEN)
        pairs = zip(*linear_sum_assignment(weighted), strict=True)
        return [
            Assignment(wave.riders.id.item(riders[column]), errand(wave.orders[int(row)]))
            for row, column in pairs
            if allowed[row, column]
        ]
