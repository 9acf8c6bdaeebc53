"""``paotui report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.compare import Cluster, Workers
from sim.cli.show import console, progress, table
from sim.experiment.levers import LeverTest, try_levers
from sim.experiment.pool import Pool
from sim.experiment.run import RunResult, read_run
from sim.scenario.levers import Levers, shipped
from sim.scenario.load import load


def report(
    run_dir: Annotated[Path, typer.Argument(help="A run directory.")],
    week: Annotated[
        int | None, typer.Option(min=1, help="Write the report of this week instead, counted from 1: week.html.")
    ] = None,
    levers: Annotated[
        str | None, typer.Option(metavar="FILE", help="Levers to try on that week; shipped ones when left out.")
    ] = None,
    replications: Annotated[int | None, typer.Option(min=2, help="Replications of the week for each lever.")] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Write the report of a run directory anew, or of one of its weeks: what changed, why, and what to do."""
    result = read_run(run_dir)
    if week is not None:
        _week(result, week, _asked(levers, replications), Pool(workers, cluster))
        return
    if levers or replications:
        raise ValueError("--levers and --replications are for the report of a week: add --week N")
    from sim.report.run import report_run

    console.print(f"report: {report_run(result)}", soft_wrap=True, highlight=False)


def _asked(levers: str | None, replications: int | None) -> Levers:
    return load(levers or shipped(), Levers, [f"replications={replications}"] if replications else [])


def _week(result: RunResult, number: int, asked: Levers, pool: Pool) -> None:
    from sim.report.week import report_week, whole_week

    week = whole_week(result, number)
    with progress(f"trying {len(asked.levers)} levers on week {number}") as tell:
        test = try_levers(result, week, asked, pool, tell)
    page = report_week(result, week, test)
    _show(test, number)
    console.print(f"page: {page}", soft_wrap=True, highlight=False)


def _show(test: LeverTest, number: int) -> None:
    """The levers by what they bring, and which are favoured."""
    from sim.report.week_words import heads, lever_rows, verdict_of

    columns = [f"{title}, {unit}" if unit else title for title, unit in heads(test)]
    rows = [
        (
            row.name,
            *(f"{mean} [{interval}]{'' if verdict == 'undecided' else ' *'}" for mean, interval, verdict in row.cells),
        )
        for row in lever_rows(test)
    ]
    title = f"week {number}, {test.replications} paired replications: lever less the week as it was [95%], * certain"
    table(title, ("lever", *columns), rows)
    for trial in test.trials:
        if trial.note:
            console.print(f"{trial.name}: {trial.note}", highlight=False)
    for name, why in test.left_out.items():
        console.print(f"left out: {name}: {why}", highlight=False)
    console.print(verdict_of(test), highlight=False)
