"""How retention moves over its range, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.range import PATH, Moved, bounds, read_range, varies
from sim.experiment.stats import Estimate
from sim.report.comparison.numbers import level, points, scale, unit
from sim.report.wording import number, title
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One KPI: a level with half its interval, or a difference with it, at the three values."""

    what: str
    title: str
    unit: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RangeTable:
    """What the page tells of the range; without rows it was not run.

    Parameters
    ----------
    several
        Whether rows say whose they are.
    """

    path: str
    low: str
    high: str
    heads: tuple[str, ...]
    several: bool
    rows: list[RangeRow]


def range_table(folder: Path, scenarios: Mapping[str, Scenario]) -> RangeTable | None:
    """The range that a folder holds; None where there is none to speak of.

    Parameters
    ----------
    folder
        Of a run or a study.
    scenarios
        Those of its variants, or of its single run.
    """
    if not varies(scenarios):
        return None
    found, (low, high) = read_range(folder), (f"{end:g}" for end in bounds())
    if found is None:
        return RangeTable(PATH, low, high, (), False, [])
    heads = tuple(f"{at:g}, {name}" for at, name in zip(found.at, ("low end", "as given", "high end"), strict=True))
    return RangeTable(PATH, low, high, heads, any(row.what for row in found.rows), [_row(row) for row in found.rows])


def _row(row: Moved) -> RangeRow:
    is_level = " less " not in row.what
    told = unit(row.kpi) if is_level else points(row.kpi)
    return RangeRow(row.what, title(row.kpi), told, tuple(_cell(row.kpi, value) for value in row.values))


def _cell(kpi: str, value: Estimate) -> tuple[str, str]:
    """A single run has no interval to tell how many digits deserve to be shown."""
    return level(kpi, value) if value.replications > 1 else (number(scale(kpi) * value.mean, 3), "")
