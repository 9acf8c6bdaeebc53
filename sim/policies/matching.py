"""Global matching: one order a rider, the whole wave at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.bounds import MOST, inside
from sim.policies.candidates import due, idle, matched, pair_costs


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

    def __post_init__(self) -> None:
        inside("lead_min, urgency", 0, MOST, self.lead_min, self.urgency)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign by linear assignment."""
        orders = due(wave, self.lead_min)
        if not orders or not len(riders := idle(wave)):
            return []
        costs = pair_costs(wave, orders, riders)
        waited = np.maximum(wave.now - np.array([order.ready_at for order in orders]), 0.0)
        return matched(wave, orders, riders, costs, costs - self.urgency * waited[:, None])
