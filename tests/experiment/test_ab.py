"""A/B inside one run: the arms, what each design sees, and what it gets wrong."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.experiment.ab as splitting
from sim.city.build import build_city
from sim.city.model import City
from sim.experiment.ab import OF_ORDERS, UNITS, SplitJob, kpis_of, split_test, units
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import RunResult, run
from sim.experiment.stats import estimate
from sim.kpi.kpis import KPIS
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.policies.split import Split, Unit
from sim.scenario.schema import Scenario
from sim.scenario.study import Study
from sim.streams import Streams

TOWN: dict[str, Any] = {
    "calendar": {"drain_min": 60},
    "city": {"kind": "plane", "places": 60, "width_m": 3000, "height_m": 3000, "zone_m": 600},
    "population": {"users": 240},
    "merchants": {"classes": {"restaurant": {"count": 8}}},
    "riders": {"count": 12},
}
SMALL = Scenario.model_validate(TOWN)
TWO = {"near": {"dispatch.policy": "nearest"}, "match": {"dispatch.policy": "matching"}}
SAME = {"near": {"dispatch.policy": "nearest"}, "same": {"dispatch.policy": "nearest"}}
ONE = Pool(1)


def study(variants: dict[str, Any], count: int = 3, **fields: Any) -> Study:
    plan = {"scenario": "campus_lunch", "settings": TOWN, "variants": variants, "replications": {"count": count}}
    return Study.model_validate(plan | fields)


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(SMALL)


def with_policy(name: str) -> Scenario:
    return SMALL.model_copy(update={"dispatch": SMALL.dispatch.model_copy(update={"policy": name})})


def arm_of(by: Unit, city: City, replication: int = 0, seed: int = 1, days: int = 1) -> np.ndarray:
    return splitting._arm(by, city, Streams(seed, replication), days)


@pytest.mark.parametrize("by", UNITS)
def test_arms_are_halves(by: Unit, city: City) -> None:
    arm = arm_of(by, city)
    expected = {"user": 240, "rider": 12, "zone": len(city.zones), "time": 24}[by]
    assert arm.dtype == bool
    assert len(arm) == expected
    assert arm.sum() == expected // 2
    assert len(arm_of("time", city, days=3)) == 72


@pytest.mark.parametrize("by", UNITS)
def test_arms_are_stable_by_key_and_redrawn_by_replication(by: Unit, city: City) -> None:
    np.testing.assert_array_equal(arm_of(by, city, 4), arm_of(by, city, 4))
    assert len({arm_of(by, city, r).tobytes() for r in range(8)}) > 4
    assert arm_of(by, city, 0, seed=2).tobytes() != arm_of(by, city, 0).tobytes()


def test_designs_have_arms_of_their_own(city: City) -> None:
    one, two = (arm_of(by, city)[:24].astype(int) for by in ("user", "time"))
    assert one.tolist() != two.tolist()


def test_over_replications_every_unit_is_in_either_arm(city: City) -> None:
    share = np.mean([arm_of("user", city, r) for r in range(400)], axis=0)
    assert share.mean() == pytest.approx(0.5)
    assert np.abs(share - 0.5).max() < 0.11  # 4.4 standard errors of 0.025


def observed(by: Unit, city: City, a: Any = None, b: Any = None) -> tuple[RunResult, np.ndarray]:
    arm = arm_of(by, city)
    policy = Split(a or Nearest(), b or Matching(), by, arm[city.places.zone] if by == "zone" else arm, 3600.0)
    return run(SMALL, city=city, policy=policy), arm


@pytest.mark.parametrize("by", UNITS)
def test_a_row_is_the_kpis_of_each_arms_orders(by: Unit, city: City) -> None:
    row = SplitJob(with_policy("nearest"), with_policy("matching"), by, 0).run(city)
    result, arm = observed(by, city)
    orders = result.tables.orders
    unit = splitting._units(result.tables, city, by)
    for name, side in (("a", False), ("b", True)):
        mine = orders[(unit >= 0) & (arm[unit] == side)]
        done = mine[mine["state"] == "delivered"]
        minutes = ((done["delivered_at"] - done["placed_at"]) / 60).mean()
        assert row.kpis[f"{name} click_to_door_mean"] == pytest.approx(minutes)
        assert row.kpis[f"{name} units"] == len(set(unit[mine.index]))
        if by != "rider":
            share = (mine["state"] == "delivered").mean()
            assert row.kpis[f"{name} delivered_share"] == pytest.approx(share)
    assert {name[2:] for name in row.kpis} - {"units"} == set(kpis_of(by)) <= set(KPIS)
    assert row.variant == f"split by {by}"


def test_riders_of_an_arm_carry_only_what_its_policy_gave_them(city: City) -> None:
    """The second policy never assigns: its riders never ride."""
    result, arm = observed("rider", city, Nearest(), lambda wave, rng: [])
    served = result.tables.orders["rider"].to_numpy()
    assert (served >= 0).any()
    assert not arm[served[served >= 0]].any()


def test_orders_of_an_arm_are_decided_by_its_policy_only(city: City) -> None:
    """The second policy never assigns: its users, zones and hours get nothing."""
    for by in ("user", "zone"):
        result, arm = observed(by, city, Nearest(), lambda wave, rng: [])
        orders = result.tables.orders
        second = arm[splitting._units(result.tables, city, by)]
        assert (orders["state"][~second] == "delivered").mean() > 0.8
        assert not (orders["state"][second] == "delivered").any()


def test_hours_of_an_arm_are_decided_by_its_policy_only(city: City) -> None:
    result, arm = observed("time", city, Nearest(), lambda wave, rng: [])
    assigned = result.tables.orders["assigned_at"].dropna().to_numpy()
    assert len(assigned)
    assert not arm[(assigned // 3600).astype(int) % 24].any()


def test_rider_means_are_over_delivered_orders_only() -> None:
    assert set(kpis_of("user")) == set(OF_ORDERS)
    assert not [kpi for kpi in kpis_of("rider") if kpi.endswith("share")]


def test_the_key_depends_on_both_arms() -> None:
    near, match = with_policy("nearest"), with_policy("matching")
    keys = {SplitJob(*arms, "user", 0).key() for arms in ((near, match), (match, near), (near, near))}
    assert len(keys) == 3


def test_a_split_study_stands_beside_the_whole_city(tmp_path: Path) -> None:
    found = split_test(study(TWO), ("user", "time"), out=tmp_path, pool=ONE)
    assert [(d.by, d.kpi) for d in found.designs] == [(by, kpi) for by in ("user", "time") for kpi in kpis_of(by)]
    for design in found.designs:
        effect = next(e for e in found.comparison.effects if e.kpi == design.kpi)
        assert design.whole == effect.difference or math.isnan(effect.difference.variance_reduction)
        assert design.inside.mean - design.whole.estimate.mean == pytest.approx(design.bias.mean)
        assert design.bias.replications == 3
    told = json.loads((tmp_path / "split.json").read_text())
    first = found.designs[0]
    assert told[0] == {
        "by": "user",
        "kpi": first.kpi,
        "unit": KPIS[first.kpi].unit,
        "inside": [first.inside.mean, first.inside.low, first.inside.high],
        "whole": [first.whole.estimate.mean, first.whole.estimate.low, first.whole.estimate.high],
        "bias": [first.bias.mean, first.bias.low, first.bias.high],
        "replications": 3,
        "sample_ratio_p": first.ratio_p,
    }
    before = (tmp_path / "split.json").read_bytes()
    split_test(study(TWO), ("user", "time"), out=tmp_path, pool=ONE)
    assert (tmp_path / "split.json").read_bytes() == before


def test_inside_is_second_less_first_whichever_is_the_baseline() -> None:
    one = split_test(study(TWO, 2, kpis=["click_to_door_mean"]), ("user",), pool=ONE).designs[0]
    two = split_test(study(TWO, 2, kpis=["click_to_door_mean"], baseline="match"), ("user",), pool=ONE).designs[0]
    assert two.whole.estimate.mean == pytest.approx(-one.whole.estimate.mean)
    assert one.kpi == two.kpi == "click_to_door_mean"


def test_a_against_a_finds_nothing_more_often_than_it_says() -> None:
    """The whole-city difference is exactly 0; inside, an interval misses 0 in about one of twenty."""
    found = split_test(study(SAME, 8), ("user", "time", "rider"), pool=ONE)
    misses = [not d.inside.low <= 0 <= d.inside.high for d in found.designs if d.inside.half_width > 0]
    assert len(misses) >= 15
    assert np.mean(misses) <= 0.25  # the KPIs of a design go together
    for design in found.designs:
        assert (design.whole.estimate.mean, design.whole.p) == (0, 1)
        assert design.bias.mean == pytest.approx(design.inside.mean)
        assert design.ratio_p > 0.01


def synthetic(monkeypatch: pytest.MonkeyPatch, second: float) -> None:
    def shown(job: SplitJob, city: City) -> Row:
        rng = np.random.default_rng(job.replication)
        values = {f"{arm} {kpi}": rng.normal() for arm in "ab" for kpi in kpis_of(job.by)}
        counts = {"a units": 100.0, "b units": 100.0 * second}
        return Row(job.variant, job.replication, job.key(), values | counts, ())

    monkeypatch.setattr(SplitJob, "run", shown)


@pytest.mark.parametrize(("second", "broken"), [(1.0, False), (1.02, False), (0.7, True), (1.4, True)])
def test_the_sample_ratio_check_catches_a_broken_split(
    second: float, broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthetic(monkeypatch, second)
    found = split_test(study(TWO, 4, kpis=["on_time_share"]), ("user",), pool=ONE)
    assert (found.designs[0].ratio_p < 0.001) == broken


def test_a_against_a_on_synthetic_rows_is_at_its_nominal_rate() -> None:
    rng = np.random.default_rng(2)
    misses = []
    for _ in range(600):
        a, b = rng.normal(25, 3, 10) + rng.normal(0, 1, (2, 10))
        found = estimate(b - a)
        misses.append(not found.low <= 0 <= found.high)
    assert 0.03 <= np.mean(misses) <= 0.07


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        (TWO | {"third": {}}, "an A/B test needs two variants, the study has 3"),
        ({"a": {}, "b": {"riders.count": 5}}, r"may differ in dispatch\.policy and dispatch\.params only"),
        ({"a": {}, "b": {"dispatch.every_s": 60}}, r"may differ in dispatch\.policy and dispatch\.params only"),
    ],
)
def test_what_is_no_ab_test_is_refused_before_anything_runs(variants: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        split_test(study(variants), out=tmp_path / "out", pool=ONE)
    assert not (tmp_path / "out").exists()


def test_units_by_name() -> None:
    assert units("time,user") == ("user", "time")
    assert units("zone") == ("zone",)
    for wrong in ("users", "user,", "", "user, time"):
        with pytest.raises(ValueError, match=r"unknown design .*; there are: user, rider, zone, time"):
            units(wrong)
