"""The mask of skills that the shipped policies share."""

from dataclasses import replace

import numpy as np
import pytest

from sim.entities import Need, Order, Wave
from sim.policies.candidates import pair_costs, unfit
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from tests.policies.waves import RNG, order, pairs, wave

LINE = [0.0, 100.0, 1000.0]


def needing(number: int, needs: int) -> Order:
    return order(number)._replace(needs=needs)


def matched(orders: list[Order], at: list[int], skills: list[int]) -> Wave:
    made = wave(orders, at, LINE, skills=skills, worked_s=[0.0] * len(at), earned=[0] * len(at))
    return replace(made, rules=replace(made.rules, match_skills=True))


def test_who_lacks_one_need_is_unfit() -> None:
    made = matched([], [0, 0, 0], [0, Need.BOX, Need.BOX | Need.RANGE])
    needs = np.array([0, Need.BOX, Need.BOX | Need.RANGE, Need.STAIRS])
    expected = [[False] * 3, [True, False, False], [True, True, False], [True] * 3]
    assert unfit(made, needs, np.arange(3)).tolist() == expected
    assert unfit(made, needs, np.array([2])).tolist() == [row[2:] for row in expected]


def test_where_nothing_is_known_of_skills_everybody_is_fit() -> None:
    assert not unfit(wave([], [0, 0], LINE), np.array([7, 7, 7]), np.arange(2)).any()


def test_a_pair_that_does_not_match_is_forbidden_where_the_rules_say_so() -> None:
    made = matched([needing(0, 0), needing(1, Need.BOX)], [0, 2], [0, Need.BOX])
    free = replace(made, rules=replace(made.rules, match_skills=False))
    costs, usual = (pair_costs(w, w.orders.rows, np.arange(2)) for w in (made, free))
    assert np.isinf(costs).tolist() == [[False, False], [True, False]]
    assert np.isfinite(usual).all()
    assert (costs[np.isfinite(costs)] == usual[np.isfinite(costs)]).all()


@pytest.mark.parametrize(("skills", "taken"), [(1, {0}), (2, {1}), (3, {0, 1})])
def test_a_bundle_needs_what_its_orders_need(skills: int, taken: set[int]) -> None:
    """The only rider would fetch both together, were he able to."""
    made = matched([needing(0, Need.BOX), needing(1, Need.STAIRS)], [0], [skills])
    (assignment,) = load_policy(DISPATCH, "rolling_horizon")(made, RNG)
    assert {stop.order for stop in assignment.route} == taken
    batched = load_policy(DISPATCH, "batch_match")(made, RNG)
    assert {stop.order for assignment in batched for stop in assignment.route} <= taken


@pytest.mark.parametrize("name", [name for name in DISPATCH if name != "exec"])
def test_the_fit_rider_goes_though_another_is_nearer(name: str) -> None:
    orders = [needing(0, Need.STAIRS)]
    policy = load_policy(DISPATCH, name)
    made = matched(orders, [0, 2], [Need.BOX, Need.STAIRS])
    assert pairs(policy(made, RNG)) == [(11, 0)]
    assert pairs(policy(replace(made, rules=replace(made.rules, match_skills=False)), RNG)) == [(10, 0)]
    assert pairs(policy(matched(orders, [0, 2], [Need.BOX, Need.BOX]), RNG)) == []
