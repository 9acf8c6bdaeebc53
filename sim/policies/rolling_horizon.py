"""Rolling horizon: plan the orders of the next while for all riders, commit only what cannot wait.

After Reyes, Erera, Savelsbergh, Sahasrabudhe and O'Neil (2018), *The meal delivery routing problem*: orders
that will be ready within a horizon are bundled by merchant, bundles are matched to the riders who are or will
be free, a rider is told nothing before he must leave, and everything else is decided anew at the next wave.
Three things are simpler here. Bundles grow where the matching itself shows that riders are short, instead of to
a size set beforehand from the ratio of orders to riders. An order that nobody can fetch is dear, instead of
priority groups. And as waves are a minute apart instead of five, who waits is not committed at all, instead of
in part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Floats, Ints, Wave
from sim.policies.candidates import due, idle
from sim.policies.trips import Trip, delays, errands, feasible, fetch, trip_of
from sim.units import MINUTE

GAIN_S = 1.0
"""A bundle must save more than this, in seconds; less is rounding."""


@dataclass(frozen=True, slots=True)
class RollingHorizon:
    """Match trips to idle and busy riders at the least total delay; send those who must leave now.

    Parameters
    ----------
    horizon_min
        An order enters the plan from this long before it will be ready, in minutes, 0 or more.
    trip_size
        Most orders in a trip, 1 (no bundles) or more; decision time grows with its factorial.
    thrift
        Weight of a second of a rider's work against a second of an order's delay, 0 to 1. His way to the merchant
        counts less his mean way to all of them: of two equally near, the one who stands aside goes.
    lost_min
        Delay that counts for an order nobody can fetch, in minutes; more than any delay worth having.
    tries
        Bundles tried for each one made, 1 or more: quality against decision time.
    early_min
        A rider leaves this long before he must, in minutes; the time between two waves, or more.
    """

    horizon_min: float = 40.0
    trip_size: int = 3
    thrift: float = 0.15
    lost_min: float = 180.0
    tries: int = 5
    early_min: float = 1.0

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Plan, and give away what must leave before the next wave."""
        orders, free = due(wave, self.horizon_min), idle(wave)
        if not orders or not len(free):
            return []
        riders = (wave.riders.off_at > wave.now).nonzero()[0]
        trips = [trip_of(wave, [order]) for order in orders]
        usual = fetch(wave, trips, riders).way.mean(axis=0)
        price = _Price(wave, riders, usual, max(len(trips) - len(riders), 0), self.thrift, self.lost_min * MINUTE)
        plan: _Plan | None = _Plan.of(trips, price(trips))
        while plan:
            best, plan = plan, self._bundled(plan, price)
        return list(self._departures(wave, best, riders, set(free.tolist())))

    def _bundled(self, plan: _Plan, price: _Price) -> _Plan | None:
        """The plan with one bundle more, the best of those tried; None when none saves anything."""
        worth, least = plan.total - GAIN_S, plan.costs.min(axis=1)
        pairs = np.array(list(_pairs(plan.trips, self.trip_size)) if least.sum() < worth else [], dtype=np.int64)
        if not len(pairs):
            return None
        joint = [price.joint(plan.trips[one], plan.trips[two]) for one, two in pairs.tolist()]
        costs = price(joint)
        bounds = costs.min(axis=1) + (least.sum() - least[pairs].sum(axis=1))
        savings = plan.matched[pairs].sum(axis=1) - np.take_along_axis(costs, plan.columns[pairs], axis=1).min(axis=1)
        hopeful = [row for row in savings.argsort()[::-1].tolist() if bounds[row] < worth][: self.tries]
        tried = [plan.joined(pairs[row], joint[row], costs[row]) for row in hopeful]
        best = min(tried, key=attrgetter("total"), default=plan)
        return best if best.total < worth else None

    def _departures(self, wave: Wave, plan: _Plan, riders: Ints, free: set[int]) -> Iterator[Assignment]:
        """What the plan gives to riders who are free and would come too late if they left at the next wave."""
        fetching = fetch(wave, plan.trips, riders)
        able = feasible(wave, plan.trips, riders, fetching)
        for row, column in enumerate(plan.columns.tolist()):
            if column < len(riders) and able[row, column] and riders[column] in free:
                trip = plan.trips[row]
                if fetching.there[row, column] > trip.ready_at - self.early_min * MINUTE:
                    rider = riders.item(column)
                    yield Assignment(wave.riders.id.item(rider), (*wave.riders.route[rider], *errands(trip)))


class _Plan(NamedTuple):
    """Trips, their costs (s) by rider, and the cheapest matching: the column and cost of each trip, and the total."""

    trips: list[Trip]
    costs: Floats
    columns: Ints
    matched: Floats
    total: float

    @classmethod
    def of(cls, trips: list[Trip], costs: Floats) -> _Plan:
        from scipy.optimize import linear_sum_assignment  # a slow import, and not every run needs it

        rows, columns = linear_sum_assignment(costs)
        matched = costs[rows, columns]
        return cls(trips, costs, columns, matched, float(matched.sum()))

    def joined(self, pair: Ints, trip: Trip, costs: Floats) -> _Plan:
        """The plan with one trip in the place of two."""
        rest = [other for row, other in enumerate(self.trips) if row not in pair]
        return _Plan.of([*rest, trip], np.vstack([np.delete(self.costs, pair, axis=0), costs]))


@dataclass(frozen=True, slots=True)
class _Price:
    """Costs of trips by rider in seconds: the delay of the orders and, for less, the work of the rider.

    Parameters
    ----------
    riders
        Rows of the wave's riders.
    usual
        Each rider's mean way to the merchants of the open orders, in seconds.
    nobody
        How many columns to add for trips that are left for later.
    thrift, lost_s
        As in :class:`RollingHorizon`, in seconds.
    known
        Trips made in this wave, by the ids of their orders.
    """

    wave: Wave
    riders: Ints
    usual: Floats
    nobody: int
    thrift: float
    lost_s: float
    known: dict[frozenset[int], Trip] = field(default_factory=dict)

    def joint(self, one: Trip, two: Trip) -> Trip:
        """The trip of the orders of two."""
        orders = one.orders + two.orders
        ids = frozenset([order.id for order in orders])
        if ids not in self.known:
            self.known[ids] = trip_of(self.wave, orders)
        return self.known[ids]

    def __call__(self, trips: Sequence[Trip]) -> Floats:
        """Shape (trips, riders + nobody)."""
        fetching = fetch(self.wave, trips, self.riders)
        work = fetching.way - self.usual + np.array([[trip.ride_s] for trip in trips])
        costs = delays(trips, fetching.pickup) + self.thrift * work
        lost = np.array([[self.lost_s * sum(1 + order.priority for order in trip.orders)] for trip in trips])
        costs = np.where(feasible(self.wave, trips, self.riders, fetching), costs, lost)
        return np.hstack([costs, np.repeat(lost, self.nobody, axis=1)])


def _pairs(trips: Sequence[Trip], most: int) -> Iterator[tuple[int, int]]:
    """Rows of trips that one rider could make as one."""
    rows: dict[tuple[int, int], list[int]] = {}
    for row, trip in enumerate(trips):
        rows.setdefault((trip.orders[0].merchant, trip.orders[0].pickup), []).append(row)
    for queue in rows.values():
        for one, two in combinations(queue, 2):
            if len(trips[one].orders) + len(trips[two].orders) <= most:
                yield one, two
