"""A/B inside one run, beside two whole-city runs: what each design sees, and what it gets wrong.

Two policies that share riders act on each other: the better one takes the riders the other needs, or frees
them. The difference between the arms of one run is then not the difference between the two whole cities; the
gap between the two is the design's interference bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.city.model import City
from sim.engine.placed import dispatch_of
from sim.entities import Bools
from sim.experiment.compare import Comparison, compare
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row, code_of
from sim.experiment.run import Progress, run
from sim.experiment.stats import Difference, Estimate, difference, estimate
from sim.experiment.store import Store
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.policies.split import Split, Unit
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario
from sim.scenario.study import Study, scenarios_of
from sim.streams import Streams
from sim.units import DAY, HOUR

UNITS: tuple[Unit, ...] = ("user", "rider", "zone", "time")
SLOT_S = HOUR
OF_ORDERS = ("on_time_share", "delivered_share", "cancelled_share", "click_to_door_mean", "click_to_door_p90",
             "overage_mean", "ready_to_pickup_mean", "response_mean")  # fmt: skip
"""KPIs that belong to orders, and so to an arm; by riders only the means over delivered orders do."""


@dataclass(frozen=True, slots=True)
class SplitJob:
    """A replication in which two policies share a city by one design."""

    scenario: Scenario
    rival: Scenario
    by: Unit
    replication: int

    @property
    def variant(self) -> str:
        """Name of the row's folder."""
        return f"split by {self.by}"

    def key(self) -> str:
        """Changes when either arm's assumptions do."""
        return "-".join(f"{scenario_hash(arm)}-{code_of(arm)}" for arm in (self.scenario, self.rival))

    def run(self, city: City) -> Row:
        """Run it in memory; a row with each KPI of each arm and the units seen in each."""
        arm = _arm(self.by, city, Streams(self.scenario.seed, self.replication), self.scenario.calendar.days)
        a, b = (dispatch_of(s) for s in (self.scenario, self.rival))
        per_place = arm[city.places.zone] if self.by == "zone" else arm
        policy = Split(a, b, self.by, per_place, SLOT_S)
        tables = run(self.scenario, replication=self.replication, city=city, policy=policy).tables
        unit = _units(tables, city, self.by)
        kpis: dict[str, float] = {}
        for name, side in (("a", False), ("b", True)):
            mine = np.isin(unit, np.flatnonzero(arm == side))
            kpis |= {f"{name} {kpi}": KPIS[kpi].value(_cohort(tables, mine)) for kpi in kpis_of(self.by)}
            kpis[f"{name} units"] = float(len(np.unique(unit[mine])))
        return Row(self.variant, self.replication, self.key(), kpis, ())


@dataclass(frozen=True, slots=True)
class Design:
    """What one design finds in one KPI.

    Parameters
    ----------
    inside
        Second arm less first arm inside one run.
    whole
        Second variant less first, each in the whole city.
    bias
        `inside` less `whole`, replication by replication: the interference bias.
    ratio_p
        P value of the sample-ratio check over all replications: small when the arms are not halves.
    """

    by: Unit
    kpi: str
    inside: Estimate
    whole: Difference
    bias: Estimate
    ratio_p: float


@dataclass(frozen=True, slots=True)
class SplitResult:
    """A finished A/B study: the whole-city comparison, and what each design finds."""

    comparison: Comparison
    designs: list[Design]


def split_test(
    study: Study,
    by: Sequence[Unit] = UNITS,
    folder: Path = Path(),
    out: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> SplitResult:
    """Give the second variant's dispatch policy to a random half, by each design, beside whole-city runs.

    Parameters
    ----------
    study
        Two variants that differ in ``dispatch.policy`` and ``dispatch.params`` only.
    by
        Designs: halves of the users, riders, zones or hours.
    folder, out, pool, progress
        As for :func:`sim.experiment.compare.compare`; ``out`` also receives ``split.json``.

    Raises
    ------
    ValueError
        When there are not two variants, or they differ in more than the policy.
    """
    pool = pool or Pool()
    a, b = _two_arms(study, scenarios_of(study, folder))
    result = compare(study, folder, out, pool, progress)
    store, count = Store(out), result.replications
    pool.run([SplitJob(a, b, unit, r) for r in range(count) for unit in by], store, progress)
    designs = []
    for unit in by:
        rows = list(store.rows(f"split by {unit}", count))
        designs += [_design(result, rows, unit, kpi) for kpi in kpis_of(unit) if not study.kpis or kpi in study.kpis]
    if out:
        write_json(out / "split.json", [_document(design) for design in designs])
    return SplitResult(result, designs)


def kpis_of(by: Unit) -> tuple[str, ...]:
    """KPIs that have a meaning for one arm of a design."""
    means = tuple(kpi for kpi in OF_ORDERS if not kpi.endswith("_share"))
    return means if by == "rider" else OF_ORDERS


def _arm(by: Unit, city: City, streams: Streams, days: int) -> Bools:
    """A random half: True where the second arm has the user, rider, zone or hour of the run."""
    sizes = {
        "user": len(city.users.home),
        "rider": len(city.riders.start),
        "zone": len(city.zones),
        "time": int(days * DAY // SLOT_S),
    }
    draws = streams.generator("experiment.arm", UNITS.index(by)).random(sizes[by])
    return np.asarray(np.argsort(np.argsort(draws)) < sizes[by] // 2)


def _units(tables: Tables, city: City, by: Unit) -> Any:
    """The unit that each order belongs to; -1 for none."""
    orders = tables.orders
    if by == "zone":
        return city.places.zone[orders["place"].to_numpy()]
    if by == "time":
        return (orders["placed_at"].to_numpy() // SLOT_S).astype(np.int64)
    return orders[by].to_numpy()


def _cohort(tables: Tables, mine: Bools) -> Tables:
    """The same log with the orders of one arm only."""
    cohort = Tables(tables.events, tables.kinds)
    cohort.__dict__["orders"] = tables.orders[mine]
    return cohort


def _design(result: Comparison, rows: list[Row], unit: Unit, kpi: str) -> Design:
    first, second = result.study.reference, _second(result.study)
    whole = result.values(second, kpi) - result.values(first, kpi)
    inside = np.array([row.kpis[f"b {kpi}"] - row.kpis[f"a {kpi}"] for row in rows])
    counts = [sum(row.kpis[f"{arm} units"] for row in rows) for arm in "ab"]
    return Design(
        by=unit,
        kpi=kpi,
        inside=estimate(inside),
        whole=difference(result.values(second, kpi), result.values(first, kpi)),
        bias=estimate(inside - whole),
        ratio_p=_ratio_p(*counts),
    )


def _ratio_p(a: float, b: float) -> float:
    from scipy.stats import binomtest

    return float(binomtest(round(a), round(a + b)).pvalue) if a + b else float("nan")


def _second(study: Study) -> str:
    return next(name for name in study.variants if name != study.reference)


def _two_arms(study: Study, scenarios: dict[str, Scenario]) -> tuple[Scenario, Scenario]:
    if len(scenarios) != 2:
        raise ValueError(f"an A/B test needs two variants, the study has {len(scenarios)}")
    a, b = scenarios[study.reference], scenarios[_second(study)]
    same = {"policy": a.dispatch.policy, "params": a.dispatch.params}
    if b.model_copy(update={"dispatch": b.dispatch.model_copy(update=same)}) != a:
        raise ValueError("the variants of an A/B test may differ in dispatch.policy and dispatch.params only")
    return a, b


def units(names: str) -> tuple[Unit, ...]:
    """Designs from their names, separated by commas.

    Raises
    ------
    ValueError
        When one is unknown.
    """
    for name in names.split(","):
        if name not in UNITS:
            raise ValueError(f"unknown design {name!r}; there are: {', '.join(UNITS)}")
    return tuple(unit for unit in UNITS if unit in names.split(","))


def _document(design: Design) -> dict[str, Any]:
    sides = {"inside": design.inside, "whole": design.whole.estimate, "bias": design.bias}
    numbers = {name: e.numbers for name, e in sides.items()}
    rest = {"replications": design.inside.replications, "sample_ratio_p": design.ratio_p}
    return {"by": design.by, "kpi": design.kpi, "unit": KPIS[design.kpi].unit, **numbers, **rest}
