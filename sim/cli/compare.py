"""``paotui compare``."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ab import show_rule, show_split
from sim.cli.range import show_no_range, show_range
from sim.cli.roi import show_roi
from sim.cli.run import Overrides
from sim.cli.show import console, number, progress, table
from sim.experiment.ab import split_test, units
from sim.experiment.ab_rule import rule_study, rule_test
from sim.experiment.compare import Comparison, Effect, compare_and_select
from sim.experiment.compare import compare as compare_variants
from sim.experiment.pool import Pool
from sim.experiment.range import range_of_study, varies, write_range
from sim.experiment.roi import roi_study, roi_test
from sim.kpi.kpis import KPIS
from sim.scenario.errors import ScenarioError
from sim.scenario.load import find, load
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, study_of, with_given

Workers = Annotated[int, typer.Option(min=0, help="Processes; 0 for one per core. Results do not depend on it.")]
Cluster = Annotated[str | None, typer.Option(metavar="tcp://HOST:PORT", help="A Dask scheduler to use instead.")]


def compare(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study's YAML, or a scenario with --dispatch.")],
    dispatch: Annotated[str | None, typer.Option(metavar="A,B,...", help="Policies to compare on a scenario.")] = None,
    replications: Annotated[int | None, typer.Option(min=2, help="Replications of each variant.")] = None,
    overrides: Overrides = None,
    select_best: Annotated[str | None, typer.Option(metavar="KPI", help="Rank and select by this KPI.")] = None,
    delta: Annotated[float, typer.Option(help="Smallest difference worth detecting, for --select-best.")] = 0.0,
    split: Annotated[
        str | None, typer.Option(metavar="UNIT,...", help="A/B inside one run too: user, rider, zone, time.")
    ] = None,
    split_rule: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A/B of a scenario's membership rule: part, all, nobody.")
    ] = None,
    roi: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="What a scenario's rule costs and brings in (intervals).")
    ] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the study; default reports/NAME.")] = None,
    no_range: Annotated[
        bool, typer.Option("--no-range", help="Leave out the runs at the ends of retention's range.")
    ] = False,
) -> None:
    """Compare policies or variants on the same cities; the same command again resumes."""
    from sim.report.compare import report_compare

    tried, paid = _one("--split-rule", split_rule), _one("--roi", roi)
    if tried and (split or select_best):
        raise ValueError("--split-rule goes with neither --split nor --select-best")
    if paid and (split or select_best or tried or dispatch):
        raise ValueError("--roi goes with none of --dispatch, --split, --split-rule and --select-best")
    loaded, folder = _study(study, dispatch, tried, paid, replications, overrides or [])
    target, pool = out or Path("reports") / loaded.name.replace(" ", "_"), Pool(workers, cluster)
    with progress(f"comparing {', '.join(loaded.variants)}") as tell:
        if tried:
            tested = rule_test(loaded, tried, target, pool, tell)
            result = tested.comparison
        elif paid:
            returned = roi_test(loaded, paid, target, pool, tell)
            result = returned.comparison
        elif split:
            inside = split_test(loaded, units(split), folder, target, pool, tell)
            result = inside.comparison
        elif select_best:
            result = compare_and_select(loaded, select_best, delta, folder, target, pool, tell)
        else:
            result = compare_variants(loaded, folder, target, pool, tell)
    _show(result)
    _retention(result, target, pool, no_range)
    if not isnan(pool.efficiency):
        console.print(f"scaling efficiency {pool.efficiency:.0%} (CPU time of the replications / time of the workers)")
    if tried:
        show_rule(tested)
    elif paid:
        show_roi(returned)
    elif split:
        show_split(inside)
    page = report_compare(result, target, returned if paid else None)
    console.print(f"page: {page}", soft_wrap=True, highlight=False)


def _one(option: str, names: list[str] | None) -> str | None:
    """The rule that an option names; a list, as of one given twice the last alone would be heard."""
    if names and len(names) > 1:
        raise ValueError(f"{option} takes one rule, got {', '.join(names)}: one command for each")
    return names[0] if names else None


def _study(
    path: str, dispatch: str | None, rule: str | None, roi: str | None, replications: int | None, overrides: list[str]
) -> tuple[Study, Path]:
    if rule and dispatch:
        raise ValueError("--split-rule compares a scenario with itself: leave out --dispatch")
    if rule:
        return rule_study(str(find(path)), rule, overrides, replications), Path()
    if roi:
        return roi_study(str(find(path)), roi, overrides, replications), Path()
    if dispatch:
        return study_of(path, dispatch.split(","), overrides, replications), Path()
    try:
        loaded = load(path, Study, [f"replications.count={replications}"] if replications else [])
    except ScenarioError:
        if not _is_scenario(path):
            raise
        what = "--dispatch A,B,..., --roi RULE or --split-rule NAME"
        raise ScenarioError(f"{path} is a scenario and no study: say what to compare, by {what}") from None
    return with_given(loaded, overrides), find(path).parent


def _is_scenario(path: str) -> bool:
    try:
        load(path, Scenario)
    except ScenarioError:
        return False
    return True


def _retention(result: Comparison, out: Path, pool: Pool, left_out: bool) -> None:
    """How retention moves over its range, on the terminal and in the study's folder."""
    (out / "range.json").unlink(missing_ok=True)
    if not varies(result.scenarios):
        return
    if left_out:
        show_no_range()
        return
    with progress("the same at both ends of retention's range") as tell:
        found = range_of_study(result, out, pool, tell)
    write_range(found, out)
    show_range(found)


def _show(result: Comparison) -> None:
    """One table for each variant but the baseline; KPIs that are equal throughout are left out."""
    for variant in result.rows:
        rows = [_row(e) for e in result.effects if e.variant == variant and e.difference.estimate.half_width > 0]
        title = f"{variant} less {result.study.reference}, {result.replications} paired replications"
        if variant != result.study.reference:
            table(title, ("KPI", "mean", "95% interval", "unit", "percent", "adj. p", "pairing"), rows)
    if result.selection:
        console.print(f"\n{result.selection}", highlight=False)


def _row(effect: Effect) -> tuple[str, ...]:
    d = effect.difference
    interval = f"{number(d.estimate.low, 3)} to {number(d.estimate.high, 3)}"
    percent, gain = f"{number(d.percent, 1)}%", f"{number(d.variance_reduction, 1)}x"
    mean, p = number(d.estimate.mean, 3), number(effect.adjusted_p, 3)
    return effect.kpi, mean, interval, KPIS[effect.kpi].unit, percent, p, gain
