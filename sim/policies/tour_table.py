"""The riders' routes as a table, into which orders are inserted where they cost least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import inf

import numpy as np

from sim.entities import Floats, Ints, Order, Route, Stop, StopKind, Wave
from sim.policies.tour_loops import Known, Terms, Tours, begin, cheapest, lengthen, settle

AT_ONCE = 16
"""Tours looked at together, the most promising first."""
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
        self.earliest = wave.now - max(rules.pickup_s, rules.dropoff_s) / 2
        self.tours = self._tours()
        self.begun = np.zeros(len(wave.riders), np.bool_)

    def best(self, new: int, rows: Ints) -> int:
        """Insert an order, by its row, where that is cheapest; the row of the tour, or -1 where it fits nowhere.

        The growths of the tours have a bound, the drop-off if the rider were to hurry for this
        order: the most promising tours come first, and no more than can win.
        """
        travel, order, half = self.wave.travel, self.orders[new], self.terms.pickup_s
        self.begin(rows)
        there = self.tours.start[rows] + travel.times(self.tours.place[rows, 0], order.pickup) + half
        ride = travel.time(order.pickup, order.dropoff)
        least = np.maximum(there, order.ready_at) + (half + ride + self.terms.dropoff_s / 2)
        sequence = least.argsort(kind="stable")
        rows, least = rows[sequence], least[sequence]
        best = np.full(5, np.inf)
        for first in range(0, len(rows), AT_ONCE):
            some, bound = rows[first : first + AT_ONCE], least[first : first + AT_ONCE]
            to, fro = self._ways(some, order)
            where = some, bound, new, order.dropoff, to, fro, ride
            if cheapest(*where, best, self.tours, self.known, self.terms) < len(some):
                break
        if best[0] == np.inf:
            return -1
        self._insert(best, new, ride)
        return int(best[1])

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

    def _insert(self, best: Floats, new: int, ride: float) -> None:
        row, one = int(best[1]), self.orders[new]
        if self.tours.length[row] + 3 > self.tours.kind.shape[1]:
            self.tours = _wider(self.tours)
        to, fro = self._ways(np.array([row]), one)
        lengthen(best, new, one.dropoff, to[:, 0], fro[:, 0], ride, self.tours, self.known)

    def begin(self, rows: Ints) -> None:
        """Enter when some tours start and what they cost, unless they have begun."""
        fresh = rows[~self.begun[rows]]
        if len(fresh):
            begin(fresh, self.wave.riders.free_at, self.earliest, self.tours, self.known, self.terms)
            self.begun[fresh] = True

    def _ways(self, rows: Ints, order: Order) -> tuple[Floats, Floats]:
        """Travel in seconds to the pickup and the drop-off, and from both; each of shape (2, rows, stops + 1)."""
        places, times = self.tours.place[rows, : self.tours.length[rows].max() + 1], self.wave.travel.times
        ends = np.array([order.pickup, order.dropoff])[:, None, None]
        return times(places, ends), times(ends, places)

    def _tours(self) -> Tours:
        riders, rules = self.wave.riders, self.wave.rules
        length = np.array([len(route) for route in riders.route])
        shape = len(riders), int(length.max(initial=0)) + 9
        kind, order, place = np.zeros((3, *shape), np.int64)
        row, column = np.repeat(np.arange(len(riders)), length), np.arange(length.sum())
        column += 1 - np.repeat(np.cumsum(length) - length, length)
        kinds, orders, places = zip(*chain.from_iterable(riders.route), strict=True) if length.any() else ((), (), ())
        kind[row, column], place[row, column] = kinds, places
        order[row, column] = [self.row_of.get(one, len(self.orders)) for one in orders]
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
