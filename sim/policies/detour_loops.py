"""The loops of batching that look at routes: what is sure of them, and detours that take a batch along."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints
from sim.policies.compiled import compiled
from sim.policies.tour_loops import BRING, FETCH, Known, Terms, Tours, allowed, insert, walk


class Passing(NamedTuple):
    """Tours that may take batches along: shape (batches, tries) unless told otherwise, times in seconds.

    Parameters
    ----------
    columns, rows
        Whose they are, -1 for nobody's, and their rows.
    usual
        The drop-offs of the batch if all went straight, and what the rider's usual way to a merchant counts.
    places, way
        The tour's places from its start on, then pickup and drop-off of each order of the batch; shape
        (batches, tries, places). Travel between these places.
    size, orders
        How many orders a batch has, shape (batches,), and their rows, the first to be fetched first: (batches, most).
    """

    columns: Ints
    rows: Ints
    usual: Floats
    places: Ints
    way: Floats
    size: Ints
    orders: Ints


@compiled
def cut(rows: Ints, known: Ints, tours: Tours) -> Ints:
    """Take out of some tours the orders that nobody makes for yet; for each order who has lost it, or -1.

    Parameters
    ----------
    rows
        Rows of the tours.
    known
        From which row of the orders on they are assigned, and up to which.
    """
    loser = np.full(known[1], -1)
    for row in rows:
        kept, order = 1, tours.order[row]
        first = order[1]
        for at in range(1, tours.length[row] + 1):
            if order[at] != first and known[0] <= order[at] < known[1]:
                loser[order[at]] = row
            else:
                tours.kind[row, kept], tours.place[row, kept] = tours.kind[row, at], tours.place[row, at]
                order[kept] = order[at]
                kept += 1
        tours.length[row] = kept - 1
    return loser


@compiled
def nearest(away: Floats, begins: Ints, most: int) -> Ints:
    """Which routes come nearest to each pickup, the first of equal ones first; -1 where there are too few.

    Parameters
    ----------
    away
        Travel from the stops of all routes to each pickup, in seconds, shape (pickups, stops).
    begins
        Where the stops of each route begin, and where those of the last end.
    """
    answer, ways = np.full((len(away), most), -1), np.full((len(away), most), np.inf)
    for row in range(len(away)):
        for route in range(len(begins) - 1):
            way, at = np.inf, most
            for stop in range(begins[route], begins[route + 1]):
                way = min(way, away[row, stop])
            while at > 0 and way < ways[row, at - 1]:
                at -= 1
            if at < most:
                ways[row, at + 1 :], ways[row, at] = ways[row, at:-1].copy(), way
                answer[row, at + 1 :], answer[row, at] = answer[row, at:-1].copy(), route
    return answer


@compiled
def detours(slack_s: float, costs: Floats, passing: Passing, tours: Tours, known: Known, terms: Terms) -> Bools:
    """Whether riders on their way take batches along for less than they could fetch them afterwards.

    A detour is not looked at that costs `slack_s` more than the cheapest rider, in seconds. The `costs` of those who
    take a batch along, of shape (batches, riders), are entered; where one is infinite he may not have the batch.
    """
    found = np.zeros(passing.columns.shape, np.bool_)
    for batch in range(len(costs)):
        cheapest = costs[batch].min()
        for place, column in enumerate(passing.columns[batch]):
            if column >= 0 and costs[batch, column] < np.inf:
                usual = passing.usual[batch, place]
                most = min(costs[batch, column], cheapest + slack_s) + usual
                growth, _ = along(batch, place, most, passing, tours, known, terms)
                if growth < most:
                    found[batch, place], costs[batch, column] = True, growth - usual
                    cheapest = min(cheapest, growth - usual)
    return found


@compiled
def along(
    batch: int, place: int, most: float, passing: Passing, tours: Tours, known: Known, terms: Terms
) -> tuple[float, Ints]:
    """What a tour grows by with the orders of a batch inserted one after the other, in seconds, and its stops.

    Infinite where that cannot be, where it is `most` or more, or where they are only appended. The stops are told as
    kinds, orders and places, the last as columns of ``passing.places``.
    """
    row, way, there = passing.rows[batch, place], passing.way[batch, place], passing.places[batch, place]
    length, size, cost = tours.length[row], tours.length[row], tours.cost[row]
    stops, tried = np.zeros((3, len(way)), np.int64), np.zeros((3, len(way)), np.int64)
    stops[0, :size], stops[1, :size] = tours.kind[row, 1 : size + 1], tours.order[row, 1 : size + 1]
    stops[2, :size] = np.arange(1, size + 1)
    stands, leg = np.empty(len(way), np.int64), np.empty(len(way))
    pick = len(way) - 2 * passing.orders.shape[1]
    for order in passing.orders[batch, : passing.size[batch]]:
        soonest = max(tours.start[row] + way[0, pick] + terms.pickup_s, known.ready[order])
        least = soonest + (terms.pickup_s + way[pick, pick + 1] + terms.dropoff_s / 2)
        if cost - tours.cost[row] + least >= most:
            return np.inf, stops
        best, first, second = np.inf, 0, 0
        for one in range(min(size, 1), size + 1):
            for two in range(one, size + 1):
                longer(stops[:, :size], one, two, order, pick, tried)
                new = tried[:, : size + 2]
                if allowed(new[0], new[1], tours.load[row], tours.capacity[row], known, terms):
                    for at in range(size + 2):
                        stands[at], leg[at] = there[new[2, at]], way[new[2, at - 1] if at else 0, new[2, at]]
                    growth = walk(new[0], new[1], stands, leg, tours.start[row], known, terms, False)[0] - cost
                    if growth < best:
                        best, first, second = growth, one, two
        if best == np.inf:
            return np.inf, stops
        longer(stops[:, :size].copy(), first, second, order, pick, stops)
        size, cost, pick = size + 2, cost + best, pick + 2
    appended = (stops[2, :length] == np.arange(1, length + 1)).all()
    return np.inf if appended else cost - tours.cost[row], stops[:, :size]


@compiled
def longer(stops: Ints, first: int, second: int, order: int, pick: int, out: Ints) -> None:
    """Copy stops with a pickup more before index `first` and its drop-off before `second`."""
    insert(stops[0], first, second, FETCH, BRING, out[0])
    insert(stops[1], first, second, order, order, out[1])
    insert(stops[2], first, second, pick, pick + 1, out[2])
