"""Trips: orders of one merchant that one rider fetches together; a single order is a trip too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from sim.entities import Bools, Floats, Ints, Order, Route, Stop, Wave
from sim.policies.candidates import unfit
from sim.policies.trip_loops import Demand, Supply, Table, fill, pairs
from sim.routes import DROPOFF, PICKUP


@dataclass(slots=True)
class Trips:
    """The trips thought of in a wave, and what each costs with each rider.

    An order is delayed against the ride of its own, straight from the stove to its door; a second of its delay counts
    once, and once more for each step of its priority.

    Parameters
    ----------
    wave
        The wave.
    orders
        Open orders; row `i` of the trips is the single order `i`, further rows are trips of several.
    riders
        Rows of the wave's riders.
    demand, supply, table
        The same for the loops.
    group
        Orders of one merchant and one place have the same.
    """

    wave: Wave
    orders: Sequence[Order]
    riders: Ints
    demand: Demand
    supply: Supply
    table: Table
    group: Ints
    many: int = 0
    known: dict[frozenset[int], int] = field(default_factory=dict)
    pairs_known: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, wave: Wave, orders: Sequence[Order], riders: Ints, most: int, thrift: float, lost_s: float) -> Trips:
        """A trip for each order.

        Parameters
        ----------
        most
            Most orders in a trip.
        thrift
            Weight of a second of a rider's work; his way to the merchant counts less his mean way to all of them.
        lost_s
            What an order costs that nobody fetches, in seconds.
        """
        demand, group, pickup = _demand(wave, orders, riders)
        supply = _supply(wave, pickup, riders, thrift, lost_s)
        table = _table(2 * len(orders) + 8, max(most, 1), max(len(riders), len(orders)))
        trips = cls(wave, orders, riders, demand, supply, table, group)
        trips._add(np.ones(len(orders), np.int64), np.arange(len(orders))[:, None])
        return trips

    def pairs(self, rows: Ints) -> Ints:
        """Places in `rows` of two trips that one rider could make as one, shape (pairs, 2)."""
        group = self.group[self.table.members[rows, 0]]
        return pairs(group, self.table.size[rows], self.table.members.shape[1])

    def joints(self, rows: Ints) -> Ints:
        """The trips of the orders of two, by their rows of shape (pairs, 2)."""
        if not len(self.demand.between):
            dropoff = np.array([order.dropoff for order in self.orders])
            self.demand = self.demand._replace(between=self.wave.travel.times(dropoff[:, None], dropoff))
        couples = list(map(tuple, rows.tolist()))
        new: list[list[int]] = []
        for one, two in couples:
            if (one, two) not in self.pairs_known:
                members = self.members(one) + self.members(two)
                row = self.pairs_known[one, two] = self.known.setdefault(frozenset(members), self.many + len(new))
                if row == self.many + len(new):
                    new.append(members)
        if new:
            self._add(np.array([len(some) for some in new]), np.array(list(zip_longest(*new, fillvalue=0))).T)
        return np.array([self.pairs_known[couple] for couple in couples])

    def members(self, row: int) -> list[int]:
        """Rows of the orders of a trip, in the sequence of their drop-offs."""
        members: list[int] = self.table.members[row, : self.table.size.item(row)].tolist()
        return members

    def route(self, row: int) -> Route:
        """The route of a trip: its pickups, which are one visit, then its drop-offs."""
        orders = [self.orders[member] for member in self.members(row)]
        pickups = [Stop(PICKUP, order.id, order.pickup) for order in orders]
        return (*pickups, *(Stop(DROPOFF, order.id, order.dropoff) for order in orders))

    def arrivals(self, rows: Ints, columns: Ints) -> tuple[Floats, Bools]:
        """When each rider could pick up his trip, were the meals ready (s), and whether he may have it at all."""
        table, supply, members = self.table, self.supply, self.table.members[rows]
        service = supply.pickup_s + table.handling[rows]
        there = supply.way[members[:, 0], columns] + supply.free_at[columns] + service
        able: Bools = np.maximum(there, table.ready[rows]) <= supply.latest[columns]
        able &= table.size[rows] <= supply.capacity[columns]
        if len(self.demand.barred):
            for place in range(members.shape[1]):
                able &= ~self.demand.barred[members[:, place], columns] | (place >= table.size[rows])
        return there, able

    def _add(self, size: Ints, members: Ints) -> None:
        first, last = self.many, self.many + len(size)
        if last > len(self.table.size):
            room = _table(2 * last, self.table.members.shape[1], self.table.costs.shape[1])
            for old, column in zip(self.table, room, strict=True):
                column[:first] = old[:first]
            self.table = room
        self.table.size[first:last], self.table.members[first:last, : members.shape[1]] = size, members
        fill(first, last, self.demand, self.supply, self.table)
        self.many = last


def _demand(wave: Wave, orders: Sequence[Order], riders: Ints) -> tuple[Demand, Ints, Ints]:
    """Orders as columns, their groups, and their places of pickup."""
    rows = [(o.ready_at, o.handling_s, o.door_s, 1 + o.priority, o.merchant, o.pickup, o.dropoff) for o in orders]
    ready, handling, door, weight, *names = np.array(rows, np.float64).T.copy()
    merchant, pickup, dropoff = np.array(names).astype(np.int64)
    straight = wave.travel.times(pickup, dropoff)
    barred = _barred(wave, orders, riders)
    demand = Demand(ready, handling, door, weight, straight, np.zeros((0, 0)), barred)
    return demand, merchant * (1 + pickup.max()) + pickup, pickup


def _barred(wave: Wave, orders: Sequence[Order], riders: Ints) -> Bools:
    barred = np.zeros((0, 0), np.bool_)
    if wave.rules.match_skills:
        barred = unfit(wave, np.array([order.needs for order in orders]), riders)
    elif wave.refused:
        barred = np.zeros((len(orders), len(riders)), np.bool_)
    for row, order in enumerate(orders if wave.refused else ()):
        barred[row] |= np.isin(wave.riders.id[riders], list(wave.refused.get(order.id, ())))
    return barred


def _supply(wave: Wave, pickup: Ints, rows: Ints, thrift: float, lost_s: float) -> Supply:
    riders, rules = wave.riders, wave.rules
    way = wave.travel.times(riders.at[rows], pickup[:, None])
    latest = riders.off_at[rows] if rules.pickup_by_off else np.full(len(rows), np.inf)
    half = rules.pickup_s / 2, rules.dropoff_s
    return Supply(way, way.mean(axis=0), riders.free_at[rows], latest, riders.capacity[rows], *half, thrift, lost_s)


def _table(room: int, most: int, columns: int) -> Table:
    """A table without trips."""
    members, due = np.zeros((room, most), np.int64), np.empty((room, most))
    some = [np.empty(room) for _ in range(4)]
    return Table(np.zeros(room, np.int64), members, some[0], some[1], due, some[2], np.empty((room, columns)), some[3])
