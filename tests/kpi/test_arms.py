"""A/B of rules inside one run: who is counted, what is compared, and how often it errs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, ttest_ind

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import Kind
from sim.kpi.arms import COLUMNS, LAST_DAYS, METRICS, arm_of, arms_table, gap, per_user, sample_ratio_p
from sim.kpi.events import of
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario
from sim.units import DAY

USERS, SHUFFLES = 300, 400
HALF_PRICE = {"least": [1], "discount": [0.5], "fee_off_yuan": [4], "priority": [0], "welcome_yuan": [10]}
GIFT = {"rule": "tiers", "share": 0.4, "params": HALF_PRICE}
TOWN: dict[str, Any] = {
    "seed": 3,
    "calendar": {"days": 21, "drain_min": 30},
    "city": {"kind": "plane", "places": 50, "width_m": 2000, "height_m": 2000},
    "population": {"users": USERS},
    "merchants": {"classes": {"restaurant": {"count": 8}}},
    "riders": {"count": 20},
    "response": {"on": True, "registered": 0.9},
    "membership": {"rules": {"earn": {"rule": "earn"}, "gift": GIFT}},
}


def lived(town: dict[str, Any]) -> Tables:
    scenario, log = Scenario.model_validate(town), Log()
    simulate(scenario, build_city(scenario), Nearest(), log)
    return Tables(log.events(), rules=tuple(scenario.membership.rules))


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Three weeks in which two fifths of the users pay half after their first order."""
    return lived(TOWN)


@pytest.fixture(scope="module")
def values(tables: Tables) -> dict[str, np.ndarray]:
    return per_user(tables, USERS)


def band(rate: float) -> tuple[float, float]:
    """Shares of the shuffles that a rate gives but once in a thousand."""
    low, high = binom(SHUFFLES, rate).ppf([0.0005, 0.9995]) / SHUFFLES
    return float(low), float(high)


def shuffled(arm: np.ndarray) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.permutation(arm) for _ in range(SHUFFLES)]


def test_everybody_is_counted_and_nothing_is_lost(tables: Tables, values: dict[str, np.ndarray]) -> None:
    assert list(values) == list(METRICS)
    assert {column.shape for column in values.values()} == {(USERS,)}
    done = tables.orders[tables.orders["state"] == "delivered"]
    assert values["orders"].sum() == len(done)
    assert values["spend"].sum() * 100 == pytest.approx(tables.members["spent"].sum())
    of_users = tables.flows[tables.flows["user"] >= 0]
    assert values["contribution"].sum() * 100 == pytest.approx(of_users["amount"].sum())


def test_retained_is_who_was_delivered_something_in_the_last_third(
    tables: Tables, values: dict[str, np.ndarray]
) -> None:
    assert tables.days / 3 < LAST_DAYS
    orders = tables.orders
    late = orders[(orders["state"] == "delivered") & (orders["placed_at"] >= 14 * DAY)]
    assert set(np.flatnonzero(values["retained"])) == set(late["user"])
    assert 0 < values["retained"].mean() < 1


def test_the_arm_is_read_from_the_log(tables: Tables) -> None:
    arm = arm_of(tables, 1, USERS)
    named = of(tables.events, Kind.ARM)
    assert set(np.flatnonzero(arm)) == set(named["user"].tolist())
    assert not arm_of(tables, 0, USERS).any()


def test_only_the_arm_gets_what_the_rule_gives(tables: Tables) -> None:
    got = of(tables.events, Kind.COUPON)["user"]
    assert len(got)
    assert arm_of(tables, 1, USERS)[got].all()


def test_a_large_discount_is_found(tables: Tables) -> None:
    found = arms_table(tables, USERS, {"gift": 0.4}).set_index("metric")
    assert set(found["rule"]) == {"gift"}
    assert found["ratio_p"].min() > 0.001
    assert found.loc["orders", "low"] > 0  # type: ignore[arg-type, operator]
    assert found.loc["contribution", "difference"] < found.loc["spend", "difference"]  # type: ignore[arg-type, operator]
    gaps = found["inside"] - found["outside"]
    assert gaps.to_numpy() == pytest.approx(found["difference"].to_numpy())
    assert (found["users"] + found["others"]).tolist() == [USERS] * len(METRICS)


def test_a_rule_that_the_scenario_does_not_name_has_no_ratio(tables: Tables) -> None:
    assert arms_table(tables, USERS, {})["ratio_p"].isna().all()


def test_no_arm_no_table() -> None:
    whole = {"earn": {"rule": "earn"}, "gift": GIFT | {"share": 1.0}}
    found = arms_table(lived(TOWN | {"calendar": {"days": 2}, "membership": {"rules": whole}}), USERS, {"gift": 1.0})
    assert found.empty
    assert list(found.columns) == COLUMNS


@pytest.mark.parametrize("metric", METRICS)
def test_a_against_a_finds_something_at_its_nominal_rate(
    metric: str, tables: Tables, values: dict[str, np.ndarray]
) -> None:
    """Shuffled arms did nothing: an interval of 95% misses 0 in one of twenty, but for chance."""
    found = [gap(values[metric], arm) for arm in shuffled(arm_of(tables, 1, USERS))]
    low, high = band(0.05)
    assert low <= np.mean([not g.low <= 0 <= g.high for g in found]) <= high


@pytest.mark.parametrize("planted", [-3.0, 0.5, 20.0])
def test_a_planted_effect_lies_in_its_interval(planted: float, tables: Tables, values: dict[str, np.ndarray]) -> None:
    arms = shuffled(arm_of(tables, 1, USERS))
    found = [gap(values["spend"] + planted * arm, arm) for arm in arms]
    low, high = band(0.95)
    assert low <= np.mean([g.low <= planted <= g.high for g in found]) <= high
    assert np.mean([g.mean for g in found]) == pytest.approx(planted, abs=5.0)


@given(st.lists(st.integers(-1000, 1000), min_size=6, max_size=40), st.integers(2, 4))
def test_the_gap_is_welchs(column: list[int], inside: int) -> None:
    x, arm = np.array(column, dtype=np.float64), np.arange(len(column)) < inside
    found = gap(x, arm)
    assert found.mean == pytest.approx(x[arm].mean() - x[~arm].mean())
    if min(x[arm].std(), x[~arm].std()):
        known = ttest_ind(x[arm], x[~arm], equal_var=False).confidence_interval()
        assert (found.low, found.high) == pytest.approx((known.low, known.high), rel=1e-6, abs=1e-6)


def test_gaps_without_a_spread_and_without_an_arm() -> None:
    arm = np.array([True, True, False, False])
    assert gap(np.array([2.0, 2.0, 1.0, 1.0]), arm) == (1.0, 0.0, 1.0, 1.0)
    assert np.isnan(gap(np.ones(4), np.array([True, False, False, False]))).all()


@pytest.mark.parametrize(
    ("inside", "share", "broken"),
    [(500, 0.5, False), (530, 0.5, False), (400, 0.5, True), (600, 0.5, True), (300, 0.3, False), (500, 0.3, True)],
)
def test_the_sample_ratio_check_bites(inside: int, share: float, broken: bool) -> None:
    assert (sample_ratio_p(inside, 1000, share) < 0.001) == broken


def test_an_arm_that_lost_users_is_told() -> None:
    """Whoever analyses another share than was assigned is warned."""
    assert np.isnan(sample_ratio_p(0, 0, 0.5))
    town = lived(TOWN | {"calendar": {"days": 2}})
    assert arms_table(town, USERS, {"gift": 0.8})["ratio_p"].max() < 0.001
