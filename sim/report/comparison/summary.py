"""All variants side by side: a row a variant, a column a KPI, on the page and as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from sim.experiment.compare import Comparison, Effect
from sim.kpi.kpis import KPIS
from sim.report.comparison.numbers import amount, level, unit
from sim.report.comparison.story import HEADLINES
from sim.report.comparison.verdict import CERTAIN, Verdict, of_variant, others, verdict
from sim.report.wording import MISSING, count, title

MOST = 8
"""Columns for which there is room: of more KPIs the first that the study names, or the headlines."""
ARROWS = {"higher": "↑", "lower": "↓", "none": ""}
"""Which way is better."""


@dataclass(frozen=True, slots=True)
class Column:
    """A KPI's title, its unit, and an arrow the way that is better."""

    title: str
    unit: str
    better: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A variant's mean, its paired difference to the baseline with half the interval, and what that is called."""

    level: str
    difference: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """A variant's cells; of the baseline, differences are half the interval of its own mean."""

    variant: str
    is_baseline: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The variants side by side, the baseline first."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    replications: int
    comparisons: int


def summary(result: Comparison) -> Summary:
    """The KPIs that the study names, as far as there is room, or the headlines where it names none."""
    kpis, base = _shown(result), result.study.reference
    own = Line(base, True, tuple(Cell(*level(kpi, result.level(base, kpi)), "equal") for kpi in kpis))
    lines = [Line(name, False, _cells(result, name, kpis)) for name in others(result)]
    columns = tuple(Column(title(kpi), unit(kpi), ARROWS[KPIS[kpi].better]) for kpi in kpis)
    return Summary(columns, (own, *lines), result.replications, result.tests)


def markdown(data: Summary) -> str:
    """As a table in Markdown with a line on how to read it."""
    heads = ["variant", *(" ".join(filter(None, [c.title + ",", c.unit, c.better])) for c in data.columns)]
    rows = [heads, ["---"] * len(heads), *([_name(line), *map(_cell, line.cells)] for line in data.lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    often, tests = count(data.replications, "paired replication"), count(data.comparisons, "comparison")
    return (
        f"{table}\n\n{often}. First row: mean ± half its 95% interval. Others: mean (paired difference ± half its 95% "
        f"interval), **bold** where it is certain: p below {CERTAIN} after Holm's adjustment for {tests}. "
        "Arrows: the way that is better.\n"
    )


def _shown(result: Comparison) -> list[str]:
    compared = list(dict.fromkeys(effect.kpi for effect in result.effects))
    if len(compared) <= MOST or result.study.kpis:
        return compared[:MOST]
    return [kpi for kpi in HEADLINES if kpi in compared]


def _cells(result: Comparison, variant: str, kpis: list[str]) -> tuple[Cell, ...]:
    effects = of_variant(result, variant)
    return tuple(Cell(level(k, result.level(variant, k))[0], _change(effects[k]), verdict(effects[k])) for k in kpis)


def _change(effect: Effect) -> str:
    return " ".join(filter(None, [amount(effect), level(effect.kpi, effect.difference.estimate)[1]]))


def _name(line: Line) -> str:
    name = escape(" ".join(line.variant.split()), quote=False).replace("|", "\\|")
    return f"{name} (baseline)" if line.is_baseline else name


def _cell(cell: Cell) -> str:
    if cell.level == MISSING or not cell.difference:
        return cell.level
    if cell.difference.startswith("±"):
        return f"{cell.level} {cell.difference}"
    if cell.verdict == "equal":
        return f"{cell.level} (equal)"
    is_certain = cell.verdict in ("better", "worse", "changed")
    return f"{cell.level} ({f'**{cell.difference}**' if is_certain else cell.difference})"
