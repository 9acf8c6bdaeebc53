"""The riders' routes as a table, into which orders are inserted where they cost least."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from math import inf

import numpy as np

from sim.entities import Floats, Ints, Order, Route, Stop, StopKind, Wave
from sim.policies.detour_loops import nearest
from sim.policies.insert_loops import Reach, put
from sim.policies.tour_loops import Known, Terms, Tours, begin, settle

KINDS = tuple(StopKind)
CARRIED = Order(-1, -1, -1, -1, -1, -inf, -inf, inf, 0, 0, 0)
"""An order on board, of which a wave tells no more than that it is there."""


class TourTable:
    """The riders' remaining routes as columns, and what it costs to insert an order into one.

    A route costs, in seconds: its drop-off times, lateness, and the rider's work. A wave does not tell when a busy
    rider makes his first stop, but when he makes his last: he is taken to start as late as that allows, so that what
    is planned can be kept.

    Parameters
    ----------
    wave
        The wave.
    orders
        Those that may be inserted.
    patience_s
        Lateness that counts twice, in seconds; what lateness adds grows with its square.
    thrift
        Weight of a second of work against a second of delivery time.
    """

    def __init__(self, wave: Wave, orders: Sequence[Order], patience_s: float, thrift: float) -> None:
        rules = wave.rules
        self.wave, self.orders = wave, [*orders, *wave.assigned.rows]
        self.row_of = {order.id: row for row, order in enumerate(self.orders)}
        self.known = _known([*self.orders, CARRIED])
        self.terms = Terms(rules.pickup_s / 2, rules.dropoff_s, patience_s, thrift, rules.single_merchant)
        earliest = wave.now - max(rules.pickup_s, rules.dropoff_s) / 2
        self.tours, self.many = self._tours(), len(orders)
        everybody = np.arange(len(wave.riders))
        begin(everybody, wave.riders.free_at, earliest, self.tours, self.known, self.terms)

    def best(self, new: int, rows: Ints) -> int:
        """Insert an order, by its row, where that is cheapest; the row of the tour, or -1 where it fits nowhere."""
        order = self.orders[new]
        ride = self.wave.travel.time(order.pickup, order.dropoff)
        row: int = put(rows, new, ride, self._reach, self.tours, self.known, self.terms)
        if row >= 0 and self.tours.length[row] + 3 > self.tours.kind.shape[1]:
            self.tours = _wider(self.tours)
        return row

    def near(self, some: Ints, pickups: Ints, most: int) -> Ints:
        """Where in `some` the tours are that come nearest to each pickup, -1 where there are too few of them."""
        length = self.tours.length[some]
        places = self.tours.place[some, 1:][np.arange(1, self.tours.place.shape[1]) <= length[:, None]]
        once, which = np.unique(pickups, return_inverse=True)
        away = self.wave.travel.times(places, once[:, None])
        return np.asarray(nearest(away, np.append(0, np.cumsum(length)), most)[which])

    def settled(self, rows: Ints) -> tuple[Ints, Floats]:
        """Where and when (s) tours end that have lost stops; what they cost is entered."""
        place, length = self.tours.place[rows], self.tours.length[rows]
        self.tours.leg[rows, 1:] = self.wave.travel.times(place[:, :-1], place[:, 1:])
        ends = settle(rows, self.tours, self.known, self.terms)
        return place[np.arange(len(rows)), length], ends

    def route(self, row: int) -> Route:
        """The stops of a tour."""
        stops = slice(1, self.tours.length.item(row) + 1)
        columns = (self.tours.kind, self.tours.order, self.tours.place)
        return self.stops(row, *(column[row, stops] for column in columns))

    def stops(self, row: int, kinds: Ints, orders: Ints, places: Ints) -> Route:
        """Stops of a rider; of those he carries the columns tell only the sequence."""
        carried = iter([stop.order for stop in self.wave.riders.route[row] if stop.order not in self.row_of])
        return tuple(
            Stop(KINDS[kind], self.orders[order].id if order < len(self.orders) else next(carried), place)
            for kind, order, place in zip(kinds.tolist(), orders.tolist(), places.tolist(), strict=True)
        )

    @cached_property
    def _reach(self) -> Reach:
        """Travel between the orders that may be inserted and wherever riders will be."""
        ends = np.array([(order.pickup, order.dropoff) for order in self.orders[: self.many]])
        once, end = np.unique(ends, return_inverse=True)
        spots = np.union1d(self.tours.place, once)
        spot, times = np.zeros(spots[-1] + 1, np.int64), self.wave.travel.times
        spot[spots] = np.arange(len(spots))
        there = once[:, None]
        return Reach(spot, end.reshape(-1, 2), ends[:, 1].copy(), times(spots, there), times(there, spots))

    def _tours(self) -> Tours:
        riders, rules = self.wave.riders, self.wave.rules
        length = np.array([len(route) for route in riders.route])
        shape = len(riders), int(length.max(initial=0)) + 9
        kind, order, place = np.zeros((3, *shape), np.int64)
        row, column = np.repeat(np.arange(len(riders)), length), np.arange(length.sum())
        column += 1 - np.repeat(np.cumsum(length) - length, length)
        stops = [*chain.from_iterable(riders.route)]
        kinds, orders, places = np.fromiter(chain.from_iterable(stops), np.int64, 3 * len(stops)).reshape(-1, 3).T
        kind[row, column], place[row, column] = kinds, places
        order[row, column] = [self.row_of.get(one, len(self.orders)) for one in orders.tolist()]
        place[:, 0] = np.where(length > 0, place[:, 1], riders.at)
        leg = np.zeros(shape)
        leg[:, 1:] = self.wave.travel.times(place[:, :-1], place[:, 1:])
        free = [np.zeros(len(riders)) for _ in range(2)]
        latest = riders.off_at if rules.pickup_by_off else np.full(len(riders), np.inf)
        load = np.array([len(some) for some in riders.on_board], np.int64)
        return Tours(length, kind, order, place, leg, free[0], free[1], latest, load, riders.capacity)


def _wider(tours: Tours) -> Tours:
    """The same with room for more stops."""
    more = np.zeros((len(tours.length), 8), np.int64)
    kind, order, place = (np.hstack([column, more]) for column in (tours.kind, tours.order, tours.place))
    return tours._replace(kind=kind, order=order, place=place, leg=np.hstack([tours.leg, more]))


def _known(orders: Sequence[Order]) -> Known:
    rows = [(o.ready_at, o.handling_s, o.door_s, o.promised_at, o.merchant, o.pickup) for o in orders]
    ready, handling, door, promised, merchant, pickup = np.array(rows, np.float64).T.copy()
    return Known(ready, handling, door, promised, merchant.astype(np.int64), pickup.astype(np.int64))
