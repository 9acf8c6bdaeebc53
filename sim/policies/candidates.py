"""Which orders and riders a wave can pair, and what a pair costs: shared by the shipped policies."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Self

import numpy as np

from sim.entities import Assignment, Bools, Floats, Ints, Order, Orders, Riders, Route, Wave
from sim.routes import errand
from sim.units import MINUTE

FORBIDDEN = 1e9
"""Weight in seconds of a pair that is impossible: more than all others together."""


class Fewer(Riders):
    """Riders of whom some may not be given a route; their other columns are looked up when they are asked for."""

    __slots__ = ("_all",)
    _all: Riders

    @classmethod
    def of(cls, riders: Riders, available: Bools) -> Self:
        """These riders, of whom only the available ones may be given a route."""
        fewer = cls.__new__(cls)
        object.__setattr__(fewer, "_all", riders)
        object.__setattr__(fewer, "available", available)
        return fewer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._all, name)


class Part(Wave):
    """A wave of which some columns are others; those that nobody has looked at yet are made when they are asked for."""

    _whole: Wave

    @classmethod
    def of(cls, wave: Wave, **others: Any) -> Self:
        """A wave with other columns."""
        part = cls.__new__(cls)
        part.__dict__.update(wave.__dict__, _whole=wave, **others)
        part.__dict__.pop("_run", None)
        return part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def due(wave: Wave, lead_min: float) -> list[Order]:
    """The open orders that will be ready within `lead_min` minutes, the earliest ready first."""
    limit = wave.now + lead_min * MINUTE
    return sorted([order for order in wave.orders.rows if order.ready_at <= limit], key=_ready_at)


_ready_at, _pickup = attrgetter("ready_at"), attrgetter("pickup")


def idle(wave: Wave) -> Ints:
    """Rows of the riders who may be given a route and have none."""
    return (wave.riders.available & (wave.riders.load == 0)).nonzero()[0]


def errand_of(wave: Wave, row: int, order: Order) -> Route:
    """The route of a rider without orders, by his row, when he is given one: he first ends a reposition under way."""
    if wave.riders.under_way[row]:
        return (*wave.riders.route[row], *errand(order))
    return errand(order)


def pair_costs(wave: Wave, orders: Sequence[Order], riders: Ints) -> Floats:
    """Cost in seconds of sending each rider to each order's merchant.

    It is the rider's way to the merchant plus the time that the ready meal waits for him; infinite where the
    rider has refused the order, the rules forbid pickups after his off-time and it would be one, or they want
    skills to match and he lacks one.

    Parameters
    ----------
    orders
        Open orders.
    riders
        Rows of the wave's riders.

    Returns
    -------
    Floats
        Shape (orders, riders).
    """
    pickup, ready = np.array([*map(_pickup, orders)])[:, None], np.array([*map(_ready_at, orders)])[:, None]
    travel = wave.travel.times(wave.riders.at[riders], pickup)
    there = travel + (wave.riders.free_at[riders] + wave.rules.pickup_s / 2)
    costs = there - np.maximum(ready, wave.now)
    np.maximum(costs, 0.0, out=costs)
    costs += travel
    for row, order in enumerate(orders if wave.refused else ()):
        costs[row, np.isin(wave.riders.id[riders], list(wave.refused.get(order.id, ())))] = np.inf
    if wave.rules.match_skills:
        costs[unfit(wave, np.array([order.needs for order in orders]), riders)] = np.inf
    if wave.rules.pickup_by_off:
        costs[np.maximum(there, ready) > wave.riders.off_at[riders]] = np.inf
    return costs


def unfit(wave: Wave, needs: Ints, riders: Ints) -> Bools:
    """Whether each rider lacks something of the needs of each order or trip.

    Parameters
    ----------
    needs
        :class:`~sim.entities.Need` flags.
    riders
        Rows of the wave's riders.

    Returns
    -------
    Bools
        Shape (needs, riders).
    """
    if wave.riders.skills is None:
        return np.zeros((len(needs), len(riders)), np.bool_)
    return np.asarray((needs[:, None] & ~wave.riders.skills[riders]) != 0)


def matched(wave: Wave, orders: Sequence[Order], riders: Ints, costs: Floats, weights: Floats) -> list[Assignment]:
    """Errands for as many of the possible pairs as can be made at once, with the least sum of weights.

    Parameters
    ----------
    orders, riders
        Open orders, and rows of the wave's riders who have none.
    costs
        Infinite where a pair is impossible, shape (orders, riders).
    weights
        What to make least, in seconds, of the same shape.
    """
    pairs = _assigned(np.where(costs < np.inf, weights, FORBIDDEN))
    made = [(row, riders.item(column)) for row, column in pairs if costs.item(row, column) < np.inf]
    return [Assignment(wave.riders.id.item(rider), errand_of(wave, rider, orders[row])) for row, rider in made]


def _assigned(weights: Floats) -> list[tuple[int, int]]:
    """The pairs of a row and a column with the least sum of weights."""
    if len(weights) == 1:  # most waves have one order
        return [(0, int(weights.argmin()))]
    from scipy.optimize import linear_sum_assignment  # a slow import, and not every run needs it

    rows, columns = linear_sum_assignment(weights)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def left(wave: Wave, orders: list[Order], taken: Sequence[Assignment], hidden: Bools | None = None) -> Wave:
    """The wave for some of its orders, without the riders that are taken, hidden, or have lost an order to a taker."""
    if not taken and hidden is None and len(orders) == len(wave.orders):
        return wave
    available, others = wave.riders.available, {}
    if hidden is not None:
        available = available & ~hidden
    if taken:
        gone = {stop.order for assignment in taken for stop in assignment.route if stop.order >= 0}
        orders = [order for order in orders if order.id not in gone]
        available = available & ~np.isin(wave.riders.id, [assignment.rider for assignment in taken])
        if lost := gone - {order.id for order in wave.orders}:  # they were in somebody's route
            available &= [not any(stop.order in lost for stop in route) for route in wave.riders.route]
            others["assigned"] = Orders([order for order in wave.assigned if order.id not in lost])
    return Part.of(wave, orders=Orders(orders), riders=Fewer.of(wave.riders, available), **others)
