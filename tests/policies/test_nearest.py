"""Nearest looks at few costs, and answers as if it had looked at all of them."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from sim.entities import Wave
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.nearest import PORTION, Nearest
from tests.policies.waves import NOW, RNG, order, pairs, random_waves, wave

LINE = [0.0, 100.0, 1000.0]


def greedy(made: Wave) -> list[tuple[int, int]]:
    """(rider, order): from all the costs at once, the earliest ready order first."""
    orders, riders = due(made, Nearest().lead_min), idle(made)
    if not orders or not len(riders):
        return []
    costs, chosen = pair_costs(made, orders, riders), []
    for row, chosen_order in enumerate(orders):
        best = int(np.argmin(costs[row]))
        if costs[row, best] < np.inf:
            chosen.append((int(made.riders.id[riders[best]]), chosen_order.id))
            costs[:, best] = np.inf
    return chosen


@given(random_waves(most=3 * PORTION))
def test_portions_change_nothing(made: Wave) -> None:
    assert pairs(Nearest()(made, RNG)) == greedy(made)


def test_who_is_refused_by_an_early_order_serves_a_later_one() -> None:
    """One rider, three orders: he has refused the two that are ready first."""
    made = wave([order(0), order(1), order(2)], [0], LINE)
    refused = {0: frozenset({10}), 1: frozenset({10})}
    assert pairs(Nearest()(replace(made, refused=refused), RNG)) == [(10, 2)]


def test_whom_a_portion_leaves_serves_the_next() -> None:
    """Two riders refuse all orders of the first portion but one; the last order of all takes who is left."""
    orders = [order(n, ready_at=NOW - 900 + n) for n in range(2 * PORTION)]
    refused = {n: frozenset({10, 11}) for n in range(1, 2 * PORTION - 1)}
    made = replace(wave(orders, [0, 2], LINE), refused=refused)
    assert pairs(Nearest()(made, RNG)) == [(10, 0), (11, 2 * PORTION - 1)]


def test_more_orders_than_riders_serve_the_earliest() -> None:
    made = wave([order(n, ready_at=10_000.0 - n) for n in range(5)], [0, 2], LINE)
    assert {number for _, number in pairs(Nearest()(made, RNG))} == {4, 3}


def test_nobody_idle_serves_nothing() -> None:
    assert list(Nearest()(wave([order(0)], [0], LINE, load=[1]), RNG)) == []
