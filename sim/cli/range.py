"""How retention moves over its range, on the terminal."""

from __future__ import annotations

from sim.cli.show import console, number, table
from sim.experiment.range import PATH, Range, bounds
from sim.experiment.stats import Estimate
from sim.kpi.kpis import KPIS

UNKNOWN = "no public source gives it, so retention is told over its declared range"


def show_range(found: Range) -> None:
    """Print the retention KPIs at the low end, as given and at the high end."""
    low, given, high = found.at
    title = f"\nretention by {PATH}, the harm of a late order to trust ({UNKNOWN})"
    heads = (f"{low:g} (low end)", f"{given:g} (as given)", f"{high:g} (high end)")
    several = any(row.what for row in found.rows)
    rows = [
        (*([row.what] if several else []), row.kpi, KPIS[row.kpi].unit, *(_cell(value) for value in row.values))
        for row in found.rows
    ]
    table(title, (*(["what"] if several else []), "KPI", "unit", *heads), rows, left=3 if several else 2)


def show_no_range() -> None:
    """Say that the range was left out."""
    low, high = bounds()
    console.print(f"retention over {PATH} from {low:g} to {high:g}: not run (--no-range); {UNKNOWN}", highlight=False)


def _cell(value: Estimate) -> str:
    if value.replications < 2:
        return number(value.mean, 3)
    return f"{number(value.mean, 3)} [{number(value.low, 3)}, {number(value.high, 3)}]"
