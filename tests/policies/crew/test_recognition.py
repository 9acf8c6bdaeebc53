"""Rules for riders on hand-made weeks."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from sim.entities import Crew, CrewGrants, CrewNight
from sim.entities.crew import CREW_DAYS
from sim.policies.crew.recognition import (
    Insurance,
    Praise,
    StarBonus,
    Stars,
    Tournament,
    Training,
    WeeklyGuarantee,
)
from sim.policies.crew.registry import CREW
from sim.policies.registry import PolicyNotFound, load_policy
from sim.units import HOUR

START = date(2026, 3, 2)


def night(day: int, riders: int = 4, **yesterday: Any) -> CrewNight:
    """A night; what is given of a window stands in its first row, that of the day that has just ended."""
    windows = {}
    for name in ("earned", "worked_s", "delivered", "late", "refused", "stars", "rated"):
        windows[name] = np.zeros((CREW_DAYS, riders), np.int32)
        windows[name][0] = yesterday.get(name, 0)
    crew = Crew(
        employed=np.array(yesterday.get("employed", np.ones(riders, bool))),
        hired=np.array(yesterday.get("hired", np.full(riders, -1))),
        level=np.array(yesterday.get("level", np.zeros(riders, np.int64))),
        **windows,
    )
    today = START + timedelta(days=day)
    return CrewNight(day, today, today + timedelta(days=1), crew)


def of(rule: Any, seen: CrewNight) -> CrewGrants:
    return rule(seen, default_rng(1))


def test_a_level_needs_orders_punctuality_and_ratings() -> None:
    seen = night(
        3, 5, delivered=[59, 60, 60, 60, 200], late=[0, 0, 30, 0, 10], stars=[0, 0, 0, 30, 0], rated=[0, 0, 0, 10, 0]
    )
    given = of(Stars(), seen)
    assert given.level is not None
    assert given.level.tolist() == [0, 1, 0, 0, 3]
    assert given.honoured is not None
    assert given.honoured.tolist() == [False, True, False, False, True]


def test_a_level_needs_that_offers_are_accepted() -> None:
    given = of(Stars(), night(3, 4, delivered=[60, 60, 120, 200], refused=[40, 41, 40, 90]))
    assert given.level is not None
    assert given.level.tolist() == [1, 0, 2, 1]
    anybody = of(Stars(accepted=(0.0, 0.0, 0.0)), night(3, 1, delivered=[60], refused=[10**4])).level
    assert anybody is not None
    assert anybody.tolist() == [1]


def test_a_cap_cuts_all_in_proportion_and_is_off_by_default() -> None:
    seen = night(6, delivered=[5, 9, 20, 7], worked_s=30 * HOUR, earned=[20000, 6000, 40000, 36000], level=[1, 2, 0, 1])
    free = {WeeklyGuarantee: [16000, 30000, 0, 0], Tournament: [0, 5000, 5000, 0], StarBonus: [2000, 4000, 0, 2000]}
    capped = {WeeklyGuarantee: [3478, 6521, 0, 0], Tournament: [0, 5000, 5000, 0], StarBonus: [2000, 4000, 0, 2000]}
    for rule, expected in free.items():
        for params, answer in (({}, expected), ({"most_yuan": 100.0}, capped[rule]), ({"most_yuan": 0.0}, [0] * 4)):
            share = {"share": 0.5} if rule is Tournament else {}
            bonus = of(rule(**params, **share), seen).bonus
            assert bonus is not None
            assert bonus.tolist() == answer


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.floats(0, 10**5))
def test_a_cap_is_never_exceeded_and_leaves_less_than_a_fen_each(bonus: list[int], yuan: float) -> None:
    paid = of(StarBonus(0.01, yuan), night(6, len(bonus), delivered=1, level=bonus)).bonus
    assert paid is not None
    assert paid.sum() <= max(yuan * 100, 0)
    assert paid.sum() > min(sum(bonus), yuan * 100) - len(bonus) - 1
    assert (paid <= bonus).all()


@pytest.mark.parametrize(
    ("name", "params", "found"),
    [
        ("stars", {"orders": [9, 5, 2]}, "orders must rise"),
        ("stars", {"orders": [5, 9]}, "on_time: expected a value for each of the 2 levels"),
        ("stars", {"accepted": [0.5, 0.6, 1.7]}, "accepted must be 0 to 1"),
        ("stars", {"stars": [4.0, 5.0, 6.0]}, "stars must be 0 to 5"),
        ("praise", {"share": 5}, "share must be 0 to 1"),
        ("tournament", {"yuan": -5}, "yuan must be 0 to"),
        ("tournament", {"share": 1.1}, "share must be 0 to 1"),
        ("tournament", {"most_yuan": -1.0}, "most_yuan must be 0 to"),
        ("guarantee", {"hours": 200}, "hours must be 0 to 168"),
        ("guarantee", {"yuan_per_hour": -1}, "yuan_per_hour must be 0 to"),
        ("training", {"saves_s": 1000000}, "saves_s must be 0 to 3600"),
        ("training", {"after_days": -1}, "after_days must be 0 to"),
        ("insurance", {"yuan_per_day": -1}, "yuan_per_day must be 0 to"),
        ("insurance", {"worth_yuan": -1}, "worth_yuan must be 0 to"),
        ("star_bonus", {"yuan_per_level": -1}, "yuan_per_level must be 0 to"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_run(name: str, params: dict[str, Any], found: str) -> None:
    with pytest.raises(PolicyNotFound, match=found):
        load_policy(CREW, name, params)


@pytest.mark.parametrize("day", [1, 27])
def test_a_level_is_of_all_28_days(day: int) -> None:
    seen = night(
        3, 6, delivered=[59, 60, 60, 60, 60, 200], late=[0, 0, 30, 0, 0, 10], stars=[0, 0, 0, 30, 0, 0],
        rated=[0, 0, 0, 10, 0, 0], refused=[0, 0, 0, 0, 60, 40],
    )  # fmt: skip
    for name in ("delivered", "late", "stars", "rated", "refused"):
        window = getattr(seen.crew, name)
        window[[0, day]] = window[[day, 0]]
    level = of(Stars(), seen).level
    assert level is not None
    assert level.tolist() == [0, 1, 0, 0, 0, 3]


def test_who_keeps_his_level_is_not_praised_again() -> None:
    given = of(Stars(), night(3, 1, delivered=[60], level=[1]))
    assert given.honoured is not None
    assert not given.honoured.any()


@pytest.mark.parametrize(("day", "week_ends"), [(-1, False), (0, False), (5, False), (6, True), (13, True)])
def test_weekly_rules_wait_for_the_end_of_the_week(day: int, week_ends: bool) -> None:
    seen = night(day, delivered=[5, 9, 7, 0], worked_s=30 * HOUR, earned=10000, level=[0, 1, 2, 0])
    for rule in (Tournament(0.34, 50), WeeklyGuarantee(12, 20), StarBonus(20)):
        given = of(rule, seen)
        assert given.bonus is not None
        assert bool(given.bonus.any()) == week_ends
        assert given.bonus_days == 7
    honoured = of(Praise(0.34), seen).honoured
    assert honoured is not None
    assert bool(honoured.any()) == week_ends


def test_prizes_go_to_the_best_and_only_to_riders() -> None:
    seen = night(6, delivered=[5, 9, 20, 7], late=[0, 1, 0, 0], employed=[True, True, False, True])
    bonus = of(Tournament(0.67, 50), seen).bonus
    assert bonus is not None
    assert bonus.tolist() == [0, 5000, 0, 5000]


def test_the_guarantee_pays_what_is_missing_to_those_who_worked_enough() -> None:
    seen = night(6, worked_s=np.array([10, 20, 30, 30]) * HOUR, earned=[0, 10000, 40000, 30000])
    bonus = of(WeeklyGuarantee(12, 20), seen).bonus
    assert bonus is not None
    assert bonus.tolist() == [0, 14000, 0, 6000]


def test_everybody_is_trained_once() -> None:
    hired = np.array([-1, 3, 10, -1])
    trained = [of(Training(7, 20, 80), night(day, hired=hired)).cost for day in range(-1, 20)]
    assert (np.array(trained) > 0).sum(axis=0).tolist() == [1, 1, 1, 1]


def test_insurance_costs_for_those_who_worked_and_counts_for_all_riders() -> None:
    given = of(Insurance(3, 0.4), night(2, worked_s=[0, 1, 5, 9], employed=[True, True, True, False]))
    assert given.cost is not None
    assert given.care is not None
    assert given.cost.tolist() == [0, 300, 300, 0]
    assert given.care.tolist() == [0.4, 0.4, 0.4, 0.4], "who might come counts on it too"


@pytest.mark.parametrize("name", CREW)
def test_every_shipped_rule_keeps_the_eve_and_leaves_the_night_alone(name: str) -> None:
    seen = night(-1)
    before = seen.crew.delivered.copy()
    assert isinstance(of(load_policy(CREW, name), seen), CrewGrants)
    np.testing.assert_array_equal(seen.crew.delivered, before)
