"""The loops of a plan: the prices of a cheapest matching, and the matching when two of its trips are joined."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats, Ints
from sim.policies.compiled import compiled


@compiled
def prices_of_columns(costs: Floats, trips: Ints, columns: Ints) -> Floats:
    """Dual prices (s, 0 or less) of the columns of a cheapest matching of trips.

    No trip is cheaper elsewhere than where it is, prices included; who has no trip has no price.
    """
    many = len(trips)
    paid = np.zeros(many)
    for _ in range(many):
        changed = False
        for one in range(many):
            row, here = costs[trips[one]], paid[one] - costs[trips[one], columns[one]]
            for two in range(many):
                if here + row[columns[two]] < paid[two] - 1e-9:
                    paid[two] = here + row[columns[two]]
                    changed = True
        if not changed:
            break
    answer = np.zeros(costs.shape[1])
    answer[columns] = paid
    return answer


@compiled
def prospects(costs: Floats, least: Floats, trips: Ints, columns: Ints, couples: Ints, joints: Ints) -> Floats:
    """What may come of making one trip of two, without a new matching.

    Parameters
    ----------
    costs, least
        Of all trips, in seconds: shape (trips, columns), and the least of each.
    trips, columns
        Rows of the matched trips, and their columns.
    couples, joints
        Places in `trips` of two, shape (couples, 2), and the rows of the trips that come in their place.

    Returns
    -------
    Floats
        Shape (2, couples), in seconds: what all trips cost at least, and what is saved if one of the two riders makes
        both trips while nobody else changes.
    """
    answer, floor = np.empty((2, len(couples))), least[trips].sum()
    for row in range(len(couples)):
        one, two, joint = couples[row, 0], couples[row, 1], joints[row]
        apart = costs[trips[one], columns[one]] + costs[trips[two], columns[two]]
        answer[0, row] = least[joint] + (floor - (least[trips[one]] + least[trips[two]]))
        answer[1, row] = apart - min(costs[joint, columns[one]], costs[joint, columns[two]])
    return answer


OPEN, NOBODYS = -2, -1


@compiled
def totals(costs: Floats, trips: Ints, columns: Ints, prices: Floats, bundles: Ints) -> Floats:
    """What :func:`joined` would return for each of some bundles: one, two, new; nothing changes."""
    answer = np.empty(len(bundles))
    for row in range(len(bundles)):
        one, two, new = bundles[row]
        answer[row] = joined(costs, trips.copy(), columns.copy(), prices.copy(), one, two, new)
    return answer


@compiled
def joined(costs: Floats, trips: Ints, columns: Ints, prices: Floats, one: int, two: int, new: int) -> float:
    """Make of a cheapest matching the one with a new trip in the place of two, by two shortest augmenting paths.

    As Jonker and Volgenant (1987), *A shortest augmenting path algorithm for dense and sparse linear assignment
    problems*: one path for the new trip, and before it one for the column that is left over.

    Parameters
    ----------
    costs
        Of all trips, in seconds, shape (trips, columns).
    trips, columns
        Rows of the matched trips, and their columns. Those at `one` and `two` go, the others move up, and the new
        trip is the last but one; the last is -1. They change in place.
    prices
        As of :func:`prices_of_columns`; changed in place.
    one, two, new
        Where in `trips` the two are that go, the first before the second, and the row of the new trip.

    Returns
    -------
    float
        Cost of the new matching in seconds.
    """
    last, width = len(trips) - 2, costs.shape[1]
    owner, value = np.full(width, NOBODYS), np.empty(last + 1)
    owner[columns[one]] = owner[columns[two]] = OPEN
    kept = 0
    for row in range(last + 2):
        if row not in (one, two):
            trips[kept], columns[kept] = trips[row], columns[row]
            owner[columns[kept]] = kept
            value[kept] = costs[trips[kept], columns[kept]] - prices[columns[kept]]
            kept += 1
    trips[last], trips[last + 1] = new, -1
    augment(costs, trips, owner, prices, value, NOBODYS)
    value[last] = (costs[new] - prices).min()
    augment(costs, trips, owner, prices, value, last)
    total = 0.0
    for column in range(width):
        if owner[column] >= 0:
            columns[owner[column]] = column
            total += costs[trips[owner[column]], column]
    return total


@compiled
def augment(costs: Floats, trips: Ints, owner: Ints, prices: Floats, value: Floats, start: int) -> None:
    """Give a row of `trips`, or nobody, a column by the cheapest chain of moves that ends at an open one.

    ``owner`` tells whose each column is, ``value`` what each trip costs less its price; all change in place.
    """
    width, base, row, come, free = len(owner), 0.0, start, -1, -prices.max()
    far, back, done = np.full(width, np.inf), np.full(width, -1), np.zeros(width, np.bool_)
    end, idle = -1, False
    while end < 0:
        nobody, before = row == NOBODYS, come
        skip = nobody and idle
        idle |= nobody
        come = -1
        for column in range(width):
            if not done[column]:
                if not skip:
                    cost = -free if nobody else costs[trips[row], column] - value[row]
                    if base + cost - prices[column] < far[column]:
                        far[column], back[column] = base + cost - prices[column], before
                if (come < 0 or far[column] < far[come]) and not (idle and owner[column] == NOBODYS):
                    come = column
        done[come], base, row = True, far[come], owner[come]
        if row == OPEN:
            end = come
    for column in range(width):
        if far[column] < base:
            prices[column] += far[column] - base
            if done[column] and owner[column] >= 0:
                value[owner[column]] += base - far[column]
    if start >= 0:
        value[start] += base
    while end >= 0:
        owner[end] = start if back[end] < 0 else owner[back[end]]
        end = back[end]
