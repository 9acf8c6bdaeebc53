"""Comparison of variants: effects by hand, precision, what is written, and the variance that pairing removes."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.city.model import City
from sim.experiment.compare import (
    COHORT,
    Comparison,
    checked_kpis,
    compare,
    compare_and_select,
    document,
    effects,
)
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job, Row
from sim.experiment.stats import difference, holm
from sim.kpi.kpis import KPIS
from sim.policies.registry import PolicyNotFound
from sim.scenario.errors import ScenarioError
from sim.scenario.study import Study

TOWN: dict[str, Any] = {
    "calendar.drain_min": 60,
    "city": {"kind": "plane", "places": 40, "width_m": 2500, "height_m": 2500},
    "population.users": 150,
    "merchants": {"classes": {"restaurant": {"count": 6}}},
    "riders.count": 6,
}
TWO = {"near": {"dispatch.policy": "nearest"}, "match": {"dispatch.policy": "matching"}}
ONE = Pool(1)


def study(variants: dict | None = None, count: int = 3, **fields: Any) -> Study:
    replications = {"count": count, **fields.pop("replications", {})}
    plan = {"scenario": "campus_lunch", "settings": TOWN, "variants": variants or TWO, "replications": replications}
    return Study.model_validate(plan | fields)


def rows(variant: str, **kpis: list[float]) -> list[Row]:
    columns = zip(*kpis.values(), strict=True)
    return [Row(variant, r, "k", dict(zip(kpis, values, strict=True)), ()) for r, values in enumerate(columns)]


@pytest.fixture
def sham(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Replications without a simulation: variant ``b`` delivers 0.1 more on time than ``a``, with noise."""
    ran: list[tuple[str, int]] = []

    def run(job: Job, city: City) -> Row:
        ran.append((job.variant, job.replication))
        rng = np.random.default_rng(job.replication)
        day, own = rng.normal(), rng.normal(size=9)[ord(job.variant[0]) - ord("a")]
        kpis = dict.fromkeys(KPIS, 1.0)
        kpis["on_time_share"] = 0.7 + 0.1 * (job.variant == "b") + 0.05 * day + 0.02 * own
        kpis["overage_mean"] = -10 + 2 * (job.variant != "c") + 0.1 * own
        kpis["utilisation"] = math.nan
        return Row(job.variant, job.replication, job.key(), kpis, ((1.0,),) * 4)

    monkeypatch.setattr(Job, "run", run)
    return ran


SHAM: dict[str, Any] = {name: {"dispatch.every_s": 30 + i} for i, name in enumerate("abc")}


def test_effects_by_hand() -> None:
    data = {
        "base": rows("base", x=[1.0, 2.0, 3.0], y=[5.0, math.nan, 7.0]),
        "new": rows("new", x=[2.0, 4.0, 3.0], y=[6.0, 1.0, 8.5]),
    }
    x, y = effects(data, "base", ["x", "y"])
    assert (x.variant, x.kpi, y.kpi) == ("new", "x", "y")
    assert x.difference.estimate.mean == pytest.approx(1.0)  # 1, 2, 0: sd 1
    assert x.difference.estimate.half_width == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)
    assert x.difference.percent == pytest.approx(50)
    assert x.difference.variance_reduction == pytest.approx(2.0)  # (1 + 1) / 1
    assert y.difference.estimate.replications == 2
    assert y.difference.estimate.mean == pytest.approx(1.25)


def test_holm_is_over_all_variants_and_kpis() -> None:
    rng = np.random.default_rng(4)
    data = {name: rows(name, **{k: (rng.normal(i, 1, 8)).tolist() for k in "xyz"}) for i, name in enumerate("abc")}
    found = effects(data, "b", list("xyz"))
    assert [(e.variant, e.kpi) for e in found] == [(v, k) for v in "ac" for k in "xyz"]
    raw = [e.difference.p for e in found]
    assert [e.adjusted_p for e in found] == pytest.approx(holm(raw))
    assert min(e.adjusted_p for e in found) == pytest.approx(6 * min(raw))


def test_the_baseline_is_subtracted_whatever_its_place(sham: list) -> None:
    for baseline, sign in (("a", 1), ("b", -1)):
        found = compare(study({k: SHAM[k] for k in "ab"}, 30, baseline=baseline, kpis=["on_time_share"]), pool=ONE)
        (effect,) = found.effects
        assert effect.difference.estimate.mean == pytest.approx(0.1 * sign, abs=0.02)
        assert effect.adjusted_p == effect.difference.p < 1e-6


def test_a_comparison_of_a_real_city(tmp_path: Path) -> None:
    found = compare(study(), out=tmp_path / "out", pool=ONE)
    assert found.replications == 3
    known = {kpi for kpi in KPIS if any(np.isfinite(found.values(name, kpi)).any() for name in found.rows)}
    assert {e.kpi for e in found.effects} == known
    assert {"on_time_share", "utilisation"} <= known < set(KPIS), "nobody asked for those that are switched off"
    orders = next(e for e in found.effects if e.kpi == "orders")
    assert (orders.difference.estimate.mean, orders.difference.p) == (0, 1)  # the same wishes
    assert found.level("near", "orders").mean == np.mean(found.values("match", "orders")) > 20
    assert document(found) == document(compare(study(), pool=ONE))
    assert json.loads((tmp_path / "out" / "compare.json").read_text()) == document(found)


def test_the_document_is_strict_deterministic_json(sham: list, tmp_path: Path) -> None:
    for name in ("one", "two"):
        compare(study(SHAM, 5), out=tmp_path / name / "deep", pool=ONE)
    one, two = ((tmp_path / name / "deep" / "compare.json").read_bytes() for name in ("one", "two"))
    assert one == two
    assert str(tmp_path).encode() not in one

    def refuse(word: str) -> None:
        raise AssertionError(word)

    told = json.loads(one, parse_constant=refuse)
    assert (told["study"], told["baseline"], told["replications"], told["selection"]) == ("study", "a", 5, None)
    assert set(told["variants"]) == set("abc")
    assert set(COHORT) | set(KPIS) == set(told["variants"]["a"])
    known = {kpi for levels in told["variants"].values() for kpi in KPIS if levels[kpi]["mean"] is not None}
    assert len(told["effects"]) == 2 * len(known)
    assert "utilisation" not in known, "it has no value anywhere: null in the levels, and no effect"
    assert told["variants"]["a"]["utilisation"]["mean"] is None


def test_an_effect_is_written_with_its_unit_and_everything_asked_for(sham: list) -> None:
    found = compare(study(SHAM, 8, kpis=["on_time_share", "overage_mean"]), pool=ONE)
    told = document(found)["effects"]
    effect, d = found.effects[0], found.effects[0].difference
    assert told[0] == {
        "variant": "b",
        "kpi": "on_time_share",
        "unit": "1",
        "better": "higher",
        "mean": d.estimate.mean,
        "low": d.estimate.low,
        "high": d.estimate.high,
        "replications": 8,
        "percent": d.percent,
        "p": d.p,
        "adjusted_p": effect.adjusted_p,
        "variance_reduction": d.variance_reduction,
    }
    assert d == difference(found.values("b", "on_time_share"), found.values("a", "on_time_share"))
    overage = found.effects[3].difference
    assert overage.estimate.mean == pytest.approx(-2, abs=0.2)
    assert overage.percent == pytest.approx(-25, abs=3)  # of |-8|: lower is lower, also below zero


def test_no_kpis_means_all_that_have_a_value_and_named_ones_are_told_without(sham: list) -> None:
    found = compare(study(SHAM, 2), pool=ONE)
    valued = {kpi for kpi in KPIS if any(np.isfinite(found.values(name, kpi)).any() for name in found.rows)}
    assert [effect.kpi for effect in found.effects] == 2 * [kpi for kpi in KPIS if kpi in valued]
    asked = compare(study(SHAM, 2, kpis=["utilisation"]), pool=ONE)
    lost = json.loads(json.dumps(document(asked)))["effects"][0]
    assert (lost["mean"], lost["p"], lost["replications"], lost["variance_reduction"]) == (None, None, 0, None)


def test_precision_adds_replications_until_it_is_reached(sham: list) -> None:
    target = 0.012  # sd of a difference is about 0.028: some 23 are needed
    plan = study({k: SHAM[k] for k in "ab"}, 4, replications={"half_width": {"on_time_share": target}})
    found = compare(plan, pool=ONE)
    half = {e.kpi: e.difference.estimate.half_width for e in found.effects}["on_time_share"]
    assert half <= target
    steps = [4, 6, 9, 13, 19, 28, 42, 63]
    before = steps[steps.index(found.replications) - 1]
    short = effects({name: kept[:before] for name, kept in found.rows.items()}, "a", ["on_time_share"])
    assert found.replications > 9
    assert short[0].difference.estimate.half_width > target
    assert len(sham) == len(set(sham)) == 2 * found.replications  # nothing was run twice


def test_precision_holds_for_every_variant_and_every_kpi(sham: list) -> None:
    wanted = {"on_time_share": 0.02, "overage_mean": 0.04}
    found = compare(study(SHAM, 4, kpis=["orders"], replications={"half_width": wanted}), pool=ONE)
    measured = effects(found.rows, "a", list(wanted))
    assert all(e.difference.estimate.half_width <= wanted[e.kpi] for e in measured)
    assert {e.kpi for e in found.effects} == {"orders"}


def test_precision_ends_at_the_budget(sham: list) -> None:
    plan = study(SHAM, 4, replications={"half_width": {"on_time_share": 1e-9}, "budget": 7})
    assert compare(plan, pool=ONE).replications == 7


def test_a_kpi_without_a_value_does_not_ask_for_more(sham: list) -> None:
    assert compare(study(SHAM, 4, replications={"half_width": {"utilisation": 0.1}}), pool=ONE).replications == 4


@pytest.mark.parametrize(
    "fields",
    [{"kpis": ["on_time"]}, {"replications": {"half_width": {"on_time": 1}}}, {"pareto": ["on_time", "orders"]}],
)
def test_an_unknown_kpi_is_refused_before_anything_runs(fields: dict, sham: list, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"unknown KPI 'on_time' \(did you mean 'on_time_share'\?\)"):
        compare(study(**fields), out=tmp_path / "out", pool=ONE)
    assert sham == []
    assert not (tmp_path / "out").exists()
    assert checked_kpis(["orders"]) == ["orders"]
    with pytest.raises(ValueError, match=r"^unknown KPI 'zzz'$"):
        checked_kpis(["zzz"])


def test_a_variant_that_cannot_run_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"variant b: riders\.count=-1"):
        compare(study({"a": {}, "b": {"riders.count": -1}}), pool=ONE)
    with pytest.raises(PolicyNotFound, match="did you mean 'nearest'"):
        compare(study({"a": {"dispatch.policy": "nearset"}, "b": {}}), pool=ONE)


def test_selection_goes_on_where_the_comparison_ends(sham: list, tmp_path: Path) -> None:
    found = compare_and_select(study(SHAM, 4), "on_time_share", 0.03, out=tmp_path, pool=ONE)
    assert found.selection.startswith("b is best in on_time_share: selected with probability of at least 95%")
    assert json.loads((tmp_path / "compare.json").read_text())["selection"] == found.selection
    assert found.replications == 4
    assert len(sham) == len(set(sham))
    assert {r for _, r in sham} == set(range(max(r for _, r in sham) + 1))
    before = len(sham)
    again = compare_and_select(study(SHAM, 4), "on_time_share", 0.03, out=tmp_path, pool=ONE)
    assert (again.selection, len(sham)) == (found.selection, before)


def test_selection_of_the_lowest(sham: list) -> None:
    assert compare_and_select(study(SHAM, 4), "overage_mean", 0.5, pool=ONE).selection.startswith("c is best")


@pytest.mark.parametrize(
    ("kpi", "delta", "said"),
    [
        ("orders", 1, "orders: neither higher nor lower is better"),
        ("on_time", 1, "did you mean 'on_time_share'"),
        ("on_time_share", 0, "needs --delta, the smallest difference in 1 worth detecting"),
        ("overage_mean", -1, "needs --delta, the smallest difference in min"),
        ("overage_mean", math.nan, "needs --delta"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused_at_once(kpi: str, delta: float, said: str, sham: list) -> None:
    with pytest.raises(ValueError, match=said):
        compare_and_select(study(SHAM, 2), kpi, delta, pool=ONE)
    assert sham == []


@pytest.fixture(scope="module")
def tweaked() -> Comparison:
    """A change of a policy's parameter, in a quiet and small city."""
    lead = {"ten": {}, "eight": {"dispatch.params": {"lead_min": 8}}}
    return compare(study(lead, 16, settings={**TOWN, "riders.count": 12}), pool=ONE)


@pytest.mark.parametrize("kpi", ["on_time_share", "click_to_door_mean", "utilisation", "contribution_per_order"])
def test_pairing_cuts_the_variance_at_least_four_times(kpi: str, tweaked: Comparison) -> None:
    effect = next(e for e in tweaked.effects if e.kpi == kpi)
    assert effect.difference.variance_reduction >= 4


def test_without_common_cities_the_reduction_is_gone(tweaked: Comparison) -> None:
    """The same rows, but each variant on days of its own: what an unpaired study would have."""
    apart = {"ten": tweaked.rows["ten"][:8], "eight": tweaked.rows["eight"][8:]}
    (effect,) = effects(apart, "ten", ["click_to_door_mean"])
    assert effect.difference.variance_reduction < 4
    assert tweaked.level("ten", "orders").half_width > 0
