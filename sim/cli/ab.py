"""A/B inside one run: of dispatch (``paotui compare --split``) and of rules (``--split-rule``, ``paotui run``)."""

from __future__ import annotations

from typing import Any

from sim.cli.show import console, number, table
from sim.experiment.ab import SplitResult
from sim.experiment.ab_rule import RuleTest
from sim.experiment.arms import arms_inside
from sim.experiment.run import RunResult
from sim.experiment.stats import Estimate
from sim.kpi.arms import METRICS, NO_HALVES
from sim.kpi.kpis import KPIS


def show_split(result: SplitResult) -> None:
    """Print what each design sees beside the whole-city difference."""
    rows = [
        (d.by, d.kpi, KPIS[d.kpi].unit, _interval(d.inside), _interval(d.whole.estimate), _interval(d.bias),
         number(d.ratio_p, 3))
        for d in result.designs
    ]  # fmt: skip
    study = result.comparison.study
    names = [study.reference, *(name for name in study.variants if name != study.reference)]
    title = f"\n{names[1]} less {names[0]}, {result.comparison.replications} replications: mean [95% interval]"
    columns = ("half of", "KPI", "unit", "inside one run", "two whole cities", "interference bias", "ratio p")
    table(title, columns, rows, left=3)
    if any(d.ratio_p < NO_HALVES for d in result.designs):
        console.print("ratio p below 0.001: the arms are not halves; do not trust that design")


def show_rule(result: RuleTest) -> None:
    """Print what a rule does to its users inside one run, beside the whole city with it and without it."""
    rows = [
        (e.metric, e.unit, _interval(e.inside), _interval(e.whole.estimate), _interval(e.spill_over))
        for e in result.effects
    ]
    many = f"{result.comparison.replications} replications: mean per user [95% interval]"
    title = f"\n{result.rule} for {result.share:.0%} of the users less the others, {many}"
    table(title, ("metric", "unit", "inside one run", "two whole cities", "spill-over"), rows, left=2)
    console.print(f"sample-ratio check: p {number(result.ratio_p, 3)}")
    _warn(result.ratio_p)


def show_arms(result: RunResult) -> None:
    """Print the A/B tests inside a run; nothing where no rule is tried on a part of the users."""
    found = arms_inside(result.scenario, result.city, result.tables)
    for rule, mine in found.groupby("rule", sort=False):
        first = mine.iloc[0]
        p = float(first["ratio_p"])
        title = f"\nA/B of {rule}: {first['users']:,} users with it less {first['others']:,} without; ratio p {p:.3f}"
        rows = [
            (row.metric, METRICS[str(row.metric)], row.inside, row.outside, *_told(row)) for row in mine.itertuples()
        ]
        table(title, ("metric", "unit", "with", "without", "difference", "95% interval"), rows, left=2)
        _warn(p)
    if len(found):
        console.print("paotui compare SCENARIO --split-rule NAME tells what a rule does when everybody has it")


def _warn(p: float) -> None:
    if p < NO_HALVES:
        console.print("ratio p below 0.001: the arm has not its share of the users; do not trust this test")


def _told(row: Any) -> tuple[str, str]:
    return number(row.difference, 3), f"{number(row.low, 3)} to {number(row.high, 3)}"


def _interval(value: Estimate) -> str:
    return f"{number(value.mean, 3)} [{number(value.low, 3)}, {number(value.high, 3)}]"
