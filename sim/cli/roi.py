"""Return of a campaign (``paotui compare SCENARIO --roi RULE``)."""

from __future__ import annotations

from math import isnan

from sim.cli.show import console, number, table
from sim.experiment.roi import Roi
from sim.experiment.stats import Estimate


def show_roi(result: Roi) -> None:
    """Print what a rule cost and brought in, line by line of the books, and its return."""
    parts = {"margin": result.margin, "cost": result.cost, "contribution": result.contribution, "orders": result.orders}
    rows = [(name, "orders" if name == "orders" else "yuan", *_cells(part.estimate)) for name, part in parts.items()]
    rows += [
        (f"  {line.replace('_', ' ')}", "yuan", *_cells(part.estimate))
        for line, part in result.lines.items()
        if part.estimate.mean or part.estimate.half_width > 0
    ]
    many = f"{result.comparison.replications} paired replications"
    table(f"\n{result.rule}: with it less without it, {many}", ("a run", "unit", "mean", "95% interval"), rows, left=2)
    if isnan(result.value.mean):
        console.print("return: none, for its cost is not certainly above 0", highlight=False)
        return
    mean, interval = _cells(result.value)
    console.print(f"return: {mean} yuan of contribution for each yuan of cost, 95% {interval}", highlight=False)


def _cells(value: Estimate) -> tuple[str, str]:
    return number(value.mean), f"{number(value.low)} to {number(value.high)}"
