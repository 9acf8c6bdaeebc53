"""Claims put to the test: verdicts of constructed data, what carries a claim, and the record that is kept."""

import csv
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.experiment.claims.measure as measure
from sim.experiment.claims.finding import Finding, Range, Reading, document, read_finding
from sim.experiment.claims.measure import finding, plan, put_to_test
from sim.experiment.claims.table import COLUMNS, read_findings, row_of, write_findings
from sim.experiment.claims.unit import check_unit, elasticity, percent, reading
from sim.experiment.claims.verdict import judge
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.stats import Estimate
from sim.experiment.store import Store
from sim.kpi.kpis import KPIS
from sim.scenario.claim import Claim, read_claims

FLEET = {"path": "riders.count", "values": [10, 30], "sentence": "Few riders.", "source": "assumption"}
LEAD = {"path": "dispatch.params.lead_min", "low": 0, "high": 5, "sentence": "Early.", "source": "assumption"}
EFFECT: dict[str, Any] = {
    "id": "T-effect",
    "row": "B",
    "sentence": "Delivery is 20% shorter.",
    "quoted": -20,
    "unit": "%",
    "kpi": "click_to_door_mean",
    "scenario": "small.yaml",
    "baseline": {"dispatch.policy": "nearest"},
    "variant": {"dispatch.policy": "matching"},
    "replications": 3,
    "assumptions": [FLEET, LEAD],
}
LEVEL = {key: value for key, value in EFFECT.items() if key not in ("baseline", "variant")}
SMALL = """name: small
population: {users: 150}
riders: {count: 20}
calendar: {drain_min: 60}
city: {kind: plane, width_m: 2000, height_m: 1500, places: 40, zone_m: 500}
merchants: {classes: {kitchen: {count: 8}}}
"""


def effect(**changes: Any) -> Claim:
    return Claim.model_validate(EFFECT | changes)


def level(kind: str, quoted: float = 30, unit: str = "min", **changes: Any) -> Claim:
    return Claim.model_validate(LEVEL | {"level": kind, "quoted": quoted, "unit": unit} | changes)


def interval(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, 10)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-25, -21, "supported"),
        (-25, -20, "supported"),  # the bound nearest to no effect just reaches it
        (-25, -19.9, "smaller"),  # the quoted number is inside, but not shown to be reached
        (-15, -1, "smaller"),
        (-15, 0, "not supported"),
        (-15, 3, "not supported"),
        (1, 5, "not supported"),
        (nan, nan, "not supported"),
        (-inf, -21, "not supported"),
    ],
)
def test_the_verdict_on_a_fall(low: float, high: float, verdict: str) -> None:
    assert judge(effect(), interval(low, high)) == verdict
    assert judge(effect(quoted=20), interval(-high, -low)) == verdict


@pytest.mark.parametrize(
    ("kind", "low", "high", "verdict"),
    [
        ("at_most", 25, 30, "supported"),
        ("at_most", 25, 30.1, "not supported"),
        ("at_most", 31, 33, "not supported"),
        ("at_least", 30, 33, "supported"),
        ("at_least", 29.9, 33, "not supported"),
        ("about", 27, 33, "supported"),
        ("about", 26.9, 29, "not supported"),
        ("about", 20, 26.9, "smaller"),
        ("about", -1, 26, "not supported"),
        ("about", 34, 36, "not supported"),
        ("at_least", nan, nan, "not supported"),
    ],
)
def test_the_verdict_on_a_level(kind: str, low: float, high: float, verdict: str) -> None:
    assert judge(level(kind), interval(low, high)) == verdict


def test_units_are_those_of_the_sentence() -> None:
    base, better = np.array([0.5, 0.6, 0.4]), np.array([0.6, 0.7, 0.5])
    points = effect(kpi="on_time_share", unit="points", quoted=5)
    assert reading(points, {"baseline": base, "variant": better}).mean == pytest.approx(10)
    assert reading(effect(kpi="on_time_share"), {"baseline": base, "variant": better}).mean == pytest.approx(20)
    assert reading(effect(unit="min"), {"baseline": base, "variant": better}).mean == pytest.approx(0.1)
    assert reading(level("at_least", 98, "%", kpi="on_time_share"), {"level": base}).mean == pytest.approx(50)
    assert reading(level("at_most"), {"level": base}).mean == pytest.approx(0.5)


def test_percent_is_of_the_mean_and_carries_the_uncertainty_of_both() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(40, 4, 500)
    exact = percent(0.8 * base, base)
    assert (exact.low, exact.high) == pytest.approx((-20, -20))
    found = percent(base - 8 + rng.normal(0, 1, 500), base)
    assert found.low < -20 < found.high
    assert found.mean == pytest.approx(-20, abs=0.5)
    assert percent(-0.8 * base, -base).mean == pytest.approx(20)  # of its size, whatever its sign


def test_percent_leaves_out_what_has_no_pair() -> None:
    assert percent(np.array([8.0, nan, 8.0]), np.array([10.0, 10.0, 10.0])).replications == 2
    assert np.isnan(percent(np.array([1.0, 2.0]), np.array([1.0, -1.0])).mean)
    assert np.isnan(percent(np.array([nan]), np.array([nan])).mean)


@given(
    power=st.floats(-6, 6),
    base=st.lists(st.floats(1, 9), min_size=3, max_size=9),
    scale=st.sampled_from([1e-3, 1.0, 1e4]),
)
def test_a_planted_elasticity_is_found(power: float, base: list[float], scale: float) -> None:
    """One KPI rises by 2% in each replication, the other by `power` times as much, whatever their units."""
    satisfaction, repurchase = np.array(base), scale * np.array(base[::-1])
    found = elasticity(((1 + 0.02 * power) * repurchase, repurchase), (1.02 * satisfaction, satisfaction))
    assert (found.low, found.mean, found.high) == pytest.approx((power,) * 3, abs=1e-6)


def test_an_elasticity_has_the_scatter_of_both() -> None:
    rng = np.random.default_rng(2)
    base, rise = rng.normal(50, 5, 400), rng.normal(1, 0.5, 400)
    found = elasticity((base + 3 * rise, base), (base + rise, base))
    assert (found.low, found.high) == pytest.approx((3, 3), abs=1e-6)  # they move together
    apart = elasticity((base + 3 * rng.permutation(rise), base), (base + rise, base))
    assert apart.low < 3 < apart.high


@pytest.mark.parametrize("rise", [np.array([1.0, -1.0, 0.5, -0.4]), np.array([-1.0, -1.1, -0.9, -1.0])])
def test_an_elasticity_of_what_does_not_rise_has_no_interval(rise: np.ndarray) -> None:
    base = np.array([10.0, 11.0, 9.0, 10.0])
    found = elasticity((base + 1, base), (base + rise, base))
    assert found.mean == pytest.approx(1 / rise.mean())
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(elasticity((base, base), (base, base)).mean)
    assert elasticity((base, base), (base * nan, base)).replications == 0


@pytest.mark.parametrize("unit", ["yuan", "points"])
def test_a_unit_that_does_not_fit(unit: str) -> None:
    with pytest.raises(ValueError, match=f"claim T-effect: unit '{unit}' does not fit .* expected 'min' or '%'"):
        check_unit(effect(unit=unit))


def test_an_effect_per_per_cent_has_its_own_unit() -> None:
    check_unit(effect(per="on_time_share", unit="% per %", quoted=5))
    with pytest.raises(ValueError, match="unit '%' does not fit click_to_door_mean: expected '% per %'"):
        check_unit(effect(per="on_time_share"))
    with pytest.raises(ValueError, match="a gauge stands alone"):
        check_unit(effect(per="sim.twin.forecast_error:FORECAST_ERROR", unit="% per %"))
    with pytest.raises(ValueError, match="claim T-effect: unknown KPI 'on_tim_share'"):
        check_unit(effect(per="on_tim_share", unit="% per %"))


def test_a_level_in_per_cent_needs_a_share() -> None:
    with pytest.raises(ValueError, match="expected 'min'"):
        check_unit(level("at_most", unit="%"))


def test_an_unknown_kpi() -> None:
    with pytest.raises(ValueError, match=r"claim T-effect: unknown KPI 'click_to_dor_mean' \(did you mean 'click_to_d"):
        check_unit(effect(kpi="click_to_dor_mean"))


def test_every_shipped_claim_can_be_planned() -> None:
    plans = [plan(each, folder) for each, folder in read_claims()]
    assert all(len(p.scenarios) == 1 + sum(len(a.tried) for a in p.claim.assumptions) for p in plans)


def measured(claim: Claim, value: Any, mean: float, half: float = 1) -> Reading:
    estimate = Estimate(mean, mean - half, mean + half, 10)
    return Reading(value, estimate, {"baseline": 0.9, "variant": 0.95}, judge(claim, estimate))


def found(fleet: tuple[float, float], lead: tuple[float, float], own: float = -10, **changes: Any) -> Finding:
    claim = effect(**changes)
    ranges = []
    for assumption, means, at in zip(claim.assumptions, (fleet, lead), (20, None), strict=True):
        others = tuple(measured(claim, v, m) for v, m in zip(assumption.tried, means, strict=True))
        ranges.append(Range(assumption, measured(claim, at, own), others))
    return Finding(claim, measured(claim, None, own), tuple(ranges))


def test_the_same_verdict_everywhere_is_the_verdict() -> None:
    result = found((-12, -8), (-11, -9))
    assert result.verdict == "smaller"
    assert result.carried_by == "riders.count over 10, 20, 30: smaller throughout (from -12.00 to -8.00 %)"


def test_a_claim_depends_on_what_turns_its_verdict() -> None:
    result = found((-30, 0), (-11, -9))
    assert result.verdict == "depends on riders.count"
    assert result.carried_by == (
        "riders.count over 10, 20, 30: supported at 10; smaller at 20; not supported at 30 (from -30.00 to 0.00 %)"
    )


def test_the_measurements_say_what_carries_it_not_the_order() -> None:
    result = found((-19, 0), (-30, -9))  # the fleet moves it farther, the lead makes it true
    assert result.verdict == "depends on dispatch.params.lead_min"
    assert result.carried_by.startswith("dispatch.params.lead_min over its default, 0, 5: supported at 0; smaller at")


def test_a_claim_that_nothing_supports_does_not_depend() -> None:
    result = found((-12, 0), (-11, -9))
    assert result.verdict == "smaller"
    assert "smaller at 10, 20; not supported at 30" in result.carried_by


def test_a_value_that_is_studied_anyway_stands_once() -> None:
    each = found((-12, -8), (-11, -9)).ranges[0]
    again = Range(each.assumption, each.own, (*each.others, measured(effect(), 20, -10)))
    assert [r.value for r in again.readings] == [10, 20, 30]


def test_readings_without_a_value_do_not_move_anything() -> None:
    result = found((nan, nan), (-11, -9), own=nan)
    assert result.ranges[0].weight == (False, 1, 0.0)
    assert row_of(result)["effect"] == ""
    assert read_finding(document(result)).own.verdict == "not supported"


def test_a_finding_is_read_back_as_it_was() -> None:
    result = found((-30, 0), (-11, -9))
    again = read_finding(document(result))
    assert again == result
    assert (again.verdict, again.carried_by) == (result.verdict, result.carried_by)


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "claims.csv").open() as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_the_table_has_its_columns(tmp_path: Path) -> None:
    write_findings([found((-30, 0), (-11, -9))], tmp_path)
    assert (tmp_path / "claims.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
    row = table(tmp_path)["T-effect"]
    assert [row[name] for name in COLUMNS[2:9]] == [
        "-20", "-10.000", "-11.000", "-9.000", "%", "10", "depends on riders.count"
    ]  # fmt: skip


def test_other_rows_are_kept(tmp_path: Path) -> None:
    first, second = found((-12, -8), (-11, -9)), found((-12, -8), (-11, -9), id="A-other")
    write_findings([first, second], tmp_path)
    before = table(tmp_path)
    write_findings([found((-30, -8), (-11, -9), own=-15)], tmp_path)
    after = table(tmp_path)
    assert list(after) == ["A-other", "T-effect"]
    assert after["A-other"] == before["A-other"]
    assert after["T-effect"]["effect"] == "-15.000"
    assert [f.claim.id for f in read_findings(tmp_path)] == ["A-other", "T-effect"]


def test_a_row_without_a_record_is_kept(tmp_path: Path) -> None:
    write_findings([found((-12, -8), (-11, -9), id="A-other")], tmp_path)
    (tmp_path / "claims.json").unlink()
    write_findings([found((-12, -8), (-11, -9))], tmp_path)
    assert list(table(tmp_path)) == ["A-other", "T-effect"]


@pytest.mark.parametrize(("name", "text"), [("claims.csv", "a,b\n1,2\n"), ("claims.json", "[1]"), ("claims.json", "{")])
def test_a_record_of_something_else_is_left_alone(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=r"not a (table|record) of claims"):
        write_findings([found((-12, -8), (-11, -9))], tmp_path)
    assert (tmp_path / name).read_text() == text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path


def test_replications_become_a_finding(folder: Path) -> None:
    """Constructed rows: matching takes 20% of the minutes off with 10 riders, 10% with 20, nothing with 30."""
    each, store = plan(effect(), folder), Store(None)
    factor = {10: 0.75, 20: 0.9, 30: 1.0}
    for job in each.jobs():
        faster = factor[job.scenario.riders.count] if job.scenario.dispatch.policy == "matching" else 1.0
        kpis = dict.fromkeys(KPIS, 1.0) | {"click_to_door_mean": (40 + job.replication) * faster}
        store.keep(Row(job.variant, job.replication, job.key(), kpis, ()))
    result = finding(each, store)
    assert result.own.estimate.mean == pytest.approx(-10)
    assert [r.verdict for r in result.ranges[0].readings] == ["supported", "smaller", "not supported"]
    assert (result.ranges[0].own.value, result.ranges[1].own.value) == (20, None)
    assert result.verdict == "depends on riders.count"


def test_an_effect_per_per_cent_reads_both_kpis(folder: Path) -> None:
    """Constructed rows: 2% more punctual, 6% shorter."""
    claim = effect(per="on_time_share", unit="% per %", quoted=-5, assumptions=[FLEET])
    each, store = plan(claim, folder), Store(None)
    for job in each.jobs():
        better = job.scenario.dispatch.policy == "matching"
        kpis = dict.fromkeys(KPIS, 1.0)
        kpis["on_time_share"] = (0.7 + 0.01 * job.replication) * (1.02 if better else 1)
        kpis["click_to_door_mean"] = (40 - job.replication) * (0.94 if better else 1)
        store.keep(Row(job.variant, job.replication, job.key(), kpis, ()))
    result = finding(each, store)
    assert result.own.estimate.mean == pytest.approx(-3)
    assert result.verdict == "smaller"


def test_a_setting_that_does_not_fit_names_the_claim(folder: Path) -> None:
    wrong = effect(assumptions=[FLEET | {"values": [10, "many"]}])
    with pytest.raises(ValueError, match=r"claim T-effect, baseline: riders\.count") as error:
        plan(wrong, folder)
    assert len(str(error.value).splitlines()) == 1


def test_it_runs_resumes_and_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [(effect(replications=2, assumptions=[FLEET]), folder)]
    monkeypatch.setattr(measure, "read_claims", lambda ids: claims)
    first = put_to_test((), folder / "out", pool=Pool(1))
    kept = sorted((folder / "out" / ".cache").rglob("*.json"))
    assert len(kept) == 12  # three fleets, two policies, two replications
    written = (folder / "out" / "claims.csv").read_bytes(), (folder / "out" / "claims.json").read_bytes()
    kept[0].unlink()
    monkeypatch.setattr("sim.experiment.replicate.run", _only_once())
    assert put_to_test((), folder / "out", pool=Pool(1)) == first
    assert written == ((folder / "out" / "claims.csv").read_bytes(), (folder / "out" / "claims.json").read_bytes())
    assert kept[0].exists()


def test_claims_share_what_they_have_in_common(folder: Path) -> None:
    one, two = plan(effect(), folder), plan(effect(id="T-two", kpi="on_time_share"), folder)
    assert {(j.variant, j.replication) for j in one.jobs()} == {(j.variant, j.replication) for j in two.jobs()}


def _only_once() -> Any:
    from sim.experiment.run import run

    calls: list[int] = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        assert len(calls) == 1, "a replication that was kept was run again"
        return run(*args, **kwargs)

    return counted
