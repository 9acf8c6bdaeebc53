"""Batches: their times, what a pair loses, and the clustering that stops when batches cost too much."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given

from sim.entities import Order, Wave
from sim.policies.batches import Batch, batch_of, clusters, extras
from sim.routes import DROPOFF, plan
from tests.policies.waves import NOW, order, random_waves, wave

LINE = [0.0, 600.0, 700.0, 1500.0, 5000.0]


def singles(made: Wave) -> list[Batch]:
    return [batch_of(made, [one], [one]) for one in made.orders.rows]


def clustered(made: Wave, size: int = 3, loss_s: float = 60.0) -> list[list[int]]:
    """Ids of the orders of each batch, in the sequence of their drop-offs."""
    starts = np.full(len(made.orders), NOW)
    return [[one.id for one in batch.orders] for batch in clusters(made, singles(made), starts, size, loss_s)]


@given(made=random_waves())
def test_times_of_a_batch_are_those_of_its_plan(made: Wave) -> None:
    orders = list(made.orders.rows)[:3]
    if not orders:
        return
    batch = batch_of(made, orders, orders[::-1])
    known = {one.id: one for one in orders}
    for start in (NOW - 2000, NOW, NOW + 2000):
        times, end = plan(batch.route, batch.place, start, known.__getitem__, made.travel, made.rules)
        drops = [at for stop, at in zip(batch.route, times, strict=True) if stop.kind == DROPOFF]
        foreseen = [max(start + lag, soonest) for lag, soonest in zip(batch.lags, batch.soonest, strict=True)]
        assert foreseen == pytest.approx(drops)
        assert batch.cost(start) == pytest.approx(sum(drops) - sum(batch.ideal))
        assert end >= start + batch.work_s - 1e-6


def test_a_single_order_at_its_stove_loses_nothing_when_its_meal_is_ready() -> None:
    """A minute of the visit before the pickup, a minute after, 900 m, a minute before the drop-off."""
    batch = singles(wave([order(7, 1, 3, NOW + 60)], [0], LINE))[0]
    assert batch.cost(NOW) == 0
    assert batch.cost(NOW + 100) == 100
    assert (batch.lags, batch.soonest) == ((60 + 60 + 900 + 60,), (NOW + 60 + 60 + 900 + 60,))


@given(made=random_waves())
def test_what_a_pair_loses_is_the_cost_of_the_best_batch_less_the_costs_alone(made: Wave) -> None:
    alone = singles(made)
    lost = extras(made, alone, np.full(len(alone), NOW)) if alone else np.zeros((0, 0))
    for (i, one), (j, two) in permutations(enumerate(made.orders.rows), 2):
        joint = [batch_of(made, [one, two], drops) for drops in ([one, two], [two, one])]
        least = min(batch.cost(NOW) for batch in joint)
        assert lost[i, j] == pytest.approx(least - alone[i].cost(NOW) - alone[j].cost(NOW), abs=1e-6)


def test_orders_of_neighbours_are_batched_and_those_far_apart_are_not() -> None:
    made = wave([order(1, 0, 3), order(2, 0, 3), order(3, 4, 0)], [0], LINE)
    assert sorted(map(sorted, clustered(made, loss_s=100))) == [[1, 2], [3]]


def test_the_allowance_is_the_mean_over_the_batches() -> None:
    """Two orders for one door: the second waits two minutes at the door; over two batches that is one minute each."""
    pair = [order(1, 0, 3), order(2, 0, 3)]
    assert len(clustered(wave(pair, [0], LINE), loss_s=119)) == 2
    assert len(clustered(wave(pair, [0], LINE), loss_s=121)) == 1
    far = [*pair, order(3, 4, 1)]
    assert len(clustered(wave(far, [0], LINE), loss_s=61)) == 2


def test_a_meal_that_is_ready_does_not_wait_for_one_that_is_not() -> None:
    pair = [order(1, 0, 3), order(2, 0, 3, NOW + 900)]
    assert len(clustered(wave(pair, [0], LINE), loss_s=300)) == 2


def test_batches_grow_to_their_size_and_no_further() -> None:
    made = wave([order(n, 0, 3) for n in range(7)], [0], LINE)
    for size, batches in ((1, 7), (2, 4), (3, 3), (5, 2)):
        assert len(clustered(made, size, 1e6)) == batches


def test_a_third_order_is_inserted_where_it_delays_least() -> None:
    """Drop-offs at 600, 700 and 1,500 m: whoever is merged first, they are made in that sequence."""
    made = wave([order(1, 0, 3), order(2, 0, 1), order(3, 0, 2)], [0], LINE)
    assert clustered(made, 3, 1e6) == [[2, 3, 1]]


def test_with_one_merchant_a_route_only_his_orders_are_batched() -> None:
    made = wave([order(1, 0, 3), order(2, 0, 3), order(3, 1, 3)], [0], LINE)
    assert len(clustered(made, loss_s=1e6)) == 1
    strict = replace(made, rules=replace(made.rules, single_merchant=True))
    assert sorted(map(sorted, clustered(strict, loss_s=1e6))) == [[1, 2], [3]]


@given(made=random_waves())
def test_every_order_is_in_one_batch(made: Wave) -> None:
    if made.orders.rows:
        assert _numbers(clustered(made, loss_s=1e4)) == [one.id for one in made.orders.rows]


def _numbers(batches: Sequence[Sequence[int]]) -> list[int]:
    return sorted(number for batch in batches for number in batch)


def test_handling_and_doors_take_their_time() -> None:
    slow: Order = order(7, 1, 3)._replace(handling_s=300.0, door_s=60.0)
    batch = singles(wave([slow], [0], LINE))[0]
    assert batch.lags == (60 + 300 + 60 + 900 + 90,)
