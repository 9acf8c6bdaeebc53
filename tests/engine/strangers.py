"""Dispatch policies of strangers: they bundle, reshuffle, roll dice, and deliver every rule to its limit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Order, Route, Stop, StopKind, Wave
from sim.policies.candidates import idle
from sim.policies.dispatch import DispatchPolicy
from sim.routes import errand

PICKUP, DROPOFF, REPOSITION = StopKind


@dataclass(frozen=True)
class Bundler:
    """Orders of one merchant in one route, as many as the rider may carry: pickups first, then drop-offs."""

    most: int = 99

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        riders, answer = idle(wave).tolist(), []
        for merchant in dict.fromkeys(wave.orders.merchant.tolist()):
            if riders:
                rider = riders.pop(0)
                size = min(self.most, int(wave.riders.capacity[rider]))
                orders = [order for order in wave.orders.rows if order.merchant == merchant][:size]
                answer.append(Assignment(int(wave.riders.id[rider]), bundle(orders)))
        return answer


def bundle(orders: Sequence[Order]) -> Route:
    picks = tuple(Stop(PICKUP, order.id, order.pickup) for order in orders)
    return picks + tuple(Stop(DROPOFF, order.id, order.dropoff) for order in orders)


@dataclass(frozen=True)
class Reshuffler:
    """Give every order that is not on board, and to which nobody is on his way, to a random rider, or to nobody."""

    nobody: float = 0.1

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        riders = wave.riders
        routes = [fixed_part(wave, row) for row in range(len(riders))]
        taken = {stop.order for route in routes for stop in route}
        rows = np.flatnonzero(riders.available)
        for order in [*wave.orders.rows, *wave.assigned.rows]:
            if order.id not in taken and rng.random() >= self.nobody and len(rows):
                routes[int(rng.choice(rows))] += errand(order)
        pairs = zip(riders.id.tolist(), routes, strict=True)
        return [Assignment(rider, route) for row, (rider, route) in enumerate(pairs) if route != riders.route[row]]


def fixed_part(wave: Wave, row: int) -> Route:
    """The stop under way and the drop-offs of what is then on board; all if he takes no new route."""
    route, on_board = wave.riders.route[row], wave.riders.on_board[row]
    if not wave.riders.available[row]:
        return route
    first = route[:1] if wave.riders.under_way[row] else ()
    carried = on_board | {stop.order for stop in first if stop.kind == PICKUP}
    drops = tuple(s for s in route[len(first) :] if s.kind == DROPOFF and s.order in carried)
    return first + drops


@dataclass(frozen=True)
class Roamer:
    """Send each idle rider with nothing to carry somewhere else, then serve from there."""

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        answer = []
        riders = [row for row in idle(wave).tolist() if not wave.riders.route[row]]
        for order, row in zip(wave.orders.rows, riders, strict=False):
            detour = Stop(REPOSITION, -1, int(rng.integers(20)))
            answer.append(Assignment(int(wave.riders.id[row]), (detour, *errand(order))))
        return answer


@dataclass(frozen=True)
class Gambler:
    """Whatever the policy inside does, after some throws of its own dice."""

    inside: DispatchPolicy
    throws: int = 3

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        rng.random(self.throws)
        np.random.default_rng().random()
        return self.inside(wave, rng)
