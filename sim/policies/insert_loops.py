"""The loops of the insertion: the cheapest place for one order more in some tours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints
from sim.policies.compiled import compiled
from sim.policies.tour_loops import BRING, FETCH, Insertion, Known, Reach, Terms, Tours, walk

ROUNDING_S = 1e-6


class Choice(NamedTuple):
    """Riders for whom each order is tried, as rows of the tours.

    Parameters
    ----------
    near
        Busy ones, -1 for nobody; shape (orders, tries).
    resting, costs
        Idle ones, and what each would cost for an order, infinite where he may not; shape (orders, idle ones).
    barred
        Who may not have which order, shape (orders, riders); empty where everybody may have everything.
    """

    near: Ints
    resting: Ints
    costs: Floats
    barred: Bools


@compiled
def soonest(rows: Ints, new: int, reach: Reach, tours: Tours, known: Known, terms: Terms) -> Floats:
    """What tours grow by at least: the drop-off (s), if the riders hurried for this order after their first stops."""
    starts, lengths, kinds = tours.start, tours.length, tours.kind
    orders, places, legs = tours.order, tours.place, tours.leg
    handling, door, ready, half, pickup = known.handling, known.door, known.ready, terms.pickup_s, known.pickup[new]
    spot, to, pick = reach.spot, reach.to, reach.end[new, 0]
    least, ride, dropoff = np.empty(len(rows)), straight(new, reach, known, terms), terms.dropoff_s
    for column, row in enumerate(rows):
        now, here = starts[row], places[row, 0]
        if lengths[row] > 0:
            order, here = orders[row, 1], places[row, 1]
            now += legs[row, 1]
            if kinds[row, 1] == BRING:
                now += dropoff + door[order]
            elif kinds[row, 1] == FETCH and here != pickup:
                now = max(now + half + handling[order], ready[order]) + half
        least[column] = max(now + to[spot[here], pick] + half, ready[new]) + ride
    return least


@compiled
def straight(new: int, reach: Reach, known: Known, terms: Terms) -> float:
    """From a pickup to its drop-off, in seconds."""
    ride = reach.to[reach.spot[known.pickup[new]], reach.end[new, 1]]
    return terms.pickup_s + ride + terms.dropoff_s / 2


@compiled
def places_of(
    rows: Ints, new: int, limit: float, reach: Reach, tours: Tours, known: Known, terms: Terms
) -> tuple[Ints, Ints, Ints]:
    """Where orders may be inserted into tours for not more than `limit` (s): the tours, and stops before either end.

    Each tour is followed up to where the pickup would be: how soon that may be is a bound.
    """
    starts, lengths, kinds, orders = tours.start, tours.length, tours.kind, tours.order
    places, legs, spot, to, pick = tours.place, tours.leg, reach.spot, reach.to, reach.end[new, 0]
    handling, ready, door, pickup, goal = known.handling, known.ready, known.door, known.pickup[new], limit + ROUNDING_S
    half, ride, many, most = terms.pickup_s, straight(new, reach, known, terms), 0, 0
    for row in rows:
        most += (lengths[row] + 1) * (lengths[row] + 2) // 2
    found, firsts, seconds = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    for row in rows:
        now, arrived, visited = starts[row], starts[row], -1
        for first in range(lengths[row] + 1):
            kind, place = kinds[row, first], places[row, first]
            if first > 0:
                if kind != FETCH or place != visited:
                    now += legs[row, first] + (half if visited >= 0 else 0.0)
                    arrived, visited = now + half, place if kind == FETCH else -1
                if kind == FETCH:
                    now = max(now, arrived + handling[orders[row, first]], ready[orders[row, first]])
                elif kind == BRING:
                    now += terms.dropoff_s + door[orders[row, first]]
            there = arrived
            if visited != pickup:
                there = now + (half if visited >= 0 else 0.0) + to[spot[place], pick] + half
            if max(there + handling[new], ready[new]) + ride < goal and (first > 0 or lengths[row] == 0):
                for second in range(first, lengths[row] + 1):
                    found[many], firsts[many], seconds[many] = row, first, second
                    many += 1
    return found[:many], firsts[:many], seconds[:many]


@compiled
def cheapest(
    rows: Ints, new: int, limit: float, reach: Reach, tours: Tours, known: Known, terms: Terms
) -> tuple[float, float, int, int, int]:
    """The insertion of an order that adds least, the first of equals, if it adds not more than `limit` (s).

    Returns
    -------
    growth, cost, row, first, second
        What the tour grows by and then costs, in seconds; the tour, -1 for none, and its stops before either end.
    """
    rows, firsts, seconds = places_of(rows, new, limit, reach, tours, known, terms)
    more = Insertion(rows, new, firsts, seconds)
    costs, fetched, _ = walk(more, tours.start[rows], False, reach, tours, known, terms)
    growth = np.where(fetched <= tours.latest[rows], costs - tours.cost[rows], np.inf)
    at = growth.argmin() if len(growth) else 0
    if len(growth) == 0 or growth[at] == np.inf:
        return np.inf, np.inf, -1, 0, 0
    return growth[at], costs[at], rows[at], firsts[at], seconds[at]


@compiled
def lengthen(
    cost: float, row: int, first: int, second: int, new: int, reach: Reach, tours: Tours, known: Known
) -> None:
    """Make the insertion that has been found."""
    kinds, orders, places, legs = tours.kind[row], tours.order[row], tours.place[row], tours.leg[row]
    size, (pick, drop), first, second = tours.length[row] + 2, reach.end[new], first + 1, second + 2
    for old in range(size - 2, first - 1, -1):
        at = old + 1 + (old + 1 >= second)
        kinds[at], orders[at], places[at], legs[at] = kinds[old], orders[old], places[old], legs[old]
    kinds[first], orders[first], places[first] = FETCH, new, known.pickup[new]
    kinds[second], orders[second], places[second] = BRING, new, known.dropoff[new]
    legs[first] = reach.to[reach.spot[places[first - 1]], pick]
    if second > first + 1:
        legs[first + 1] = reach.fro[reach.spot[places[first + 1]], pick]
    legs[second] = reach.to[reach.spot[places[second - 1]], drop]
    if second < size:
        legs[second + 1] = reach.fro[reach.spot[places[second + 1]], drop]
    tours.length[row], tours.cost[row] = size, cost


@compiled
def candidates(new: int, given: Ints, seen: Ints, choice: Choice) -> Ints:
    """Whom an order is tried for: busy riders near by, who has been given one, and the cheapest idle one, the last.

    Parameters
    ----------
    given
        Whose each order is, -1 for nobody's; up to `new` this is known.
    seen
        For which order each rider has been thought of last; changed in place.
    """
    rows, many = np.empty(choice.near.shape[1] + new + 1, np.int64), 0
    for some in (choice.near[new], given[:new]):
        for row in some:
            if row >= 0 and seen[row] < new:
                seen[row] = new
                if not (len(choice.barred) and choice.barred[new, row]):
                    rows[many], many = row, many + 1
    least, best, costs = np.inf, -1, choice.costs[new]
    for column, row in enumerate(choice.resting):
        if costs[column] < least and seen[row] < new:
            least, best = costs[column], row
    if best >= 0:
        rows[many], many = best, many + 1
    return rows[:many]


@compiled
def fill(done: int, given: Ints, choice: Choice, reach: Reach, tours: Tours, known: Known, terms: Terms) -> int:
    """Insert orders one by one where that is cheapest, from the one of row `done` on, and enter whose each then is.

    What a tour grows by has a bound, the drop-off if the rider were to hurry for this order: the most promising
    tours come first, the earlier one of equals, and no more than can win.

    Returns
    -------
    int
        How many orders are done: not all where a tour has become so long that there is no more room.
    """
    seen = np.full(len(tours.length), -1)
    for new in range(done, len(given)):
        rows = candidates(new, given, seen, choice)
        least = soonest(rows, new, reach, tours, known, terms)
        limit = cheapest(rows[-1:], new, np.inf, reach, tours, known, terms)[0]
        able = (least <= limit).nonzero()[0]
        tried = rows[able[least[able].argsort(kind="mergesort")]]
        _, cost, row, first, second = cheapest(tried, new, limit, reach, tours, known, terms)
        given[new] = row
        if row >= 0:
            lengthen(cost, row, first, second, new, reach, tours, known)
            if tours.length[row] + 3 > tours.kind.shape[1]:
                return new + 1
    return len(given)
