"""Parameters varied over instances: every combination once, kept and resumed, and who is best in both."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.city.build import build_city
from sim.experiment.mdrp.bench import run_instance
from sim.experiment.mdrp.scenario import benchmark_scenario
from sim.experiment.mdrp.sweep import GRIDS, MEASURES, Trial, combinations, frontier, grid_of, label, means, sweep
from sim.experiment.pool import Pool
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import PolicyNotFound, load_policy

GRID = {"lead_min": [0.0, 10.0], "urgency": [0.0, 1.0, 2.0]}
ALONE = Pool(1)


def test_every_setting_meets_every_instance(tiny: Path, tmp_path: Path) -> None:
    frame = sweep([tiny], "matching", GRID, pool=ALONE)
    assert frame["setting"].tolist() == [label(params) for params in combinations(GRID)]
    assert frame[["lead_min", "urgency"]].to_numpy().tolist() == [[a, b] for a in (0, 10) for b in (0, 1, 2)]
    assert frame.loc[frame["default"], ["lead_min", "urgency"]].to_numpy().tolist() == [[10, 1]]
    row = run_instance(tiny, "matching", {"lead_min": 0.0, "urgency": 0.0}).row
    assert frame.iloc[0][list(MEASURES)].tolist() == [row[name] for name in MEASURES]


def test_finished_runs_are_kept(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sweep([tiny], "matching", GRID, tmp_path / "out", ALONE)
    ran: list[Trial] = []
    monkeypatch.setattr(Trial, "run", lambda trial, city: ran.append(trial))
    told: list[float] = []
    pd.testing.assert_frame_equal(sweep([tiny], "matching", GRID, tmp_path / "out", ALONE, told.append), first)
    assert (ran, told) == ([], [])


def test_a_change_of_the_instance_is_run_again(tiny: Path) -> None:
    trial = Trial(benchmark_scenario(tiny, "nearest", {"lead_min": 5.0}), tiny)
    before = trial.key()
    assert trial.key() == before
    (tiny / "orders.txt").write_text((tiny / "orders.txt").read_text().replace("95", "96"))
    assert trial.key() != before
    assert Trial(benchmark_scenario(tiny, "nearest", {"lead_min": 6.0}), tiny).key() != trial.key()


def test_a_trial_is_a_replication_to_a_store(tiny: Path) -> None:
    trial = Trial(benchmark_scenario(tiny, "nearest", {"lead_min": 5.0}), tiny)
    row = trial.run(build_city(trial.scenario))
    assert (row.variant, row.replication, row.key) == ("tiny lead_min 5", 0, trial.key())
    assert type(row).read(row.document()) == row


def test_progress_is_told(tiny: Path) -> None:
    told: list[float] = []
    sweep([tiny], "nearest", {"lead_min": [1.0, 2.0]}, pool=ALONE, progress=told.append)
    assert told == [0.5, 1.0]


def test_means_are_over_instances() -> None:
    rows = [("a", "x", True, 30.0, 11.0), ("a", "y", True, 32.0, 12.0), ("b", "x", False, 31.0, 11.5)]
    frame = pd.DataFrame(rows, columns=["setting", "instance", "default", "ctd_mean", "cost_per_order"])
    table = means(frame.assign(mode="text", rtp_mean=1.0, undelivered_pct=0.0, orders_per_bundle=1.0))
    assert table[["setting", "default", "ctd_mean", "cost_per_order", "mode"]].to_numpy().tolist() == [
        ["a", True, 31.0, 11.5, "text"], ["b", False, 31.0, 11.5, "text"]]  # fmt: skip
    assert table["best"].tolist() == [True, True]


@given(points=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_the_frontier_is_what_nothing_dominates(points: list[tuple[int, int]]) -> None:
    x, y = np.array(points, dtype=float).T
    for (a, b), best in zip(points, frontier(x, y).tolist(), strict=True):
        assert best == (not any(c <= a and d <= b and (c, d) != (a, b) for c, d in points))
    assert frontier(x, y).any()


def test_rounding_makes_no_frontier() -> None:
    assert frontier(np.array([1.0, 1.0 - 1e-12]), np.array([2.0, 3.0])).tolist() == [True, False]


def test_a_grid_is_read() -> None:
    assert grid_of("x", ["a=1,2.5", "b=yes,true"]) == {"a": [1, 2.5], "b": ["yes", True]}
    assert grid_of("rolling_horizon") is GRIDS["rolling_horizon"]
    with pytest.raises(ValueError, match="insertion: say which parameters to vary"):
        grid_of("insertion")


@pytest.mark.parametrize("text", ["thrift", "=1", "a=", "a=1,,2"])
def test_a_grid_of_another_form(text: str) -> None:
    with pytest.raises(ValueError, match=f"--vary {text}: expected NAME=VALUE"):
        grid_of("matching", [text])


@pytest.mark.parametrize("name", GRIDS)
def test_shipped_grids_hold_the_default_once(name: str) -> None:
    usual = load_policy(DISPATCH, name)
    made = [load_policy(DISPATCH, name, params) for params in combinations(GRIDS[name])]
    assert made.count(usual) == 1
    assert len({label(params) for params in combinations(GRIDS[name])}) == len(made)


def test_a_setting_that_the_policy_refuses(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(PolicyNotFound, match="has no parameter 'lead'"):
        sweep([tiny], "nearest", {"lead": [1]}, tmp_path / "out", ALONE)
    with pytest.raises(ValueError, match="two instances bear one name"):
        sweep([tiny, tiny], "nearest", {"lead_min": [1]}, tmp_path / "out", ALONE)
    assert not (tmp_path / "out").exists()
