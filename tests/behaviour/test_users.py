"""How users respond: bounded, and never the wrong way round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.users import (
    Leaving,
    Spreading,
    Taste,
    Trust,
    complaint_chance,
    dropout_chance,
    invite_chance,
    join_chance,
    mended,
    order_chance,
    outcome,
    promoter_score,
    pull_of_goal,
    return_chance,
    updated,
)
from sim.scenario.response import Response

share = st.floats(0, 1)
minutes = st.floats(-200, 400)


def trust(**changes: float) -> Trust:
    usual = Response().trust.model_dump()
    return Trust(**(usual | changes))


def taste(**changes: float) -> Taste:
    usual = Response().taste.model_dump(include=set(Taste.__dataclass_fields__))
    return Taste(**(usual | changes))


LEAVING = Leaving(bad=2, loyal=0.3, offer_yuan=8, contact=0.15, complains=0.3)
SPREADING = Spreading(base=0.05, scale_yuan=6, friend_yuan=6, invites=1, reward_yuan=10)


def value(late_min: float, delivered: bool = True, ride_min: float = 0.0, **changes: float) -> float:
    return float(outcome(trust(**changes), np.array([late_min]), np.array([ride_min]), np.array([delivered]))[0])


@given(st.tuples(minutes, minutes), st.floats(0.2, 1), share)
def test_later_is_never_better(pair: tuple[float, float], late: float, early: float) -> None:
    sooner, later = sorted(pair)
    assert value(later, late=late, early=early) <= value(sooner, late=late, early=early)


@given(st.floats(0.1, 120))
def test_a_minute_late_hurts_more_than_one_early_helps_and_each_further_one_less(size: float) -> None:
    assert -value(size) > value(-size) > 0
    assert value(size) - value(size + 1) < value(0) - value(1) + 1e-12


@given(st.tuples(st.floats(0, 600), st.floats(0, 600)), minutes, share, st.floats(0, 120))
def test_colder_is_never_better_and_nothing_is_worse_than_the_worst(
    pair: tuple[float, float], late: float, cold: float, warm: float
) -> None:
    nearer, farther = sorted(pair)
    near, far = (value(late, ride_min=ride, cold=cold, warm_min=warm) for ride in (nearer, farther))
    assert -1 <= far <= near <= value(late, cold=0)
    assert far == near or farther > warm


def test_a_warm_meal_costs_no_trust_and_a_cancelled_one_cannot_get_cold() -> None:
    assert value(-5, ride_min=20) == value(-5) > value(-5, ride_min=21)
    assert value(0, delivered=False, ride_min=300) == value(0, delivered=False)
    assert value(0, ride_min=30) - value(0, ride_min=31) < value(0, ride_min=20) - value(0, ride_min=21)


@given(minutes, share, st.floats(0, 5000), st.booleans())
def test_an_answer_mends_what_was_bad_and_never_more_than_that(
    late: float, share: float, wait: float, paid: bool
) -> None:
    before = np.array([value(late)])
    after = mended(trust(answered=share), before, np.array([wait]), np.array([paid]))
    assert before[0] <= after[0] <= max(before[0], 0)
    slower = mended(trust(answered=share), before, np.array([wait + 60]), np.array([paid]))
    assert slower[0] <= after[0]


@given(st.lists(minutes, min_size=1, max_size=40))
def test_trust_stays_within_its_bounds(lates: list[float]) -> None:
    state = np.zeros(1)
    for late in lates:
        state = updated(trust(), state, np.array([value(late)]))
        assert -1 <= state[0] <= 1


@given(st.floats(-100, 100), st.floats(0, 100), st.floats(0.05, 0.95))
def test_more_worth_never_lowers_the_chance_of_an_order(worth: float, more: float, conversion: float) -> None:
    of = taste(conversion=conversion)
    assert 0 <= order_chance(of, worth) <= order_chance(of, worth + more) <= 1
    assert order_chance(of, np.array([worth]))[0] == pytest.approx(order_chance(of, worth))
    assert order_chance(of, 0.0) == pytest.approx(conversion)


@pytest.mark.parametrize("goal", [0.0, 0.1, 0.2, 0.3])
def test_the_goal_shortens_intervals_by_its_share(goal: float) -> None:
    of = taste(goal=goal)
    near = order_chance(of, float(pull_of_goal(of, np.array([1.0]))[0]))
    assert of.conversion / near == pytest.approx(1 - goal)
    pulls = pull_of_goal(of, np.linspace(0, 1, 9))
    assert pulls[0] == 0
    assert (np.diff(pulls) >= 0).all()


@given(st.floats(0.001, 0.5), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1))
def test_a_better_outcome_trust_or_level_never_raises_the_chance_of_dropping_out(
    usual: float, bad: float, faith: float, more: float
) -> None:
    def chance(outcome: float, faith: float, tier: int) -> float:
        return float(
            dropout_chance(LEAVING, np.array([usual]), np.array([outcome]), np.array([faith]), np.array([tier]))[0]
        )

    here = chance(bad, faith, 0)
    assert 0 < here < 1
    assert chance(bad + more, faith, 0) <= here
    assert chance(bad, faith + more, 0) <= here
    assert chance(bad, faith, 1) <= here
    assert chance(0, 0, 0) == pytest.approx(usual)


@given(st.floats(0, 100), st.floats(0, 100))
def test_offers_move_people_the_right_way(yuan: float, more: float) -> None:
    for chance in (lambda y: return_chance(LEAVING, y), lambda y: join_chance(SPREADING, y)):
        less, top = chance(np.array([yuan]))[0], chance(np.array([yuan + more]))[0]
        assert 0 <= less <= top <= 1
    assert return_chance(LEAVING, np.array([0.0]))[0] == 0
    assert join_chance(SPREADING, np.array([0.0]))[0] == pytest.approx(SPREADING.base)


def test_who_distrusts_tells_nobody_and_a_reward_helps() -> None:
    faith = np.array([-0.5, 0.0, 0.5, 1.0])
    plain, paid = invite_chance(SPREADING, faith, 0.0), invite_chance(SPREADING, faith, 10.0)
    assert plain.tolist() == pytest.approx([0, 0, 1 / 60, 1 / 30])
    assert paid.tolist() == pytest.approx((2 * plain).tolist())


def test_complaints_follow_what_people_think() -> None:
    assert complaint_chance(LEAVING, np.array([-1.0, -0.5, 0.0, 0.5])).tolist() == pytest.approx([0.3, 0.15, 0, 0])


@given(st.floats(-1, 1), st.floats(-4, 4))
def test_answers_to_the_survey_lie_on_its_scale(faith: float, mood: float) -> None:
    score = int(promoter_score(np.array([faith]), np.array([mood]), 7.5, 3, 1.5)[0])
    assert 0 <= score <= 10
    assert score <= promoter_score(np.array([1.0]), np.array([mood]), 7.5, 3, 1.5)[0]
