"""The fit of users reproduces the published one, finds what was planted, and refuses what it cannot read."""

from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.twin.users import as_yaml, fit_users, read_order_dates, summary

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def simulated(users: int, r: float, alpha: float, a: float, b: float, weeks: float) -> pd.DataFrame:
    """Users who order and stop as the model says."""
    rng, rows = default_rng(5), []
    for rate, drop in zip(rng.gamma(r, 1 / alpha, users), rng.beta(a, b, users), strict=True):
        t, last, count = 0.0, 0.0, 0
        while (t := t + rng.exponential(1 / rate)) < weeks:
            last, count = t, count + 1
            if rng.random() < drop:
                break
        rows.append((count, last, weeks))
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


def test_the_library_and_we_reproduce_the_published_fit() -> None:
    shipped = pytest.importorskip("lifetimes.datasets")
    fit = fit_users(shipped.load_cdnow_summary(), "CDNOW")
    assert (fit.users, fit.repeats) == (2357, 2457)
    for name, value in PUBLISHED.items():
        assert fit.values[name] == pytest.approx(value, abs=0.001)


def test_the_whole_record_says_about_the_same(tmp_path: Path, data_dir: Path) -> None:
    pytest.importorskip("lifetimes")
    columns = ["customer", "date", "cds", "dollars"]
    raw = pd.read_csv(data_dir / "cdnow" / "CDNOW_master.txt", sep=r"\s+", names=columns, dtype=str, skiprows=1)
    raw.to_csv(tmp_path / "orders.csv", index=False)
    dates = read_order_dates(tmp_path / "orders.csv", "customer", "date")
    fit = fit_users(summary(dates, "1997-09-30"), "CDNOW")
    assert fit.users == 23570
    for name, value in PUBLISHED.items():
        assert fit.values[name] == pytest.approx(value, rel=0.2), name


def test_planted_parameters_are_found() -> None:
    pytest.importorskip("lifetimes")
    planted = {"r": 1.5, "alpha": 1.2, "a": 0.8, "b": 12.0}
    fit = fit_users(simulated(3000, weeks=30, **planted), "planted")
    for name, value in planted.items():
        low, high = fit.intervals[name]
        assert low - 0.15 * value < value < high + 0.15 * value, name


def test_what_is_printed_is_a_scenario(tmp_path: Path) -> None:
    pytest.importorskip("lifetimes")
    fit = fit_users(simulated(500, 1.5, 1.2, 0.8, 12.0, 30), "planted")
    (tmp_path / "users.yaml").write_text(as_yaml(fit))
    scenario = load(str(tmp_path / "users.yaml"), Scenario)
    assert scenario.population.taste_cv == pytest.approx(1 / sqrt(fit.values["r"]), rel=1e-3)
    assert scenario.response.leaving.a == pytest.approx(fit.values["a"], rel=1e-3)


def test_a_summary_counts_days_with_orders(tmp_path: Path) -> None:
    rows = ["1,2026-03-02 12:00", "1,2026-03-02 18:00", "1,2026-03-09 12:00", "2,2026-03-05", "1,2026-03-30"]
    (tmp_path / "o.csv").write_text("user,placed_at\n" + "\n".join(rows) + "\n")
    table = summary(read_order_dates(tmp_path / "o.csv"), "2026-03-16")
    assert list(table.loc["1"]) == [1, 1, 2]
    np.testing.assert_allclose(table.loc["2"], [0, 0, 11 / 7])
    with pytest.raises(ValueError, match="nobody ordered on a second day"):
        fit_users(table[table["frequency"] == 0], "o.csv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("usr,placed_at\n1,2026-03-02\n", r"o.csv:1: no column 'user'.*did you mean 'usr'"),
        ("user,placed_at\n1,2026-03-02\n2,noon\n", r"o.csv:3: column 'placed_at': 'noon' is not a date"),
        ("", r"o.csv:1: "),
    ],
)
def test_what_cannot_be_read_is_answered_with_its_row(tmp_path: Path, text: str, found: str) -> None:
    (tmp_path / "o.csv").write_text(text)
    with pytest.raises(ValueError, match=found):
        read_order_dates(tmp_path / "o.csv")
