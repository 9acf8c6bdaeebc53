"""From a finished run to its page."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.run import RunResult
from sim.report.page import write_report
from sim.report.view import RunView


def report_run(result: RunResult) -> Path:
    """Write ``report.html`` and its figures into the run directory; returns the page.

    Raises
    ------
    ValueError
        When the run was kept in memory and has no directory.
    """
    if result.folder is None:
        raise ValueError("the run has no directory; give run() an `out`")
    view = RunView(result.scenario, result.city, result.tables, result.kpis, result.manifest)
    return write_report(view, result.folder)
