"""Global matching: one order a rider, the whole wave at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.candidates import due, errand_of, idle, pair_costs

FORBIDDEN = 1e9


@dataclass(frozen=True, slots=True)
class Matching:
    """Pair due orders and idle riders at the least total cost of the wave.

    As many pairs as possible are made; among those, the sum of costs less the urgency of the served
    orders is least. When riders are short, urgency decides who is served.

    Parameters
    ----------
    lead_min
        An order is given away from this long before it will be ready, in minutes, 0 or more.
    urgency
        Weight of a second that a meal has been ready against a second of cost, 0 or more.
    """

    lead_min: float = 10.0
    urgency: float = 1.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign by linear assignment."""
        from scipy.optimize import linear_sum_assignment  # a slow import, and not every run needs it

        orders = due(wave, self.lead_min)
        if not orders or not len(riders := idle(wave)):
            return []
        costs = pair_costs(wave, orders, riders)
        waited = np.array([[max(wave.now - order.ready_at, 0.0)] for order in orders])
        weighted = np.where(costs < np.inf, costs - self.urgency * waited, FORBIDDEN)
        rows, columns = linear_sum_assignment(weighted)
        made = costs[rows, columns] < np.inf
        pairs = zip(rows[made].tolist(), riders[columns[made]].tolist(), strict=True)
        return [Assignment(wave.riders.id.item(rider), errand_of(wave, rider, orders[row])) for row, rider in pairs]
