"""What a campaign costs and brings (``paotui compare SCENARIO --roi RULE``)."""

from __future__ import annotations

from sim.cli.show import console, table
from sim.experiment.roi import Roi


def show_roi(result: Roi) -> None:
    """Print what a rule cost and brought in, line by line of the books, and what follows from it."""
    from sim.report.campaign import campaign

    found, many = campaign(result), f"{result.comparison.replications} paired replications"
    rows = [(f"  {line.name}" if line.part else line.name, line.mean, line.interval) for line in found.lines]
    table(f"\n{result.rule}: with it less without it, {many}", ("yuan or orders a run", "mean", "95% interval"), rows)
    for answer in found.answers:
        console.print(answer.line, highlight=False, soft_wrap=True)
