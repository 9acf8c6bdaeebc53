"""The hand-made day: engine, score, export and evaluator all agree with the arithmetic."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.city.build import build_city
from sim.city.instance import read_instance
from sim.events import Kind
from sim.experiment.mdrp.bench import bench_mdrp, run_instance, write_table
from sim.experiment.mdrp.evaluate import disagreements, evaluate
from sim.experiment.mdrp.export import export_solution
from sim.experiment.mdrp.scenario import benchmark_scenario
from sim.experiment.mdrp.score import COLUMNS, score
from sim.kpi.kpis import compute
from sim.kpi.tables import Tables
from tests.experiment.mdrp.tiny_day import BOUND, FIGURES, SOLUTION

CSV = (
    "instance,dispatch,orders,delivered,undelivered_pct,ctd_mean,ctd_p90,ctd_overage,rtp_mean,rtp_p90,utilisation,"
    "cost_per_order,orders_per_bundle,wave_ms_median,wave_ms_p99,cpu_s"
)


def test_every_figure_is_as_computed_by_hand(tiny: Path, script: str) -> None:
    row = run_instance(tiny, script).row
    assert {name: row[name] for name in FIGURES} == pytest.approx(FIGURES)
    assert row["ctd_bound"] == pytest.approx(BOUND)
    assert row["cpu_s"] > 0
    assert 0 < row["wave_ms_median"] <= row["wave_ms_p99"]


def test_the_files_are_as_written_by_hand(tiny: Path, script: str, tmp_path: Path) -> None:
    events = run_instance(tiny, script).events
    export_solution(events, read_instance(tiny), tmp_path / "out")
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == SOLUTION


def test_the_evaluator_computes_the_same_from_the_files(tiny: Path, by_hand: Path) -> None:
    verdict = evaluate(tiny, by_hand)
    assert verdict.problems == ()
    assert str(verdict) == "FEASIBLE"
    assert verdict.figures == pytest.approx(FIGURES)


def test_disagreements_are_told(tiny: Path, by_hand: Path) -> None:
    figures = evaluate(tiny, by_hand).figures
    assert disagreements(figures, figures) == []
    assert disagreements(figures, figures | {"ctd_mean": 22.0}) == ["ctd_mean: evaluator 22.2, ours 22"]
    assert disagreements({"ctd_mean": float("nan")}, {"ctd_mean": float("nan")}) == []


def test_a_table_is_written(tiny: Path, script: str, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    frame = bench_mdrp([tiny], script, export=tmp_path / "out", progress=lambda *what: told.append(what))
    assert told == [(1, 1, "tiny")]
    assert frame["verdict"].tolist() == ["FEASIBLE"]
    assert (tmp_path / "out" / "tiny" / "solution_info_orders.txt").is_file()
    write_table(frame, tmp_path / "mdrp.csv")
    assert (tmp_path / "mdrp.csv").read_text().splitlines()[0] == CSV == ",".join(COLUMNS)
    again = pd.read_csv(tmp_path / "mdrp.csv")
    assert again["ctd_mean"].tolist() == [22.2]
    assert again["delivered"].dtype == np.int64


def test_without_export_nothing_is_evaluated(tiny: Path, script: str) -> None:
    assert bench_mdrp([tiny], script)["verdict"].tolist() == [""]


def test_figures_that_other_kpis_know_too_are_equal(tiny: Path, script: str) -> None:
    finished = run_instance(tiny, script)
    kpis = compute(Tables(finished.events))
    pairs = {
        "ctd_mean": "click_to_door_mean",
        "ctd_p90": "click_to_door_p90",
        "ctd_overage": "overage_mean",
        "rtp_mean": "ready_to_pickup_mean",
    }
    assert {ours: finished.row[ours] for ours in pairs} == pytest.approx({o: kpis[k] for o, k in pairs.items()})
    assert kpis["contribution_per_order"] == pytest.approx(-finished.row["cost_per_order"], abs=0.005)


def test_a_day_on_which_nothing_is_delivered(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "idle.py").write_text("def idle(wave, rng):\n    return []\n")
    row = bench_mdrp([tiny], f"{tmp_path / 'idle.py'}:idle", export=tmp_path / "out").iloc[0]
    assert (row["orders"], row["delivered"], row["undelivered_pct"]) == (6, 0, 100)
    assert np.isnan([row["ctd_mean"], row["ctd_p90"], row["cost_per_order"], row["orders_per_bundle"]]).all()
    assert (row["utilisation"], row["guarantee_share"], row["verdict"]) == (0, 1, "FEASIBLE")


def test_a_log_between_whole_minutes_is_not_exported(tiny: Path, script: str, tmp_path: Path) -> None:
    events = run_instance(tiny, script).events.copy()
    events["t"][np.flatnonzero(events["kind"] == Kind.DELIVERED)[0]] += 30
    with pytest.raises(ValueError, match="order 0: delivered at 1170 s, not a whole minute"):
        export_solution(events, read_instance(tiny), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_log_that_breaks_off_is_not_exported(tiny: Path, script: str, tmp_path: Path) -> None:
    events = run_instance(tiny, script).events
    events = events[: np.flatnonzero(events["kind"] == Kind.DEPARTED)[-1] + 1]
    with pytest.raises(ValueError, match="tiny: a courier is still under way"):
        export_solution(events, read_instance(tiny), tmp_path / "out")


def test_scoring_needs_only_the_log(tiny: Path, script: str) -> None:
    finished = run_instance(tiny, script)
    scenario = benchmark_scenario(tiny)
    figures = score(Tables(finished.events), build_city(scenario), scenario)
    assert figures == {name: finished.row[name] for name in figures}


@pytest.mark.parametrize("dispatch", ["nearest", "matching"])
def test_shipped_policies_are_feasible_and_deterministic(dispatch: str, tiny: Path, tmp_path: Path) -> None:
    first, second = (bench_mdrp([tiny], dispatch, export=tmp_path / name) for name in "ab")
    assert first["verdict"].tolist() == ["FEASIBLE"]
    measured = ["wave_ms_median", "wave_ms_p99", "cpu_s"]
    pd.testing.assert_frame_equal(first.drop(columns=measured), second.drop(columns=measured))
    for path in (tmp_path / "a" / "tiny").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "tiny" / path.name).read_bytes()
