"""The pattern of demand: where and when habit, rules and holidays put it; names that do not exist are refused."""

from typing import Any

import numpy as np
import pytest

from sim.city.pattern import MOST_LIFT, Pattern, indices
from sim.scenario.errors import ScenarioError
from sim.units import HOUR
from tests.city.towns import built, city, demand_of

MONDAY, SATURDAY = 0, 5
LUNCH = slice(44, 52)


def pattern(**demand: Any) -> Pattern:
    return demand_of(built(**demand)).pattern


def test_habit_is_the_rates_spread_over_zones_and_quarters() -> None:
    for day in (MONDAY, SATURDAY):
        habit = pattern().habit(day)
        assert habit.shape == (3, len(city().zones), 96)
        hourly = habit.sum(axis=1).reshape(3, 24, 4).sum(axis=2)
        np.testing.assert_allclose(hourly, pattern().rates(day))


def test_habit_goes_to_the_zones_of_homes_and_workplaces_by_taste() -> None:
    users, zone = city().users, city().places.zone
    office = users.segment == 1
    taste = users.taste * office
    home, work = (np.bincount(zone[p], taste, len(city().zones)) / taste.sum() for p in (users.home, users.work))
    habit = pattern().habit(MONDAY)[1]
    share = habit / habit.sum(axis=0)
    quarters = np.arange(96) * 900
    working = (quarters >= 9 * HOUR) & (quarters < 18 * HOUR)
    np.testing.assert_allclose(share[:, working], (0.1 * home + 0.9 * work)[:, None] * np.ones(working.sum()))
    np.testing.assert_allclose(share[:, ~working], home[:, None] * np.ones((~working).sum()))
    weekend = pattern().habit(SATURDAY)[1]
    np.testing.assert_allclose((weekend / weekend.sum(axis=0))[:, 50], home)


def test_a_rule_acts_on_its_zones_segments_hours_and_days_alone() -> None:
    rule = {"zones": ["B2"], "segments": ["office"], "hours": "11:00-13:00", "days": "weekday", "factor": 1.5}
    ratio = pattern(rules=[rule]).ratio(MONDAY)
    touched = ratio[1, city().zones.index("B2"), LUNCH]
    assert (touched == 1.5).all()
    assert (ratio != 1).sum() == touched.size == 8
    assert (pattern(rules=[rule]).ratio(SATURDAY) == 1).all()
    assert (pattern().ratio(MONDAY) == 1).all()


def test_a_rule_that_names_nothing_acts_on_everything() -> None:
    assert (pattern(rules=[{"factor": 0.5}]).ratio(SATURDAY) == 0.5).all()


def test_rules_that_meet_multiply() -> None:
    ratio = pattern(rules=[{"zones": ["A1", "B2"], "factor": 3}, {"hours": "11:00-13:00", "factor": 0.5}]).ratio(0)
    a1 = city().zones.index("A1")
    assert (ratio[:, a1, LUNCH] == 1.5).all()
    assert (ratio[:, a1, 0] == 3).all()
    assert (ratio[:, a1 + 2, 44] == 0.5).all()


def test_a_holiday_takes_the_weekends_curve_and_place_and_its_own_factors() -> None:
    there = pattern(holidays=[{"name": "tomb sweeping", "dates": "2026-03-02", "factors": {"student": 0.3}}])
    np.testing.assert_array_equal(there.habit(MONDAY), pattern().habit(SATURDAY))
    np.testing.assert_allclose(there.ratio(MONDAY)[:, 0, 0], [0.3, 1, 1])
    np.testing.assert_array_equal(there.habit(1), pattern().habit(1))
    assert (there.ratio(1) == 1).all()


def test_a_working_saturday_is_a_weekday() -> None:
    there = pattern(holidays=[{"name": "make-up", "dates": "2026-03-07", "curve": "weekday"}])
    np.testing.assert_array_equal(there.habit(SATURDAY), pattern().habit(MONDAY))


@pytest.mark.parametrize(
    ("demand", "message"),
    [
        ({"rules": [{"factor": 1}, {"zones": ["B22"], "factor": 2}]}, r"rules.1.zones: unknown zone 'B22' .*'B2'"),
        ({"rules": [{"zones": ["park"], "factor": 2}]}, r"unknown zone 'park'; there are A1, A2, A3"),
        ({"rules": [{"segments": ["studnt"], "factor": 2}]}, r"rules.0.segments: unknown segment .*'student'"),
        (
            {"holidays": [{"name": "x", "dates": "2026-03-02", "factors": {"ofice": 2}}]},
            r"holidays.0.factors.*'office'",
        ),
        ({"rules": [{"factor": 5}, {"zones": ["B2"], "factor": 5}]}, r"multiply to 25 .*'B2'.* at most 20"),
    ],
)
def test_what_the_city_does_not_have_is_refused(demand: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        built(**demand)


def test_factors_may_multiply_to_the_bound() -> None:
    rules = [{"factor": 10}, {"hours": "11:00-12:00", "factor": MOST_LIFT / 10}, {"factor": 0.1}]
    assert pattern(rules=rules).ratio(0).max() == pytest.approx(MOST_LIFT / 10)


def test_names_have_positions_and_a_long_list_is_cut() -> None:
    known = tuple(f"Z{i}" for i in range(90))
    assert indices(["Z3", "Z0"], known).tolist() == [3, 0]
    assert indices([], known).tolist() == []
    with pytest.raises(ScenarioError, match=r"Z29, \.\.\.$"):
        indices(["nowhere"], known)
