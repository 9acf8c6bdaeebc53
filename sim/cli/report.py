"""``paotui report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.show import console
from sim.experiment.run import read_run


def report(run_dir: Annotated[Path, typer.Argument(help="A run directory.")]) -> None:
    """Write the report of a run directory anew."""
    from sim.report.run import report_run

    console.print(f"report: {report_run(read_run(run_dir))}", soft_wrap=True, highlight=False)
