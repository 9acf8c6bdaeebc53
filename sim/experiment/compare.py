"""Comparison of variants on the same cities: paired differences with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.entities import Floats
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job, Row
from sim.experiment.run import Progress
from sim.experiment.select import select_best
from sim.experiment.stats import Difference, Estimate, difference, estimate, holm
from sim.experiment.store import Store
from sim.kpi.kpis import KPIS
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, scenarios_of
from sim.spelling import did_you_mean

COHORT = ("orders", "delivered_share", "cancelled_share", "open_share")
"""Shown beside every comparison: what became of the cohort, so that no mean hides an unfinished order."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One variant against the baseline in one KPI; `adjusted_p` is Holm's over all effects of the study."""

    variant: str
    kpi: str
    difference: Difference
    adjusted_p: float


@dataclass(frozen=True)
class Comparison:
    """A finished study.

    Parameters
    ----------
    scenarios
        Scenario of each variant, the baseline among them.
    rows
        Replications of each variant, in their order.
    effects
        For each variant but the baseline and each KPI that the study names; when it names none, each with a value.
    selection
        What ranking and selection found, in a sentence; empty when it was not asked for.
    """

    study: Study
    scenarios: dict[str, Scenario]
    rows: dict[str, list[Row]]
    effects: list[Effect]
    selection: str = ""

    @property
    def replications(self) -> int:
        """Replications of each variant."""
        return len(self.rows[self.study.reference])

    @property
    def tests(self) -> int:
        """Effects with a p value: what Holm's method adjusts for. Where a variant has no value there is none."""
        return sum(not math.isnan(effect.difference.p) for effect in self.effects)

    def values(self, variant: str, kpi: str) -> Floats:
        """A KPI of a variant, one value per replication."""
        return np.array([row.kpis[kpi] for row in self.rows[variant]])

    def level(self, variant: str, kpi: str) -> Estimate:
        """A KPI of a variant: mean over replications with its interval."""
        return estimate(self.values(variant, kpi))


def compare(
    study: Study,
    folder: Path = Path(),
    out: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run a study, or go on where it was left, and compare its variants.

    Parameters
    ----------
    study
        What to compare.
    folder
        Folder that the study's file names are relative to.
    out
        Folder for a file per replication and ``compare.json``; None keeps everything in memory.
    pool
        Where replications run; by default one process per core.
    progress
        Told of the share that is done.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When a variant cannot be run; replications finished before are kept.
    """
    checked_kpis([*study.kpis, *study.replications.half_width, *study.pareto])
    scenarios, store = scenarios_of(study, folder), Store(out)
    count = run_replications(study, scenarios, store, pool or Pool(), progress)
    rows = {name: list(store.rows(name, count)) for name in scenarios}
    result = Comparison(study, scenarios, rows, effects(rows, study.reference, study.kpis or valued(rows)))
    if out:
        write_json(out / "compare.json", document(result))
    return result


def compare_and_select(
    study: Study,
    kpi: str,
    delta: float,
    folder: Path = Path(),
    out: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare, then select the best variant by one KPI with more replications where they are needed.

    Parameters
    ----------
    kpi, delta
        The KPI, and the smallest difference in it worth detecting, in its unit.

    Raises
    ------
    ValueError
        When the KPI is unknown or has no better direction, or `delta` is not positive.
    """
    checked_kpis([kpi])
    if KPIS[kpi].better == "none":
        raise ValueError(f"{kpi}: neither higher nor lower is better, so there is no best variant")
    if not delta > 0:
        raise ValueError(f"--select-best needs --delta, the smallest difference in {KPIS[kpi].unit} worth detecting")
    pool = pool or Pool()
    result = compare(study, folder, out, pool, progress)
    scenarios, store = result.scenarios, Store(out)

    def value(variant: str, replication: int) -> float:
        job = Job(variant, scenarios[variant], replication)
        if store.find(job) is None:
            pool.run([Job(name, scenarios[name], replication) for name in scenarios], store)
        row = store.find(job)
        assert row is not None
        return row.kpis[kpi]

    higher = KPIS[kpi].better == "higher"
    found = select_best(value, list(scenarios), kpi, higher, delta, study.replications.budget)
    result = replace(result, selection=str(found))
    if out:
        write_json(out / "compare.json", document(result))
    return result


def run_replications(
    study: Study, scenarios: dict[str, Scenario], store: Store, pool: Pool, progress: Progress | None
) -> int:
    """Run as many replications as the study asks for; returns their number."""
    asked, count = study.replications, study.replications.count
    while True:
        jobs = [Job(name, scenario, r) for r in range(count) for name, scenario in scenarios.items()]
        pool.run(jobs, store, progress)
        if not asked.half_width or count >= asked.budget or _precise(study, scenarios, store, count):
            return count
        count = min(count + max(count // 2, 1), asked.budget)


def _precise(study: Study, scenarios: dict[str, Scenario], store: Store, count: int) -> bool:
    rows = {name: list(store.rows(name, count)) for name in scenarios}
    found = effects(rows, study.reference, list(study.replications.half_width))
    target = study.replications.half_width
    return all(not effect.difference.estimate.half_width > target[effect.kpi] for effect in found)


def effects(rows: dict[str, list[Row]], baseline: str, kpis: Sequence[str]) -> list[Effect]:
    """Every variant against the baseline in every KPI, with Holm's adjustment over all of them."""
    names = [(variant, kpi) for variant in rows if variant != baseline for kpi in kpis]
    found = [
        difference([r.kpis[kpi] for r in rows[variant]], [r.kpis[kpi] for r in rows[baseline]])
        for variant, kpi in names
    ]
    adjusted = holm([d.p for d in found])
    return [Effect(variant, kpi, d, p) for (variant, kpi), d, p in zip(names, found, adjusted, strict=True)]


def valued(rows: dict[str, list[Row]]) -> list[str]:
    """KPIs that have a value in some replication; what the others measure is off or never happened."""
    every = [row.kpis for replications in rows.values() for row in replications]
    return [kpi for kpi in KPIS if any(math.isfinite(kpis[kpi]) for kpis in every)]


def checked_kpis(names: Sequence[str]) -> list[str]:
    """The names, all known.

    Raises
    ------
    ValueError
        When one is no KPI.
    """
    for name in names:
        if name not in KPIS:
            raise ValueError(f"unknown KPI {name!r}{did_you_mean(name, KPIS)}")
    return list(names)


def document(result: Comparison) -> dict[str, Any]:
    """As ``compare.json``: no times and no paths, so equal studies give equal bytes."""
    study = result.study
    return {
        "study": study.name,
        "baseline": study.reference,
        "replications": result.replications,
        "confidence": 0.95,
        "adjustment": "Holm over all effects",
        "variants": {
            name: {row: _estimate(result.level(name, row)) for row in (*COHORT, *(study.kpis or KPIS))}
            for name in result.rows
        },
        "effects": [_effect(effect) for effect in result.effects],
        "selection": result.selection or None,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    kpi, d = KPIS[effect.kpi], effect.difference
    return {
        "variant": effect.variant,
        "kpi": effect.kpi,
        "unit": kpi.unit,
        "better": kpi.better,
        **_estimate(d.estimate),
        "percent": _number(d.percent),
        "p": _number(d.p),
        "adjusted_p": _number(effect.adjusted_p),
        "variance_reduction": _number(d.variance_reduction),
    }


def _estimate(value: Estimate) -> dict[str, Any]:
    numbers = {"mean": value.mean, "low": value.low, "high": value.high}
    return {name: _number(number) for name, number in numbers.items()} | {"replications": value.replications}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
