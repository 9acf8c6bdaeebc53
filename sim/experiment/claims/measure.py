"""Claims put to the test: every reading of every claim, on the same cities for all of its arms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from sim.entities import Floats
from sim.experiment.claims.finding import Finding, Range, Reading
from sim.experiment.claims.gauge import Gauge, Gauging, measure_of
from sim.experiment.claims.table import write_findings
from sim.experiment.claims.unit import check_unit, reading
from sim.experiment.claims.verdict import judge
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job, Row, Task
from sim.experiment.run import Progress
from sim.experiment.store import Store
from sim.scenario.claim import Claim, read_claims
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario
from sim.scenario.study import beside, with_settings

CACHE = ".cache"
"""Where finished replications are kept, inside the folder of the results; not to be committed."""


@dataclass(frozen=True)
class Plan:
    """What is to be run for a claim: for no change and for each change, the scenario of each arm."""

    claim: Claim
    replications: int
    scenarios: Mapping[str, dict[str, Scenario]]

    def jobs(self) -> Iterator[Task]:
        """All replications. They are kept by what was assumed, so that claims share those they have in common."""
        for arms in self.scenarios.values():
            for scenario in arms.values():
                yield from (self._task(scenario, replication) for replication in range(self.replications))

    def kept_as(self, scenario: Scenario) -> str:
        """Name under which its replications of a scenario are kept; those of a gauge are not those of a run."""
        measure = measure_of(self.claim.kpi)
        return f"{measure.name} {scenario_hash(scenario)}" if isinstance(measure, Gauge) else scenario_hash(scenario)

    def _task(self, scenario: Scenario, replication: int) -> Task:
        measure, name = measure_of(self.claim.kpi), self.kept_as(scenario)
        if isinstance(measure, Gauge):
            return Gauging(name, scenario, replication, self.claim.kpi, measure)
        return Job(name, scenario, replication)


def put_to_test(
    ids: Sequence[str] = (),
    out: Path | None = None,
    replications: int | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """Put claims to the test, or go on where it was left.

    Parameters
    ----------
    ids
        Ids of shipped claims or YAML files; all shipped claims when empty.
    out
        Folder for ``claims.csv`` and ``claims.json``, where the rows of these claims are replaced and all others
        kept, and for the finished replications in ``.cache``; None keeps everything in memory.
    replications
        Of every reading; by default what each claim says.
    pool
        Where replications run; by default one process per core.
    progress
        Told of the share that is done.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When a claim is unknown, cannot be read or cannot be run; replications finished before are kept.
    """
    return measure(planned(ids, replications), out, pool, progress)


def planned(ids: Sequence[str] = (), replications: int | None = None) -> list[Plan]:
    """What :func:`put_to_test` will run; every mistake in a claim is found here, before anything is run."""
    return [plan(claim, folder, replications) for claim, folder in read_claims(ids)]


def measure(
    plans: Sequence[Plan], out: Path | None = None, pool: Pool | None = None, progress: Progress | None = None
) -> list[Finding]:
    """Run what is planned and not kept yet, and record the findings; see :func:`put_to_test`."""
    store = Store(out / CACHE if out else None)
    jobs = {(job.variant, job.replication): job for each in plans for job in each.jobs()}
    (pool or Pool()).run(list(jobs.values()), store, progress)
    findings = [finding(each, store) for each in plans]
    if out:
        write_findings(findings, out)
    return findings


def plan(claim: Claim, folder: Path, replications: int | None = None) -> Plan:
    """The scenarios of a claim's readings; nothing is run.

    Raises
    ------
    ScenarioError, ValueError
        When KPI, unit, scenario or a setting do not fit; names the claim.
    """
    check_unit(claim)
    path = beside(folder, claim.scenario)
    changes: list[dict[str, Any]] = [{}, *({a.path: value} for a in claim.assumptions for value in a.tried)]
    scenarios = {
        _key(change): {
            arm: with_settings(path, [settings, change], f"claim {claim.id}, {arm}", claim.places_of(arm, change))
            for arm, settings in claim.arms.items()
        }
        for change in changes
    }
    return Plan(claim, replications or claim.replications, scenarios)


def finding(plan: Plan, store: Store) -> Finding:
    """What the finished replications of a plan say."""
    claim = plan.claim
    own = _read(plan, store, {}, None)
    ranges = []
    for assumption in claim.assumptions:
        others = tuple(_read(plan, store, {assumption.path: v}, v) for v in assumption.tried)
        value = _value_at(next(iter(plan.scenarios[_key({})].values())), assumption.path)
        ranges.append(Range(assumption, Reading(value, own.estimate, own.delivered, own.verdict), others))
    return Finding(claim, own, tuple(ranges))


def _read(plan: Plan, store: Store, change: dict[str, Any], value: Any) -> Reading:
    claim, arms = plan.claim, {arm: _rows(plan, store, each) for arm, each in plan.scenarios[_key(change)].items()}
    delivered = {arm: float(np.mean([row.kpis["delivered_share"] for row in rows])) for arm, rows in arms.items()}
    measured = reading(claim, *(_columns(arms, kpi) for kpi in claim.kpis))
    return Reading(value, measured, delivered, judge(claim, measured))


def _columns(arms: Mapping[str, Sequence[Row]], kpi: str) -> dict[str, Floats]:
    return {arm: np.array([row.kpis[kpi] for row in rows]) for arm, rows in arms.items()}


def _rows(plan: Plan, store: Store, scenario: Scenario) -> list[Row]:
    return list(store.rows(plan.kept_as(scenario), plan.replications))


def _key(change: Mapping[str, Any]) -> str:
    return repr(sorted(change.items()))


def _value_at(scenario: Scenario, path: str) -> Any:
    """A value of a scenario; None where it leaves it to somebody else, such as a policy's parameter."""
    block: Any = scenario.model_dump(mode="json")
    return reduce(lambda block, key: block.get(key) if isinstance(block, dict) else None, path.split("."), block)
