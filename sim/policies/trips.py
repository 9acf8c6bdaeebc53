"""Trips: orders of one merchant that one rider fetches together; a single order is a trip too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

import numpy as np

from sim.entities import Bools, Ints, Order, Roster, Route, Stop, Wave
from sim.policies.candidates import unfit
from sim.policies.trip_loops import joints, leaving, pairs, singles
from sim.policies.trip_table import Demand, Supply, Table
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
        Rows of the wave's riders; those of the roster come after them in the columns of the table.
    demand, supply, table
        The same for the loops.
    many
        How many trips there are in the table.
    """

    wave: Wave
    orders: Sequence[Order]
    riders: Ints
    demand: Demand
    supply: Supply
    table: Table
    many: int

    @classmethod
    def of(
        cls,
        wave: Wave,
        orders: Sequence[Order],
        riders: Ints,
        most: int,
        thrift: float,
        wait_s: float,
        soon_s: float = 0,
    ) -> Trips:
        """A trip for each order.

        Parameters
        ----------
        most
            Most orders in a trip.
        thrift
            Weight of a second of a rider's work; his way to the merchant counts less his mean way to all of them.
        wait_s
            What counts on top of its delay for an order that has to wait for a later plan, in seconds.
        soon_s
            Riders who are expected on shift before so many seconds are planned with.
        """
        coming = wave.coming.take(wave.coming.on_at < wave.now + soon_s)
        demand, pickup = _demand(wave, orders, riders, coming)
        supply = _supply(wave, pickup, riders, coming, thrift, wait_s)
        table = _table(2 * len(orders) + 8, max(most, 1), max(len(supply.free), len(orders)))
        singles(demand, supply, table)
        return cls(wave, orders, riders, demand, supply, table, len(orders))

    def pairs(self, rows: Ints) -> Ints:
        """Places in `rows` of two trips that one rider could make as one, shape (pairs, 2)."""
        return pairs(rows, self.demand.merchant, self.demand.pickup, self.table.size, self.table.members)

    def joints(self, rows: Ints) -> Ints:
        """The trips of the orders of two, by their rows of shape (pairs, 2)."""
        if not len(self.demand.between):
            dropoff = np.array([order.dropoff for order in self.orders])
            self.demand = self.demand._replace(between=self.wave.travel.times(dropoff[:, None], dropoff))
        self._make_room(len(rows))
        answer, self.many = joints(rows, self.many, self.demand, self.supply, self.table)
        return answer

    def leaving(self, rows: Ints, columns: Ints, early_s: float) -> Bools:
        """Which riders, by their columns, are free and must leave for their trips: `early_s` later is too late."""
        return leaving(rows, columns, float(early_s), self.demand.barred, self.supply, self.table)

    def members(self, row: int) -> list[int]:
        """Rows of the orders of a trip, in the sequence of their drop-offs."""
        members: list[int] = self.table.members[row, : self.table.size.item(row)].tolist()
        return members

    def route(self, row: int) -> Route:
        """The route of a trip: its pickups, which are one visit, then its drop-offs."""
        orders = [self.orders[member] for member in self.members(row)]
        pickups = [Stop(PICKUP, order.id, order.pickup) for order in orders]
        return (*pickups, *(Stop(DROPOFF, order.id, order.dropoff) for order in orders))

    def _make_room(self, more: int) -> None:
        """Room for some more trips, and one to try."""
        room = self.many + more + 1
        if room > len(self.table.size):
            wide = _table(2 * room, self.table.members.shape[1], self.table.costs.shape[1])
            for old, column in zip(self.table, wide, strict=True):
                column[: self.many] = old[: self.many]
            self.table = wide


def _demand(wave: Wave, orders: Sequence[Order], riders: Ints, coming: Roster) -> tuple[Demand, Ints]:
    """Orders as columns, and their places of pickup."""
    rows = np.fromiter(chain.from_iterable(map(_known, orders)), np.float64, 7 * len(orders)).reshape(-1, 7)
    ready, handling, door, priority, merchant, pickup, dropoff = rows.T.copy()
    places = pickup.astype(np.int64)
    straight = wave.travel.times(places, dropoff.astype(np.int64))
    barred = _barred(wave, orders, riders, coming)
    later = np.empty(len(orders))
    return Demand(
        ready, handling, door, 1 + priority, straight, merchant, pickup, np.zeros((0, 0)), barred, later
    ), places


_known = attrgetter("ready_at", "handling_s", "door_s", "priority", "merchant", "pickup", "dropoff")


def _barred(wave: Wave, orders: Sequence[Order], riders: Ints, coming: Roster) -> Bools:
    """Who may not have what; what those can do who are still to come shows when they are there."""
    if not wave.rules.match_skills and not wave.refused:
        return np.zeros((0, 0), np.bool_)
    barred = np.zeros((len(orders), len(riders) + len(coming)), np.bool_)
    if wave.rules.match_skills:
        barred[:, : len(riders)] = unfit(wave, np.array([order.needs for order in orders]), riders)
    known = np.concatenate((wave.riders.id[riders], coming.id))
    for row, order in enumerate(orders if wave.refused else ()):
        barred[row] |= np.isin(known, list(wave.refused.get(order.id, ())))
    return barred


def _supply(wave: Wave, pickup: Ints, rows: Ints, coming: Roster, thrift: float, wait_s: float) -> Supply:
    riders, rules = wave.riders, wave.rules
    way = wave.travel.times(np.concatenate((riders.at[rows], coming.at)), pickup[:, None])
    free_at = np.concatenate((riders.free_at[rows], coming.on_at))
    off_at = np.concatenate((riders.off_at[rows], coming.off_at))
    latest = off_at if rules.pickup_by_off else np.full(len(off_at), np.inf)
    capacity = np.concatenate((riders.capacity[rows], coming.capacity))
    free = np.zeros(len(capacity), np.bool_)
    free[: len(rows)] = (riders.available & (riders.load == 0))[rows]
    half, usual = rules.pickup_s / 2, np.empty(len(capacity))
    return Supply(way, usual, free_at, latest, capacity, free, half, *map(float, (rules.dropoff_s, thrift, wait_s)))


def _table(room: int, most: int, columns: int) -> Table:
    """A table without trips."""
    size, following = np.zeros((2, room), np.int64)
    ready, handling, ride, least = np.empty((4, room))
    members, due, costs = np.zeros((room, most), np.int64), np.empty((room, most)), np.empty((room, columns))
    return Table(size, members, following, ready, handling, due, ride, costs, least)
