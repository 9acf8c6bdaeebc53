"""Run benchmark instances, each through its whole life cycle, and measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

from sim.city.build import build_city
from sim.city.instance import COLUMNS as FILES
from sim.city.instance import read_instance
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.experiment.mdrp.evaluate import disagreements, evaluate
from sim.experiment.mdrp.export import export_solution
from sim.experiment.mdrp.scenario import benchmark_scenario, with_diversion
from sim.experiment.mdrp.score import COLUMNS, score
from sim.kpi.events import Events
from sim.kpi.tables import Tables
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy

Progress = Callable[[int, int, str], None]
"""Told how many instances are done, of how many, and which was the last."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One instance: a row of the table, and the log it comes from."""

    row: dict[str, Any]
    events: Events


def find_instances(paths: Iterable[Path]) -> list[Path]:
    """Instance folders among the paths and directly inside them, each once, by name.

    Raises
    ------
    ValueError
        When a path is missing, is a file, or holds no instance.
    """
    found = {folder.resolve(): folder for path in paths for folder in _instances(Path(path))}
    return sorted(found.values(), key=lambda folder: (folder.resolve().name, str(folder)))


def bench_mdrp(
    folders: Sequence[Path],
    dispatch: str = "matching",
    params: Mapping[str, Any] | None = None,
    export: Path | None = None,
    progress: Progress | None = None,
    diversion: bool = False,
) -> pd.DataFrame:
    """Run instances under one policy.

    Parameters
    ----------
    folders
        Instance folders, as :func:`find_instances` gives them.
    dispatch, params
        Dispatch policy and its parameters.
    export
        Folder that receives ``<instance>/solution_info_*.txt``, which are then read back and evaluated.
    progress
        Called after every instance.
    diversion
        Run under :func:`sim.experiment.mdrp.scenario.with_diversion`: no result of the benchmark, and nothing that
        its evaluator would pass.

    Returns
    -------
    DataFrame
        One row an instance: :data:`sim.experiment.mdrp.score.COLUMNS` (``cpu_s`` is process time for reading,
        building, simulating and scoring), then ``rtd_mean``, ``guarantee_share``, ``ctd_bound`` and
        ``verdict``: FEASIBLE or INFEASIBLE and why; empty without `export`.

    Raises
    ------
    ValueError
        When an instance cannot be read (one line naming file and line), or two to export bear one name.
    """
    if export and diversion:
        raise ValueError("with diversion there is nothing to export: the benchmark's rules forbid it")
    names = [folder.resolve().name for folder in folders]
    if export and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"two instances are called {twice}: their exported files would overwrite each other")
    rows = []
    if len(folders) > 1:  # what is imported or compiled at its first use is no instance's cost
        run_instance(folders[0], dispatch, params, diversion)
    for done, folder in enumerate(folders, 1):
        finished = run_instance(folder, dispatch, params, diversion)
        verdict = _export(finished, folder, export) if export else ""
        rows.append(finished.row | {"verdict": verdict})
        if progress:
            progress(done, len(folders), str(finished.row["instance"]))
    return pd.DataFrame(rows, columns=[*COLUMNS, "rtd_mean", "guarantee_share", "ctd_bound", "verdict"])


def run_instance(
    folder: Path, dispatch: str = "matching", params: Mapping[str, Any] | None = None, diversion: bool = False
) -> Finished:
    """Read, build, simulate and score one instance; parameters as of :func:`bench_mdrp`.

    Raises
    ------
    ValueError
        When the instance cannot be read; one line naming file and line.
    """
    begun = process_time()
    scenario = benchmark_scenario(folder, dispatch, params)
    if diversion:
        scenario = with_diversion(scenario)
    city, log = build_city(scenario), Log()
    outcome = simulate(scenario, city, load_policy(DISPATCH, dispatch, params), log)
    tables = Tables(log.events())
    row = {"instance": Path(folder).resolve().name, "dispatch": dispatch} | score(tables, city, scenario)
    wave_ms = 1000 * outcome.wave_s if len(outcome.wave_s) else np.array([np.nan])
    row |= dict(zip(("wave_ms_median", "wave_ms_p99"), np.quantile(wave_ms, [0.5, 0.99]).tolist(), strict=True))
    return Finished(row | {"cpu_s": process_time() - begun}, tables.events)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write ``mdrp.csv``: the columns of :data:`sim.experiment.mdrp.score.COLUMNS`, in that order."""
    frame.loc[:, list(COLUMNS)].to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def orders_per_cpu_s(frame: pd.DataFrame) -> float:
    """Orders simulated per CPU second, over all instances of a table."""
    return float(frame["orders"].sum() / frame["cpu_s"].sum())


def _export(finished: Finished, folder: Path, export: Path) -> str:
    target = export / str(finished.row["instance"])
    export_solution(finished.events, read_instance(folder), target)
    verdict = evaluate(folder, target)
    differ = disagreements(verdict.figures, finished.row)
    return f"{verdict}, but {differ[0]}" if differ else str(verdict)


def _instances(path: Path) -> list[Path]:
    if not path.exists():
        raise ValueError(f"{path}: no such folder")
    if not path.is_dir():
        raise ValueError(f"{path}: is a file, expected an instance folder or a folder of instances")
    if _looks_like_one(path):
        return [path]
    inside = [child for child in sorted(path.iterdir()) if child.is_dir() and _looks_like_one(child)]
    if not inside:
        raise ValueError(f"{path}: holds no instance (a folder with orders.txt, couriers.txt, restaurants.txt)")
    return inside


def _looks_like_one(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (*FILES, "instance_parameters.txt"))
