"""Batches: their times, what a pair loses, and the clustering that stops when batches cost too much."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given

from sim.entities import Order, Wave
from sim.policies import batch_loops, cluster_loops
from sim.policies.batch_loops import Asked, Batches, delays, late, losses, measure
from sim.policies.batches import asked_of, batches_of, route_of
from sim.policies.cluster_loops import clusters
from sim.routes import DROPOFF, plan
from tests.policies.waves import NOW, order, random_waves, wave

LINE = [0.0, 600.0, 700.0, 1500.0, 5000.0]


def desk(made: Wave, most: int = 3) -> tuple[Asked, Batches]:
    """The single orders of a wave; a rider may be at each pickup now."""
    asked = asked_of(made, made.orders.rows, np.full(len(made.orders), NOW))
    return asked, batches_of(asked, most)


def batched(made: Wave, pickups: Sequence[int], dropoffs: Sequence[int]) -> tuple[int, Asked, Batches]:
    """A batch with these sequences of pickups and of drop-offs, its row, and where it stands."""
    asked, batches = desk(made)
    row, size = len(made.orders), len(pickups)
    batches.size[row], batches.pickups[row, :size], batches.dropoffs[row, :size] = size, pickups, dropoffs
    measure(row, asked, batches)
    return row, asked, batches


def clustered(made: Wave, size: int = 3, loss_s: float = 60.0) -> list[list[int]]:
    """Ids of the orders of each batch, in the sequence of their drop-offs."""
    asked, batches = desk(made, size)
    rows = clusters(size, loss_s, asked, batches).tolist()
    members = [batches.dropoffs[row, : batches.size[row]].tolist() for row in rows]
    return [[made.orders[one].id for one in some] for some in members]


@given(made=random_waves())
def test_times_of_a_batch_are_those_of_its_plan(made: Wave) -> None:
    size = min(len(made.orders), 3)
    if size < 2:
        return
    row, asked, batches = batched(made, range(size), range(size)[::-1])
    route, known = route_of(row, made.orders.rows, batches), {one.id: one for one in made.orders.rows}
    for start in (NOW - 2000, NOW, NOW + 2000):
        times, end = plan(route, route[0].place, start, known.__getitem__, made.travel, made.rules)
        drops = [at for stop, at in zip(route, times, strict=True) if stop.kind == DROPOFF]
        assert np.maximum(start + batches.lags[row, :size], batches.soonest[row, :size]) == pytest.approx(drops)
        fetched, soonest = batches.fetched[row]
        assert max(start + fetched, soonest) == pytest.approx(times[size - 1])
        assert late(row, start, asked, batches) == pytest.approx(sum(drops) - asked.ideal[:size].sum())
        assert end >= start + batches.work[row] - 1e-6


def test_a_single_order_at_its_stove_loses_nothing_when_its_meal_is_ready() -> None:
    """A minute of the visit before the pickup, a minute after, 900 m, a minute before the drop-off."""
    asked, batches = desk(wave([order(7, 1, 3, NOW + 60)], [0], LINE))
    assert late(0, NOW, asked, batches) == 0
    assert late(0, NOW + 100, asked, batches) == 100
    assert (batches.lags[0, 0], batches.soonest[0, 0]) == (60 + 60 + 900 + 60, NOW + 60 + 60 + 900 + 60)


def test_the_delay_of_the_urgent_counts_more() -> None:
    pair = [order(1, 0, 3), order(2, 0, 3)._replace(priority=2)]
    asked, batches = desk(wave(pair, [0], LINE))
    arrivals = np.array([[NOW, NOW + 100], [NOW, NOW + 100]])
    assert np.diff(delays(np.arange(2), arrivals, asked, batches), axis=1).tolist() == [[100], [300]]


@given(made=random_waves())
def test_what_a_pair_loses_is_the_cost_of_the_best_batch_less_the_costs_alone(made: Wave) -> None:
    asked, batches = desk(made) if made.orders else (None, None)
    for pair in permutations(range(len(made.orders)), 2):
        assert asked
        assert batches
        joint = []
        for drops in (pair, pair[::-1]):
            row, one, two = batched(made, pair, drops)
            joint.append(late(row, NOW, one, two))
        alone = sum(late(one, NOW, asked, batches) for one in pair)
        assert losses(asked, batches)[pair] == pytest.approx(min(joint) - alone, abs=1e-6)


@given(made=random_waves())
def test_compiled_and_plain_loops_cluster_alike(made: Wave) -> None:
    if not made.orders:
        return
    found = []
    for plain in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            for module in (batch_loops, cluster_loops) if plain else ():
                for name, loop in vars(module).items():
                    patch.setattr(module, name, getattr(loop, "py_func", loop))
            asked, batches = desk(made)
            rows = cluster_loops.clusters(3, 200.0, asked, batches)
            found.append([rows.tolist(), *(column[rows].tolist() for column in batches)])
    assert found[0] == found[1]


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
    _, batches = desk(wave([slow], [0], LINE))
    assert batches.lags[0, 0] == 60 + 300 + 60 + 900 + 90
