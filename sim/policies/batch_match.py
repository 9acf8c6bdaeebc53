"""Batching and matching: orders are clustered into batches, and all batches are matched to all riders at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from operator import attrgetter

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Bools, Floats, Order, Route, Wave
from sim.policies.batches import Batch, batch_of, clusters
from sim.policies.candidates import unfit
from sim.policies.outlook import Outlook, outlook_of
from sim.policies.tours import Planner, Tour
from sim.units import MINUTE

SLACK_S = 300.0
"""A detour that costs so much more than the cheapest rider, in seconds, is not looked at further."""
Detours = dict[tuple[int, int], Route]
"""Routes of riders, by column, who take a batch, by row, along with what they have."""


@dataclass(frozen=True, slots=True)
class BatchMatch:
    """Cluster orders into batches, match them to idle and busy riders, decide anew who fetches what.

    After Joshi, Singh, Ranu, Bagchi, Karia and Kala (ICDE 2021), *FoodMatch: batching and matching for food delivery
    in dynamic road networks*: the two batches whose orders lose least are merged while the mean loss stays allowed;
    batches and riders are matched at the least extra delivery time; orders that nobody makes for yet are taken out of
    the routes and decided again at each wave. Anticipation: a rider counts from where and when he will be free, and
    as on a wave there are places but no bearings, the detour from his route stands for the angular distance.

    Three things differ. What a batch may cost grows with the ratio of orders to riders, as riders are not short all
    day. The work of the rider has a price. And who need not leave before the next wave is not told yet: where rules
    forbid to divert him that is the only reshuffling there is.

    Parameters
    ----------
    horizon_min
        An order enters the plan from this long before it will be ready, in minutes, 0 or more.
    batch_size
        Most orders in a batch, 1 (no batches) to 5.
    loss_s
        What merging may cost the orders of a batch, in the mean over all batches, when there are as many orders
        as riders who will be free within the horizon; in seconds, 0 or more. The paper's threshold is 60 s.
    thrift
        Weight of a second of a rider's work against a second of an order's delay, 0 to 1. His way to the merchant
        counts less his mean way to all of them.
    lost_min
        Delay that counts for an order nobody can fetch, in minutes; more than any delay worth having.
    tries
        Busy riders for whom it is tried to take a batch along, 0 or more: those whose routes come nearest to it.
    early_min
        A rider leaves this long before he must, in minutes; the time between two waves, or more.
    reshuffle
        Whether orders that nobody makes for yet may be moved to another rider.
    """

    horizon_min: float = 20.0
    batch_size: int = 3
    loss_s: float = 60.0
    thrift: float = 0.15
    lost_min: float = 120.0
    tries: int = 3
    early_min: float = 1.0
    reshuffle: bool = True

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Batch, match, and give away what must leave before the next wave."""
        rules, riders = wave.rules, wave.riders
        if not (riders.available & (riders.off_at > wave.now)).any():
            return []
        outlook = outlook_of(wave, self.reshuffle and rules.diversion and not rules.pickup_by_off)
        soon = wave.now + self.horizon_min * MINUTE
        orders = [*(order for order in wave.orders.rows if order.ready_at <= soon), *outlook.released]
        if not orders:
            return []
        changed = self._matched(wave, outlook, self._batches(wave, outlook, orders, soon))
        return [
            Assignment(riders.id.item(row), route)
            for column, row in enumerate(outlook.rows.tolist())
            if (route := changed.get(column, outlook.routes[column])) != riders.route[row]
        ]

    def _batches(self, wave: Wave, outlook: Outlook, orders: Sequence[Order], soon: float) -> list[Batch]:
        singles = [batch_of(wave, [order], [order]) for order in orders]
        starts = outlook.arrivals(wave, [order.pickup for order in orders]).min(axis=1)
        ratio = len(orders) / max(int((outlook.free_at <= soon).sum()), 1)
        batches = clusters(wave, singles, starts, self.batch_size, self.loss_s * ratio)
        choosy = wave.rules.match_skills or wave.refused
        return _parted(wave, outlook, batches, singles) if choosy else batches

    def _matched(self, wave: Wave, outlook: Outlook, batches: Sequence[Batch]) -> dict[int, Route]:
        """New routes by column of the outlook."""
        from scipy.optimize import linear_sum_assignment  # a slow import, and not every run needs it

        arrivals = outlook.arrivals(wave, [batch.place for batch in batches])
        able = _able(wave, outlook, batches, arrivals)
        way = arrivals - outlook.free_at
        work = way - way.mean(axis=0) + np.array([[batch.work_s] for batch in batches])
        costs = np.where(able, _delays(batches, arrivals) + self.thrift * work, inf)
        detours = self._detours(wave, outlook, batches, costs, way.mean(axis=0))
        weights = np.array([[sum(1 + order.priority for order in batch.orders)] for batch in batches])
        lost = self.lost_min * MINUTE * weights
        nobody = np.repeat(lost, max(len(batches) - len(outlook.rows), 0), axis=1)
        rows, columns = linear_sum_assignment(np.hstack([np.minimum(costs, lost), nobody]))
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        served = [(row, column) for row, column in pairs if column < len(outlook.rows) and able[row, column]]
        leaving = _delays(batches, arrivals + self.early_min * MINUTE) > _delays(batches, arrivals)
        ready = self._ready(wave, outlook)
        return {
            column: detours.get((row, column)) or (*outlook.routes[column], *batches[row].route)
            for row, column in served
            if (row, column) in detours or (ready[column] and leaving[row, column])
        }

    def _ready(self, wave: Wave, outlook: Outlook) -> Bools:
        """Who can be told what to do after what he has."""
        free = outlook.free_at <= wave.now + self.early_min * MINUTE
        if wave.rules.single_merchant or wave.rules.pickup_by_off:
            free &= wave.riders.load[outlook.rows] == 0
        return free & outlook.open

    def _detours(self, wave: Wave, outlook: Outlook, batches: Sequence[Batch], costs: Floats, usual: Floats) -> Detours:
        """Routes of busy riders who take a batch along for less than they could fetch it afterwards.

        The costs of these pairs are entered.
        """
        detours: Detours = {}
        near = [] if wave.rules.pickup_by_off else _nearest(wave, outlook, batches, self.tries)
        known = {order.id: order for order in (*wave.assigned.rows, *wave.orders.rows)}
        planner = Planner(wave, known, inf, self.thrift)
        present = cache(lambda column: outlook.tour(planner, column))
        for row, columns in enumerate(near):
            for column in columns:
                batch, spare = batches[row], self.thrift * usual[column]
                most = min(costs[row, column], costs[row].min() + SLACK_S) + sum(batch.ideal) + spare
                tour = _along(planner, present(column), batch, most)
                if tour and tour.cost - present(column).cost < most and not _appended(tour, outlook.routes[column]):
                    costs[row, column] = tour.cost - present(column).cost - sum(batch.ideal) - spare
                    detours[row, column] = tour.route
        return detours


def _parted(wave: Wave, outlook: Outlook, batches: Sequence[Batch], singles: Sequence[Batch]) -> list[Batch]:
    """The batches, and the single orders of those that no rider may take as a whole."""
    arrivals = outlook.arrivals(wave, [batch.place for batch in batches])
    able = _able(wave, outlook, batches, arrivals)
    alone = {batch.orders[0].id: batch for batch in singles}
    parts = (
        [batch] if able[row].any() else [alone[order.id] for order in batch.orders] for row, batch in enumerate(batches)
    )
    return [batch for some in parts for batch in some]


def _along(planner: Planner, tour: Tour, batch: Batch, most: float) -> Tour | None:
    """The tour with the orders of a batch inserted, one after the other; None where it cannot be or costs too much."""
    before = tour.cost
    for stop in batch.route[: len(batch.orders)]:
        order = planner.orders[stop.order]
        if tour.cost - before + planner.least(tour, order) >= most:
            return None
        longer = min(planner.insertions(tour, order), key=attrgetter("growth"), default=None)
        if longer is None:
            return None
        tour = longer
    return tour


def _appended(tour: Tour, route: Route) -> bool:
    return tour.route[: len(route)] == route


def _nearest(wave: Wave, outlook: Outlook, batches: Sequence[Batch], most: int) -> list[list[int]]:
    """For each batch the columns of the busy riders whose routes come nearest to its first pickup."""
    riders = wave.riders
    carrying = riders.load[outlook.rows] > 0
    busy = np.flatnonzero(outlook.open & carrying & [len(route) > 0 for route in outlook.routes])
    if not len(busy) or not most:
        return []
    places = [[stop.place for stop in outlook.routes[column]] for column in busy.tolist()]
    begins = np.cumsum([0, *map(len, places[:-1])])
    pickups = np.array([[batch.place] for batch in batches])
    away = np.minimum.reduceat(wave.travel.times(np.concatenate(places), pickups), begins, axis=1)
    nearest: list[list[int]] = busy[away.argsort(axis=1, kind="stable")[:, :most]].tolist()
    return nearest


def _able(wave: Wave, outlook: Outlook, batches: Sequence[Batch], arrivals: Floats) -> Bools:
    """Whether capacity, refusals and, where they are rules, off-times and skills allow a pair: (batches, riders)."""
    riders, rows = wave.riders, outlook.rows
    able: Bools = np.array([[len(batch.orders)] for batch in batches]) <= riders.capacity[rows]
    if wave.rules.pickup_by_off:
        lag, soonest = np.array([batch.fetched for batch in batches]).T[:, :, None]
        able &= np.maximum(arrivals + lag, soonest) <= riders.off_at[rows]
    if wave.rules.match_skills:
        needs = [np.bitwise_or.reduce([order.needs for order in batch.orders]) for batch in batches]
        able &= ~unfit(wave, np.array(needs), rows)
    for row, batch in enumerate(batches if wave.refused else ()):
        unwilling = [rider for order in batch.orders for rider in wave.refused.get(order.id, ())]
        able[row] &= ~np.isin(riders.id[rows], unwilling)
    return able


def _delays(batches: Sequence[Batch], arrivals: Floats) -> Floats:
    """Seconds by which the orders of each batch are later than ideal, an urgent one counted 1 + priority times."""
    total = np.zeros_like(arrivals)
    for place in range(max(len(batch.orders) for batch in batches)):
        rows = [row for row, batch in enumerate(batches) if place < len(batch.orders)]
        some = [batches[row] for row in rows]
        lag, soonest, ideal, weight = np.array(
            [(b.lags[place], b.soonest[place], b.ideal[place], 1 + b.orders[place].priority) for b in some]
        ).T[:, :, None]
        total[rows] += weight * (np.maximum(arrivals[rows] + lag, soonest) - ideal)
    return total
