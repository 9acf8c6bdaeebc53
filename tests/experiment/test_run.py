"""A run in memory and on disk, its directory, its repetition, and runs that end badly."""

import dataclasses
import json
import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from numpy.random import Generator

import sim.experiment.run as running
from sim.engine.referee import PolicyError
from sim.entities import Assignment, Wave
from sim.events import Kind
from sim.experiment.run import RunResult, kpi_document, read_run, run, tables_of
from sim.experiment.versions import PACKAGES, versions
from sim.kpi.events import read_events
from sim.kpi.kpis import KPIS, compute
from sim.kpi.tables import NAMES
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import PolicyNotFound
from sim.report.story import broken_off
from sim.scenario.load import load, scenario_hash
from sim.scenario.schema import Scenario

FILES = ["events.parquet", "kpis.json", "manifest.json", "scenario.yaml", *sorted(f"{name}.parquet" for name in NAMES)]
COST = {"wall_s", "cpu_s", "waves", "wave_ms_median", "wave_ms_p99"}

SMALL = Scenario.model_validate(
    {
        "name": "small",
        "seed": 11,
        "calendar": {"drain_min": 90},
        "population": {"users": 300},
        "merchants": {"classes": {"restaurant": {"count": 10}}},
        "riders": {"count": 14},
    }
)
BAD = '''
def nonsense(wave, rng):
    """Keeps quiet for three waves."""
    return [] if wave.index < 3 else "nonsense"


def interrupted(wave, rng):
    if wave.index == 3:
        raise KeyboardInterrupt
    return []


def broken(wave, rng):
    raise AssertionError
'''


def with_policy(policy: str) -> Scenario:
    return SMALL.model_copy(update={"dispatch": SMALL.dispatch.model_copy(update={"policy": policy})})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def on_disk(folder: Path) -> RunResult:
    return run(SMALL, folder / "first")


@pytest.fixture(scope="module")
def in_memory() -> RunResult:
    return run(SMALL)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.py").write_text(BAD)
    return f"{tmp_path / 'bad.py'}"


def test_memory_and_disk_tell_the_same(on_disk: RunResult, in_memory: RunResult) -> None:
    np.testing.assert_array_equal(on_disk.tables.events, in_memory.tables.events)
    assert on_disk.kpis == pytest.approx(in_memory.kpis, nan_ok=True, rel=0)
    for name in NAMES:
        pd.testing.assert_frame_equal(getattr(on_disk.tables, name), getattr(in_memory.tables, name))
    assert set(on_disk.manifest) - COST == set(in_memory.manifest) - COST
    assert (in_memory.folder, on_disk.scenario) == (None, in_memory.scenario)


def test_the_run_is_worth_comparing(on_disk: RunResult) -> None:
    assert on_disk.kpis["orders"] > 50
    assert on_disk.kpis["delivered_share"] > 0.5


def test_the_run_directory_is_complete(on_disk: RunResult, folder: Path) -> None:
    assert on_disk.folder == folder / "first"
    assert sorted(path.name for path in (folder / "first").iterdir()) == sorted(FILES)
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_table_on_disk_is_the_table(name: str, on_disk: RunResult, folder: Path) -> None:
    table = getattr(on_disk.tables, name)
    assert len(table)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "first" / f"{name}.parquet"), table, check_categorical=False)


def test_the_manifest_says_what_was_run_with_what(on_disk: RunResult, folder: Path) -> None:
    manifest = json.loads((folder / "first" / "manifest.json").read_text())
    assert manifest == on_disk.manifest
    assert {key: manifest[key] for key in ("status", "scenario", "seed", "replication", "dispatch")} == {
        "status": "finished",
        "scenario": "small",
        "seed": 11,
        "replication": 0,
        "dispatch": "matching",
    }
    assert manifest["scenario_hash"] == scenario_hash(SMALL)
    assert manifest["versions"] == versions()
    assert set(manifest) >= COST
    assert manifest["waves"] == len(on_disk.tables.waves) > 0
    assert 0 < manifest["wave_ms_median"] <= manifest["wave_ms_p99"]


def test_versions_name_every_package() -> None:
    found = versions()
    assert set(found) == {"python", *PACKAGES}
    assert found["simpy"][0].isdigit()


def test_versions_of_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.versions.PACKAGES", ("no-such-package",))
    assert versions()["no-such-package"] == "not installed"


def test_kpis_on_disk_are_documented(on_disk: RunResult, folder: Path) -> None:
    document = json.loads((folder / "first" / "kpis.json").read_text(encoding="utf-8"))
    assert document == kpi_document(on_disk.kpis)
    assert list(document["kpis"]) == list(KPIS)
    for name, row in document["kpis"].items():
        assert row == {
            "value": None if math.isnan(on_disk.kpis[name]) else on_disk.kpis[name],
            "unit": KPIS[name].unit,
            "better": KPIS[name].better,
            "definition": KPIS[name].definition,
        }


def test_a_kpi_without_meaning_is_null() -> None:
    document = kpi_document({"on_time_share": float("nan"), "orders": 0.0})
    assert document["kpis"]["on_time_share"]["value"] is None
    assert document["kpis"]["orders"]["value"] == 0


def test_two_runs_with_one_seed_are_byte_identical(on_disk: RunResult, folder: Path) -> None:
    run(SMALL, folder / "second", city=on_disk.city)
    run(SMALL, folder / "third")
    for name in [name for name in FILES if name != "manifest.json"]:
        first = (folder / "first" / name).read_bytes()
        assert (folder / "second" / name).read_bytes() == first, name
        assert (folder / "third" / name).read_bytes() == first, name


def test_another_seed_and_another_replication_are_other_days(in_memory: RunResult) -> None:
    other = run(SMALL, replication=1)
    assert other.manifest["replication"] == 1
    np.testing.assert_array_equal(other.city.users.home, in_memory.city.users.home)
    assert not np.array_equal(other.city.places.x, run(SMALL.model_copy(update={"seed": 12})).city.places.x)
    assert not np.array_equal(
        other.tables.orders["placed_at"].iloc[:20], in_memory.tables.orders["placed_at"].iloc[:20]
    )


def test_two_policies_meet_the_same_city(in_memory: RunResult) -> None:
    """The same Intents at the same minute, the same preparation, the same patience."""
    nearest = run(with_policy("nearest"))
    assert nearest.kpis != in_memory.kpis
    for kind in (Kind.PLACED, Kind.LOST):
        ours, theirs = (r.tables.events[r.tables.events["kind"] == kind] for r in (in_memory, nearest))
        np.testing.assert_array_equal(ours, theirs)
    theirs, ours = (
        (t["ready_at"] - t["cooking_at"]).to_numpy() for t in (nearest.tables.orders, in_memory.tables.orders)
    )
    np.testing.assert_allclose(theirs, ours)
    ends = [t["cancelled_at"] - t["placed_at"] for t in (nearest.tables.orders, in_memory.tables.orders)]
    both = ends[0].notna() & ends[1].notna()
    np.testing.assert_array_equal(ends[0][both], ends[1][both])


def test_the_resolved_scenario_runs_again_to_the_same_log(on_disk: RunResult, folder: Path) -> None:
    again = load(folder / "first" / "scenario.yaml", Scenario)
    assert again == SMALL
    assert scenario_hash(again) == on_disk.manifest["scenario_hash"]
    np.testing.assert_array_equal(run(again).tables.events, on_disk.tables.events)


def test_a_run_directory_is_read_back(on_disk: RunResult, folder: Path) -> None:
    back = read_run(str(folder / "first"))
    assert (back.scenario, back.manifest, back.folder) == (SMALL, on_disk.manifest, folder / "first")
    assert back.kpis == pytest.approx(on_disk.kpis, rel=0, nan_ok=True)
    np.testing.assert_array_equal(back.city.places.x, on_disk.city.places.x)
    assert dataclasses.is_dataclass(back)


def test_what_is_no_run_directory_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ValueError, match="not a run directory") as caught:
            read_run(path)
        assert str(path) in str(caught.value)


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    run(SMALL, tmp_path / "run")
    (tmp_path / "run" / "report.html").write_text("of the earlier run")
    later = run(SMALL.model_copy(update={"seed": 12}), tmp_path / "run")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(FILES)
    assert read_run(tmp_path / "run").manifest["seed"] == later.manifest["seed"] == 12


def test_a_foreign_folder_is_refused_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match="not an earlier result"):
        run(SMALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_carbon_is_counted_by_the_vehicle_of_each_rider(in_memory: RunResult) -> None:
    events, scenario = in_memory.tables.events, in_memory.scenario
    named = {"bicycle": {"share": 0.5, "grams_co2_per_km": 0}, "motorcycle": {"share": 0.5, "grams_co2_per_km": 60}}
    riders = scenario.riders.model_validate(scenario.riders.model_dump() | {"vehicles": named})
    mixed = tables_of(events, scenario.model_copy(update={"riders": riders}))
    table, grams = mixed.riders, mixed.grams_co2_per_km
    assert grams is not None
    assert set(grams.tolist()) == {0.0, 60.0}
    by_hand = sum(metres * grams[rider] for metres, rider in zip(table["metres"], table["rider"], strict=True)) / 1000
    assert KPIS["co2_per_order"].value(mixed) == pytest.approx(by_hand / table["delivered"].sum())
    plain = table["metres"].sum() * 13 / 1000 / table["delivered"].sum()
    assert in_memory.kpis["co2_per_order"] == pytest.approx(plain)


def test_progress_grows_to_one() -> None:
    told: list[float] = []
    run(SMALL, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == pytest.approx(1)
    assert told[0] > 0


def test_a_failing_policy_leaves_a_readable_log_and_its_message(bad: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="wave 3") as caught:
        run(with_policy(f"{bad}:nonsense"), tmp_path / "run")
    out = tmp_path / "run"
    assert sorted(path.name for path in out.iterdir()) == ["events.parquet", "manifest.json", "scenario.yaml"]
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["status"], manifest["error"]) == ("failed", str(caught.value))
    assert f"policy {bad}:nonsense, wave 3: must return a sequence of Assignment, got str" == manifest["error"]
    events = read_events(out / "events.parquet")
    assert (events["kind"] == Kind.WAVE).sum() == 4
    assert (events["kind"] == Kind.PLACED).sum() > 0


def test_the_log_of_a_failed_run_is_a_run_directory(bad: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        run(with_policy(f"{bad}:nonsense"), tmp_path / "run")
    back = read_run(tmp_path / "run")
    assert back.manifest["status"] == "failed"
    assert broken_off(back).startswith("The run broke off at ")
    assert "wave 3: must return a sequence" in broken_off(back)
    assert back.kpis["delivered_share"] == 0
    run(SMALL, tmp_path / "run")  # a failed result may be replaced
    assert read_run(tmp_path / "run").manifest["status"] == "finished"
    assert not broken_off(read_run(tmp_path / "run"))


def test_an_interrupted_run_keeps_its_log(bad: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(with_policy(f"{bad}:interrupted"), tmp_path / "run")
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["status"] == "failed"
    assert len(read_events(tmp_path / "run" / "events.parquet")) > 0


def test_a_policy_that_raises_is_named(bad: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="raised AssertionError") as caught:
        run(with_policy(f"{bad}:broken"))
    assert (caught.value.wave, caught.value.policy) == (0, f"{bad}:broken")


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"dispatch": {"policy": "matchin"}}, "did you mean 'matching'"),
        ({"dispatch": {"params": {"speed": 3}}}, "has no parameter 'speed'"),
        ({"city": {"kind": "mdrp", "dir": "/nowhere"}}, "cannot be read"),
    ],
)
def test_what_cannot_be_run_writes_nothing(update: dict[str, object], reason: str, tmp_path: Path) -> None:
    scenario = Scenario.model_validate(SMALL.model_dump(mode="json") | update)
    with pytest.raises((PolicyNotFound, ValueError), match=reason):
        run(scenario, tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(tables: object) -> dict[str, float]:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "compute", compute)
    with pytest.raises(ZeroDivisionError):
        run(SMALL, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_policy_sees_every_wave_in_order_and_its_own_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, float]] = []

    def watching(wave: Wave, rng: Generator) -> Sequence[Assignment]:
        seen.append((wave.index, wave.now))
        rng.random(1000)  # disturbs nobody else
        return []

    monkeypatch.setitem(DISPATCH, "watching", watching)  # a function is registered in one line
    result = run(with_policy("watching"))
    assert [index for index, _ in seen] == list(range(len(result.tables.waves)))
    assert [t for _, t in seen] == result.tables.waves["t"].tolist()


def test_the_log_is_written_in_the_order_of_time(on_disk: RunResult, folder: Path) -> None:
    t = pq.read_table(folder / "first" / "events.parquet").column("t").to_numpy()
    assert (np.diff(t) >= 0).all()
    assert t[-1] <= 86400 + 90 * 60
    assert on_disk.scenario.calendar.start == date(2026, 3, 2)
    assert compute(on_disk.tables) == pytest.approx(on_disk.kpis, nan_ok=True)
