"""Fair matching: riders who have earned little come first, at a stated price in service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Floats, Ints, Wave
from sim.policies.bounds import MOST, inside
from sim.policies.candidates import due, idle, matched, pair_costs
from sim.units import HOUR


@dataclass(frozen=True, slots=True)
class Fair:
    """Global matching in which a rider's past income is part of the cost (mission B7).

    The cost of a pair grows with what the rider has earned per hour of his shift above the mean of the
    riders on shift, so that a yuan more an hour is worth so many seconds of service; in the spirit of the
    two-sided objectives of Suehr et al. (KDD 2019) and Gupta et al. (FairFoody, AAAI 2022).

    Parameters
    ----------
    lead_min
        An order is given away from this long before it will be ready, in minutes, 0 or more.
    seconds_per_yuan
        What a yuan an hour of difference in income may cost in service, in seconds, 0 or more.
    most_hours
        No new order for a rider who has worked longer, in hours, above 0.
    urgency
        Weight of a second that a meal has been ready against a second of cost, 0 or more.
    """

    lead_min: float = 10.0
    seconds_per_yuan: float = 20.0
    most_hours: float = 12.0
    urgency: float = 1.0

    def __post_init__(self) -> None:
        inside("lead_min, seconds_per_yuan, urgency", 0, MOST, self.lead_min, self.seconds_per_yuan, self.urgency)
        inside("most_hours", 0.01, MOST, self.most_hours)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Assign by linear assignment."""
        orders = due(wave, self.lead_min)
        riders = idle(wave)
        riders = riders[wave.riders.worked_s[riders] < self.most_hours * HOUR]
        if not orders or not len(riders):
            return []
        costs = pair_costs(wave, orders, riders)
        waited = np.array([[max(wave.now - order.ready_at, 0.0)] for order in orders])
        weights = costs + self.seconds_per_yuan * self._surplus(wave, riders) - self.urgency * waited
        return matched(wave, orders, riders, costs, weights)

    def _surplus(self, wave: Wave, riders: Ints) -> Floats:
        """Income of each rider above the mean, in yuan an hour; the first half hour counts as half an hour."""
        per_hour = wave.riders.earned / 100 / np.maximum(wave.riders.worked_s / HOUR, 0.5)
        return np.asarray(per_hour[riders] - per_hour.mean())
