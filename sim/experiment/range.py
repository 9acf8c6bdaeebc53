"""How retention moves over the range of what nobody has measured: how much a late order costs trust."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

from sim.experiment.compare import Comparison
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job, Row
from sim.experiment.run import Progress, RunResult
from sim.experiment.stats import Estimate, difference, estimate
from sim.experiment.store import Store
from sim.scenario.response import Trust
from sim.scenario.schema import Scenario

PATH = "response.trust.late"
"""No public source gives a reorder-per-minute-late slope, so it is declared as a range."""
LEAST_DAYS = 14
"""A shorter run has no retention to speak of."""
RETENTION = ("retention_day_1", "retention_day_7", "retention_day_30", "retention_week_4", "retention_week_8",
             "retention_week_12", "repurchase_share", "active_users", "orders_per_active_user", "drop_out_rate", "clv",
             "trust_mean")  # fmt: skip
"""KPIs that tell who stays."""


Three = tuple[Estimate, Estimate, Estimate]
"""At the low end, as given, and at the high end."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One retention KPI over the range.

    Parameters
    ----------
    what
        Whose level it is, or what less what; empty for a single run.
    values
        At the low end, as given, and at the high end; without intervals for a single run.
    """

    what: str
    kpi: str
    values: Three


@dataclass(frozen=True, slots=True)
class Range:
    """Retention over the range of :data:`PATH`.

    Parameters
    ----------
    key
        Changes when the assumptions or the code do.
    at
        Low end, what was given, and high end.
    """

    key: str
    at: tuple[float, float, float]
    rows: tuple[Moved, ...]


def bounds() -> tuple[float, float]:
    """The declared range, as the schema has it."""
    ends = {type(limit).__name__: limit for limit in Trust.model_fields["late"].metadata}
    return float(ends["Ge"].ge), float(ends["Le"].le)


def applies(scenario: Scenario) -> bool:
    """Whether a scenario has a retention that can move: people respond, for two weeks or more."""
    return scenario.response.on and scenario.calendar.days >= LEAST_DAYS


def late(scenario: Scenario, value: float) -> Scenario:
    """The scenario with another harm of a late order."""
    response = scenario.response
    trust = response.trust.model_copy(update={"late": value})
    return scenario.model_copy(update={"response": response.model_copy(update={"trust": trust})})


def range_of_run(
    result: RunResult, known: Range | None = None, pool: Pool | None = None, progress: Progress | None = None
) -> Range:
    """Run both ends of the range beside a finished run.

    Parameters
    ----------
    result
        The run as given.
    known
        What was found before; taken as it is where nothing has changed since.
    pool, progress
        As for :func:`sim.experiment.compare.compare`.
    """
    scenario, replication = result.scenario, result.manifest["replication"]
    ends = [Job(f"late {end:g}", late(scenario, end), replication) for end in bounds()]
    at, key = _at(scenario), "-".join(job.key() for job in ends)
    if known and (known.key, known.at) == (key, at):
        return known
    store = Store(None)
    (pool or Pool()).run(ends, store, progress)
    low, high = (_found(store, job).kpis for job in ends)
    rows = [Moved("", kpi, _levels(([low], [result.kpis], [high]), kpi)) for kpi in RETENTION]
    return Range(key, at, _told(rows))


def range_of_study(
    result: Comparison, out: Path | None = None, pool: Pool | None = None, progress: Progress | None = None
) -> Range:
    """Run all replications of a finished study at both ends of the range, where it :func:`varies`.

    Returns
    -------
    Range
        The baseline's levels, and each variant less the baseline.
    """
    scenarios, store, count = result.scenarios, Store(out), result.replications
    names = {end: {name: f"{name}, late {end:g}" for name in scenarios} for end in bounds()}
    jobs = [Job(names[end][v], late(scenarios[v], end), r) for r in range(count) for end in names for v in scenarios]
    (pool or Pool()).run(jobs, store, progress)
    low, high = ({v: list(store.rows(name, count)) for v, name in names[end].items()} for end in names)
    key = "-".join(job.key() for job in jobs if not job.replication)
    rows = _effects(result.study.reference, [_kpis(low), _kpis(result.rows), _kpis(high)])
    return Range(key, _at(scenarios[result.study.reference]), _told(rows))


def varies(scenarios: Mapping[str, Scenario]) -> bool:
    """Whether the range can be run for all of these, and means the same in each."""
    given = {scenario.response.trust.late for scenario in scenarios.values()}
    return len(given) == 1 and all(applies(scenario) for scenario in scenarios.values())


def write_range(found: Range, folder: Path) -> None:
    """Write ``range.json``."""
    write_json(folder / "range.json", asdict(found))


def read_range(folder: Path) -> Range | None:
    """What is kept in a folder; None where there is nothing, or nothing of ours."""
    try:
        kept = json.loads((folder / "range.json").read_text(encoding="utf-8"))
        low, given, high = map(float, kept["at"])
        rows = tuple(Moved(row["what"], row["kpi"], _read(row["values"])) for row in kept["rows"])
        return Range(kept["key"], (low, given, high), rows)
    except (OSError, ValueError, KeyError, TypeError):
        return None


Kpis = Sequence[Mapping[str, float]]
"""KPIs of each replication."""


def _effects(baseline: str, ends: Sequence[Mapping[str, Kpis]]) -> list[Moved]:
    """The baseline's levels, then what each variant changes in them."""
    base = [end[baseline] for end in ends]
    rows = [Moved(baseline, kpi, _levels(base, kpi)) for kpi in RETENTION]
    for variant in ends[0]:
        if variant != baseline:
            own, what = [end[variant] for end in ends], f"{variant} less {baseline}"
            rows += [Moved(what, kpi, _differences(own, base, kpi)) for kpi in RETENTION]
    return rows


def _levels(ends: Sequence[Kpis], kpi: str) -> Three:
    low, given, high = (estimate(_of(end, kpi)) for end in ends)
    return low, given, high


def _differences(own: Sequence[Kpis], base: Sequence[Kpis], kpi: str) -> Three:
    pairs = zip(own, base, strict=True)
    low, given, high = (difference(_of(a, kpi), _of(b, kpi)).estimate for a, b in pairs)
    return low, given, high


def _of(kpis: Kpis, kpi: str) -> list[float]:
    return [each[kpi] for each in kpis]


def _kpis(rows: Mapping[str, Sequence[Row]]) -> dict[str, Kpis]:
    return {variant: [row.kpis for row in each] for variant, each in rows.items()}


def _told(rows: Sequence[Moved]) -> tuple[Moved, ...]:
    """Without KPIs that have no value anywhere, such as the twelfth week of a month."""
    return tuple(row for row in rows if any(isfinite(value.mean) for value in row.values))


def _at(scenario: Scenario) -> tuple[float, float, float]:
    low, high = bounds()
    return low, float(scenario.response.trust.late), high


def _found(store: Store, job: Job) -> Row:
    row = store.find(job)
    assert row is not None
    return row


def _read(values: Any) -> Three:
    low, given, high = (_estimate(value) for value in values)
    return low, given, high


def _estimate(value: Mapping[str, Any]) -> Estimate:
    mean, low, high = (nan if value[name] is None else float(value[name]) for name in ("mean", "low", "high"))
    return Estimate(mean, low, high, int(value["replications"]))
