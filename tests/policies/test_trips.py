"""Trips: times by hand, and the same as the plan of their route."""

import numpy as np
import pytest
from hypothesis import given

from sim.entities import StopKind, Wave
from sim.policies.candidates import idle
from sim.policies.trips import delays, errands, feasible, fetch, trip_of
from sim.routes import plan
from tests.policies.waves import NOW, order, random_waves, wave

LINE = [0.0, 600.0, 900.0, -300.0]
"""A merchant and three customers; 1 m/s, 120 s of service at every stop."""


def test_one_order_is_a_trip_without_a_detour() -> None:
    made = wave([order(7, 0, 1, NOW + 50)], [0], LINE)
    trip = trip_of(made, made.orders.rows)
    assert (trip.ready_at, trip.due) == (NOW + 50, (NOW + 50,))
    assert trip.ride_s == 60 + 600 + 120


def test_orders_are_dropped_off_in_the_sequence_of_the_least_detour() -> None:
    """600 and 900 m lie one behind the other; whoever goes the other way first makes both late."""
    made = wave([order(1, 0, 2), order(2, 0, 1), order(3, 0, 3)], [0], LINE)
    trip = trip_of(made, made.orders.rows)
    assert [one.dropoff for one in trip.orders] == [3, 1, 2]
    assert trip.due == (NOW, NOW - (300 + 120 + 900 - 600), NOW - (300 + 120 + 900 + 120 + 300 - 900))


def test_a_door_that_takes_time_makes_the_next_customer_wait() -> None:
    slow, other = order(1, 0, 1)._replace(door_s=100.0), order(2, 0, 2)
    trip = trip_of(wave([slow, other], [0], LINE), [slow, other])
    assert trip.due == (NOW, NOW - 220)
    assert trip.ride_s == 60 + 600 + 220 + 300 + 120


def test_the_last_meal_and_the_longest_handling_rule_the_pickup() -> None:
    orders = [order(1, 0, 1, NOW + 10), order(2, 0, 2, NOW + 500)._replace(handling_s=40.0)]
    made = wave(orders, [1, 0], LINE)
    fetching = fetch(made, [trip_of(made, orders)], np.array([0, 1]))
    assert fetching.way.tolist() == [[600, 0]]
    assert fetching.there.tolist() == [[NOW + 700, NOW + 100]]
    assert fetching.pickup.tolist() == [[NOW + 700, NOW + 500]]


def test_delay_counts_every_order_and_its_priority() -> None:
    first, second = order(1, 0, 1), order(2, 0, 2)._replace(priority=2)
    made = wave([first, second], [0], LINE)
    trips = [trip_of(made, [first, second]), trip_of(made, [first])]
    pickup = np.array([[NOW + 30], [NOW - 30]])
    assert delays(trips, pickup).tolist() == [[30 + 3 * (30 + 120)], [0]]


@pytest.mark.parametrize(
    ("columns", "able"),
    [
        ({}, True),
        ({"capacity": [1]}, False),
        ({"off_at": [NOW + 59]}, False),
        ({"off_at": [NOW + 60]}, True),
    ],
)
def test_capacity_and_off_time_forbid_a_trip(columns: dict[str, list[float]], able: bool) -> None:
    orders = [order(1, 0, 1), order(2, 0, 2)]
    made = wave(orders, [0], LINE, late=True, **columns)
    trips, riders = [trip_of(made, orders)], np.array([0])
    assert feasible(made, trips, riders, fetch(made, trips, riders)).tolist() == [[able]]


def test_who_refused_one_of_the_orders_does_not_get_the_trip() -> None:
    orders = [order(1, 0, 1), order(2, 0, 2)]
    made = wave(orders, [0, 0], LINE)
    made.__dict__["refused"] = {2: frozenset({11})}
    trips, riders = [trip_of(made, orders)], np.array([0, 1])
    assert feasible(made, trips, riders, fetch(made, trips, riders)).tolist() == [[True, False]]


@given(made=random_waves())
def test_a_trip_takes_as_long_as_its_route(made: Wave) -> None:
    """The engine's own plan of the route gives the same pickup, drop-offs and end."""
    rows, riders = [one for one in made.orders.rows if one.pickup == made.orders[0].pickup][:3], idle(made)
    if not rows or not len(riders):
        return
    trip = trip_of(made, rows)
    fetching = fetch(made, [trip], riders[:1])
    by_id = {one.id: one for one in rows}
    row, route = riders.item(0), errands(trip)
    start = (made.riders.at.item(row), made.riders.free_at.item(row))
    times, end = plan(route, *start, by_id.__getitem__, made.travel, made.rules)
    assert times[0] == fetching.pickup.item()
    assert end == pytest.approx(times[0] + trip.ride_s)
    assert [stop.kind for stop in route] == [StopKind.PICKUP] * len(rows) + [StopKind.DROPOFF] * len(rows)
    straight = [60 + made.travel.time(one.pickup, one.dropoff) + 60 for one in trip.orders]
    late = sum(at - s - one.ready_at for at, s, one in zip(times[len(rows) :], straight, trip.orders, strict=True))
    assert late == pytest.approx(delays([trip], fetching.pickup).item(), abs=1e-6)
