"""The riders' routes as a table, into which orders are inserted where they cost least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import inf
from operator import attrgetter

import numpy as np

from sim.entities import Floats, Ints, Order, Route, Stop, StopKind, Wave
from sim.policies.detour_loops import nearest
from sim.policies.insert_loops import Choice, fill
from sim.policies.tour_loops import Known, Reach, Terms, Tours, begin, settle

KINDS = tuple(StopKind)
CARRIED = Order(-1, -1, -1, -1, -1, -inf, -inf, inf, 0, 0, 0)
"""An order on board, of which a wave tells no more than that it is there."""
NOWHERE = Reach(np.zeros(1, np.int64), np.zeros((1, 2), np.int64), np.zeros((1, 1)), np.zeros((1, 1)))
"""For loops that insert nothing."""
SPARE = 10
"""Stops for which a table has room beyond its longest route."""


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
        self.wave, self.orders, self.many = wave, [*orders, *wave.assigned.rows], len(orders)
        self.row_of = {order.id: row for row, order in enumerate(self.orders)}
        self.known = _known([*self.orders, CARRIED])
        self.terms = Terms(
            rules.pickup_s / 2, float(rules.dropoff_s), float(patience_s), float(thrift), rules.single_merchant
        )
        self.tours = self._tours()
        earliest = wave.now - max(rules.pickup_s, rules.dropoff_s) / 2
        begin(wave.riders.free_at, earliest, NOWHERE, self.tours, self.known, self.terms)

    def fill(self, choice: Choice) -> Ints:
        """Insert the orders one by one where that is cheapest; whose tour each then is in, by row, or -1."""
        given, done = np.full(self.many, -1), 0
        some = np.unique(choice.near)
        reach = self.reach(np.arange(self.many), np.append(some[some >= 0], choice.resting))
        while (done := fill(done, given, choice, reach, self.tours, self.known, self.terms)) < self.many:
            self.tours = _wider(self.tours)
        return given

    def near(self, some: Ints, pickups: Ints, most: int) -> Ints:
        """Where in `some` the tours are that come nearest to each pickup, -1 where there are too few of them."""
        length = self.tours.length[some]
        spots, spot = np.unique(self._places(some), return_inverse=True)
        once, which = np.unique(pickups, return_inverse=True)
        away = self.wave.travel.times(spots, once[:, None])
        return np.asarray(nearest(away, spot, np.append(0, np.cumsum(length)), most)[which])

    def reach(self, orders: Ints, some: Ints) -> Reach:
        """Travel between the ends of some orders and the places of some tours, all by their rows."""
        ends = np.stack([self.known.pickup[orders], self.known.dropoff[orders]], axis=1)
        once, columns = np.unique(ends, return_inverse=True)
        spots = np.unique(np.concatenate([self._places(some), self.tours.place[some, 0], once]))
        spot, end = np.zeros(spots[-1] + 1, np.int64), np.zeros((len(self.orders), 2), np.int64)
        spot[spots], end[orders] = np.arange(len(spots)), columns.reshape(-1, 2)
        times, there = self.wave.travel.times, spots[:, None]
        return Reach(spot, end, times(there, once), times(once, there))

    def settled(self, rows: Ints) -> tuple[Ints, Floats]:
        """Where and when (s) tours end that have lost stops; what they cost is entered."""
        place, length = self.tours.place[rows], self.tours.length[rows]
        self.tours.leg[rows, 1:] = self.wave.travel.times(place[:, :-1], place[:, 1:])
        ends = settle(rows, NOWHERE, self.tours, self.known, self.terms)
        return place[np.arange(len(rows)), length], ends

    def routes(self, rows: Ints, riders: Ints) -> list[Route]:
        """The stops of tours, and whose they are; of what a rider carries the tour tells only the sequence."""
        kinds, orders, places = (column[rows, 1:] for column in (self.tours.kind, self.tours.order, self.tours.place))
        columns = kinds.tolist(), orders.tolist(), places.tolist(), self.tours.length[rows].tolist(), riders.tolist()
        return [self._route(*row) for row in zip(*columns, strict=True)]

    def _route(self, kinds: list[int], orders: list[int], places: list[int], size: int, rider: int) -> Route:
        known, aboard = self.orders, len(self.orders)
        carried = (stop.order for stop in self.wave.riders.route[rider] if stop.order not in self.row_of)
        return tuple(
            [
                Stop(KINDS[kind], known[order].id if order < aboard else next(carried), place)
                for kind, order, place in zip(kinds[:size], orders, places, strict=False)
            ]
        )

    def _places(self, some: Ints) -> Ints:
        """The places of the stops of some tours, one after the other."""
        inside = np.arange(1, self.tours.place.shape[1]) <= self.tours.length[some, None]
        places: Ints = self.tours.place[some, 1:][inside]
        return places

    def _tours(self) -> Tours:
        riders, rules = self.wave.riders, self.wave.rules
        many, length = len(riders), np.array([*map(len, riders.route), 0])
        shape = many + 1, int(length.max()) + SPARE + 1
        kind, order, place = np.zeros((3, *shape), np.int64)
        inside = np.arange(shape[1]) < length[:, None]
        stops = np.fromiter(chain.from_iterable(chain.from_iterable(riders.route)), np.int64, 3 * int(length.sum()))
        kinds, orders, places = stops.reshape(-1, 3).T
        kind[:, 1:][inside[:, :-1]], place[:, 1:][inside[:, :-1]] = kinds, places
        order[:, 1:][inside[:, :-1]] = [self.row_of.get(one, len(self.orders)) for one in orders.tolist()]
        place[:-1, 0] = np.where(length[:-1] > 0, place[:-1, 1], riders.at)
        leg = np.zeros(shape)
        leg[:, 1:] = self.wave.travel.times(place[:, :-1], place[:, 1:])
        start, cost = np.zeros((2, many + 1))
        latest = np.append(riders.off_at if rules.pickup_by_off else np.full(many, inf), inf)
        load = np.array([*map(len, riders.on_board), 0])
        return Tours(length, kind, order, place, leg, start, cost, latest, load, np.append(riders.capacity, 0))


def _wider(tours: Tours) -> Tours:
    """The same with room for more stops."""
    more = np.zeros((len(tours.length), SPARE), np.int64)
    kind, order, place = (np.hstack([column, more]) for column in (tours.kind, tours.order, tours.place))
    return tours._replace(kind=kind, order=order, place=place, leg=np.hstack([tours.leg, more]))


def _known(orders: Sequence[Order]) -> Known:
    rows = np.fromiter(chain.from_iterable(map(_columns, orders)), np.float64, 7 * len(orders)).reshape(-1, 7)
    ready, handling, door, promised, *names = rows.T.copy()
    merchant, pickup, dropoff = (column.astype(np.int64) for column in names)
    return Known(ready, handling, door, promised, merchant, pickup, dropoff)


_columns = attrgetter("ready_at", "handling_s", "door_s", "promised_at", "merchant", "pickup", "dropoff")
