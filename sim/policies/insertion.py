"""Cheapest insertion: each order goes where it costs least, into an empty route or beside what a rider carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Bools, Ints, Order, Wave
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
        from sim.policies.insert_loops import Choice  # slow imports, and not every run needs them
        from sim.policies.tour_table import TourTable

        table, resting = TourTable(wave, orders, self.patience_min * MINUTE, self.thrift), idle(wave)
        costs = pair_costs(wave, orders, resting)
        given = table.fill(Choice(_passing(wave, orders, table, self.tries), resting, costs, _barred(wave, orders)))
        rows = np.array([*dict.fromkeys(given[given >= 0].tolist())], np.int64)
        return [*map(Assignment, wave.riders.id[rows].tolist(), table.routes(rows, rows))]


def _barred(wave: Wave, orders: Sequence[Order]) -> Bools:
    """Who may not have which order, shape (orders, riders); empty where everybody may have everything."""
    if not (wave.refused or wave.rules.match_skills):
        return np.zeros((0, 0), np.bool_)
    barred = np.zeros((len(orders), len(wave.riders)), np.bool_)
    if wave.rules.match_skills:
        barred |= unfit(wave, np.array([order.needs for order in orders]), np.arange(len(wave.riders)))
    for row, order in enumerate(orders):
        barred[row] |= np.isin(wave.riders.id, list(wave.refused.get(order.id, ())))
    return barred


def _passing(wave: Wave, orders: Sequence[Order], table: TourTable, most: int) -> Ints:
    """Rows of the busy riders whose routes come nearest to each pickup, -1 for nobody; shape (orders, any)."""
    riders = wave.riders
    busy = np.flatnonzero(riders.available & (riders.load > 0) & (riders.load < riders.capacity))
    if wave.rules.pickup_by_off or not len(busy):
        return np.zeros((len(orders), 0), np.int64)
    near = table.near(busy, table.known.pickup[: len(orders)], most)
    return np.where(near >= 0, busy[near], -1)
