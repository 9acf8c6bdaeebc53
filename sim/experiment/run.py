"""One run of a scenario, kept in memory or written to a run directory."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from sim.city.build import build_city
from sim.city.fleet import draw_grams
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.placed import dispatch_of
from sim.engine.referee import PolicyError
from sim.engine.simulate import Outcome, simulate
from sim.experiment.arms import ab_document, arms_inside
from sim.experiment.folder import Folder, write_json
from sim.experiment.versions import versions
from sim.kpi.events import Events, read_events
from sim.kpi.kpis import KPIS, compute
from sim.kpi.tables import Tables
from sim.policies.dispatch import DispatchPolicy
from sim.policies.membership.registry import rule_names
from sim.scenario.load import resolved, scenario_hash
from sim.scenario.schema import Scenario
from sim.streams import Streams

Progress = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: what was assumed, the city, the tables of its log, the KPIs and what it cost."""

    scenario: Scenario
    city: City
    tables: Tables
    kpis: dict[str, float]
    manifest: dict[str, Any]
    folder: Path | None = None


def run(
    scenario: Scenario,
    out: Path | str | None = None,
    replication: int = 0,
    city: City | None = None,
    policy: DispatchPolicy | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Run a scenario once.

    Parameters
    ----------
    scenario
        The assumptions.
    out
        Run directory to write, in one piece at the end; None keeps everything in memory.
    replication
        Which days are drawn; the map and its people stay the same.
    city
        The scenario's city where it is built already.
    policy
        A policy made already, in place of the scenario's.
    progress
        Told of the share that is done.

    Raises
    ------
    PolicyError
        When the policy fails or answers nonsense; the log so far is kept in `out`.
    PolicyNotFound, ValueError
        When policy, city or `out` cannot be used; nothing is written then.
    """
    policy = policy or dispatch_of(scenario)
    city = city or build_city(scenario)
    begun, manifest = (perf_counter(), process_time()), _manifest(scenario, replication)

    def live(log: Log) -> Outcome:
        return simulate(scenario, city, policy, log, replication, progress)

    if out is None:
        log = Log()
        manifest |= _cost(live(log), *begun)
        tables = tables_of(log.events(), scenario)
        return RunResult(scenario, city, tables, compute(tables), manifest)
    with Folder(Path(out)) as folder:
        outcome = _live_on_disk(live, folder, scenario, manifest)
        tables = tables_of(read_events(folder.part / "events.parquet"), scenario)
        kpis = compute(tables)
        _write_tables(folder.part, tables, kpis)
        if len(found := arms_inside(scenario, city, tables)):
            write_json(folder.part / "ab.json", ab_document(found))
        manifest |= _cost(outcome, *begun)
        write_json(folder.part / "manifest.json", manifest)
        folder.keep()
    return RunResult(scenario, city, tables, kpis, manifest, Path(out))


def _live_on_disk(
    live: Callable[[Log], Outcome], folder: Folder, scenario: Scenario, manifest: dict[str, Any]
) -> Outcome:
    """Write log, scenario and manifest; when the run breaks off they are kept, as far as they go."""
    log = Log(folder.part / "events.parquet")
    try:
        return live(log)
    except (PolicyError, KeyboardInterrupt) as error:
        manifest |= {"status": "failed", "error": str(error) or "interrupted"}
        folder.keep_aside()
        raise
    finally:
        log.close()
        (folder.part / "scenario.yaml").write_text(resolved(scenario), encoding="utf-8")
        write_json(folder.part / "manifest.json", manifest)


def tables_of(events: Events, scenario: Scenario) -> Tables:
    """Tables of a log with the names that only its scenario knows."""
    rules = rule_names(scenario.membership.policy, scenario.membership.rules)
    riders = int(events["rider"].max(initial=-1)) + 1
    grams = draw_grams(scenario.riders.vehicles, riders, Streams(scenario.seed).fixed("rider.vehicle"))
    return Tables(events, tuple(scenario.kinds), rules, grams)


def kpi_document(kpis: Mapping[str, float]) -> dict[str, Any]:
    """KPIs of one replication for ``kpis.json``: value, unit, direction and definition; null for no value."""
    rows = {
        name: {
            "value": None if math.isnan(value) else value,
            "unit": KPIS[name].unit,
            "better": KPIS[name].better,
            "definition": KPIS[name].definition,
        }
        for name, value in kpis.items()
    }
    return {"replications": 1, "interval": None, "kpis": rows}


def _write_tables(folder: Path, tables: Tables, kpis: Mapping[str, float]) -> None:
    for name in tables.names:
        getattr(tables, name).to_parquet(folder / f"{name}.parquet", index=False)
    write_json(folder / "kpis.json", kpi_document(kpis))


def _manifest(scenario: Scenario, replication: int) -> dict[str, Any]:
    return {
        "status": "finished",
        "scenario": scenario.name,
        "scenario_hash": scenario_hash(scenario),
        "seed": scenario.seed,
        "replication": replication,
        "dispatch": scenario.dispatch.policy,
        "versions": versions(),
    }


def _cost(outcome: Outcome, wall: float, cpu: float) -> dict[str, Any]:
    """What the run cost: seconds, and milliseconds of decision per wave."""
    waves_ms = outcome.wave_s * 1000
    return {
        "wall_s": round(perf_counter() - wall, 3),
        "cpu_s": round(process_time() - cpu, 3),
        "waves": len(waves_ms),
        "wave_ms_median": round(float(np.median(waves_ms)), 3) if len(waves_ms) else None,
        "wave_ms_p99": round(float(np.quantile(waves_ms, 0.99)), 3) if len(waves_ms) else None,
    }


def read_run(folder: Path | str) -> RunResult:
    """Read a run directory back; its city is built again from the resolved scenario.

    Raises
    ------
    ValueError
        When the folder is not a run directory.
    """
    from sim.scenario.load import load

    folder = Path(folder)
    if not (folder / "manifest.json").is_file():
        raise ValueError(f"{folder}: not a run directory (it has no manifest.json)")
    scenario = load(folder / "scenario.yaml", Scenario)
    tables = tables_of(read_events(folder / "events.parquet"), scenario)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{folder / 'manifest.json'}: not JSON ({error})") from None
    return RunResult(scenario, build_city(scenario), tables, compute(tables), manifest, folder)
