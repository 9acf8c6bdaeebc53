"""The loops of tours: what routes cost, and what they may carry."""

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
    dropoff: Ints


class Tours(NamedTuple):
    """Riders' routes, with room for more stops; shape (riders + 1,), or with a column for each stop and the start.

    The last row is nobody's: there a longer tour is tried.

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


class Reach(NamedTuple):
    """Travel between the ends of orders and the places of tours.

    Parameters
    ----------
    spot
        Row of each place.
    end
        Columns of the pickup and the drop-off of each order, shape (orders, 2).
    to, fro
        Travel to and from the ends, in seconds, shape (spots, ends).
    """

    spot: Ints
    end: Ints
    to: Floats
    fro: Floats


class Terms(NamedTuple):
    """Half a pickup, a drop-off and the patience (s); weight of a second of work; whether routes have one merchant."""

    pickup_s: float
    dropoff_s: float
    patience_s: float
    thrift: float
    single_merchant: bool


class Insertion(NamedTuple):
    """An order more in some tours.

    Parameters
    ----------
    rows, new
        The tours and the order, -1 for none: then nothing is forbidden.
    firsts, seconds
        Stops before the pickup and, the pickup left out, before the drop-off; shape (rows,).
    """

    rows: Ints
    new: int
    firsts: Ints
    seconds: Ints


NOWHERE = 1 << 30
"""Where an order would stand that a tour does not get."""


@compiled
def walk(
    more: Insertion, starts: Floats, cooked: bool, reach: Reach, tours: Tours, known: Known, terms: Terms
) -> tuple[Floats, Floats, Floats]:
    """Cost of tours (infinite: forbidden), last pickup and end, in seconds; `cooked`: as if all meals were ready."""
    rows, new, firsts, seconds = more
    kinds, orders, places, legs = tours.kind, tours.order, tours.place, tours.leg
    spot, to, fro, (pick, drop) = reach.spot, reach.to, reach.fro, reach.end[new]
    ready, handling, door, goal = known.ready, known.handling, known.door, known.dropoff[new]
    merchant, pickup, half, dropoff = known.merchant, known.pickup, terms.pickup_s, terms.dropoff_s
    loads, most = tours.load, tours.capacity
    strict, thrift, drops = terms.single_merchant and new >= 0, terms.thrift, np.empty(kinds.shape[1] + 2)
    costs, lasts, ends = np.empty(len(rows)), np.empty(len(rows)), np.empty(len(rows))
    for index, row in enumerate(rows):
        first, second, load, balance, brought, able = firsts[index], seconds[index], loads[row], 0, False, True
        now, fetched, arrived, visited = starts[index], -np.inf, starts[index], -1
        size = tours.length[row] + 2 * (new >= 0)
        for at in range(size):
            old = at - (at > first) - (at > second + 1) + 1
            if at == first:
                kind, order, place, leg = FETCH, new, pickup[new], to[spot[places[row, old - 1]], pick]
            elif at == second + 1:
                before = pickup[new] if first == second else places[row, old - 1]
                kind, order, place, leg = BRING, new, goal, to[spot[before], drop]
            else:
                kind, order, place, leg = kinds[row, old], orders[row, old], places[row, old], legs[row, old]
                if at == second + 2:
                    leg = fro[spot[place], drop]
                elif at == first + 1:
                    leg = fro[spot[place], pick]
            if visited >= 0 and (kind != FETCH or place != visited):
                now, visited = now + half, -1
            if visited < 0:
                now += leg
            if strict and kind != MOVE:
                able = able and merchant[order] == merchant[new] and pickup[order] == pickup[new]
                able = able and not (brought and kind == FETCH)
            if kind == FETCH:
                load, balance = load + 1, balance + 1
                able = able and load <= most[row]
                if visited < 0:
                    now, visited = now + half, place
                    arrived = now
                now = max(now, arrived + handling[order], -np.inf if cooked else ready[order])
                fetched = now
            elif kind == BRING:
                load, balance, brought = load - 1, balance - 1, True
                service = dropoff + door[order]
                drops[at] = now + service / 2
                now += service
            if not able and new >= 0:
                break
        now += half if visited >= 0 else 0.0
        costs[index], lasts[index], ends[index] = np.inf, fetched, now
        if (new < 0 or able) and not (strict and balance != 0):
            work = thrift * (now - starts[index])
            costs[index] = delayed(work, drops[:size], row, new, first, second, tours, known, terms)
    return costs, lasts, ends


@compiled
def delayed(
    cost: float, drops: Floats, row: int, new: int, first: int, second: int, tours: Tours, known: Known, terms: Terms
) -> float:
    """A cost (s) and that of the drop-offs of a tour with an order more, by the times of its stops, in seconds."""
    kind, order = tours.kind[row], tours.order[row]
    for at in range(len(drops)):
        old = at - (at > first) - (at > second + 1) + 1
        if at == second + 1 or (at != first and kind[old] == BRING):
            late = max(drops[at] - known.promised[new if at == second + 1 else order[old]], 0.0)
            cost += drops[at] + late * late / terms.patience_s
    return cost


@compiled
def begin(free_at: Floats, earliest: float, reach: Reach, tours: Tours, known: Known, terms: Terms) -> None:
    """Enter when tours start and what they cost: as late as each rider's estimate allows, and not long ago."""
    rows = tours.length.nonzero()[0]
    same = unchanged(rows)
    lengths = walk(same, np.zeros(len(rows)), True, reach, tours, known, terms)[2]
    tours.start[: len(free_at)] = free_at
    tours.start[rows] = np.maximum(free_at[rows] - lengths, earliest)
    tours.cost[rows] = walk(same, tours.start[rows], False, reach, tours, known, terms)[0]


@compiled
def settle(rows: Ints, reach: Reach, tours: Tours, known: Known, terms: Terms) -> Floats:
    """Enter what tours cost that have lost stops; when each ends, in seconds."""
    costs, _, ends = walk(unchanged(rows), tours.start[rows], False, reach, tours, known, terms)
    tours.cost[rows] = costs
    return ends


@compiled
def unchanged(rows: Ints) -> Insertion:
    """Some tours as they are."""
    nowhere = np.full(len(rows), NOWHERE)
    return Insertion(rows, -1, nowhere, nowhere)
