"""Trips: orders of one merchant that one rider fetches together; a single order is a trip too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

import numpy as np

from sim.entities import Bools, Ints, Order, Route, Stop, Wave
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
        Rows of the wave's riders.
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
    def of(cls, wave: Wave, orders: Sequence[Order], riders: Ints, most: int, thrift: float, wait_s: float) -> Trips:
        """A trip for each order.

        Parameters
        ----------
        most
            Most orders in a trip.
        thrift
            Weight of a second of a rider's work; his way to the merchant counts less his mean way to all of them.
        wait_s
            What counts on top of its delay for an order that has to wait for a later plan, in seconds.
        """
        demand, pickup = _demand(wave, orders, riders)
        supply = _supply(wave, pickup, riders, thrift, wait_s)
        table = _table(2 * len(orders) + 8, max(most, 1), max(len(riders), len(orders)))
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
        return leaving(rows, columns, early_s, self.demand.barred, self.supply, self.table)

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


def _demand(wave: Wave, orders: Sequence[Order], riders: Ints) -> tuple[Demand, Ints]:
    """Orders as columns, and their places of pickup."""
    rows = np.fromiter(chain.from_iterable(map(_known, orders)), np.float64, 7 * len(orders)).reshape(-1, 7)
    ready, handling, door, priority, merchant, pickup, dropoff = rows.T.copy()
    places = pickup.astype(np.int64)
    straight = wave.travel.times(places, dropoff.astype(np.int64))
    barred = _barred(wave, orders, riders)
    later = np.empty(len(orders))
    return Demand(
        ready, handling, door, 1 + priority, straight, merchant, pickup, np.zeros((0, 0)), barred, later
    ), places


_known = attrgetter("ready_at", "handling_s", "door_s", "priority", "merchant", "pickup", "dropoff")


def _barred(wave: Wave, orders: Sequence[Order], riders: Ints) -> Bools:
    barred = np.zeros((0, 0), np.bool_)
    if wave.rules.match_skills:
        barred = unfit(wave, np.array([order.needs for order in orders]), riders)
    elif wave.refused:
        barred = np.zeros((len(orders), len(riders)), np.bool_)
    for row, order in enumerate(orders if wave.refused else ()):
        barred[row] |= np.isin(wave.riders.id[riders], list(wave.refused.get(order.id, ())))
    return barred


def _supply(wave: Wave, pickup: Ints, rows: Ints, thrift: float, wait_s: float) -> Supply:
    riders, rules = wave.riders, wave.rules
    way = wave.travel.times(riders.at[rows], pickup[:, None])
    latest = riders.off_at[rows] if rules.pickup_by_off else np.full(len(rows), np.inf)
    free, half = (riders.available & (riders.load == 0))[rows], rules.pickup_s / 2
    times = way, np.empty(len(rows)), riders.free_at[rows], latest
    return Supply(*times, riders.capacity[rows], free, half, rules.dropoff_s, thrift, wait_s)


def _table(room: int, most: int, columns: int) -> Table:
    """A table without trips."""
    size, following = np.zeros((2, room), np.int64)
    ready, handling, ride, least = np.empty((4, room))
    members, due, costs = np.zeros((room, most), np.int64), np.empty((room, most)), np.empty((room, columns))
    return Table(size, members, following, ready, handling, due, ride, costs, least)
