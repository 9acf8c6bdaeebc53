"""Nearest looks at few costs, and answers as if it had looked at all of them."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from sim.entities import Wave
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.nearest import Nearest
from tests.policies.waves import RNG, order, pairs, random_waves, wave

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


@given(random_waves())
def test_portions_change_nothing(made: Wave) -> None:
    assert pairs(Nearest()(made, RNG)) == greedy(made)


def test_who_is_refused_by_an_early_order_serves_a_later_one() -> None:
    """One rider, three orders: he has refused the two that are ready first."""
    made = wave([order(0), order(1), order(2)], [0], LINE)
    refused = {0: frozenset({10}), 1: frozenset({10})}
    assert pairs(Nearest()(replace(made, refused=refused), RNG)) == [(10, 2)]


def test_more_orders_than_riders_serve_the_earliest() -> None:
    made = wave([order(n, ready_at=10_000.0 - n) for n in range(5)], [0, 2], LINE)
    assert {number for _, number in pairs(Nearest()(made, RNG))} == {4, 3}


def test_nobody_idle_serves_nothing() -> None:
    assert list(Nearest()(wave([order(0)], [0], LINE, load=[1]), RNG)) == []
