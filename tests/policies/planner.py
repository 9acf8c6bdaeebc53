"""Tours the plain way: riders' remaining routes, and what it costs to insert an order into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from sim.entities import Order, Route, Wave
from sim.policies.tour_table import CARRIED
from sim.routes import DROPOFF, PICKUP, REPOSITION, errand, plan


class Tour(NamedTuple):
    """A rider's remaining route.

    Parameters
    ----------
    row
        Row of the rider in the wave.
    route
        His stops.
    place, start
        From where and from when, in seconds, the route is planned.
    cost
        Cost of the route, in seconds.
    growth
        How much the last insertion has added to it.
    """

    row: int
    route: Route
    place: int
    start: float
    cost: float
    growth: float = 0.0


@dataclass(frozen=True, slots=True)
class Planner:
    """Costs of routes in seconds: the drop-off times, lateness, and the rider's work.

    Parameters
    ----------
    wave
        The wave.
    orders
        The orders in routes that are not on board, and those that may be inserted, by id.
    patience_s
        Lateness that counts twice, in seconds; what lateness adds grows with its square.
    thrift
        Weight of a second of work against a second of delivery time.
    """

    wave: Wave
    orders: Mapping[int, Order]
    patience_s: float
    thrift: float

    def tour(self, row: int) -> Tour:
        """The present tour of a rider.

        A wave does not tell when a busy rider makes his first stop, but when he makes his last: he is taken to
        start as late as that allows, so that what is planned can be kept.
        """
        riders, rules = self.wave.riders, self.wave.rules
        route: Route = riders.route[row]
        free_at = riders.free_at.item(row)
        if not route:
            return Tour(row, route, riders.at.item(row), free_at, 0.0)
        place = route[0].place
        _, length = plan(route, place, 0.0, self._cooked, self.wave.travel, rules)
        start = max(free_at - length, self.wave.now - max(rules.pickup_s, rules.dropoff_s) / 2)
        return Tour(row, route, place, start, self._cost(route, place, start)[0])

    def least(self, tour: Tour, order: Order) -> float:
        """A bound below the growth of every insertion: the drop-off, if the rider were to hurry for this order."""
        travel, rules = self.wave.travel, self.wave.rules
        there = tour.start + travel.time(tour.place, order.pickup) + rules.pickup_s / 2
        ride = rules.pickup_s / 2 + travel.time(order.pickup, order.dropoff) + rules.dropoff_s / 2
        return max(there, order.ready_at) + ride

    def insertions(self, tour: Tour, order: Order) -> Iterator[Tour]:
        """The tour with an order more, in every way that the rules allow; the first of its stops stays first."""
        pickup, dropoff = errand(order)
        route, place, start = tour.route, tour.place, tour.start
        latest = self.wave.riders.off_at.item(tour.row) if self.wave.rules.pickup_by_off else inf
        for first in range(min(len(route), 1), len(route) + 1):
            for second in range(first, len(route) + 1):
                longer = (*route[:first], pickup, *route[first:second], dropoff, *route[second:])
                if self._fits(tour.row, longer):
                    cost, last_pickup = self._cost(longer, place, start)
                    if last_pickup <= latest:
                        yield Tour(tour.row, longer, place, start, cost, cost - tour.cost)

    def _cost(self, route: Route, place: int, start: float) -> tuple[float, float]:
        """Cost of a route and the time of its last pickup, both in seconds."""
        times, end = plan(route, place, start, self._known, self.wave.travel, self.wave.rules)
        cost, last_pickup = self.thrift * (end - start), -inf
        for (kind, number, _), at in zip(route, times, strict=True):
            if kind == DROPOFF:
                cost += at + max(at - self._known(number).promised_at, 0.0) ** 2 / self.patience_s
            elif kind == PICKUP:
                last_pickup = at
        return cost, last_pickup

    def _fits(self, row: int, route: Route) -> bool:
        """Whether the rider never carries too much, and only what the rules allow together."""
        load, capacity = len(self.wave.riders.on_board[row]), self.wave.riders.capacity.item(row)
        for kind, _, _ in route:
            load += (kind == PICKUP) - (kind == DROPOFF)
            if load > capacity:
                return False
        return not self.wave.rules.single_merchant or self._from_one_merchant(route)

    def _from_one_merchant(self, route: Route) -> bool:
        stops = [stop for stop in route if stop.kind != REPOSITION]
        pickups = len({stop.order for stop in stops})
        same = len({(self._known(stop.order).merchant, self._known(stop.order).pickup) for stop in stops}) == 1
        return same and all(stop.kind == PICKUP for stop in stops[:pickups])

    def _known(self, number: int) -> Order:
        return self.orders.get(number, CARRIED)

    def _cooked(self, number: int) -> Order:
        return self._known(number)._replace(ready_at=-inf)
