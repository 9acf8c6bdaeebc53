"""``paotui claims``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.compare import Cluster, Workers
from sim.cli.show import console, number, progress, table
from sim.experiment.claims import Finding, read_findings
from sim.experiment.claims.measure import measure, planned
from sim.experiment.pool import Pool

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Claims, or YAML files; default all shipped.")]


def claims(
    ids: Ids = None,
    replications: Annotated[int | None, typer.Option(min=2, help="Replications; default what a claim says.")] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    out: Annotated[Path, typer.Option(help="Folder of claims.csv and claims.html.")] = Path("reports/claims"),
) -> None:
    """Put quoted claims to the test; the same command again resumes."""
    from sim.report.claims import write_claims

    plans = planned(ids or (), replications)
    with progress("putting claims to the test") as tell:
        findings = measure(plans, out, Pool(workers, cluster), tell)
    _show(findings)
    page = write_claims(read_findings(out), out)
    console.print(f"table: {out / 'claims.csv'}\npage: {page}", soft_wrap=True, highlight=False)


def _show(findings: Sequence[Finding]) -> None:
    rows = []
    for finding in findings:
        claim, e = finding.claim, finding.own.estimate
        interval = f"{number(e.low)} to {number(e.high)}"
        rows.append((claim.id, finding.verdict, f"{claim.quoted:g}", e.mean, interval, claim.unit))
    table("", ("claim", "verdict", "quoted", "measured", "95% interval", "unit"), rows, left=2)
    for finding in findings:
        console.print(f"{finding.claim.id}: {finding.carried_by}", highlight=False)
