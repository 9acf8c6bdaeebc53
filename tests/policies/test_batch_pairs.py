"""Detours that take batches along: as the planner says, to those who pass by, compiled or not."""

from dataclasses import replace
from math import inf
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.entities import Order, Orders, Wave
from sim.policies import batch_pairs, detour_loops, insert_loops, outlook, tour_loops, tour_table
from sim.policies.batch_match import BatchMatch
from sim.policies.batch_pairs import Pairs
from sim.policies.detour_loops import along, nearest
from sim.policies.outlook import outlook_of
from sim.routes import PICKUP
from tests.policies.planner import Planner, Tour
from tests.policies.test_tour_table import busy_waves
from tests.policies.waves import RNG

MODULES = tour_loops, insert_loops, detour_loops, tour_table, outlook, batch_pairs


@st.composite
def loaded_waves(draw: st.DrawFn) -> tuple[Wave, list[Order]]:
    """The same with loads, and the new orders open."""
    made, new = draw(busy_waves())
    made.riders.load[:] = [len({stop.order for stop in route} - {-1}) for route in made.riders.route]
    return replace(made, orders=Orders(new)), new


def paired(made: Wave, new: list[Order]) -> Pairs:
    """Batches of at most two, riders with the whole of their routes."""
    return Pairs.of(made, outlook_of(made, new, 0.1, reshuffle=False), new, 2, 300.0)


def extended(planner: Planner, tour: Tour, orders: list[Order]) -> Tour | None:
    """A tour with orders inserted one after the other; None where one does not fit or all come last."""
    route = tour.route
    for order in orders:
        longer = min(planner.insertions(tour, order), key=attrgetter("growth"), default=None)
        if longer is None:
            return None
        tour = longer
    return None if tour.route[: len(route)] == route else tour


@settings(max_examples=20)
@given(given_=loaded_waves())
def test_a_detour_is_what_the_planner_says(given_: tuple[Wave, list[Order]]) -> None:
    made, new = given_
    pairs = paired(made, new)
    planner = Planner(made, {one.id: one for one in (*made.assigned.rows, *new)}, inf, 0.1)
    passing, table = pairs._passing(3, np.zeros(len(pairs.outlook.rows))), pairs.outlook.table
    reach = pairs._reach(passing)
    for row, place in np.argwhere(passing.columns >= 0).tolist():
        rider = passing.rows.item(row, place)
        members = [new[one] for one in pairs.batches.pickups[pairs.rows[row], : passing.size[row]].tolist()]
        before = planner.tour(rider)
        expected = extended(planner, before, members)
        growth = along(row, place, inf, passing, reach, table.tours, table.known, table.terms)
        assert growth == pytest.approx(expected.cost - before.cost if expected else inf)
        if expected:
            assert pairs._detour(row, place, passing, reach) == expected.route
            assert along(row, place, 0.0, passing, reach, table.tours, table.known, table.terms) == inf


@settings(max_examples=20)
@given(given_=loaded_waves())
def test_what_is_sure_of_a_route_has_no_pickup_but_the_first(given_: tuple[Wave, list[Order]]) -> None:
    made, new = given_
    seen = outlook_of(made, new, 0.1, reshuffle=True)
    released = {one.id for one in seen.released}
    for column, row in enumerate(seen.rows.tolist()):
        route, old = seen.route(row), made.riders.route[row]
        assert route == tuple(stop for stop in old if stop.order not in released)
        assert len(old) < 3 or not any(stop.kind == PICKUP for stop in route[1:])
        assert seen.table.routes(np.array([row]), np.array([row])) == [route]
        assert seen.at[column] == (route[-1].place if row in seen.cut else made.riders.at[row])


@settings(max_examples=10)
@given(given_=loaded_waves())
def test_compiled_and_plain_loops_decide_alike(given_: tuple[Wave, list[Order]]) -> None:
    made, _ = given_
    answers = []
    for plain in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            for module in MODULES if plain else ():
                for name, loop in vars(module).items():
                    patch.setattr(module, name, getattr(loop, "py_func", loop))
            answers.append(list(BatchMatch()(made, RNG)))
    assert answers[0] == answers[1]


def test_the_nearest_routes_come_first_and_the_first_of_equal_ones() -> None:
    """Routes of two stops, one and two: 3, 2 and 3 away."""
    away = np.array([[3.0, 9.0, 2.0, 4.0, 3.0], [5.0, 5.0, 5.0, 1.0, 9.0]])
    begins, spot = np.array([0, 2, 3, 5]), np.arange(5)
    assert nearest(away, spot, begins, 2).tolist() == [[1, 0], [2, 0]]
    assert nearest(away[:, ::-1].copy(), spot[::-1], begins, 2).tolist() == [[1, 0], [2, 0]]
    assert nearest(away, spot, begins, 4).tolist() == [[1, 0, 2, -1], [2, 0, 1, -1]]


def test_who_may_not_have_a_batch_is_not_asked_to_take_it_along() -> None:
    """Its price stays infinite, however near he passes."""
    made, new = _passing_by()
    pairs = paired(made, new)
    table, passing = pairs.outlook.table, pairs._passing(3, np.zeros(1))
    for price, found in ((1e6, True), (inf, False)):
        costs = np.array([[price]])
        answer = detour_loops.detours(1e9, costs, passing, pairs._reach(passing), table.tours, table.known, table.terms)
        assert answer.any() == found
        assert (costs < price).all() == found


def _passing_by() -> tuple[Wave, list[Order]]:
    from tests.policies.test_batch_match import passing

    made = passing()
    made.riders.off_at[1] = 0
    return made, list(made.orders.rows)
