"""The shipped dispatch policies: the nearest is nearest, matching is never worse, and both keep the rules."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Stop, StopKind, Wave
from sim.policies.candidates import due, idle, pair_costs
from sim.policies.dispatch import DispatchPolicy
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from tests.policies.waves import NOW, RNG, order, pairs, random_waves, wave

LINE = [0.0, 100.0, 1000.0, 1500.0]
BOTH = pytest.mark.parametrize("policy", [Nearest(), Matching()], ids=["nearest", "matching"])


def test_the_nearest_rider_is_sent() -> None:
    assert pairs(Nearest()(wave([order(7, 1)], [2, 0, 3], LINE), RNG)) == [(11, 7)]


def test_a_near_rider_who_is_busy_for_long_is_not_the_nearest() -> None:
    """100 m but free in 2,000 s, against 900 m."""
    made = wave([order(7, 1)], [0, 2], LINE, free_at=[NOW + 2000, NOW])
    assert pairs(Nearest()(made, RNG)) == [(11, 7)]


def test_the_earliest_ready_is_served_first() -> None:
    made = wave([order(1, 1, ready_at=NOW + 60), order(2, 1, ready_at=NOW)], [0], LINE)
    assert pairs(Nearest()(made, RNG)) == [(10, 2)]


def test_greedy_takes_the_rider_that_another_needs_and_matching_does_not() -> None:
    """Orders at 100 and 0 m, riders at 0 and 1000 m; order 1, ready first, is nearer to rider 10."""
    made = wave([order(1, 1, ready_at=NOW - 1), order(2, 0, ready_at=NOW)], [0, 2], [0.0, 100.0, 1000.0])
    assert pairs(Nearest()(made, RNG)) == [(10, 1), (11, 2)]
    assert sorted(pairs(Matching()(made, RNG))) == [(10, 2), (11, 1)]


def test_when_riders_are_short_urgency_decides() -> None:
    """A cold meal far away, a fresh one near by: with no weight on waiting the near one wins."""
    made = wave([order(1, 1), order(2, 2, ready_at=NOW - 2000)], [0], LINE)
    assert pairs(Matching(urgency=0)(made, RNG)) == [(10, 1)]
    assert pairs(Matching(urgency=1)(made, RNG)) == [(10, 2)]


@BOTH
def test_an_answer_is_an_errand(policy: DispatchPolicy) -> None:
    route = policy(wave([order(7, 1, 3)], [0], LINE), RNG)[0].route
    assert route == (Stop(StopKind.PICKUP, 7, 1), Stop(StopKind.DROPOFF, 7, 3))


@pytest.mark.parametrize("kind", [Nearest, Matching])
def test_an_order_is_not_given_away_too_early(kind: Any) -> None:
    made = wave([order(7, 1, ready_at=NOW + 601)], [0], LINE)
    assert list(kind()(made, RNG)) == []
    assert pairs(kind(lead_min=11)(made, RNG)) == [(10, 7)]
    assert list(kind(lead_min=0)(wave([order(7, 1, ready_at=NOW + 1)], [0], LINE), RNG)) == []


@BOTH
def test_nobody_or_nothing_gives_nothing(policy: DispatchPolicy) -> None:
    for made in (wave([], [0], LINE), wave([order(7)], [], LINE), wave([], [], LINE)):
        assert list(policy(made, RNG)) == []
    assert list(policy(wave([order(7)], [0, 1], LINE, available=[False, True], load=[0, 1]), RNG)) == []


@BOTH
def test_off_time_is_kept_where_it_is_a_rule(policy: DispatchPolicy) -> None:
    for rule in (True, False):
        made = wave([order(7, 1)], [0], LINE, late=rule, off_at=[NOW + 159])
        assert len(policy(made, RNG)) == (not rule)


@BOTH
@given(made=random_waves())
def test_an_answer_keeps_the_rules(policy: DispatchPolicy, made: Wave) -> None:
    answer = policy(made, RNG)
    riders, orders = [a.rider for a in answer], [a.route[0].order for a in answer]
    assert len(set(riders)) == len(riders)
    assert len(set(orders)) == len(orders)
    may = set(made.riders.id[idle(made)].tolist())
    assert set(riders) <= may
    wanted = {o.id: o for o in due(made, 10)}
    for assignment in answer:
        picked = wanted[assignment.route[0].order]
        row = int(np.flatnonzero(made.riders.id == assignment.rider)[0])
        assert np.isfinite(pair_costs(made, [picked], np.array([row]))).all()


@BOTH
@given(made=random_waves())
def test_nobody_is_idle_while_he_could_serve(policy: DispatchPolicy, made: Wave) -> None:
    """No order left over has a rider left over who could fetch it."""
    answer = policy(made, RNG)
    served, busy = {a.route[0].order for a in answer}, {a.rider for a in answer}
    orders = [o for o in due(made, 10) if o.id not in served]
    riders = np.array([row for row in idle(made).tolist() if made.riders.id[row] not in busy], dtype=np.int64)
    if orders and len(riders):
        assert np.isinf(pair_costs(made, orders, riders)).all()


def cost(made: Wave, answer: object, urgency: float = 0.0) -> float:
    """Sum of the pairs' costs less the urgency of the orders served."""
    by_id = {o.id: o for o in made.orders.rows}
    total = 0.0
    for rider, number in pairs(answer):
        chosen = by_id[number]
        row = np.array([rider - 10])
        total += pair_costs(made, [chosen], row).item() - urgency * max(NOW - chosen.ready_at, 0.0)
    return total


@given(random_waves(), st.sampled_from([0.0, 1.0, 3.0]))
def test_matching_is_never_worse_than_greedy(made: Wave, urgency: float) -> None:
    greedy, matched = Nearest()(made, RNG), Matching(urgency=urgency)(made, RNG)
    assert len(matched) >= len(greedy)
    if len(matched) == len(greedy):
        assert cost(made, matched, urgency) <= cost(made, greedy, urgency) + 1e-6


@given(random_waves(most=4))
def test_matching_is_the_best_of_all(made: Wave) -> None:
    """Against every way of pairing: most pairs first, then least cost."""
    orders, riders = due(made, 10), idle(made)
    if not orders or not len(riders):
        return
    costs = pair_costs(made, orders, riders)
    costs = costs if len(orders) <= len(riders) else costs.T
    short, long = costs.shape
    tried = [costs[range(short), list(chosen)] for chosen in permutations(range(long), short)]
    most = max(int(np.isfinite(row).sum()) for row in tried)
    best = min(row[np.isfinite(row)].sum() for row in tried if np.isfinite(row).sum() == most)
    matched = Matching(urgency=0)(made, RNG)
    assert len(matched) == most
    assert abs(cost(made, matched) - best) < 1e-6


@BOTH
@given(made=random_waves())
def test_an_equal_wave_has_an_equal_answer_and_dice_do_not_matter(policy: DispatchPolicy, made: Wave) -> None:
    one, two = (policy(made, np.random.default_rng(seed)) for seed in (1, 2))
    assert list(one) == list(two)


def test_parameters_are_frozen_and_have_names() -> None:
    assert Matching(lead_min=5, urgency=2) == Matching(5, 2) != Matching()
    with pytest.raises(AttributeError):
        Nearest().lead_min = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match="unexpected keyword"):
        Nearest(speed=3)  # type: ignore[call-arg]
