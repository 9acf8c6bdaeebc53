"""The tables of a study: what became of the cohort, effects by variant, and what the variants assume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from sim.experiment.compare import COHORT, Comparison, Effect
from sim.kpi.kpis import KPIS
from sim.report.assumptions import values
from sim.report.comparison.numbers import amount, interval, level, p_value, percent, points, times, unit
from sim.report.comparison.verdict import Verdict, of_variant, others, verdict
from sim.report.kpi_rows import BETTER
from sim.report.style import GOOD, LATE, LOST
from sim.report.wording import MISSING, title

Level = tuple[str, str]
"""A level and half the width of its interval."""


@dataclass(frozen=True, slots=True)
class CohortRow:
    """Orders placed and what became of them, and the colours and percentages of a bar that sums to 100."""

    variant: str
    is_baseline: bool
    levels: tuple[Level, ...]
    bar: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One KPI of one variant beside the baseline, in words."""

    kpi: str
    title: str
    definition: str
    better: str
    unit: str
    baseline: Level
    own: Level
    amount: str
    points: str
    interval: str
    percent: str
    p: str
    replications: int
    times: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class VariantTable:
    """All effects of a variant."""

    variant: str
    rows: tuple[EffectRow, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a variant assumes that not all others do: dotted path and value, and whether the baseline has it too."""

    variant: str
    is_baseline: bool
    values: tuple[tuple[str, str, bool], ...]


def cohorts(result: Comparison) -> list[CohortRow]:
    """Every variant, the baseline first."""
    return [_cohort(result, name) for name in in_order(result)]


def tables(result: Comparison) -> list[VariantTable]:
    """A table for each variant but the baseline."""
    return [
        VariantTable(name, tuple(_row(result, effect) for effect in of_variant(result, name).values()))
        for name in others(result)
    ]


def trade_off(result: Comparison) -> list[tuple[str, Level, Level]]:
    """Each variant's levels of the two chosen KPIs."""
    one, other = result.study.pareto
    return [(v, level(one, result.level(v, one)), level(other, result.level(v, other))) for v in in_order(result)]


def differing(result: Comparison) -> list[Settings]:
    """The values in which the variants differ, as they are after all settings and defaults."""
    all_values = {name: values(result.scenarios[name]) for name in in_order(result)}
    base = all_values[result.study.reference]
    paths = [path for path in _paths(all_values) if len({own.get(path) for own in all_values.values()}) > 1]
    return [
        Settings(name, own is base, tuple((p, own.get(p, "–"), own.get(p) == base.get(p)) for p in paths))
        for name, own in all_values.items()
    ]


def in_order(result: Comparison) -> list[str]:
    """All variants, the baseline first."""
    return [result.study.reference, *others(result)]


def _paths(all_values: dict[str, dict[str, str]]) -> Iterator[str]:
    yield from dict.fromkeys(path for own in all_values.values() for path in own)


def _cohort(result: Comparison, name: str) -> CohortRow:
    found = [result.level(name, kpi) for kpi in COHORT]
    shares = [100 * estimate.mean for estimate in found[1:]]
    bar = tuple(zip((GOOD, LOST, LATE), shares, strict=True)) if all(map(isfinite, shares)) else ()
    levels = tuple(level(kpi, estimate) for kpi, estimate in zip(COHORT, found, strict=True))
    return CohortRow(name, name == result.study.reference, levels, bar)


def _row(result: Comparison, effect: Effect) -> EffectRow:
    kpi, d = KPIS[effect.kpi], effect.difference
    base, own = (level(kpi.name, result.level(name, kpi.name)) for name in (result.study.reference, effect.variant))
    return EffectRow(
        kpi=kpi.name,
        title=title(kpi.name),
        definition=kpi.definition,
        better=BETTER[kpi.better],
        unit=unit(kpi.name),
        baseline=base,
        own=own,
        amount=amount(effect),
        points=points(kpi.name) if isfinite(d.estimate.mean) else "",
        interval=interval(effect),
        percent=percent(d.percent),
        p=p_value(effect.adjusted_p),
        replications=d.estimate.replications,
        times=MISSING if verdict(effect) == "equal" else times(d.variance_reduction),
        verdict=verdict(effect),
    )
