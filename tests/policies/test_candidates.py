"""Which orders are due, which riders are idle, and what a pair costs."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Wave
from sim.policies.candidates import Part, due, idle, matched, pair_costs
from tests.policies.waves import NOW, order, random_waves, wave

LINE = [0.0, 100.0, 1000.0]


def test_due_is_what_will_be_ready_in_time_the_earliest_first() -> None:
    ready = [NOW + 700, NOW + 600, NOW - 50, NOW + 601, NOW]
    made = wave([order(i, ready_at=t) for i, t in enumerate(ready)], [0], LINE)
    assert [o.id for o in due(made, 10)] == [2, 4, 1]
    assert [o.id for o in due(made, 0)] == [2, 4]
    assert [o.id for o in due(made, 60)] == [2, 4, 1, 3, 0]


def test_orders_ready_at_once_keep_their_order() -> None:
    made = wave([order(i, ready_at=NOW) for i in (5, 3, 9)], [0], LINE)
    assert [o.id for o in due(made, 10)] == [5, 3, 9]


def test_nothing_is_due_when_nothing_is_open() -> None:
    assert len(due(wave([], [0], LINE), 10)) == 0


@given(random_waves(), st.floats(0, 60))
def test_due_keeps_and_adds_nothing(made: Wave, lead_min: float) -> None:
    chosen = due(made, lead_min)
    ready = [o.ready_at for o in chosen]
    assert ready == sorted(ready)
    assert {o.id for o in chosen} == {o.id for o in made.orders.rows if o.ready_at <= NOW + lead_min * 60}


def test_idle_riders_are_available_and_empty() -> None:
    made = wave([], [0] * 4, LINE, available=[True, False, True, False], load=[0, 0, 2, 1])
    assert idle(made).tolist() == [0]
    assert idle(wave([], [], LINE)).tolist() == []


def test_a_cost_is_the_way_plus_the_time_the_meal_waits() -> None:
    """60 s to park. Rider 10 is 100 m away, rider 11 900 m, rider 12 100 m and free in 500 s."""
    made = wave([order(0, 1), order(1, 1, ready_at=NOW + 400), order(2, 1, ready_at=NOW - 5000)], [0, 2, 0], LINE)
    made.riders.free_at[2] = NOW + 500
    expected = [[100 + 160, 900 + 960, 100 + 660], [100, 900 + 560, 100 + 260], [100 + 160, 900 + 960, 100 + 660]]
    np.testing.assert_allclose(pair_costs(made, list(made.orders.rows), np.arange(3)), expected)


def test_costs_are_of_the_rows_asked_for() -> None:
    made = wave([order(0, 1), order(1, 2)], [0, 1, 2], LINE)
    orders = list(made.orders.rows)
    whole = pair_costs(made, orders, np.arange(3))
    np.testing.assert_array_equal(pair_costs(made, orders[1:], np.array([2, 0])), whole[1:][:, [2, 0]])
    assert whole.shape == (2, 3)


def test_a_pickup_after_off_time_is_forbidden_where_the_rules_say_so() -> None:
    """At the merchant at 160 s: off-time 159 is too early, 160 is not; a meal ready later counts instead."""
    for rule in (True, False):
        made = wave([order(0, 1), order(1, 1, ready_at=NOW + 300)], [0, 0, 0], LINE, late=rule)
        made.riders.off_at[:] = NOW + 159.9, NOW + 160.1, NOW + 300
        infinite = np.isinf(pair_costs(made, list(made.orders.rows), np.arange(3)))
        assert infinite.tolist() == [[rule, False, False], [rule, rule, False]]


@given(random_waves())
def test_costs_are_never_less_than_the_way(made: Wave) -> None:
    orders = list(made.orders.rows)
    if orders and len(made.riders):
        costs = pair_costs(made, orders, np.arange(len(made.riders)))
        way = made.travel.times(made.riders.at, made.orders.pickup[:, None])
        assert (costs >= way).all()
        assert np.isfinite(costs).all() or made.rules.pickup_by_off


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, np.inf]), min_size=1, max_size=6))
def test_one_order_goes_to_the_rider_of_least_weight_as_in_a_larger_matching(weights: list[float]) -> None:
    scene, row = wave([order(1), order(2)], [0] * len(weights), LINE), np.array([weights])
    alone = matched(scene, scene.orders.rows[:1], np.arange(len(weights)), row, row)
    with_nobody = np.vstack([row, np.full(len(weights), np.inf)])
    if len(weights) > 1:
        assert matched(scene, scene.orders.rows, np.arange(len(weights)), with_nobody, with_nobody)[:1] == alone
    assert [a.rider - 10 for a in alone] == [weights.index(min(weights))] * bool(min(weights) < np.inf)


def test_a_part_of_a_wave_is_pickled_as_plain_data() -> None:
    whole = wave([order(1)], [0], LINE)
    part = pickle.loads(pickle.dumps(Part.of(whole, now=5.0)))
    assert (type(part), part.now, part.index, len(part.orders)) == (Wave, 5.0, whole.index, 1)
