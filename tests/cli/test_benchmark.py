"""``paotui import mdrp``, ``paotui bench mdrp``, ``paotui bench speed`` and ``paotui bench waves``."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.mdrp.score import COLUMNS
from sim.experiment.run import read_run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.cli.command import Paotui

MEASURED = ["wave_ms_median", "wave_ms_p99", "cpu_s"]
EXPORTED = ["solution_info_assignments.txt", "solution_info_couriers.txt", "solution_info_orders.txt"]


def test_an_imported_instance_runs(here: Path, tiny: Path, quick: Paotui) -> None:
    answer = quick("import", "mdrp", "days/tiny", "--dispatch", "nearest")
    assert (answer.code, answer.err) == (0, "")
    (written,) = here.glob("*.yaml")
    assert f"paotui run {written.name}" in answer.words
    scenario = load(written, Scenario)
    assert scenario.dispatch.policy == "nearest"
    assert (scenario.travel.metres_per_minute, scenario.travel.whole_minutes) == (100, True)
    ran = quick("run", written.name, "--out", "out")
    assert ran.code == 0, ran.err
    assert read_run(here / "out").kpis["orders"] == 6


def test_the_file_may_be_named_and_moved(here: Path, tiny: Path, quick: Paotui) -> None:
    assert quick("import", "mdrp", "days/tiny", "--out", "day.yaml").code == 0
    (here / "elsewhere").mkdir()
    (here / "day.yaml").rename(here / "elsewhere" / "day.yaml")
    assert quick("run", "elsewhere/day.yaml", "--out", "out").code == 0


def test_the_bench_prints_a_row_and_writes_the_table(here: Path, tiny: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "mdrp", "days", "--dispatch", "nearest", "--out", "results")
    assert answer.code == 0, answer.err
    assert "tiny" in answer.words
    assert "beside the published results" in answer.words
    assert "orders per CPU second" in answer.words
    table = pd.read_csv(here / "results" / "mdrp.csv")
    assert list(table.columns) == list(COLUMNS)
    assert table[["instance", "dispatch", "orders"]].to_numpy().tolist() == [["tiny", "nearest", 6]]
    assert "results/mdrp.csv" in answer.words


def test_exported_solutions_are_feasible(here: Path, tiny: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "mdrp", "days/tiny", "--export", "solutions")
    assert answer.code == 0, answer.err
    assert "1 of 1 solutions FEASIBLE, written to solutions" in answer.words
    assert sorted(path.name for path in (here / "solutions" / "tiny").iterdir()) == EXPORTED


def test_a_policy_of_ones_own_is_benched(here: Path, tiny: Path, paotui: Paotui) -> None:
    (here / "lazy.py").write_text("def lazy(wave, rng):\n    return []\n")
    assert paotui("bench", "mdrp", "days", "--dispatch", "lazy.py:lazy", "--out", "out").code == 0
    table = pd.read_csv(here / "out" / "mdrp.csv")
    assert table[["delivered", "undelivered_pct"]].to_numpy().tolist() == [[0, 100]]


def test_diversion_is_reported_apart(here: Path, tiny: Path, paotui: Paotui) -> None:
    plain, both = (paotui("bench", "mdrp", "days", "--out", name, *more) for name, more in
                   (("a", ()), ("b", ("--diversion",))))  # fmt: skip
    assert "outside the comparison" not in plain.words
    assert "outside the comparison: with diversion and prepositioning" in both.words
    assert both.words.count("by the rules") == both.words.count("with both") == 1
    tables = [pd.read_csv(here / name / "mdrp.csv").drop(columns=MEASURED) for name in "ab"]
    pd.testing.assert_frame_equal(*tables)  # type: ignore[arg-type]


def test_the_picture_and_its_table_are_written(here: Path, tiny: Path, paotui: Paotui) -> None:
    args = ("bench", "mdrp", "days", "--pareto", "study", "--vary", "lead_min=5,10", "--vary", "urgency=1.0")
    answer = paotui(*args)
    assert answer.code == 0, answer.err
    assert {path.name for path in (here / "study").iterdir()} == {
        "pareto.png", "pareto.svg", "pareto.csv", "replications"}  # fmt: skip
    assert "lead_min 10, urgency 1 default" in answer.words
    first = (here / "study" / "pareto.csv").read_bytes()
    assert pd.read_csv(here / "study" / "pareto.csv")["lead_min"].tolist() == [5, 10]
    assert paotui(*args).code == 0
    assert (here / "study" / "pareto.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--vary", "lead_min=5"), "--vary says what --pareto FOLDER varies: give both"),
        (("--pareto", "out", "--vary", "lead_min"), "--vary lead_min: expected NAME=VALUE,VALUE,..."),
        (("--pareto", "out", "--dispatch", "insertion"), "insertion: say which parameters to vary"),
        (("--pareto", "out", "--vary", "lead=5"), "policy 'matching' has no parameter 'lead'"),
    ],
)
def test_nonsense_about_what_to_vary(args: tuple[str, ...], complaint: str, tiny: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "mdrp", "days", *args)
    assert answer.code == 2
    assert complaint in " ".join(answer.err.split())


def test_a_real_instance(data_dir: Path, here: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "mdrp", data_dir / "grubhub" / "0o100t100s1p100", "--out", "out", "--export", "solutions")
    assert answer.code == 0, answer.err
    row = pd.read_csv(here / "out" / "mdrp.csv").iloc[0]
    assert (row["instance"], row["orders"]) == ("0o100t100s1p100", 505)
    assert row["delivered"] > 480
    assert "1 of 1 solutions FEASIBLE" in answer.words


def test_the_speed_bench_writes_its_figures(here: Path, tiny: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "speed", "--orders", 100, "--rounds", 1, "--instances", "days", "--json", "speed.json")
    assert answer.code == 0, answer.err
    figures = json.loads((here / "speed.json").read_text())
    assert set(figures["ratios"]) == {"nearest_over_floor", "matching_over_floor"}
    assert figures["mdrp_orders_per_cpu_s"]["nearest"] > 0
    assert all(name in answer.words for name in ("floor", "nearest", "matching"))


@pytest.mark.parametrize("args", [("--orders", 99), ("--rounds", 0), ("--orders", "many")])
def test_the_speed_bench_refuses_nonsense(args: tuple[str, object], paotui: Paotui) -> None:
    answer = paotui("bench", "speed", *args)
    assert answer.code == 2
    assert "Invalid value" in answer.err


def test_the_wave_bench_prints_a_table_and_writes_its_figures(here: Path, paotui: Paotui) -> None:
    answer = paotui("bench", "waves", "--dispatch", "nearest,matching", "--count", 1, "--json", "waves.json")
    assert answer.code == 0, answer.err
    rows = json.loads((here / "waves.json").read_text())
    sizes = [(100, 500), (600, 2600)]
    assert [(row["orders"], row["riders"]) for row in rows] == [size for size in sizes for _ in range(2)]
    assert all(name in answer.words for name in ("nearest", "matching", "median_ms", "p99_ms"))


def test_the_wave_bench_refuses_nonsense(paotui: Paotui) -> None:
    assert paotui("bench", "waves", "--count", -1).code == 2
    answer = paotui("bench", "waves", "--dispatch", "matchin")
    assert answer.code == 2
    assert "did you mean 'matching'" in answer.err
