"""Routes: when a rider will be where, by the platform's estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.entities import Order, Route, Rules, Stop, StopKind, Travel

PICKUP, DROPOFF, REPOSITION = StopKind


class Visit(NamedTuple):
    """One stop of a planned route: when its pickup or drop-off happens, in seconds."""

    stop: Stop
    at: float


def plan(
    route: Sequence[Stop], at: int, start: float, orders: Mapping[int, Order], travel: Travel, rules: Rules
) -> tuple[list[Visit], float]:
    """Times of a route by the platform's estimates.

    Pickups that follow each other at one place are one visit and share its service time; the visit
    lasts until the last of their meals is ready.

    Parameters
    ----------
    route
        Remaining stops.
    at, start
        Place and time in seconds where the rider begins.
    orders
        The orders of the route by id.

    Returns
    -------
    visits, end
        One :class:`Visit` for each stop, and the time in seconds when the rider is free again.
    """
    visits: list[Visit] = []
    now, place, index = start, at, 0
    while index < len(route):
        stop = route[index]
        now += travel.time(place, stop.place)
        place = stop.place
        last = visit_end(route, index)
        if stop.kind == PICKUP:
            ready = max(orders[route[i].order].ready_at for i in range(index, last))
            now = max(now + rules.pickup_s / 2, ready)
            visits.extend(Visit(route[i], now) for i in range(index, last))
            now += rules.pickup_s / 2
        elif stop.kind == DROPOFF:
            visits.append(Visit(stop, now + rules.dropoff_s / 2))
            now += rules.dropoff_s
        else:
            visits.append(Visit(stop, now))
        index = last
    return visits, now


def visit_end(route: Sequence[Stop], index: int) -> int:
    """Index after the visit that begins at `index`: pickups in a row at one place are one visit."""
    end = index + 1
    if route[index].kind == PICKUP:
        while end < len(route) and route[end].kind == PICKUP and route[end].place == route[index].place:
            end += 1
    return end


def errand(order: Order) -> Route:
    """The route of one order: its pickup, then its drop-off."""
    return (Stop(PICKUP, order.id, order.pickup), Stop(DROPOFF, order.id, order.dropoff))
