"""``paotui gate``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.compare import Cluster, Workers
from sim.cli.show import console, progress
from sim.experiment.gate.document import text
from sim.experiment.gate.github import commands, summary
from sim.experiment.gate.junit import write_junit
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.run import bless as bless_gate
from sim.experiment.gate.run import run_gate
from sim.experiment.pool import Pool


def gate(
    gate: Annotated[str, typer.Argument(metavar="GATE", help="A gate's YAML, or the name of a shipped one.")],
    candidate: Annotated[
        str | None, typer.Option(metavar="POLICY", help="Dispatch policy to try in place of the gate's candidate.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep replications and gate.json; resumes.")] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    bless: Annotated[
        str | None, typer.Option(metavar="REASON", help="Store the baseline's KPIs of today, and why.")
    ] = None,
) -> None:
    """Stop a policy regression: exit code 0 pass, 1 regression, 3 inconclusive or simulator changed, 2 misuse."""
    pool = Pool(workers, cluster)
    if bless is not None:
        with progress(f"blessing {gate}") as tell:
            written = bless_gate(gate, bless, pool, tell)
        console.print(f"blessed: {written}", soft_wrap=True, highlight=False)
        return
    with progress(f"gate {gate}") as tell:
        result = run_gate(gate, candidate, out, pool, tell)
    typer.echo(text(result))
    if junit:
        write_junit(result, junit)
    _github(result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


def _github(result: GateResult) -> None:
    if os.environ.get("GITHUB_ACTIONS"):
        root = os.environ.get("GITHUB_WORKSPACE")
        for line in commands(result, Path(root) if root else None):
            typer.echo(line)
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(summary(result))
