"""The loops of the insertion: the cheapest place for one order more in some tours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Floats, Ints
from sim.policies.compiled import compiled
from sim.policies.tour_loops import BRING, FETCH, Known, Terms, Tours, allowed, insert, rejoin, walk

ROUNDING_S = 1e-6


class Reach(NamedTuple):
    """Travel between the ends of orders and the places of tours.

    Parameters
    ----------
    spot
        Column of each place.
    end, drop
        Rows of the pickup and the drop-off of each order, shape (orders, 2), and the places of the drop-offs.
    to, fro
        Travel to and from the ends, in seconds, shape (ends, spots).
    """

    spot: Ints
    end: Ints
    drop: Ints
    to: Floats
    fro: Floats


@compiled
def visits(row: int, tours: Tours, known: Known, terms: Terms) -> Floats:
    """When a tour starts, and when it is where each of its stops is were all meals ready, in seconds."""
    size, now, service = tours.length[row], tours.start[row], 0.0
    kind, place, answer = tours.kind[row], tours.place[row], np.full(size + 1, now)
    for at in range(1, size + 1):
        again = at > 1 and kind[at] == FETCH and kind[at - 1] == FETCH and place[at] == place[at - 1]
        if not again:
            now += service + tours.leg[row, at]
            door = known.door[tours.order[row, at]]
            service = 2 * terms.pickup_s if kind[at] == FETCH else terms.dropoff_s + door if kind[at] == BRING else 0.0
        answer[at] = now
    return answer


@compiled
def enter(row: int, new: int, reach: Reach, tours: Tours, to: Floats, fro: Floats) -> None:
    """Enter the travel between a tour's places and the ends of an order, in seconds."""
    for at in range(tours.length[row] + 1):
        spot = reach.spot[tours.place[row, at]]
        for end in range(2):
            to[end, at], fro[end, at] = reach.to[reach.end[new, end], spot], reach.fro[reach.end[new, end], spot]


@compiled
def cheapest(
    rows: Ints,
    least: Floats,
    new: int,
    ride: float,
    best: Floats,
    reach: Reach,
    tours: Tours,
    known: Known,
    terms: Terms,
) -> None:
    """The insertion of an order that adds least, of all in some tours; an earlier one where they are equal.

    Parameters
    ----------
    rows, least
        Rows of the tours, and what each grows by at least, in seconds, ascending.
    new
        The order as a row of `known`.
    ride
        From pickup to drop-off, in seconds.
    best
        What has been found before, changed in place: growth (s), row, stops before the pickup, stops before the
        drop-off, cost (s).
    """
    kind, order, place = np.empty((3, tours.kind.shape[1] + 1), np.int64)
    leg, to, fro = np.empty(tours.kind.shape[1] + 1), np.empty((2, len(kind))), np.empty((2, len(kind)))
    for column in range(len(rows)):
        if least[column] >= best[0]:
            return
        row, size = rows[column], tours.length[rows[column]]
        full, shown = tours.kind[row, 1 : size + 1], tours.order[row, 1 : size + 1]
        stood, led = tours.place[row, 1 : size + 1], tours.leg[row, 1 : size + 1]
        enter(row, new, reach, tours, to, fro)
        there = visits(row, tours, known, terms) + to[0, : size + 1] + terms.pickup_s
        for first in range(min(size, 1), size + 1):
            brought = max(there[first], known.ready[new]) + (terms.pickup_s + ride + terms.dropoff_s / 2)
            if brought >= best[0] + ROUNDING_S:
                continue
            for second in range(first, size + 1):
                insert(full, first, second, FETCH, BRING, kind)
                insert(shown, first, second, new, new, order)
                if not allowed(kind[: size + 2], order[: size + 2], tours.load[row], tours.capacity[row], known, terms):
                    continue
                insert(stood, first, second, known.pickup[new], reach.drop[new], place)
                rejoin(led, first, second, ride, to, fro, leg)
                some = slice(0, size + 2)
                cost, fetched, _ = walk(
                    kind[some], order[some], place[some], leg[some], tours.start[row], known, terms, False
                )
                if fetched <= tours.latest[row] and cost - tours.cost[row] < best[0]:
                    best[0], best[1], best[2], best[3], best[4] = cost - tours.cost[row], row, first, second, cost


@compiled
def put(rows: Ints, new: int, ride: float, reach: Reach, tours: Tours, known: Known, terms: Terms) -> int:
    """Insert an order where that is cheapest, and tell the row of the tour; -1 where it fits nowhere.

    What a tour grows by has a bound, the drop-off if the rider were to hurry for this order: the most promising
    tours come first, and no more than can win.
    """
    half, least = terms.pickup_s, np.empty(len(rows))
    for column, row in enumerate(rows):
        there = tours.start[row] + reach.to[reach.end[new, 0], reach.spot[tours.place[row, 0]]] + half
        least[column] = max(there, known.ready[new]) + (half + ride + terms.dropoff_s / 2)
    sequence, best = least.argsort(kind="mergesort"), np.full(5, np.inf)
    cheapest(rows[sequence], least[sequence], new, ride, best, reach, tours, known, terms)
    if best[0] == np.inf:
        return -1
    lengthen(best, new, ride, reach, tours, known)
    return int(best[1])


@compiled
def lengthen(best: Floats, new: int, ride: float, reach: Reach, tours: Tours, known: Known) -> None:
    """Make the insertion that :func:`cheapest` has found."""
    row, first, second = int(best[1]), int(best[2]), int(best[3])
    size = tours.length[row]
    old, now = slice(1, size + 1), slice(1, size + 3)
    to, fro = np.empty((2, size + 1)), np.empty((2, size + 1))
    enter(row, new, reach, tours, to, fro)
    insert(tours.kind[row, old].copy(), first, second, FETCH, BRING, tours.kind[row, now])
    insert(tours.order[row, old].copy(), first, second, new, new, tours.order[row, now])
    insert(tours.place[row, old].copy(), first, second, known.pickup[new], reach.drop[new], tours.place[row, now])
    rejoin(tours.leg[row, old].copy(), first, second, ride, to, fro, tours.leg[row, now])
    tours.length[row], tours.cost[row] = size + 2, best[4]
