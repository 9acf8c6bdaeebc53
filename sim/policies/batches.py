"""Batches: orders that one rider fetches one after the other and then delivers, and the clustering that makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from sim.entities import Floats, Order, Orders, Route, Stop, Wave
from sim.routes import DROPOFF, PICKUP, plan

NEAR = 3
"""Other batches for which one that has just grown is tried again: those that fit its orders best."""
FAR_S = 1800.0
"""A pair of orders that loses more than this, in seconds, is never looked at."""
EARLY = -1e9
"""A start so early, in seconds, that only the meals are waited for."""


class Batch(NamedTuple):
    """Orders for one rider: all pickups, then all drop-offs.

    When he arrives at the first pickup at `s`, order `i` is dropped off at ``max(s + lags[i], soonest[i])``.

    Parameters
    ----------
    route
        Its stops.
    orders
        In the sequence of their drop-offs.
    lags, soonest
        For each order, in seconds: the drop-off after the arrival, were all meals ready, and as the meals allow.
    fetched
        The same two for the last pickup.
    ideal
        For each order the drop-off straight from the stove to its door, in seconds.
    work_s
        From the arrival until the rider is free, were all meals ready, in seconds.
    """

    route: Route
    orders: tuple[Order, ...]
    lags: tuple[float, ...]
    soonest: tuple[float, ...]
    fetched: tuple[float, float]
    ideal: tuple[float, ...]
    work_s: float

    @property
    def place(self) -> int:
        """Place of the first pickup."""
        return self.route[0].place

    def cost(self, start: float) -> float:
        """Seconds by which the orders are later than ideal, in all, when a rider arrives at `start`."""
        times = zip(self.lags, self.soonest, self.ideal, strict=True)
        return sum(max(start + lag, soonest) - ideal for lag, soonest, ideal in times)


def batch_of(wave: Wave, pickups: Sequence[Order], dropoffs: Sequence[Order]) -> Batch:
    """The batch with these sequences of pickups and of drop-offs."""
    route = _route(pickups, dropoffs)
    orders = {order.id: order for order in pickups}
    cooked = {number: order._replace(ready_at=EARLY) for number, order in orders.items()}
    lags, work_s = plan(route, route[0].place, 0.0, cooked.__getitem__, wave.travel, wave.rules)
    soonest, _ = plan(route, route[0].place, EARLY, orders.__getitem__, wave.travel, wave.rules)
    many = len(pickups)
    ideal = tuple(order.ready_at + _straight(wave, order) for order in dropoffs)
    fetched = lags[many - 1], soonest[many - 1]
    return Batch(route, tuple(dropoffs), tuple(lags[many:]), tuple(soonest[many:]), fetched, ideal, work_s)


def extras(wave: Wave, singles: Sequence[Batch], starts: Floats) -> Floats:
    """Seconds that the orders of two single batches lose in all if they are merged and the first is fetched first.

    Parameters
    ----------
    starts
        When a rider may be at the pickup of each, in seconds.

    Returns
    -------
    Floats
        Shape (first, second); infinite for a batch with itself and where the rules forbid the pair.
    """
    orders, rules = Orders([batch.orders[0] for batch in singles]), wave.rules
    pickup, dropoff, ready = orders.pickup, orders.dropoff, orders.ready_at
    handling = np.array([order.handling_s for order in orders])
    half = np.array([rules.dropoff_s + order.door_s for order in orders]) / 2
    alone = np.array([batch.cost(start) for batch, start in zip(singles, starts.tolist(), strict=True)])
    ideal = np.array([batch.ideal[0] for batch in singles])
    same = pickup[:, None] == pickup
    way = np.where(same, 0.0, wave.travel.times(pickup[:, None], pickup) + rules.pickup_s)
    first = np.maximum(starts + rules.pickup_s / 2 + handling, ready)[:, None]
    left = np.maximum(first + way + np.where(same, 0.0, handling), ready) + rules.pickup_s / 2
    ride = wave.travel.times(pickup[:, None], dropoff)
    between = wave.travel.times(dropoff[:, None], dropoff) + half + half[:, None]
    near, far = left + ride.T + half[:, None], left + ride.diagonal() + half
    total = np.minimum(2 * near + between, 2 * far + between.T)
    lost = total - (ideal + alone) - (ideal + alone)[:, None]
    lost[np.diag_indices(len(lost))] = np.inf
    if rules.single_merchant:
        merchant = orders.merchant
        lost[~same | (merchant[:, None] != merchant)] = np.inf
    return lost


def clusters(wave: Wave, singles: Sequence[Batch], starts: Floats, size: int, allowance_s: float) -> list[Batch]:
    """Batches of the order graph: the pair that loses least is merged while the mean loss a batch stays allowed.

    Parameters
    ----------
    size
        Most orders in a batch.
    allowance_s
        Mean over the batches of what merging may cost the orders of one, in seconds.
    """
    graph = _Graph(wave, singles, starts, size)
    lost = 0.0
    while graph.edges:
        extra, one, two = heappop(graph.edges)
        if one in graph.alive and two in graph.alive:
            if lost + extra > allowance_s * (len(graph.alive) - 1):
                break
            lost += extra
            graph.merge(one, two)
    return list(graph.alive.values())


class _Graph:
    """Batches as nodes, and edges with what merging two of them costs in seconds."""

    def __init__(self, wave: Wave, singles: Sequence[Batch], starts: Floats, size: int) -> None:
        self.wave, self.size = wave, size
        self.alive = dict(enumerate(singles))
        self.starts = dict(zip((batch.place for batch in singles), starts.tolist(), strict=True))
        self.costs = {node: self._cost(batch) for node, batch in self.alive.items()}
        lost = extras(wave, singles, starts)
        lost = np.minimum(lost, lost.T)
        rows, columns = (np.triu(lost < FAR_S, 1)).nonzero() if size > 1 else (np.zeros(0, int),) * 2
        self.edges = list(zip(lost[rows, columns].tolist(), rows.tolist(), columns.tolist(), strict=True))
        self.near: dict[int, dict[int, float]] = {node: {} for node in self.alive}
        for extra, one, two in self.edges:
            self.near[one][two] = self.near[two][one] = extra
        heapify(self.edges)
        self.ready: dict[tuple[int, int], Batch] = {}

    def merge(self, one: int, two: int) -> None:
        """Make one node of two, with edges to the nodes that fit both best."""
        node = len(self.near)
        batch = self.ready.pop((one, two), None) or self._merged(self.alive[one], self.alive[two])
        del self.alive[one], self.alive[two]
        fit: dict[int, float] = {}
        for other in self.near[one].keys() & self.near[two].keys() & self.alive.keys():
            if len(batch.orders) + len(self.alive[other].orders) <= self.size:
                fit[other] = self.near[one][other] + self.near[two][other]
        self.alive[node], self.costs[node], self.near[node] = batch, self._cost(batch), {}
        for other in sorted(fit, key=fit.__getitem__)[:NEAR]:
            self._link(other, node)

    def _link(self, one: int, two: int) -> None:
        joint = self._merged(self.alive[one], self.alive[two])
        extra = self._cost(joint) - self.costs[one] - self.costs[two]
        self.ready[one, two] = joint
        self.near[one][two] = self.near[two][one] = extra
        heappush(self.edges, (extra, one, two))

    def _cost(self, batch: Batch) -> float:
        return batch.cost(self.starts[batch.place])

    def _merged(self, one: Batch, two: Batch) -> Batch:
        """The orders of the smaller batch inserted into the other, each where it delays least."""
        big, small = (one, two) if len(one.orders) >= len(two.orders) else (two, one)
        orders = {order.id: order for order in (*big.orders, *small.orders)}
        pickups = [orders[stop.order] for stop in big.route[: len(big.orders)]]
        dropoffs = list(big.orders)
        for order in small.orders:
            pickups, dropoffs = min(_inserted(pickups, dropoffs, order), key=self._end)
        return batch_of(self.wave, pickups, dropoffs)

    def _end(self, sequences: tuple[list[Order], list[Order]]) -> float:
        """Sum of the drop-off times."""
        route = _route(*sequences)
        orders = {order.id: order for order in sequences[0]}
        start = self.starts[route[0].place]
        times, _ = plan(route, route[0].place, start, orders.__getitem__, self.wave.travel, self.wave.rules)
        return sum(times[len(orders) :])


def _inserted(pickups: list[Order], dropoffs: list[Order], order: Order) -> Iterator[tuple[list[Order], list[Order]]]:
    """All ways to insert an order into sequences of pickups and drop-offs; at one place pickups stay together."""
    together = [index for index, other in enumerate(pickups) if other.pickup == order.pickup]
    for first in together[-1:] or range(len(pickups) + 1):
        fetched = [*pickups[:first], order, *pickups[first:]]
        for second in range(len(dropoffs) + 1):
            yield fetched, [*dropoffs[:second], order, *dropoffs[second:]]


def _route(pickups: Sequence[Order], dropoffs: Sequence[Order]) -> Route:
    stops = [Stop(PICKUP, order.id, order.pickup) for order in pickups]
    return (*stops, *(Stop(DROPOFF, order.id, order.dropoff) for order in dropoffs))


def _straight(wave: Wave, order: Order) -> float:
    """Seconds from the stove to the door."""
    ride = wave.travel.time(order.pickup, order.dropoff)
    return (wave.rules.pickup_s + wave.rules.dropoff_s + order.door_s) / 2 + ride
