"""Waves of a lunch peak without a simulation: what a policy would see of so many open orders and riders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sim.city.model import City, Intents
from sim.engine.run import rules
from sim.entities import Bools, Ints, Order, Orders, Riders, Route, Rules, Stop, Wave
from sim.routes import DROPOFF, PICKUP, plan
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import HOUR, MINUTE

NOW = 12 * HOUR
PEAK = 11 * HOUR, 13 * HOUR
"""Open orders and those in routes are Intents of these hours, in seconds of the day."""
PLACED_WITHIN_S = 10 * MINUTE
"""No order is older: an assumption."""
LOADS = 0.35, 0.30, 0.20, 0.15
"""Shares of the riders who have no order, one, two and three: an assumption."""
ON_BOARD = 0.5
"""Share of the riders' orders that they have picked up already: an assumption."""
SHIFT_S = 4 * HOUR
"""Riders have worked up to so long, and will up to so long: an assumption."""
WAGE_FEN = 10_000
"""Riders have earned up to so much: an assumption."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Where waves are taken from.

    Parameters
    ----------
    city
        A generated city.
    rules
        Its rules.
    intents
        Those of its lunch.
    promise_s
        From the placement to the promised time, in seconds.
    streams
        Where waves are drawn from.
    """

    city: City
    rules: Rules
    intents: Intents
    promise_s: float
    streams: Streams

    @classmethod
    def of(cls, scenario: Scenario, city: City) -> Peak:
        """The lunch of the first day."""
        streams = Streams(scenario.seed)
        intents = city.day(0, streams).intents
        some = (intents.t >= PEAK[0]) & (intents.t < PEAK[1]) & (intents.merchant >= 0)
        promise_s = scenario.platform.promise_min * MINUTE
        return cls(city, rules(scenario), intents.take(some.nonzero()[0]), promise_s, streams)

    def wave(self, orders: int, riders: int, index: int = 0) -> Wave:
        """A wave with so many open orders and riders, drawn anew for each index.

        Raises
        ------
        ValueError
            When the lunch has too few Intents or the city too few riders.
        """
        rng = self.streams.generator("experiment.wave", index)
        loads = rng.permutation(np.searchsorted(np.cumsum(LOADS), (np.arange(riders) + 0.5) / max(riders, 1)))
        many, intents, fleet = orders + int(loads.sum()), len(self.intents), len(self.city.riders.start)
        if many > intents or riders > fleet:
            wanted = f"{many} Intents at lunch and {riders} riders"
            raise ValueError(f"expected a city of at least {wanted}, this one has {intents} and {fleet}")
        known = self._orders(rng, many)
        carried = (np.arange(many) >= orders) & (rng.random(many) < ON_BOARD)
        rows = np.split(np.arange(orders, many), np.cumsum(loads)[:-1])
        routes = [_route([known[row] for row in some], carried) for some in rows]
        assigned = [order for order in known[orders:] if not carried[order.id]]
        table = self._riders(rng, loads, known, routes, carried)
        return Wave(index, NOW, Orders(known[:orders]), Orders(assigned), table, self.city.travel, self.rules)

    def _orders(self, rng: Generator, many: int) -> list[Order]:
        some = self.intents.take(rng.choice(len(self.intents), many, replace=False))
        kitchen, placed = self.city.merchants, NOW - rng.random(many) * PLACED_WITHIN_S
        ready, promised = placed + kitchen.prep_s[some.merchant], placed + self.promise_s
        names = some.user, some.merchant, kitchen.place[some.merchant], some.place
        columns = [column.tolist() for column in (*names, placed, ready, promised, some.basket)]
        nothing = [0] * many
        return [Order(*row) for row in zip(range(many), *columns, nothing, nothing, strict=True)]

    def _riders(
        self, rng: Generator, loads: Ints, known: Sequence[Order], routes: Sequence[Route], carried: Bools
    ) -> Riders:
        many, pause = len(loads), rng.choice(self.city.merchants.place, len(loads)).tolist()
        begins = [route[0].place if route else at for route, at in zip(routes, pause, strict=True)]
        ends = [route[-1].place if route else at for route, at in zip(routes, pause, strict=True)]
        travel, order_of = self.city.travel, known.__getitem__
        plans = [plan(route, at, NOW, order_of, travel, self.rules) for route, at in zip(routes, begins, strict=True)]
        return Riders(
            id=np.arange(many),
            at=np.array(ends, np.int64),
            free_at=np.array([free_at for _, free_at in plans]),
            available=np.ones(many, np.bool_),
            load=loads,
            capacity=self.city.riders.capacity[:many],
            off_at=NOW + rng.random(many) * SHIFT_S,
            route=_objects(routes),
            on_board=_objects([frozenset(stop.order for stop in route if carried[stop.order]) for route in routes]),
            under_way=loads > 0,
            earned=rng.integers(0, WAGE_FEN, many),
            worked_s=rng.random(many) * SHIFT_S,
        )


def _route(orders: Sequence[Order], carried: Bools) -> Route:
    """The pickups that are left, then the drop-offs."""
    pickups = [Stop(PICKUP, order.id, order.pickup) for order in orders if not carried[order.id]]
    return (*pickups, *(Stop(DROPOFF, order.id, order.dropoff) for order in orders))


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    column = np.empty(len(values), object)
    column[:] = values
    return column
