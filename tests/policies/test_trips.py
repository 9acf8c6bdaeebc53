"""Trips: times by hand, and the same as the plan of their route."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import StopKind, Wave
from sim.policies import plan as plan_module
from sim.policies import plan_loops, trip_loops
from sim.policies import trips as trips_module
from sim.policies.candidates import idle
from sim.policies.rolling_horizon import RollingHorizon
from sim.policies.trip_loops import arrival
from sim.policies.trips import Trips
from sim.routes import plan
from tests.policies.waves import NOW, RNG, order, random_waves, wave

LINE = [0.0, 600.0, 900.0, -300.0]
"""A merchant and three customers; 1 m/s, 120 s of service at every stop."""
LOST = 1e5


def trips_of(made: Wave, most: int = 3, thrift: float = 0.0) -> Trips:
    return Trips.of(made, list(made.orders.rows), np.arange(len(made.riders)), most, thrift, LOST)


def joint_of(trips: Trips) -> int:
    """The row of the trip of all orders, joined one by one."""
    row = 0
    for other in range(1, len(trips.orders)):
        (row,) = trips.joints(np.array([[row, other]])).tolist()
    return row


def able(trips: Trips, row: int, riders: list[int]) -> list[bool]:
    """Whether each of some free riders may have a trip."""
    answer: list[bool] = trips.leaving(np.full(len(riders), row), np.array(riders), early_s=1e9).tolist()
    return answer


def test_one_order_is_a_trip_without_a_detour() -> None:
    trips = trips_of(wave([order(7, 0, 1, NOW + 50)], [0], LINE))
    assert (trips.table.ready[0], trips.table.due[0, 0]) == (NOW + 50, NOW + 50)
    assert trips.table.ride[0] == 60 + 600 + 120


def test_orders_are_dropped_off_in_the_sequence_of_the_least_detour() -> None:
    """600 and 900 m lie one behind the other; whoever goes the other way first makes both late."""
    trips = trips_of(wave([order(1, 0, 2), order(2, 0, 1), order(3, 0, 3)], [0], LINE))
    row = joint_of(trips)
    assert [trips.orders[member].dropoff for member in trips.members(row)] == [3, 1, 2]
    due = [NOW, NOW - (300 + 120 + 900 - 600), NOW - (300 + 120 + 900 + 120 + 300 - 900)]
    assert trips.table.due[row].tolist() == due


def test_a_door_that_takes_time_makes_the_next_customer_wait() -> None:
    slow, other = order(1, 0, 1)._replace(door_s=100.0), order(2, 0, 2)
    trips = trips_of(wave([slow, other], [0], LINE))
    row = joint_of(trips)
    assert trips.table.due[row, :2].tolist() == [NOW, NOW - 220]
    assert trips.table.ride[row] == 60 + 600 + 220 + 300 + 120


def test_the_last_meal_and_the_longest_handling_rule_the_pickup() -> None:
    orders = [order(1, 0, 1, NOW + 10), order(2, 0, 2, NOW + 500)._replace(handling_s=40.0)]
    trips = trips_of(wave(orders, [1, 0], LINE))
    row = joint_of(trips)
    assert [arrival(row, rider, trips.supply, trips.table) for rider in (0, 1)] == [NOW + 700, NOW + 100]
    assert able(trips, row, [0, 1]) == [True, True]
    assert trips.table.ready[row] == NOW + 500


def test_delay_counts_every_order_and_its_priority() -> None:
    """At the merchant after 60 s: the first is 60 s late, the second, dropped off first, waits for nobody."""
    first, second = order(1, 0, 1), order(2, 0, 2)._replace(priority=2)
    trips = trips_of(wave([first, second], [0], LINE))
    assert trips.table.costs[:2, 0].tolist() == [60, 3 * 60]
    assert trips.table.costs[joint_of(trips), 0] == 60 + 3 * (60 + 120)


def test_work_has_a_price_and_the_usual_way_is_free() -> None:
    """Two merchants 0 and 600 m away: the usual way is 300 m."""
    trips = trips_of(wave([order(1, 0, 1), order(2, 1, 2)], [0], LINE), thrift=0.5)
    assert trips.table.costs[:2, 0].tolist() == [60 + (0 - 300 + 780) / 2, 660 + (600 - 300 + 480) / 2]


def test_an_order_that_waits_for_a_later_plan_counts_the_delay_of_a_trip_and_something_on_top() -> None:
    """Trip of 420 s on the mean way, 960 s on the mean, then 300 or 900 m more to the merchant and 60 s to park."""
    orders = [order(1, 0, 1), order(2, 1, 2, NOW + 500)._replace(priority=1), order(3, 1, 2, NOW + 9000)]
    made = wave(orders, [0, 0], [0.0, 600.0, 900.0], free_at=[NOW + 30, NOW + 700])
    trip_s = (0 + 600 + 600) / 3 + 120 + 120 + (600 + 300 + 300) / 3
    later = [30 + trip_s + 0 + 60 + LOST, 2 * (30 + trip_s + 600 + 60 - 500 + LOST), LOST]
    assert trips_of(made).table.costs[:3, 2] == pytest.approx(later)


def test_who_waits_waits_for_the_counter_and_the_door_of_the_trip_before_and_for_his_own_counter() -> None:
    """The trip before takes 40 + 600 + 25 s and 240 s at its stops, then 60 s to park and 40 s at the counter."""
    two = [order(number, 0, 1)._replace(handling_s=40, door_s=25) for number in (1, 2)]
    costs = trips_of(wave(two, [0], LINE, free_at=[NOW])).table.costs
    assert costs[:2, 1] == pytest.approx(665 + 240 + 60 + 40 + LOST)


@pytest.mark.parametrize(
    ("columns", "may"),
    [({}, True), ({"capacity": [1]}, False), ({"off_at": [NOW + 59]}, False), ({"off_at": [NOW + 60]}, True)],
)
def test_capacity_and_off_time_forbid_a_trip(columns: dict[str, Any], may: bool) -> None:
    trips = trips_of(wave([order(1, 0, 1), order(2, 0, 2)], [0], LINE, late=True, **columns))
    row = joint_of(trips)
    assert able(trips, row, [0]) == [may]
    assert (trips.table.costs[row, 0] < 2 * LOST) == may


def test_who_refused_one_of_the_orders_does_not_get_the_trip() -> None:
    made = wave([order(1, 0, 1), order(2, 0, 2)], [0, 0], LINE)
    made.__dict__["refused"] = {2: frozenset({11})}
    trips = trips_of(made)
    row = joint_of(trips)
    assert able(trips, row, [0, 1]) == [True, False]
    assert (trips.table.costs[[0, 1, row], 1] >= LOST).tolist() == [False, True, True]


def test_a_trip_is_made_once_however_its_orders_come_together() -> None:
    trips = trips_of(wave([order(number, 0, number) for number in (1, 2, 3)], [0], LINE))
    one, two = trips.joints(np.array([[0, 1], [1, 2]])).tolist()
    again = trips.joints(np.array([[one, 2], [0, two], [0, 1]])).tolist()
    assert again == [again[0], again[0], one]
    assert len(set(trips.members(again[0]))) == 3


def test_pairs_have_one_merchant_and_are_not_too_large() -> None:
    orders = [order(1, 0, 1), order(2, 1, 2), order(3, 0, 2), order(4, 0, 3), order(5, 1, 3)._replace(merchant=9)]
    trips = trips_of(wave(orders, [0], LINE), most=2)
    assert trips.pairs(np.arange(5)).tolist() == [[0, 2], [0, 3], [2, 3]]
    (joint,) = trips.joints(np.array([[0, 2]])).tolist()
    assert trips.pairs(np.array([1, 3, 4, joint])).tolist() == []


def test_who_is_busy_nobody_or_early_enough_does_not_leave() -> None:
    """At the merchant after 60 s: who may come at any time until 100 s may leave 40 s later."""
    made = wave([order(1, 0, 1, NOW + 100)], [0, 0], LINE, load=[0, 1], available=[True, True])
    trips = trips_of(made)
    assert [trips.leaving(np.zeros(1, np.int64), np.zeros(1, np.int64), early).item() for early in (40, 41)] == [
        False,
        True,
    ]
    assert able(trips, 0, [0, 1, 2]) == [True, False, False]


def test_trips_beyond_the_first_room_keep_what_they_were() -> None:
    orders = [order(number, 0, 1 + number % 3, NOW + number) for number in range(12)]
    trips = trips_of(wave(orders, [0, 1], LINE))
    few = trips.pairs(np.arange(3))
    before = trips.joints(few)
    costs = trips.table.costs[before]
    rows = trips.joints(trips.pairs(np.arange(12)))
    assert sorted(rows.tolist()) == list(range(12, 12 + 66))
    assert set(before.tolist()) <= set(rows.tolist())
    np.testing.assert_array_equal(trips.table.costs[before], costs)


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(2, 4))
def test_compiled_and_plain_loops_say_the_same(seed: int, size: int) -> None:
    """A crowd at three merchants and few riders; the plain loops are what there is without numba."""
    rng = np.random.default_rng(seed)
    orders = [
        order(n, int(rng.integers(3)), int(rng.integers(3, 9)), NOW + 60 * int(rng.integers(9))) for n in range(8)
    ]
    x, y = rng.integers(0, 2000, (2, 9)).astype(float).tolist()
    made, policy = wave(orders, rng.integers(0, 9, 3).tolist(), x, y), RollingHorizon(trip_size=size, early_min=9.0)
    with pytest.MonkeyPatch.context() as patch:
        for module in (trip_loops, plan_loops, trips_module, plan_module):
            for name, loop in vars(module).copy().items():
                patch.setattr(module, name, getattr(loop, "py_func", loop))
        plain, trips = policy(made, RNG), trips_of(made, size)
        rows = trips.joints(trips.pairs(np.arange(8)))
    again = trips_of(made, size)
    assert again.joints(again.pairs(np.arange(8))).tolist() == rows.tolist()
    assert again.many == trips.many
    assert [again.members(row) for row in rows.tolist()] == [trips.members(row) for row in rows.tolist()]
    np.testing.assert_array_equal(trips.table.costs[: trips.many], again.table.costs[: trips.many])
    assert policy(made, RNG) == plain


@given(made=random_waves())
def test_a_trip_takes_as_long_as_its_route(made: Wave) -> None:
    """The engine's own plan of the route gives the same pickup, drop-offs, end and cost."""
    rows, riders = [one for one in made.orders.rows if one.pickup == made.orders[0].pickup][:3], idle(made)
    if not rows or not len(riders):
        return
    trips = Trips.of(made, rows, riders[:1], 3, 0.0, LOST)
    row = joint_of(trips)
    by_id, rider, route = {one.id: one for one in rows}, riders.item(0), trips.route(row)
    start = (made.riders.at.item(rider), made.riders.free_at.item(rider))
    times, end = plan(route, *start, by_id.__getitem__, made.travel, made.rules)
    assert times[0] == max(arrival(row, 0, trips.supply, trips.table), trips.table.ready[row])
    assert end == pytest.approx(times[0] + trips.table.ride[row])
    assert [stop.kind for stop in route] == [StopKind.PICKUP] * len(rows) + [StopKind.DROPOFF] * len(rows)
    members = [rows[member] for member in trips.members(row)]
    straight = [60 + made.travel.time(one.pickup, one.dropoff) + 60 for one in members]
    late = sum(at - s - one.ready_at for at, s, one in zip(times[len(rows) :], straight, members, strict=True))
    later = trips.demand.later[trips.members(row)].sum()
    assert trips.table.costs[row, 0] == pytest.approx(late if able(trips, row, [0])[0] else later, abs=1e-6)
