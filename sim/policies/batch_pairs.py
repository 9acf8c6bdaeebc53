"""Batches and the riders who may take them: who may, what it costs, and the cheapest matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from sim.entities import Bools, Floats, Ints, Order, Route, Wave
from sim.policies.batch_loops import Asked, Batches, delays
from sim.policies.batches import asked_of, batches_of, route_of
from sim.policies.candidates import unfit
from sim.policies.cluster_loops import clusters
from sim.policies.detour_loops import Passing, along, detours
from sim.policies.outlook import Outlook
from sim.policies.tour_loops import Reach
from sim.units import MINUTE

if TYPE_CHECKING:
    from sim.policies.batch_match import BatchMatch

SLACK_S = 300.0
"""A detour that costs so much more than the cheapest rider, in seconds, is not looked at further."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Batches (rows) and riders (columns of the outlook).

    Parameters
    ----------
    wave, outlook
        The wave, and when riders will be free.
    orders, there, asked
        The orders, when riders may be at their pickups, in seconds, of shape (orders, riders), and the orders for the
        loops.
    batches, rows
        All batches thought of, and the rows of those that are matched.
    """

    wave: Wave
    outlook: Outlook
    orders: Sequence[Order]
    there: Floats
    asked: Asked
    batches: Batches
    rows: Ints

    @classmethod
    def of(cls, wave: Wave, outlook: Outlook, orders: Sequence[Order], most: int, allowance_s: float) -> Pairs:
        """Cluster orders into batches of at most so many, at a mean loss of at most so many seconds a batch."""
        there = outlook.arrivals(wave, np.array([order.pickup for order in orders]))
        asked = asked_of(wave, orders, there.min(axis=1))
        batches = batches_of(asked, most)
        pairs = cls(wave, outlook, orders, there, asked, batches, clusters(most, float(allowance_s), asked, batches))
        return pairs._parted() if wave.rules.match_skills or wave.refused else pairs

    def matched(self, policy: BatchMatch) -> dict[int, Route]:
        """New routes by row of the rider: detours, and what must leave before the next wave."""
        table, early_s, arrivals = self.outlook.table, policy.early_min * MINUTE, self._arrivals()
        able, way = self._able(arrivals), arrivals - self.outlook.free_at
        usual = way.mean(axis=0)
        costs = delays(self.rows, arrivals, self.asked, self.batches)
        costs += policy.thrift * (way - usual + self.batches.work[self.rows, None])
        costs[~able] = inf
        passing = self._passing(policy.tries, policy.thrift * usual)
        reach = self._reach(passing)
        found = detours(SLACK_S, costs, passing, reach, table.tours, table.known, table.terms)
        rows, columns = self._cheapest(costs, policy.lost_min * MINUTE)
        served = able[rows, columns]
        rows, columns = rows[served], columns[served]
        leaving = self._ready(early_s)[columns] & self._leaving(rows, arrivals[rows, columns], early_s)
        chosen = found[rows] & (passing.columns[rows] == columns[:, None])
        return self._errands(rows[leaving], columns[leaving]) | self._detours(passing, reach, rows, *chosen.nonzero())

    def _errands(self, rows: Ints, columns: Ints) -> dict[int, Route]:
        """Routes of riders who first do what they have."""
        riders = self.outlook.rows[columns].tolist()
        routes = (route_of(row, self.orders, self.batches) for row in self.rows[rows].tolist())
        return {rider: (*self.outlook.route(rider), *route) for rider, route in zip(riders, routes, strict=True)}

    def _detours(self, passing: Passing, reach: Reach, rows: Ints, chosen: Ints, places: Ints) -> dict[int, Route]:
        """Routes of riders who take a batch along."""
        pairs = zip(rows[chosen].tolist(), places.tolist(), strict=True)
        return {passing.rows.item(row, place): self._detour(row, place, passing, reach) for row, place in pairs}

    def _detour(self, row: int, place: int, passing: Passing, reach: Reach) -> Route:
        table = self.outlook.table
        along(row, place, inf, passing, reach, table.tours, table.known, table.terms)
        return table.routes(np.array([-1]), passing.rows[row, place : place + 1])[0]

    def _reach(self, passing: Passing) -> Reach:
        """Travel between the orders and the tours that pass by."""
        return self.outlook.table.reach(self._names, np.unique(passing.rows[passing.columns >= 0]))

    def _parted(self) -> Pairs:
        """The batches, and the single orders of those that no rider may take as a whole."""
        able = self._able(self._arrivals()).max(axis=1).tolist()
        members = (self.batches.dropoffs[row, : self.batches.size[row]] for row in self.rows)
        parts = ([row] if whole else some for row, whole, some in zip(self.rows, able, members, strict=True))
        return replace(self, rows=np.concatenate(list(parts)))

    def _arrivals(self) -> Floats:
        """When riders may be at the first pickups, in seconds."""
        return self.there[self.batches.pickups[self.rows, 0]]

    def _able(self, arrivals: Floats) -> Bools:
        """Whether capacity, refusals and, where they are rules, off-times and skills allow a pair."""
        wave, riders, rows = self.wave, self.wave.riders, self.outlook.rows
        able: Bools = self.batches.size[self.rows, None] <= riders.capacity[rows]
        if wave.rules.pickup_by_off:
            lag, soonest = self.batches.fetched[self.rows].T[:, :, None]
            able &= np.maximum(arrivals + lag, soonest) <= riders.off_at[rows]
        members = [self._members(row) for row in self.rows.tolist()] if wave.rules.match_skills or wave.refused else []
        if wave.rules.match_skills:
            needs = [np.bitwise_or.reduce([order.needs for order in some]) for some in members]
            able &= ~unfit(wave, np.array(needs), rows)
        for row, some in enumerate(members if wave.refused else ()):
            unwilling = [rider for order in some for rider in wave.refused.get(order.id, ())]
            able[row] &= ~np.isin(riders.id[rows], unwilling)
        return able

    def _members(self, row: int) -> list[Order]:
        return [self.orders[one] for one in self.batches.dropoffs[row, : self.batches.size[row]].tolist()]

    def _sums(self, column: Floats) -> Floats:
        """Sum of a column of the orders over each batch."""
        inside = np.arange(self.batches.dropoffs.shape[1]) < self.batches.size[self.rows, None]
        return np.where(inside, column[self.batches.dropoffs[self.rows]], 0.0).sum(axis=1)

    def _cheapest(self, costs: Floats, lost_s: float) -> tuple[Ints, Ints]:
        """The cheapest matching, without batches that nobody takes."""
        lost = lost_s * self._sums(self.asked.weight)[:, None]
        nobody = np.repeat(lost, max(len(self.rows) - costs.shape[1], 0), axis=1)
        rows, columns = linear_sum_assignment(np.hstack([np.minimum(costs, lost), nobody]))
        somebody = columns < costs.shape[1]
        return rows[somebody], columns[somebody]

    def _ready(self, early_s: float) -> Bools:
        """Who can be told what to do after what he has."""
        outlook, rules = self.outlook, self.wave.rules
        free = outlook.free_at <= self.wave.now + early_s
        if rules.single_merchant or rules.pickup_by_off:
            free &= self.wave.riders.load[outlook.rows] == 0
        return free & outlook.open

    def _leaving(self, rows: Ints, arrivals: Floats, early_s: float) -> Bools:
        """Whether batches would be later if their riders left so much later."""
        both = np.column_stack([arrivals, arrivals + early_s])
        now, later = delays(self.rows[rows], both, self.asked, self.batches).T
        return np.asarray(later > now)

    def _passing(self, tries: int, spare: Floats) -> Passing:
        """The busy riders whose routes come nearest to the first pickup of each batch; `spare` as in their prices."""
        near, batches = self._near(tries), self.batches
        usual = self._sums(self.asked.ideal)[:, None] + spare[near]
        orders = self._names[batches.pickups[self.rows]]
        return Passing(near, self.outlook.rows[near], usual, batches.size[self.rows], orders)

    @property
    def _names(self) -> Ints:
        """Rows of the orders in the table of tours."""
        return np.array([self.outlook.table.row_of[order.id] for order in self.orders])

    def _near(self, tries: int) -> Ints:
        """Columns of the riders whose routes come nearest to the first pickup of each batch, -1 for nobody."""
        outlook = self.outlook
        length = outlook.table.tours.length[outlook.rows]
        busy = np.flatnonzero(outlook.open & (self.wave.riders.load[outlook.rows] > 0) & (length > 0))
        if self.wave.rules.pickup_by_off or not len(busy):
            return np.zeros((len(self.rows), 0), np.int64)
        near = outlook.table.near(outlook.rows[busy], self.asked.pickup[self.batches.pickups[self.rows, 0]], tries)
        return np.where(near >= 0, busy[near], -1)
