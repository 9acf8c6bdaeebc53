"""The loops of batching that look at routes: what is sure of them, and detours that take a batch along."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints
from sim.policies.compiled import compiled
from sim.policies.insert_loops import cheapest, lengthen, soonest
from sim.policies.tour_loops import Known, Reach, Terms, Tours


class Passing(NamedTuple):
    """Tours that may take batches along: shape (batches, tries) unless told otherwise, times in seconds.

    Parameters
    ----------
    columns, rows
        Whose they are, -1 for nobody's, and their rows.
    usual
        The drop-offs of the batch if all went straight, and what the rider's usual way to a merchant counts.
    size, orders
        How many orders a batch has, shape (batches,), and their rows, the first to be fetched first: (batches, most).
    """

    columns: Ints
    rows: Ints
    usual: Floats
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
def nearest(away: Floats, spot: Ints, begins: Ints, most: int) -> Ints:
    """Which routes come nearest to each pickup, the first of equal ones first; -1 where there are too few.

    Parameters
    ----------
    away
        Travel to pickups from places, in seconds, shape (pickups, places).
    spot
        The place of each stop of all routes, as a column of that.
    begins
        Where the stops of each route begin, and where those of the last end.
    """
    answer, ways = np.full((len(away), most), -1), np.full(most, np.inf)
    for row in range(len(away)):
        here, chosen = away[row], answer[row]
        ways[:] = np.inf
        for route in range(len(begins) - 1):
            way, at = np.inf, most
            for stop in range(begins[route], begins[route + 1]):
                way = min(way, here[spot[stop]])
            while at > 0 and way < ways[at - 1]:
                at -= 1
                if at + 1 < most:
                    ways[at + 1], chosen[at + 1] = ways[at], chosen[at]
            if at < most:
                ways[at], chosen[at] = way, route
    return answer


@compiled
def detours(
    slack_s: float, costs: Floats, passing: Passing, reach: Reach, tours: Tours, known: Known, terms: Terms
) -> Bools:
    """Whether riders on their way take batches along for less than they could fetch them afterwards.

    A detour is not looked at that costs `slack_s` more than the cheapest rider, in seconds. The `costs` of those who
    take a batch along, of shape (batches, riders), are entered; where one is infinite he may not have the batch.
    """
    found = np.zeros(passing.columns.shape, np.bool_)
    for batch in range(len(passing.columns) if found.size else 0):
        cheapest = costs[batch].min()
        for place, column in enumerate(passing.columns[batch]):
            if column >= 0 and costs[batch, column] < np.inf:
                usual = passing.usual[batch, place]
                most = min(costs[batch, column], cheapest + slack_s) + usual
                growth = along(batch, place, most, passing, reach, tours, known, terms)
                if growth < most:
                    found[batch, place], costs[batch, column] = True, growth - usual
                    cheapest = min(cheapest, growth - usual)
    return found


@compiled
def along(
    batch: int,
    place: int,
    most: float,
    passing: Passing,
    reach: Reach,
    tours: Tours,
    known: Known,
    terms: Terms,
) -> float:
    """What a tour grows by with the orders of a batch inserted one after the other, in seconds.

    Infinite where that cannot be, where it is `most` or more, or where they are only appended. What the tour would be
    stands in the last row of `tours`.
    """
    row, spare, appended = passing.rows[batch, place], len(tours.length) - 1, True
    lend(row, tours)
    for order in passing.orders[batch, : passing.size[batch]]:
        left, here = most - (tours.cost[spare] - tours.cost[row]), np.array([spare])
        if soonest(here, order, reach, tours, known, terms)[0] >= left:
            return np.inf
        _, cost, fits, first, second = cheapest(here, order, left, reach, tours, known, terms)
        if fits < 0:
            return np.inf
        appended = appended and first >= tours.length[row]
        lengthen(cost, spare, first, second, order, reach, tours, known)
    return np.inf if appended else tours.cost[spare] - tours.cost[row]


@compiled
def lend(row: int, tours: Tours) -> None:
    """Copy a tour into the last row."""
    size = tours.length[row] + 1
    tours.length[-1], tours.start[-1], tours.cost[-1] = tours.length[row], tours.start[row], tours.cost[row]
    tours.latest[-1], tours.load[-1], tours.capacity[-1] = tours.latest[row], tours.load[row], tours.capacity[row]
    tours.kind[-1, :size], tours.order[-1, :size] = tours.kind[row, :size], tours.order[row, :size]
    tours.place[-1, :size], tours.leg[-1, :size] = tours.place[row, :size], tours.leg[row, :size]
