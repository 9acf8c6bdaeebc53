"""Rolling horizon: plan the orders of the next while for all riders, commit only what cannot wait.

After Reyes, Erera, Savelsbergh, Sahasrabudhe and O'Neil (2018), *The meal delivery routing problem*: orders
that will be ready within a horizon are bundled by merchant, bundles are matched to the riders who are or will
be free, a rider is told nothing before he must leave, and everything else is decided anew at the next wave.
Three things are simpler here. Bundles grow where the matching itself shows that riders are short, instead of to
a size set beforehand from the ratio of orders to riders. An order that nobody fetches counts what it will be late
if a rider comes for it after another trip, instead of priority groups. And as waves are a minute apart instead of
five, who waits is not committed at all, instead of in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Wave
from sim.policies.bounds import MOST, inside, whole
from sim.policies.candidates import due, idle
from sim.units import MINUTE

if TYPE_CHECKING:
    from sim.policies.plan import Plan

GAIN_S = 1.0
"""A bundle must save more than this, in seconds; less is rounding."""


@dataclass(frozen=True, slots=True)
class RollingHorizon:
    """Match trips to idle, busy and expected riders at the least total delay; send those who must leave now.

    Parameters
    ----------
    horizon_min
        An order enters the plan from this long before it will be ready, and a rider from this long before he is
        expected on shift, in minutes, 0 or more.
    trip_size
        Most orders in a trip, 1 (no bundles) or more; decision time grows with its factorial.
    thrift
        Weight of a second of a rider's work against a second of an order's delay, 0 to 1. His way to the merchant
        counts less his mean way to all of them: of two equally near, the one who stands aside goes. Where nothing
        may be picked up after the shift, his work after it counts nothing: who will be off soon goes.
    wait_min
        What counts on top of its delay for an order that nobody fetches by this plan, in minutes.
    tries
        Bundles tried for each one made, 1 or more: quality against decision time.
    early_min
        A rider leaves this long before he must, in minutes; the time between two waves, or more.
    """

    horizon_min: float = 40.0
    trip_size: int = 3
    thrift: float = 0.15
    wait_min: float = 5.0
    tries: int = 5
    early_min: float = 1.0

    def __post_init__(self) -> None:
        inside("horizon_min, wait_min, early_min", 0, MOST, self.horizon_min, self.wait_min, self.early_min)
        whole("trip_size", 1, 8, self.trip_size)
        inside("thrift", 0, 1, self.thrift)
        whole("tries", 1, MOST, self.tries)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Plan, and give away what must leave before the next wave."""
        orders, free = due(wave, self.horizon_min), idle(wave)
        if not orders or not len(free):
            return []
        from sim.policies.plan import Plan  # slow imports, and not every run needs them
        from sim.policies.trips import Trips

        riders = (wave.riders.off_at > wave.now).nonzero()[0]
        wait_s, soon_s = self.wait_min * MINUTE, self.horizon_min * MINUTE
        trips = Trips.of(wave, orders, riders, self.trip_size, self.thrift, wait_s, soon_s)
        plan: Plan | None = Plan.of(trips, np.arange(len(orders)))
        while plan:
            best, plan = plan, self._bundled(plan)
        return self._departures(best)

    def _bundled(self, plan: Plan) -> Plan | None:
        """The plan with one bundle more, the best of those tried; None when none saves anything."""
        trips, worth = plan.trips, plan.total - GAIN_S
        if trips.table.least[plan.rows].sum() >= worth:
            return None
        couples = trips.pairs(plan.rows)
        if not len(couples):
            return None
        joints = trips.joints(plan.rows[couples])
        bounds, savings = plan.prospects(couples, joints)
        if bounds.min() >= worth:
            return None
        tried = savings.argsort()[::-1]
        tried = tried[bounds[tried] < worth][: self.tries]
        return plan.best(np.column_stack([couples[tried], joints[tried]]), worth)

    def _departures(self, plan: Plan) -> list[Assignment]:
        """What the plan gives to riders who are free and would come too late if they left at the next wave."""
        trips, riders = plan.trips, plan.trips.wave.riders
        leaves = trips.leaving(plan.rows, plan.columns, self.early_min * MINUTE)
        chosen = trips.riders[plan.columns[leaves]]
        return [
            Assignment(riders.id.item(rider), (*riders.route[rider], *trips.route(row)))
            for rider, row in zip(chosen.tolist(), plan.rows[leaves].tolist(), strict=True)
        ]
