"""Times of a route, computed by hand on a line at 1 m/s: two minutes at the merchant, one at the door."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.city.travel import StraightTravel
from sim.entities import Order, Rules, Stop, StopKind
from sim.routes import errand, plan, plan_errand, visit_end

PICKUP, DROPOFF, REPOSITION = StopKind
LINE = StraightTravel(np.array([0.0, 100.0, 250.0, 1000.0]), np.zeros(4), 60.0)
RULES = Rules(pickup_s=120, dropoff_s=60, diversion=True, single_merchant=False, pickup_by_off=False)


def p(order: int, place: int) -> Stop:
    return Stop(PICKUP, order, place)


def d(order: int, place: int) -> Stop:
    return Stop(DROPOFF, order, place)


def an_order(number: int, ready_at: float = 0.0, handling_s: float = 0.0, door_s: float = 0.0) -> Order:
    return Order(number, 1, 2, 3, 4, 0.0, ready_at, 2.0, 100, 4, 0, handling_s=handling_s, door_s=door_s)


def timed(
    *route: Stop, at: int = 0, start: float = 1000, ready: Mapping[int, float] | None = None
) -> tuple[list[float], float]:
    return plan(route, at, start, lambda number: an_order(number, (ready or {}).get(number, 0.0)), LINE, RULES)


def test_an_empty_route_is_done_at_once() -> None:
    assert timed() == ([], 1000)


def test_one_errand() -> None:
    """Ride 100, park 60: pickup at 1160. Walk 60, ride 150, park 30: drop-off at 1400. Walk 30."""
    assert timed(p(1, 1), d(1, 2)) == ([1160, 1400], 1430)


def test_the_rider_waits_for_the_meal() -> None:
    assert timed(p(1, 1), d(1, 2), ready={1: 2000}) == ([2000, 2240], 2270)


def test_a_meal_that_is_ready_while_he_parks_delays_nobody() -> None:
    assert timed(p(1, 1), ready={1: 1159}) == ([1160], 1220)
    assert timed(p(1, 1), ready={1: 1161}) == ([1161], 1221)


def test_two_pickups_at_one_place_are_one_visit_that_lasts_until_the_last_meal() -> None:
    times, end = timed(p(1, 1), p(2, 1), d(1, 2), d(2, 3), ready={1: 500, 2: 1500})
    assert times == [1500, 1500, 1740, 1740 + 30 + 750 + 30]
    assert end == times[-1] + 30


def test_handling_begins_with_the_arrival_and_the_door_is_shared_half_and_half() -> None:
    """Ride 100, park 60, shop 300: pickup at 1460. Walk 60, ride 150, then half of 60 + 40 at the door."""
    slow = {1: an_order(1, handling_s=300, door_s=40), 2: an_order(2, ready_at=1300)}
    assert plan([p(1, 1), d(1, 2)], 0, 1000, slow.__getitem__, LINE, RULES) == ([1460, 1720], 1770)
    times, _ = plan([p(2, 1), p(1, 1)], 0, 1000, slow.__getitem__, LINE, RULES)
    assert times == [1460, 1460]


def test_two_pickups_at_two_places_are_two_visits() -> None:
    assert timed(p(1, 1), p(2, 2)) == ([1160, 1160 + 60 + 150 + 60], 1490)


def test_pickups_at_one_place_with_a_stop_between_are_two_visits() -> None:
    times, end = timed(p(1, 1), d(1, 1), p(2, 1))
    assert times == [1160, 1160 + 60 + 30, 1250 + 30 + 60]
    assert end == 1400


def test_two_drop_offs_at_one_door_take_their_time_each() -> None:
    assert timed(d(1, 1), d(2, 1)) == ([1130, 1190], 1220)


def test_a_reposition_takes_the_ride_only() -> None:
    assert timed(Stop(REPOSITION, -1, 3), p(1, 3)) == ([2000, 2060], 2120)


def test_the_start_may_be_anywhere_and_in_the_past() -> None:
    times, end = timed(d(1, 0), at=3, start=-50)
    assert (times[0], end) == pytest.approx((980, 1010))


def test_no_service_time_no_wait() -> None:
    free = Rules(0, 0, True, False, False)
    assert plan([p(1, 1), d(1, 2)], 0, 0.0, an_order, LINE, free) == ([100, 250], 250)


@pytest.mark.parametrize(
    ("route", "index", "end"),
    [
        ([p(1, 1)], 0, 1),
        ([p(1, 1), p(2, 1), p(3, 1), d(1, 2)], 0, 3),
        ([p(1, 1), p(2, 1), p(3, 1), d(1, 2)], 1, 3),
        ([p(1, 1), p(2, 2), p(3, 2)], 0, 1),
        ([p(1, 1), p(2, 2), p(3, 2)], 1, 3),
        ([d(1, 1), d(2, 1)], 0, 1),
        ([Stop(REPOSITION, -1, 1), p(1, 1)], 0, 1),
    ],
)
def test_a_visit_ends_with_the_last_pickup_in_a_row_at_its_place(route: list[Stop], index: int, end: int) -> None:
    assert visit_end(route, index) == end


def test_an_errand_is_pickup_then_drop_off() -> None:
    order = Order(7, 1, 2, 3, 4, 0.0, 1.0, 2.0, 100, 4, 0)
    assert errand(order) == (Stop(PICKUP, 7, 3), Stop(DROPOFF, 7, 4))


LENGTH = st.floats(0, 900)


@given(st.floats(0, 5000), LENGTH, LENGTH, st.floats(0, 3000), st.integers(0, 3), LENGTH, LENGTH)
def test_an_errand_is_planned_as_any_route(
    ready: float, handling: float, door: float, start: float, at: int, pickup: float, dropoff: float
) -> None:
    order = an_order(1, ready, handling, door)._replace(pickup=1, dropoff=2)
    rules = replace(RULES, pickup_s=pickup, dropoff_s=dropoff)
    planned = plan(errand(order), at, start, lambda _: order, LINE, rules)
    assert plan_errand(order, at, start, LINE, rules) == planned


STOPS = st.lists(st.builds(Stop, st.sampled_from(StopKind), st.integers(0, 5), st.integers(0, 3)), max_size=12)
READY = st.lists(st.floats(0, 5000), min_size=6, max_size=6)


@given(STOPS, READY, st.floats(0, 3000))
def test_times_never_fall_and_no_meal_leaves_before_it_is_ready(
    route: list[Stop], ready: list[float], start: float
) -> None:
    times, end = plan(route, 0, start, lambda number: an_order(number, ready[number]), LINE, RULES)
    assert len(times) == len(route)
    assert [start, *times, end] == sorted([start, *times, end])
    for stop, t in zip(route, times, strict=True):
        assert stop.kind != PICKUP or t >= ready[stop.order]


@given(STOPS, READY, st.floats(0, 3000), st.floats(0, 1000))
def test_a_later_start_is_never_an_earlier_end(
    route: list[Stop], ready: list[float], start: float, delay: float
) -> None:
    _, early = plan(route, 0, start, lambda number: an_order(number, ready[number]), LINE, RULES)
    _, late = plan(route, 0, start + delay, lambda number: an_order(number, ready[number]), LINE, RULES)
    assert early <= late <= early + delay + 1e-6
