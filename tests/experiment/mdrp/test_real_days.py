"""All real instances under both shipped policies: feasible, exact, and with the published effects."""

from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.mdrp.bench import bench_mdrp, find_instances
from sim.experiment.mdrp.summary import paired, summary


@pytest.fixture(scope="module", params=["nearest", "matching"])
def results(request: pytest.FixtureRequest, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folders = find_instances([data_dir / "grubhub"])
    return bench_mdrp(folders, request.param, export=tmp_path_factory.mktemp(request.param))


def test_every_solution_is_feasible_and_its_figures_agree(results: pd.DataFrame) -> None:
    assert len(results) == 80
    assert set(results["verdict"]) == {"FEASIBLE"}


def test_identity_of_one_order_per_trip(results: pd.DataFrame) -> None:
    """Click-to-door less ready-to-pickup is preparation, ride and half a service at either end."""
    whole = results[(results["delivered"] == results["orders"]) & (results["orders_per_bundle"] == 1)]
    assert len(whole) >= 20
    assert ((whole["ctd_mean"] - whole["rtp_mean"] - whole["ctd_bound"]).abs() < 0.02).all()


def test_nobody_beats_the_bound(results: pd.DataFrame) -> None:
    """Unless he leaves the far customers out."""
    whole = results[results["undelivered_pct"] == 0]
    assert (whole["ctd_mean"] >= whole["ctd_bound"] - 1e-9).all()


def test_longer_preparation(results: pd.DataFrame) -> None:
    """Published: +3.88 min of click-to-door, +0.01 of ready-to-pickup."""
    assert 3.4 < paired(results, "p125", "p100", "ctd_mean").mean() < 4.4
    assert abs(paired(results, "p125", "p100", "rtp_mean").mean()) < 0.6


def test_shorter_travel(results: pd.DataFrame) -> None:
    """Published: -3.50 min of click-to-door; more where couriers are short, as a greedy choice makes them."""
    effect = paired(results, "t75", "t100", "ctd_mean")
    assert -8.5 < effect.mean() < -2.5
    assert (effect < 0).all()


def test_optimised_shifts(results: pd.DataFrame) -> None:
    """Published: -1.32 min of click-to-door over all 240 instances."""
    assert -4.0 < paired(results, "s2", "s1", "ctd_mean").mean() < -0.6


def test_quality_is_near_the_published(results: pd.DataFrame) -> None:
    table = summary(results).set_index("metric")["ours"]
    assert 31 < table["ctd_mean"] < 39
    assert 0 < table["ctd_mean above best, %"] < 12
    assert table["undelivered_pct"] < 3


def test_the_best_policy_is_better_than_what_is_published(data_dir: Path, tmp_path: Path) -> None:
    """The sixteen days of seed 0; over all 240 Reyes et al. have 32.74 and 1.93 min and leave 0.25%."""
    folders = [folder for folder in find_instances([data_dir / "grubhub"]) if folder.name.startswith("0")]
    best, usual = (bench_mdrp(folders, name, export=tmp_path / name) for name in ("rolling_horizon", "matching"))
    assert len(best) == 16
    assert set(best["verdict"]) == {"FEASIBLE"}
    assert best["ctd_mean"].mean() < 31.2
    assert best["rtp_mean"].mean() < 1.0
    assert best["undelivered_pct"].max() == 0
    assert ((best["ctd_mean"] >= best["ctd_bound"] - 1e-9) & (best["ctd_mean"] < usual["ctd_mean"])).all()
