"""Running a gate: replications of both sides, look by look, until the verdict is clear."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.experiment.folder import write_json
from sim.experiment.gate.blessed import BackTest, back_test, blessed_file, write_blessed
from sim.experiment.gate.document import document
from sim.experiment.gate.plan import Plan, plan_gate
from sim.experiment.gate.power import powers
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.verdict import Columns, decide
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import Progress
from sim.experiment.store import Store


def run_gate(
    gate: str | Path,
    candidate: str | None = None,
    out: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> GateResult:
    """Decide whether a candidate may replace the baseline.

    Parameters
    ----------
    gate
        A gate's file, or the name of a shipped one.
    candidate
        Dispatch policy to try in place of the gate's candidate.
    out
        Folder for a file per replication and ``gate.json``; None keeps everything in memory. The same
        gate goes on where it was left, as long as the code is the same.
    pool
        Where replications run; by default one process per core.
    progress
        Told of the share of the budget that is done.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When it cannot be run.
    """
    plan, store, runs = plan_gate(gate, candidate), Store(out), pool or Pool()
    if plan.gate.blessed:
        back_test(plan, [])  # an unreadable file is told before anything runs
    seen = [0]

    def columns(count: int) -> Columns:
        share = count / plan.design.looks[-1]
        runs.run(plan.jobs(count), store, (lambda done: progress(done * share)) if progress else None)
        seen.append(count)
        return _columns(plan, store, count)

    findings = decide(plan.checks, plan.design, columns)
    result = GateResult(plan, findings, powers(findings, plan.design), seen[-1], _back_test(plan, store))
    if out:
        write_json(out / "gate.json", document(result))
    return result


def bless(gate: str | Path, reason: str, pool: Pool | None = None, progress: Progress | None = None) -> Path:
    """Store the baseline's KPIs of today as what the simulator shall give.

    Parameters
    ----------
    gate
        A gate that names the file, under ``blessed``.
    reason
        Why they differ from those stored before; kept in the file.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When the reason is empty, the gate names no file, or the baseline cannot be run.
    """
    if not reason.strip():
        raise ValueError('--bless: say why, as in --bless "riders now rest between shifts"')
    plan, store = plan_gate(gate), Store(None)
    blessed_file(plan)
    (pool or Pool()).run(plan.jobs(plan.gate.blessed_replications, "/baseline"), store, progress)
    return write_blessed(plan, _baseline(plan, store), reason.strip())


def _columns(plan: Plan, store: Store, count: int) -> Columns:
    def values(variant: str, kpi: str) -> np.ndarray:
        return np.array([row.kpis[kpi] for row in store.rows(variant, count)])

    return [
        (values(f"{check.scenario}/baseline", check.kpi), values(f"{check.scenario}/candidate", check.kpi))
        for check in plan.checks
    ]


def _baseline(plan: Plan, store: Store) -> list[Row]:
    names, count = [name for name in plan.scenarios if name.endswith("/baseline")], plan.gate.blessed_replications
    return [row for name in names for row in store.rows(name, count)]


def _back_test(plan: Plan, store: Store) -> BackTest | None:
    return back_test(plan, _baseline(plan, store)) if plan.gate.blessed else None
