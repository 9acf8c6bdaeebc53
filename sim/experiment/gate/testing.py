"""The gate inside anybody's pytest suite."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.gate.document import text
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.run import run_gate
from sim.experiment.pool import Pool


def assert_no_regression(
    gate: str | Path, candidate: str | None = None, out: Path | None = None, workers: int = 0
) -> GateResult:
    """Fail unless the candidate passes the gate.

    Parameters
    ----------
    gate
        A gate's file, or the name of a shipped one.
    candidate
        Dispatch policy to try in place of the gate's candidate, such as ``mine.py:Policy``.
    out
        Folder that keeps the replications, to go on later.
    workers
        Processes; 0 for one per core.

    Raises
    ------
    AssertionError
        With the table, when the verdict is a regression or inconclusive, or the simulator changed.
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When the gate cannot be run.
    """
    __tracebackhide__ = True
    result = run_gate(gate, candidate, out, Pool(workers))
    if result.exit_code:
        raise AssertionError(text(result))
    return result
