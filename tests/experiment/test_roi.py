"""Return of a campaign: planted margins and costs, and a city with a coupon that everybody takes."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.ab_rule import WITH, WITHOUT
from sim.experiment.bookkeeping import CONTRIBUTION, booked
from sim.experiment.compare import Comparison
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.roi import Roi, roi_of, roi_study, roi_test
from sim.kpi.books import LINES
from sim.scenario.schema import Scenario
from sim.scenario.study import Study

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


NOTHING: Mapping[str, float] = {}
COUPON, RISE = "membership.rules.planted", "pay.rules.planted"


def planted(gains: list[float], costs: list[float], more: Mapping[str, float] = NOTHING) -> Comparison:
    """Replications in which a rule brings in fees, pays discounts and sets some KPIs."""

    def row(name: str, r: int, fees: float, discounts: float, told: Mapping[str, float]) -> Row:
        books = dict.fromkeys(map(booked, LINES), 0.0) | {booked("fees"): fees, booked("discounts"): -discounts}
        kpis = {"orders": 100.0, "delivered_share": 0.5, "fleet_hours_per_week": 40.0, "rider_cost_per_order": 6.0}
        return Row(name, r, "key", {CONTRIBUTION: fees - discounts, **kpis, **told, **books}, ())

    off = [row(WITHOUT, r, 100.0 * r, 7.0, {}) for r in range(len(gains))]
    on = [row(WITH, r, 100.0 * r + g, 7.0 + c, more) for r, (g, c) in enumerate(zip(gains, costs, strict=True))]
    study = Study(scenario="town", variants={WITHOUT: {}, WITH: {}})
    return Comparison(study, {WITH: Scenario()}, {WITHOUT: off, WITH: on}, [])


def test_the_return_is_contribution_over_cost() -> None:
    found = roi_of("planted", planted([30, 31, 29, 30], [10, 11, 9, 10]), COUPON)
    assert found.margin.estimate.mean == pytest.approx(30)
    assert found.cost.estimate.mean == pytest.approx(10)
    assert found.contribution.estimate.mean == pytest.approx(20)
    assert found.value.mean == pytest.approx(2)
    assert found.value.low < 2 < found.value.high
    assert found.lines["discounts"].estimate.mean == pytest.approx(-10)
    assert found.lines["commission"].estimate.mean == 0


def test_there_is_no_return_where_nothing_is_spent() -> None:
    assert np.isnan(roi_of("free", planted([30, 31, 29], [0, 0, 0]), COUPON).value.mean)
    assert np.isnan(roi_of("unsure", planted([30, 31, 29], [-9, 10, 2]), COUPON).value.low)


def test_an_extra_order_costs_what_is_spent_for_each_that_is_delivered() -> None:
    found = roi_of("planted", planted([0, 0, 0], [10, 11, 9], {"orders": 120.0, "delivered_share": 0.6}), COUPON)
    assert found.delivered.estimate.mean == 120 * 0.6 - 100 * 0.5
    assert found.per_order.mean == pytest.approx(10 / 22)
    assert found.per_order.low < 10 / 22 < found.per_order.high
    none = roi_of("planted", planted([0, 0, 0], [10, 11, 9]), COUPON)
    assert np.isnan(none.per_order.mean), "no order more is delivered"


def test_a_rule_of_pay_is_paid_on_riders_pay() -> None:
    comparison = planted([0, 0, 0], [10, 11, 9])
    rows = {
        name: [Row(r.variant, r.replication, r.key, r.kpis | {booked("rider_pay"): pay}, ()) for r in rows]
        for (name, rows), pay in zip(comparison.rows.items(), (-50.0, -70.0), strict=True)
    }
    paid = Comparison(comparison.study, comparison.scenarios, rows, [])
    assert roi_of("planted", paid, RISE).cost.estimate.mean == pytest.approx(30)
    assert roi_of("planted", paid, COUPON).cost.estimate.mean == pytest.approx(10)
    assert roi_of("planted", paid, COUPON).margin.estimate.mean == pytest.approx(-20)


def test_elasticity_is_of_hours_to_pay_for_an_order() -> None:
    more = {"fleet_hours_per_week": 40 * 1.2**0.5, "rider_cost_per_order": 6 * 1.2}
    found = roi_of("planted", planted([0] * 3, [1] * 3, more), RISE).elasticity
    assert [found.mean, found.low, found.high] == pytest.approx([0.5] * 3)
    assert np.isnan(roi_of("planted", planted([0] * 3, [1] * 3, more), COUPON).elasticity.mean), "not paid to riders"


@pytest.mark.parametrize("pay", [6.0, 5.0, float("nan")])
def test_there_is_no_elasticity_where_pay_does_not_rise(pay: float) -> None:
    more = {"fleet_hours_per_week": 50.0, "rider_cost_per_order": pay}
    assert np.isnan(roi_of("planted", planted([0] * 3, [1] * 3, more), RISE).elasticity.mean)


def test_a_coupon_for_everybody_costs_what_is_taken_off(tested: tuple[Roi, Path]) -> None:
    result, out = tested
    assert result.cost.estimate.mean > 0
    assert result.orders.estimate.mean > 0
    assert result.contribution.estimate.mean == pytest.approx(
        result.margin.estimate.mean - result.cost.estimate.mean, abs=1e-6
    )
    assert sum(d.estimate.mean for d in result.lines.values()) == pytest.approx(result.contribution.estimate.mean)
    kept = json.loads((out / "roi.json").read_text())
    assert kept["share"] == 1
    assert kept["contribution"][0] == pytest.approx(result.contribution.estimate.mean)
    assert set(kept["lines_yuan"]) == set(LINES)
    assert kept["delivered"][0] == result.delivered.estimate.mean > 0
    assert kept["market_elasticity"] == [None] * 3
    assert kept["promotion"] is None


def test_a_finished_study_is_taken_up_again(tested: tuple[Roi, Path], town: str) -> None:
    result, out = tested
    again = roi_test(roi_study(town, "coupon", replications=2), "coupon", out, Pool(1))
    assert again.value == result.value
