"""The table of tours inserts where the planner would, and costs what the planner says."""

from dataclasses import replace
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.entities import Order, Orders, Route, Rules, Stop, StopKind, Wave
from sim.policies import detour_loops, insert_loops, tour_loops, tour_table
from sim.policies.insert_loops import Choice
from sim.policies.tour_table import TourTable
from tests.policies.planner import Planner
from tests.policies.waves import NOW, objects, order, wave

P, D, R = StopKind


@st.composite
def busy_waves(draw: st.DrawFn) -> tuple[Wave, list[Order]]:
    """Riders with all kinds of routes, and orders that may be inserted."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x, y = rng.integers(0, 4000, (2, 10)).astype(float).tolist()
    riders, routes, carried, assigned = 4, [], [], []
    for rider in range(riders):
        orders = [
            order(
                100 + 10 * rider + n, int(rng.integers(4)), int(rng.integers(10)), NOW + float(rng.integers(-900, 900))
            )
            for n in range(int(rng.integers(0, 4)))
        ]
        board = {one.id for one in orders if rng.random() < 0.4}
        assigned += [one for one in orders if one.id not in board]
        pickups = [Stop(P, one.id, one.pickup) for one in orders if one.id not in board]
        routes.append((*pickups, *(Stop(D, one.id, one.dropoff) for one in orders)))
        if not orders and rng.random() < 0.5:
            routes[-1] = (Stop(R, -1, int(rng.integers(10))),)
        carried.append(frozenset(board))
    made = wave([], rng.integers(0, 10, riders).tolist(), x, y, late=draw(st.booleans()), capacity=[3] * riders)
    free_at = NOW + rng.integers(0, 2000, riders).astype(float)
    table = replace(made.riders, route=objects(routes), on_board=objects(carried), free_at=free_at)
    table = replace(table, off_at=NOW + rng.integers(0, 4000, riders).astype(float))
    rules = replace(made.rules, single_merchant=draw(st.booleans()))
    new = [order(n, int(rng.integers(4)), int(rng.integers(10)))._replace(handling_s=30.0 * n) for n in range(4)]
    return replace(made, riders=table, assigned=Orders(assigned), rules=rules), new


def everybody(made: Wave, orders: int) -> Choice:
    """Each order is tried for all riders, and nobody is barred."""
    near = np.tile(np.arange(len(made.riders)), (orders, 1))
    return Choice(near, np.zeros(0, np.int64), np.zeros((orders, 0)), np.zeros((0, 0), np.bool_))


def routes(table: TourTable) -> list[Route]:
    rows = np.arange(len(table.wave.riders))
    return table.routes(rows, rows)


@settings(max_examples=20)
@given(given_=busy_waves(), patience_s=st.sampled_from([300.0, 600.0]), thrift=st.sampled_from([0.0, 0.1]))
def test_orders_are_inserted_where_the_planner_would(
    given_: tuple[Wave, list[Order]], patience_s: float, thrift: float
) -> None:
    made, new = given_
    planner = Planner(made, {one.id: one for one in (*made.assigned.rows, *new)}, patience_s, thrift)
    tours = [planner.tour(row) for row in range(len(made.riders))]
    table = TourTable(made, new, patience_s, thrift)
    given_rows = []
    for one in new:
        ranked = sorted(tours, key=lambda tour: planner.least(tour, one))
        found = [longer for tour in ranked for longer in planner.insertions(tour, one)]
        best = min(found, key=attrgetter("growth"), default=None)
        given_rows.append(best.row if best else -1)
        if best:
            tours[best.row] = best
    assert table.fill(everybody(made, len(new))).tolist() == given_rows
    assert routes(table) == [tour.route for tour in tours]
    assert table.tours.cost[:-1].tolist() == pytest.approx([tour.cost for tour in tours])


def test_a_tour_beyond_its_room_gets_more() -> None:
    """Ten spare stops at first; eight orders need sixteen."""
    orders = [order(number, 0, 1) for number in range(8)]
    made = wave(orders, [0], [0.0, 600.0], capacity=[9])
    table = TourTable(made, orders, 600.0, 0.0)
    assert table.fill(everybody(made, 8)).tolist() == [0] * 8
    assert [stop.kind for stop in routes(table)[0]].count(D) == 8
    assert len(routes(table)[0]) == 16


def test_no_rider_no_place() -> None:
    made = wave([order(1)], [0], [0.0, 600.0], capacity=[0])
    nobody = everybody(wave([], [], [0.0]), 1)
    for choice in (everybody(made, 1), nobody):
        assert TourTable(made, list(made.orders.rows), 600.0, 0.0).fill(choice).tolist() == [-1]


def test_the_cheapest_idle_rider_is_tried_once_and_who_is_barred_is_not() -> None:
    """Riders 0 and 1 stand at the merchant; by the costs told rider 1 is the better one."""
    orders = [order(number, 0, 1) for number in range(2)]
    made, costs = wave(orders, [0, 0], [0.0, 600.0], capacity=[1, 1]), np.array([[2.0, 1.0], [2.0, 1.0]])
    choice = everybody(made, 2)._replace(near=np.zeros((2, 0), np.int64), resting=np.arange(2), costs=costs)
    barred = np.array([[False, False], [True, True]])
    for some, given_rows in (
        (choice, [1, 0]),
        (choice._replace(barred=barred, costs=costs * [[1], [np.inf]]), [1, -1]),
    ):
        assert TourTable(made, orders, 600.0, 0.0).fill(some).tolist() == given_rows


@settings(max_examples=10)
@given(given_=busy_waves())
def test_compiled_and_plain_loops_say_the_same(given_: tuple[Wave, list[Order]]) -> None:
    made, new = given_
    answers = []
    for plain in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            for module in (tour_loops, insert_loops, detour_loops, tour_table) if plain else ():
                for name, loop in vars(module).copy().items():
                    patch.setattr(module, name, getattr(loop, "py_func", loop))
            table = TourTable(made, new, 600.0, 0.1)
            rows = table.fill(everybody(made, len(new))).tolist()
            near = table.near(np.flatnonzero(made.riders.load), np.array([0, 3, 0]), 2).tolist()
            answers.append((rows, routes(table), table.tours.cost.tolist(), near))
    assert answers[0] == answers[1]


def test_rules_of_the_benchmark_keep_a_route_to_one_merchant() -> None:
    first, other = order(1, 0, 1), order(2, 2, 1)
    made = wave([first, other], [0], [0.0, 600.0, 900.0])
    strict = replace(made, rules=Rules(120, 120, diversion=True, single_merchant=True, pickup_by_off=False))
    assert [TourTable(w, [first, other], 600.0, 0.0).terms.single_merchant for w in (made, strict)] == [False, True]
    for one, fits in ((made, 0), (strict, -1)):
        table = TourTable(one, [first, other], 600.0, 0.0)
        assert table.fill(everybody(one, 2)).tolist() == [0, fits]
