"""The loops of tours: what routes cost, what they may carry, and one with an order more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Floats, Ints
from sim.policies.compiled import compiled
from sim.routes import DROPOFF, PICKUP, REPOSITION

FETCH, BRING, MOVE = int(PICKUP), int(DROPOFF), int(REPOSITION)


class Known(NamedTuple):
    """Orders as columns, times in seconds; the last row stands for all that are carried, of which nothing is known."""

    ready: Floats
    handling: Floats
    door: Floats
    promised: Floats
    merchant: Ints
    pickup: Ints


class Tours(NamedTuple):
    """Riders' routes, with room for more stops; shape (riders,), or (riders, stops + 1), from where he starts on.

    Parameters
    ----------
    length
        Stops of each.
    kind, order, place
        Of each stop, the order as a row of :class:`Known`; at 0 only the place where the route starts.
    leg
        Travel to each stop from the one before, in seconds.
    start, cost, latest
        When the route starts, what it costs, and after which time nothing may be picked up, in seconds.
    load, capacity
        Orders on board when it starts, and the most there may be.
    """

    length: Ints
    kind: Ints
    order: Ints
    place: Ints
    leg: Floats
    start: Floats
    cost: Floats
    latest: Floats
    load: Ints
    capacity: Ints


class Terms(NamedTuple):
    """Half a pickup, a drop-off and the patience (s); weight of a second of work; whether routes have one merchant."""

    pickup_s: float
    dropoff_s: float
    patience_s: float
    thrift: float
    single_merchant: bool


@compiled
def walk(
    kind: Ints, order: Ints, place: Ints, leg: Floats, start: float, known: Known, terms: Terms, cooked: bool
) -> tuple[float, float, float]:
    """Cost of a route, the time of its last pickup and its end, in seconds; `cooked` as if all meals were ready."""
    size, now, fetched, at = len(kind), start, -np.inf, 0
    drops = np.empty(size)
    while at < size:
        now += leg[at]
        one = order[at]
        if kind[at] == FETCH:
            arrived, first = now + terms.pickup_s, at
            now = arrived
            while at < size and kind[at] == FETCH and place[at] == place[first]:
                ready = -np.inf if cooked else known.ready[order[at]]
                now = max(now, arrived + known.handling[order[at]], ready)
                at += 1
            fetched = now
            now += terms.pickup_s
        else:
            if kind[at] == BRING:
                service = terms.dropoff_s + known.door[one]
                drops[at] = now + service / 2
                now += service
            at += 1
    cost = terms.thrift * (now - start)
    for at in range(size):
        if kind[at] == BRING:
            late = max(drops[at] - known.promised[order[at]], 0.0)
            cost += drops[at] + late * late / terms.patience_s
    return cost, fetched, now


@compiled
def begin(rows: Ints, free_at: Floats, earliest: float, tours: Tours, known: Known, terms: Terms) -> None:
    """Enter when some tours start and what they cost: as late as the rider's estimate allows, and not long ago."""
    for row in rows:
        stops = slice(1, tours.length[row] + 1)
        kind, order, place, leg = (
            tours.kind[row, stops],
            tours.order[row, stops],
            tours.place[row, stops],
            tours.leg[row],
        )
        _, _, length = walk(kind, order, place, leg[stops], 0.0, known, terms, True)
        tours.start[row] = max(free_at[row] - length, earliest) if len(kind) else free_at[row]
        if len(kind):
            tours.cost[row] = walk(kind, order, place, leg[stops], tours.start[row], known, terms, False)[0]


@compiled
def settle(rows: Ints, tours: Tours, known: Known, terms: Terms) -> Floats:
    """Enter what tours cost that have lost stops; when each ends, in seconds."""
    ends = np.empty(len(rows))
    for index, row in enumerate(rows):
        stops = slice(1, tours.length[row] + 1)
        kind, order, place, leg = tours.kind[row, stops], tours.order[row, stops], tours.place[row], tours.leg[row]
        tours.cost[row], _, ends[index] = walk(
            kind, order, place[stops], leg[stops], tours.start[row], known, terms, False
        )
    return ends


@compiled
def allowed(kind: Ints, order: Ints, load: int, capacity: int, known: Known, terms: Terms) -> bool:
    """Whether a route never carries too much, and only what may go together."""
    for stop in kind:
        load += 1 if stop == FETCH else -1 if stop == BRING else 0
        if load > capacity:
            return False
    if not terms.single_merchant:
        return True
    orders, fetching, one = 0, True, -1
    for at in range(len(kind)):
        if kind[at] != MOVE:
            if one >= 0 and known.merchant[order[at]] != known.merchant[one]:
                return False
            if one >= 0 and known.pickup[order[at]] != known.pickup[one]:
                return False
            one = order[at]
            if kind[at] == FETCH and not fetching:
                return False
            fetching &= kind[at] == FETCH
            orders += kind[at] == FETCH
    return orders == (kind == BRING).sum()


@compiled
def insert(at: Ints, first: int, second: int, one: int, two: int, out: Ints) -> None:
    """Copy stops from 1 on into `out`, with `one` before the stop of index `first` and `two` before `second`."""
    for stop in range(len(at) + 2):
        if stop == first:
            out[stop] = one
        elif stop == second + 1:
            out[stop] = two
        else:
            out[stop] = at[stop - (stop > first) - (stop > second)]


@compiled
def rejoin(old: Floats, first: int, second: int, ride: float, to: Floats, fro: Floats, out: Floats) -> None:
    """Travel to each stop of a tour after such an insertion, in seconds, into `out`.

    Parameters
    ----------
    old
        Travel to each stop before it.
    ride
        From pickup to drop-off.
    to, fro
        Travel to and from the pickup, then to and from the drop-off, shape (2, stops + 1).
    """
    size = len(old)
    out[:first] = old[:first]
    out[first] = to[0, first]
    if second == first:
        out[first + 1] = ride
    else:
        out[first + 1] = fro[0, first + 1]
        out[first + 2 : second + 1] = old[first + 1 : second]
        out[second + 1] = to[1, second]
    if second < size:
        out[second + 2] = fro[1, second + 1]
        out[second + 3 : size + 2] = old[second + 1 : size]
