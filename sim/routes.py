"""Routes: when a rider will be where, by the platform's estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.entities import Order, Route, Rules, Stop, StopKind, Travel

PICKUP, DROPOFF, REPOSITION = StopKind


def plan(
    route: Sequence[Stop], at: int, start: float, order_of: Callable[[int], Order], travel: Travel, rules: Rules
) -> tuple[list[float], float]:
    """Times of a route by the platform's estimates.

    Pickups that follow each other at one place are one visit and share its service time; the visit
    lasts until the last of their meals is ready.

    Parameters
    ----------
    route
        Remaining stops.
    at, start
        Place and time in seconds where the rider begins.
    order_of
        An order of the route by its id.

    Returns
    -------
    times, end
        When the pickup or drop-off of each stop happens, and when the rider is free again, in seconds.
    """
    times: list[float] = []
    now, place, half = start, at, rules.pickup_s / 2
    index, size = 0, len(route)
    while index < size:
        kind, number, there = route[index]
        now += travel.time(place, there)
        place, index = there, index + 1
        if kind == PICKUP:
            arrived, order = now + half, order_of(number)
            now = max(arrived + order.handling_s, order.ready_at)
            end = visit_end(route, index - 1)
            while index < end:
                order, index = order_of(route[index].order), index + 1
                now = max(now, arrived + order.handling_s, order.ready_at)
            times += [now] * (index - len(times))
            now += half
        elif kind == DROPOFF:
            service = rules.dropoff_s + order_of(number).door_s
            times.append(now + service / 2)
            now += service
        else:
            times.append(now)
    return times, now


def plan_errand(order: Order, at: int, start: float, travel: Travel, rules: Rules) -> tuple[list[float], float]:
    """Times and end of :func:`errand`, as :func:`plan` gives them to the last bit."""
    half, service = rules.pickup_s / 2, rules.dropoff_s + order.door_s
    arrived = start + travel.time(at, order.pickup) + half
    picked = max(arrived + order.handling_s, order.ready_at)
    there = picked + half + travel.time(order.pickup, order.dropoff)
    return [picked, there + service / 2], there + service


def visit_end(route: Sequence[Stop], index: int) -> int:
    """Index after the visit that begins at `index`: pickups in a row at one place are one visit."""
    kind, _, place = route[index]
    end, size = index + 1, len(route)
    if kind == PICKUP:
        while end < size and route[end].kind == PICKUP and route[end].place == place:
            end += 1
    return end


def errand(order: Order) -> Route:
    """The route of one order: its pickup, then its drop-off."""
    return (Stop(PICKUP, order.id, order.pickup), Stop(DROPOFF, order.id, order.dropoff))
