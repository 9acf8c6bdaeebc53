"""Return of a campaign: planted margins and costs, and a city with a coupon that everybody takes."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.ab_rule import WITH, WITHOUT
from sim.experiment.bookkeeping import CONTRIBUTION, booked
from sim.experiment.compare import Comparison
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.roi import INCENTIVE, Roi, campaigns, ratio, roi_of, roi_study, roi_test, without
from sim.kpi.books import LINES
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, scenarios_of

TOWN = """
name: town
seed: 5
calendar: {days: 7, drain_min: 30}
city: {kind: plane, places: 40, width_m: 2000, height_m: 2000}
population: {users: 150}
merchants: {classes: {restaurant: {count: 6}}}
riders: {count: 20}
pay: {rules: {rain: {rule: weather}}}
crew: {praise: {rule: praise}}
incentive: {policy: peak}
response: {on: true}
membership:
  rules:
    coupon: {rule: themed_day, params: {active_orders: 0, yuan: 15, floor_yuan: 0}}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN)
    return str(path)


@pytest.fixture(scope="module")
def tested(town: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Roi, Path]:
    out = tmp_path_factory.mktemp("out")
    return roi_test(roi_study(town, "coupon", replications=2), "coupon", out, Pool(1)), out


def planted(gains: list[float], costs: list[float]) -> Comparison:
    """Replications in which a rule brings in fees and pays discounts."""

    def row(name: str, r: int, fees: float, discounts: float) -> Row:
        books = dict.fromkeys(map(booked, LINES), 0.0) | {booked("fees"): fees, booked("discounts"): -discounts}
        return Row(name, r, "key", {"orders": 100.0, CONTRIBUTION: fees - discounts, **books}, ())

    off = [row(WITHOUT, r, 100.0 * r, 7.0) for r in range(len(gains))]
    on = [row(WITH, r, 100.0 * r + g, 7.0 + c) for r, (g, c) in enumerate(zip(gains, costs, strict=True))]
    study = Study(scenario="town", variants={WITHOUT: {}, WITH: {}})
    return Comparison(study, {}, {WITHOUT: off, WITH: on}, [])


def test_the_return_is_contribution_over_cost() -> None:
    found = roi_of("planted", planted([30, 31, 29, 30], [10, 11, 9, 10]))
    assert found.margin.estimate.mean == pytest.approx(30)
    assert found.cost.estimate.mean == pytest.approx(10)
    assert found.contribution.estimate.mean == pytest.approx(20)
    assert found.value.mean == pytest.approx(2)
    assert found.value.low < 2 < found.value.high
    assert found.lines["discounts"].estimate.mean == pytest.approx(-10)
    assert found.lines["commission"].estimate.mean == 0


def test_there_is_no_return_where_nothing_is_spent() -> None:
    assert np.isnan(roi_of("free", planted([30, 31, 29], [0, 0, 0])).value.mean)
    assert np.isnan(roi_of("unsure", planted([30, 31, 29], [-9, 10, 2])).value.low)


@given(st.floats(-3, 3), st.lists(st.floats(5, 6), min_size=3, max_size=9))
def test_a_fixed_return_is_found_exactly(value: float, costs: list[float]) -> None:
    found = ratio(value * np.array(costs), np.array(costs))
    assert [found.mean, found.low, found.high] == pytest.approx([value] * 3, abs=1e-5)


def test_the_interval_of_a_ratio_covers_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(400, 2, 8))
    found = [ratio(5 + a + b, 10 + b) for a, b in noise]
    assert 0.92 < np.mean([e.low <= 0.5 <= e.high for e in found]) < 0.98


def test_one_replication_has_no_interval() -> None:
    found = ratio(np.array([4.0]), np.array([2.0]))
    assert found.mean == 2
    assert np.isnan(found.low)


def test_a_coupon_for_everybody_costs_what_is_taken_off(tested: tuple[Roi, Path]) -> None:
    result, out = tested
    assert result.cost.estimate.mean > 0
    assert result.orders.estimate.mean > 0
    assert result.contribution.estimate.mean == pytest.approx(
        result.margin.estimate.mean - result.cost.estimate.mean, abs=1e-6
    )
    assert sum(d.estimate.mean for d in result.lines.values()) == pytest.approx(result.contribution.estimate.mean)
    kept = json.loads((out / "roi.json").read_text())
    assert kept["contribution"][0] == pytest.approx(result.contribution.estimate.mean)
    assert set(kept["lines_yuan"]) == set(LINES)


def test_a_finished_study_is_taken_up_again(tested: tuple[Roi, Path], town: str) -> None:
    result, out = tested
    again = roi_test(roi_study(town, "coupon", replications=2), "coupon", out, Pool(1))
    assert again.value == result.value


@pytest.mark.parametrize("rule", ["coupon", "membership.rules.coupon", "rain", "crew.praise", INCENTIVE])
def test_a_rule_is_switched_off_and_nothing_else(town: str, rule: str) -> None:
    off, on = scenarios_of(roi_study(town, rule), Path()).values()
    names = ("membership", "pay", "crew", "incentive")
    changed = [name for name in names if getattr(off, name) != getattr(on, name)]
    block = {"coupon": "membership", "rain": "pay"}.get(rule, rule.partition(".")[0])
    assert changed == [block]
    assert off.model_copy(update={block: getattr(on, block)}) == on


def test_a_rule_that_is_not_there_is_refused_with_those_that_are(town: str) -> None:
    with pytest.raises(ScenarioError, match="no rule is called 'cupon'"):
        roi_study(town, "cupon")
    with pytest.raises(ScenarioError, match="there are: none"):
        without(Scenario(), "x")


def test_a_name_of_several_needs_its_block() -> None:
    rules = {"crew": {"x": {"rule": "praise"}}, "pay": {"rules": {"x": {"rule": "weather"}}}}
    scenario = Scenario.model_validate(rules)
    with pytest.raises(ScenarioError, match=r"several rules are called 'x'; there are: crew\.x, pay\.rules\.x"):
        without(scenario, "x")
    assert without(scenario, "crew.x") == {"crew": {}}
    assert set(campaigns(scenario)) == {"crew.x", "pay.rules.x"}
