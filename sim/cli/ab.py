"""``paotui compare --split``: A/B inside one run."""

from __future__ import annotations

from sim.cli.show import console, number, table
from sim.experiment.ab import SplitResult
from sim.experiment.stats import Estimate
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
    if any(d.ratio_p < 0.001 for d in result.designs):
        console.print("ratio p below 0.001: the arms are not halves; do not trust that design")


def _interval(value: Estimate) -> str:
    return f"{number(value.mean, 3)} [{number(value.low, 3)}, {number(value.high, 3)}]"
