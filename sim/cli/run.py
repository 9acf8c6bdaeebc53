"""``paotui run``."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ab import show_arms
from sim.cli.range import show_no_range, show_range
from sim.cli.show import console, progress, table
from sim.experiment.range import Range, applies, range_of_run, read_range, write_range
from sim.experiment.run import RunResult
from sim.experiment.run import run as run_once
from sim.kpi.kpis import KPIS
from sim.scenario.load import load
from sim.scenario.schema import Scenario

ScenarioPath = Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file or a built-in scenario's name.")]
Overrides = Annotated[list[str] | None, typer.Option("--set", metavar="A.B=V", help="Set one value; repeatable.")]


def run(
    scenario: ScenarioPath,
    seed: Annotated[int | None, typer.Option(help="Base seed.")] = None,
    days: Annotated[int | None, typer.Option(help="Days to simulate.")] = None,
    dispatch: Annotated[str | None, typer.Option(help="Dispatch policy: a name or FILE.py:Name.")] = None,
    membership: Annotated[
        str | None, typer.Option(help="Programme: none, composed, a shipped one, FILE.py:Rule.")
    ] = None,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="Run directory; default reports/NAME-POLICY-seedN.")] = None,
    no_range: Annotated[bool, typer.Option("--no-range", help="Leave out two more runs: retention's range.")] = False,
) -> None:
    """Run a scenario once and write its run directory with the report."""
    from sim.report.run import report_run

    loaded = load(scenario, Scenario, [*_shortcuts(seed, days, dispatch, membership), *(overrides or [])])
    folder = out or Path("reports") / _slug(loaded)
    known = read_range(folder)  # the run replaces the folder
    with progress(f"running {loaded.name}") as tell:
        result = run_once(loaded, folder, progress=tell)
    _summary(result)
    show_arms(result)
    try:
        if applies(loaded):
            _retention(result, folder, known, no_range)
    finally:  # the run stands, whatever became of its range
        page = report_run(result)
    console.print(f"report: {page}", soft_wrap=True, highlight=False)


def _retention(result: RunResult, folder: Path, known: Range | None, left_out: bool) -> None:
    """How retention moves over its range, on the terminal and in the run directory."""
    if left_out:
        show_no_range()
        return
    with progress("the same at both ends of retention's range") as tell:
        found = range_of_run(result, known, progress=tell)
    write_range(found, folder)
    show_range(found)


def _shortcuts(seed: int | None, days: int | None, dispatch: str | None, membership: str | None) -> list[str]:
    named = (("dispatch.policy", dispatch), ("membership.policy", membership))
    pairs = (("seed", seed), ("calendar.days", days), *((key, name and json.dumps(name)) for key, name in named))
    return [f"{key}={value}" for key, value in pairs if value is not None]


def _slug(scenario: Scenario) -> str:
    module, _, policy = scenario.dispatch.policy.rpartition(":")
    stem = Path(module).stem
    if module and stem.lower() != policy.lower():
        policy = f"{stem}-{policy}"
    if scenario.dispatch.policy.startswith("exec:"):
        policy = "exec"
    return f"{scenario.name.replace(' ', '_')}-{policy}-seed{scenario.seed}"


TITLES = {"days": "{}: KPIs of 1 replication", "weeks": "users, riders and merchants over the weeks"}


def _summary(result: RunResult) -> None:
    known = {name: value for name, value in result.kpis.items() if not isnan(value)}
    for over, title in TITLES.items():
        rows = [(k, v, KPIS[k].unit, KPIS[k].better) for k, v in known.items() if KPIS[k].over == over]
        if rows:
            table(title.format(result.scenario.name), ("KPI", "value", "unit", "better"), rows)
    if missing := len(result.kpis) - len(known):
        console.print(f"{missing} more have no value in this run: what they measure is off or did not happen")
