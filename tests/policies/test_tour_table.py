"""The table of tours inserts where the planner would, and costs what the planner says."""

from dataclasses import replace
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.entities import Order, Orders, Rules, Stop, StopKind, Wave
from sim.policies import detour_loops, insert_loops, tour_loops, tour_table
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


@settings(max_examples=20)
@given(given_=busy_waves(), patience_s=st.sampled_from([300.0, 600.0]), thrift=st.sampled_from([0.0, 0.1]))
def test_orders_are_inserted_where_the_planner_would(
    given_: tuple[Wave, list[Order]], patience_s: float, thrift: float
) -> None:
    made, new = given_
    planner = Planner(made, {one.id: one for one in (*made.assigned.rows, *new)}, patience_s, thrift)
    tours = [planner.tour(row) for row in range(len(made.riders))]
    table = TourTable(made, new, patience_s, thrift)
    for number, one in enumerate(new):
        ranked = sorted(tours, key=lambda tour: planner.least(tour, one))
        found = [longer for tour in ranked for longer in planner.insertions(tour, one)]
        best = min(found, key=attrgetter("growth"), default=None)
        row = table.best(number, np.arange(len(tours)))
        assert row == (best.row if best else -1)
        if best:
            tours[row] = best
            assert table.route(row) == best.route
            assert table.tours.cost[row] == pytest.approx(best.cost)


def test_a_tour_beyond_its_room_gets_more() -> None:
    """Nine spare stops at first; six orders need twelve."""
    orders = [order(number, 0, 1) for number in range(6)]
    made = wave(orders, [0], [0.0, 600.0], capacity=[9])
    table = TourTable(made, orders, 600.0, 0.0)
    assert [table.best(number, np.array([0])) for number in range(6)] == [0] * 6
    assert [stop.kind for stop in table.route(0)].count(D) == 6
    assert len(table.route(0)) == 12


def test_no_rider_no_place() -> None:
    made = wave([order(1)], [0], [0.0, 600.0], capacity=[0])
    table = TourTable(made, list(made.orders.rows), 600.0, 0.0)
    assert table.best(0, np.array([0])) == -1
    assert table.best(0, np.array([], np.int64)) == -1


@settings(max_examples=10)
@given(given_=busy_waves())
def test_compiled_and_plain_loops_say_the_same(given_: tuple[Wave, list[Order]]) -> None:
    made, new = given_
    routes = []
    for plain in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            for module in (tour_loops, insert_loops, detour_loops, tour_table) if plain else ():
                for name, loop in vars(module).copy().items():
                    patch.setattr(module, name, getattr(loop, "py_func", loop))
            table = TourTable(made, new, 600.0, 0.1)
            rows = [table.best(number, np.arange(len(made.riders))) for number in range(len(new))]
            near = table.near(np.flatnonzero(made.riders.load), np.array([0, 3, 0]), 2).tolist()
            tours = [table.route(row) for row in range(len(made.riders))]
            routes.append((rows, tours, table.tours.cost.tolist(), near))
    assert routes[0] == routes[1]


def test_rules_of_the_benchmark_keep_a_route_to_one_merchant() -> None:
    first, other = order(1, 0, 1), order(2, 2, 1)
    made = wave([first, other], [0], [0.0, 600.0, 900.0])
    strict = replace(made, rules=Rules(120, 120, diversion=True, single_merchant=True, pickup_by_off=False))
    assert [TourTable(w, [first, other], 600.0, 0.0).terms.single_merchant for w in (made, strict)] == [False, True]
    for one, fits in ((made, 0), (strict, -1)):
        table = TourTable(one, [first, other], 600.0, 0.0)
        table.best(0, np.array([0]))
        assert table.best(1, np.array([0])) == fits
