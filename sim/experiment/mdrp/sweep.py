"""A policy's parameters varied over benchmark instances: what click-to-door costs, and what cost costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.city.instance import COLUMNS as FILES
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Bools, Floats
from sim.experiment.mdrp.scenario import benchmark_scenario
from sim.experiment.mdrp.score import score
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row, code_of
from sim.experiment.run import Progress
from sim.experiment.store import Store
from sim.kpi.tables import Tables
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario import yaml12
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario

Params = dict[str, Any]
Grid = dict[str, list[Any]]
GRIDS: dict[str, Grid] = {
    "fair": {"lead_min": [10.0, 20.0, 40.0], "seconds_per_yuan": [0.0, 20.0, 60.0, 200.0]},
    "nearest": {"lead_min": [0.0, 5.0, 10.0, 20.0, 40.0]},
    "matching": {"lead_min": [0.0, 5.0, 10.0, 20.0, 40.0], "urgency": [0.0, 1.0, 3.0]},
    "rolling_horizon": {"trip_size": [1, 3], "early_min": [1.0, 5.0, 15.0], "thrift": [0.0, 0.05, 0.15, 0.4]},
    "batch_match": {"loss_s": [0.0, 60.0], "early_min": [1.0, 5.0, 15.0], "thrift": [0.0, 0.05, 0.15, 0.4]},
}
"""Values that are tried where none are given, by policy; its defaults are among them."""
MEASURES = ("ctd_mean", "cost_per_order", "rtp_mean", "undelivered_pct", "orders_per_bundle")


@dataclass(frozen=True, slots=True)
class Trial:
    """One instance under one setting of a policy's parameters, as a pool runs it and a store keeps it."""

    scenario: Scenario
    folder: Path
    replication: int = 0

    @property
    def variant(self) -> str:
        """Instance and setting."""
        return f"{self.folder.resolve().name} {label(self.scenario.dispatch.params)}"

    def key(self) -> str:
        """Hashes of the scenario, of the code that acts on it and of the instance's files."""
        files = b"".join((self.folder / name).read_bytes() for name in FILES)
        return f"{scenario_hash(self.scenario)}-{code_of(self.scenario)}-{sha256(files).hexdigest()[:16]}"

    def run(self, city: City) -> Row:
        """Run it in memory; the row holds the benchmark's measures."""
        spec, log = self.scenario.dispatch, Log()
        simulate(self.scenario, city, load_policy(DISPATCH, spec.policy, spec.params), log)
        figures = score(Tables(log.events()), city, self.scenario)
        return Row(self.variant, 0, self.key(), {name: float(value) for name, value in figures.items()}, ())


def sweep(
    folders: Sequence[Path],
    dispatch: str = "rolling_horizon",
    grid: Mapping[str, Sequence[Any]] | None = None,
    out: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Run every combination of some parameters' values over instances.

    Parameters
    ----------
    folders
        Instance folders, of different names.
    dispatch
        Dispatch policy.
    grid
        Values to try by parameter; by default :func:`grid_of` the policy.
    out
        Folder that keeps finished runs, so that the same call resumes; None keeps nothing.

    Returns
    -------
    DataFrame
        One row a setting and instance: ``setting`` (its text), ``instance``, ``default`` (whether the policy has
        these values when none are given), a column for each parameter, and :data:`MEASURES`.

    Raises
    ------
    ValueError
        When an instance cannot be read, two bear one name, or the policy refuses a setting.
    """
    settings = combinations(grid or grid_of(dispatch))
    if len({folder.resolve().name for folder in folders}) < len(folders):
        raise ValueError("two instances bear one name")
    for params in settings:
        load_policy(DISPATCH, dispatch, params)
    usual = load_policy(DISPATCH, dispatch)
    trials = [Trial(benchmark_scenario(folder, dispatch, params), folder) for params in settings for folder in folders]
    store = Store(out)
    (pool or Pool()).run(trials, store, progress)
    return pd.DataFrame([_row(trial, store, usual) for trial in trials])


def combinations(grid: Mapping[str, Sequence[Any]]) -> list[Params]:
    """Every combination of the values."""
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def grid_of(dispatch: str, texts: Iterable[str] = ()) -> Grid:
    """A grid from texts such as ``thrift=0,0.15``; that of :data:`GRIDS` from none.

    Raises
    ------
    ValueError
        When a text is of another form, or there is none and the policy has no grid.
    """
    grid = dict(map(_varied, texts)) or GRIDS.get(dispatch, {})
    if not grid:
        raise ValueError(f"{dispatch}: say which parameters to vary, such as --vary lead_min=5,10,20")
    return grid


def means(frame: pd.DataFrame) -> pd.DataFrame:
    """Means over the instances by setting, in the order tried, and ``best``: no other is better in both.

    Both are click-to-door and cost per order; a setting that leaves more undelivered may look better in either.
    """
    how = {name: "mean" if name in MEASURES else "first" for name in frame.columns.drop(["setting", "instance"])}
    table = frame.groupby("setting", sort=False).agg(how).reset_index()
    return table.assign(best=frontier(*table[["ctd_mean", "cost_per_order"]].to_numpy().T))


def frontier(x: Floats, y: Floats) -> Bools:
    """Which points no other matches in both coordinates and beats in one, where less is better; shape (points,)."""
    x, y = x.round(6), y.round(6)  # equal sums in another sequence are equal
    matched = (x <= x[:, None]) & (y <= y[:, None])
    beaten = matched & ((x < x[:, None]) | (y < y[:, None]))
    return np.asarray(~beaten.any(axis=1))


def label(params: Mapping[str, Any]) -> str:
    """A setting in words."""
    return ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
                     for name, value in params.items())  # fmt: skip


def _varied(text: str) -> tuple[str, list[Any]]:
    name, _, values = text.partition("=")
    if not name.strip() or not all(value.strip() for value in values.split(",")):
        raise ValueError(f"--vary {text}: expected NAME=VALUE,VALUE,...")
    return name.strip(), [yaml12.parse(value).data for value in values.split(",")]


def _row(trial: Trial, store: Store, usual: object) -> dict[str, Any]:
    found = store.find(trial)
    assert found is not None
    params = trial.scenario.dispatch.params
    is_default = all(getattr(usual, name, None) == value for name, value in params.items())
    names = {"setting": label(params), "instance": trial.folder.resolve().name, "default": is_default}
    return names | params | {name: found.kpis[name] for name in MEASURES}
