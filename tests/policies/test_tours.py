"""Tours: costs by hand, every insertion tried, and nothing that the rules forbid."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.entities import Order, Orders, Route, Rules, Stop, StopKind, Wave
from sim.routes import plan
from tests.policies.planner import Planner, Tour
from tests.policies.waves import NOW, order, random_waves, wave

LINE = [0.0, 600.0, 900.0, 1500.0]
P, D, R = StopKind


def planner(made: Wave, patience_s: float = 600.0, thrift: float = 0.0) -> Planner:
    return Planner(made, {one.id: one for one in (*made.assigned.rows, *made.orders.rows)}, patience_s, thrift)


def busy(route: Route, free_in: float, orders: list[Order], on_board: frozenset[int] = frozenset()) -> Wave:
    """A rider who will end a route with some orders in so many seconds; they are assigned to him."""
    made = wave([], [0], LINE, free_at=[NOW + free_in], load=[len(orders) + len(on_board)])
    made.riders.route[0], made.riders.on_board[0] = route, on_board
    made.__dict__["assigned"] = Orders(orders)
    return made


def test_an_idle_rider_has_an_empty_tour() -> None:
    assert planner(wave([], [2], LINE)).tour(0) == Tour(0, (), 2, NOW, 0.0)


def test_a_busy_riders_tour_ends_when_the_wave_says() -> None:
    """From the merchant to 600 m: 60 s after the pickup, 600 s of way, 120 s at the door."""
    made = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 900, [order(7, 0, 1)])
    tour = planner(made).tour(0)
    assert (tour.place, tour.start) == (0, NOW + 900 - 840)
    assert tour.cost == NOW + 900 - 60


def test_a_meal_that_makes_him_wait_leaves_the_latest_start() -> None:
    made = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 1780, [order(7, 0, 1, NOW + 1000)])
    tour = planner(made).tour(0)
    by_id = {7: made.assigned[0]}
    assert tour.start == NOW + 940
    assert plan(tour.route, tour.place, tour.start, by_id.__getitem__, made.travel, made.rules)[1] == NOW + 1780


def test_a_start_is_never_long_past() -> None:
    """Who waits beyond the estimate seems to have begun long ago."""
    made = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 100, [order(7, 0, 1)])
    assert planner(made).tour(0).start == NOW - 60


@pytest.mark.parametrize(("patience_s", "thrift"), [(600.0, 0.0), (300.0, 0.0), (600.0, 0.5)])
def test_costs_are_drop_off_lateness_and_work(patience_s: float, thrift: float) -> None:
    """At the merchant; dropped off after 780 s, 300 s too late; free after 840 s."""
    made = wave([order(7, 0, 1)._replace(promised_at=NOW + 480)], [0], LINE)
    desk = planner(made, patience_s, thrift)
    (only,) = desk.insertions(desk.tour(0), made.orders[0])
    assert only.growth == only.cost == pytest.approx(NOW + 780 + 300**2 / patience_s + thrift * 840)


def test_every_place_is_tried_and_the_first_stop_stays_first() -> None:
    made = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 900, [order(7, 0, 1)])
    tour = planner(made).tour(0)
    new = order(8, 2, 3)
    routes = [one.route for one in Planner(made, {7: made.assigned[0], 8: new}, 600, 0).insertions(tour, new)]
    names = {"".join("pd"[s.kind] + str(s.order) for s in route) for route in routes}
    assert names == {"p7p8d8d7", "p7p8d7d8", "p7d7p8d8"}


@pytest.mark.parametrize(("capacity", "ways"), [(1, 1), (2, 3)])
def test_a_full_box_takes_nothing_more(capacity: int, ways: int) -> None:
    """With room for one he delivers the first before he fetches the second."""
    made, new = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 900, [order(7, 0, 1)]), order(8, 2, 3)
    made.riders.capacity[0] = capacity
    desk = Planner(made, {7: made.assigned[0], 8: new}, 600, 0)
    found = list(desk.insertions(desk.tour(0), new))
    assert len(found) == ways
    assert [stop.order for stop in found[-1].route] == [7, 7, 8, 8]


def test_what_he_carries_counts() -> None:
    made, new = busy((Stop(P, 7, 0), Stop(D, 7, 1), Stop(D, 5, 1)), 1020, [order(7, 0, 1)], frozenset({5})), order(8, 2)
    made.riders.capacity[0] = 2
    desk = Planner(made, {7: made.assigned[0], 8: new}, 600, 0)
    assert all(one.route[1] == Stop(D, 7, 1) for one in desk.insertions(desk.tour(0), new))


@pytest.mark.parametrize(("second", "ways"), [(order(8, 0, 3), 2), (order(8, 2, 3), 0)])
def test_one_merchant_where_it_is_a_rule(second: Order, ways: int) -> None:
    """Both pickups first: the new order is dropped off before or after the other."""
    made = busy((Stop(P, 7, 0), Stop(D, 7, 1)), 900, [order(7, 0, 1)])
    made.__dict__["rules"] = Rules(120, 120, diversion=True, single_merchant=True, pickup_by_off=False)
    desk = Planner(made, {7: made.assigned[0], 8: second}, 600, 0)
    found = [one.route for one in desk.insertions(desk.tour(0), second)]
    assert len(found) == ways
    assert all([stop.kind for stop in route] == [P, P, D, D] for route in found)


def test_no_pickup_after_the_off_time_where_it_is_a_rule() -> None:
    for off_in, ways in ((659, 0), (660, 1)):
        made = wave([order(7, 1, 2)], [0], LINE, late=True, off_at=[NOW + off_in])
        desk = planner(made)
        assert len(list(desk.insertions(desk.tour(0), made.orders[0]))) == ways


@given(made=random_waves())
def test_growth_is_never_below_its_bound(made: Wave) -> None:
    desk = planner(made, thrift=0.1)
    for row in np.flatnonzero(made.riders.load == 0).tolist():
        tours = [desk.tour(row)]
        for new in made.orders.rows[:3]:
            longer = [one for tour in tours for one in desk.insertions(tour, new)]
            assert all(one.growth >= desk.least(tours[0], new) - 1e-6 for one in longer)
            assert all(_in_order(one.route) for one in longer)
            tours = longer[:1] or tours


def _in_order(route: Route) -> bool:
    where: dict[tuple[Any, int], int] = {(stop.kind, stop.order): index for index, stop in enumerate(route)}
    assert all(one != two for one, two in pairwise(route))
    return all(where[P, number] < index for (kind, number), index in where.items() if kind == D)
