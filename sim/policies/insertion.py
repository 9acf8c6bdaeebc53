"""Cheapest insertion: each order goes where it costs least, into an empty route or beside what a rider carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Floats, Order, Wave
from sim.policies.bounds import MOST, inside, whole
from sim.policies.candidates import due, idle, pair_costs, unfit
from sim.units import MINUTE

if TYPE_CHECKING:
    from sim.policies.tour_table import TourTable


@dataclass(frozen=True, slots=True)
class Insertion:
    """Insert orders one by one, the earliest promised first, where the costs of all routes grow least.

    Parallel insertion of pickups and deliveries (Jaw, Odoni, Psaraftis and Wilson 1986, *A heuristic algorithm for
    the multi-vehicle advance request dial-a-ride problem with time windows*). A rider may fetch from several
    merchants before he delivers; the stop he is making for stays first, and what he has been given stays with him.
    Where pickups after the off-time are forbidden only idle riders are given orders: the estimates for busy ones
    are too coarse to promise that.

    Parameters
    ----------
    lead_min
        An order is given away from this long before it will be ready, in minutes, 0 or more.
    patience_min
        An order this late counts as if it were twice as late, one twice this late thrice; in minutes, more than 0.
    thrift
        Weight of a second of a rider's work against a second of delivery time, 0 or more.
    tries
        Busy riders for whom an order is tried, 0 or more: those whose routes come nearest to its pickup.
    """

    lead_min: float = 10.0
    patience_min: float = 10.0
    thrift: float = 0.1
    tries: int = 8

    def __post_init__(self) -> None:
        inside("lead_min, thrift", 0, MOST, self.lead_min, self.thrift)
        inside("patience_min", 0.01, MOST, self.patience_min)
        whole("tries", 0, MOST, self.tries)

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Insert what is due."""
        orders = sorted(due(wave, self.lead_min), key=attrgetter("promised_at"))
        if not orders or not wave.riders.available.any():
            return []
        from sim.policies.tour_table import TourTable  # a slow import, and not every run needs it

        table = TourTable(wave, orders, self.patience_min * MINUTE, self.thrift)
        resting, passing = idle(wave), _passing(wave, orders, table, self.tries)
        costs, column_of = pair_costs(wave, orders, resting), {row: at for at, row in enumerate(resting.tolist())}
        changed: dict[int, None] = {}
        picky = bool(wave.refused) or wave.rules.match_skills
        for new, (order, near, cost) in enumerate(zip(orders, passing, costs, strict=True)):
            rows = [*dict.fromkeys((*near, *changed, *resting[_cheapest(cost)].tolist()))]
            willing = [row for row in rows if _willing(wave, row, order)] if picky else rows
            row = table.best(new, np.array(willing, np.int64))
            if row >= 0:
                changed[row] = None
                costs[:, column_of.get(row, slice(0))] = np.inf
        return [Assignment(wave.riders.id.item(row), table.route(row)) for row in changed]


def _cheapest(costs: Floats) -> slice:
    """Where the least finite cost stands, if there is one."""
    least = int(costs.argmin()) if len(costs) else 0
    return slice(least, least + (costs[least : least + 1] < np.inf).sum())


def _willing(wave: Wave, row: int, order: Order) -> bool:
    if wave.rules.match_skills and unfit(wave, np.array([order.needs]), np.array([row])).any():
        return False
    return wave.riders.id.item(row) not in wave.refused.get(order.id, ())


def _passing(wave: Wave, orders: Sequence[Order], table: TourTable, most: int) -> list[list[int]]:
    """For each order the rows of the busy riders whose routes come nearest to its pickup."""
    riders = wave.riders
    busy = np.flatnonzero(riders.available & (riders.load > 0) & (riders.load < riders.capacity))
    if wave.rules.pickup_by_off or not len(busy):
        return [[] for _ in orders]
    near = table.near(busy, np.array([order.pickup for order in orders]), most)
    return [busy[some[some >= 0]].tolist() for some in near]
