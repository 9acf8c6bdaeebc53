"""A/B of one membership rule: a random part of the users inside one run, beside two whole-city runs.

Users share riders, kitchens and friends, so a rule given to some of them acts on the others too: what an A/B
test inside the run measures is not what the rule does when everybody has it. The gap between the two is the
spill-over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np

from sim.city.model import City
from sim.experiment.compare import Comparison, document, effects, valued
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job, Row, by_zone
from sim.experiment.run import Progress, run
from sim.experiment.stats import Difference, Estimate, difference, estimate
from sim.experiment.store import Store
from sim.kpi.arms import METRICS, arm_of, gap, per_user, sample_ratio_p
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings, Study, scenarios_of, unwritten, with_settings
from sim.spelling import did_you_mean

WITHOUT, WITH, INSIDE = "without_rule", "with_rule", "inside"
"""Nobody has the rule; everybody; a random part of the users. In all three it keeps its place in the programme."""
HALF = 0.5
"""Share of the users inside the run, where the scenario gives the rule to all or to nobody."""


@dataclass(frozen=True, slots=True)
class RuleJob:
    """A replication with a rule for nobody, for everybody or for a part of the users."""

    variant: str
    scenario: Scenario
    rule: str
    replication: int

    def key(self) -> str:
        """As of any replication."""
        return f"{Job(self.variant, self.scenario, self.replication).key()}-{self.rule}"

    def run(self, city: City) -> Row:
        """Run it in memory; KPIs and, with a space in the name, what is told of users."""
        result, users = run(self.scenario, replication=self.replication, city=city), len(city.users.home)
        values = per_user(result.tables, users)
        kpis = {name: float(value) for name, value in result.kpis.items()}
        kpis |= {f"user {name}": float(column.mean()) for name, column in values.items()}
        if self.variant == INSIDE:
            arm = arm_of(result.tables, list(self.scenario.membership.rules).index(self.rule), users)
            kpis |= {"user count": float(users), "arm count": float(arm.sum())}
            for name, column in values.items():
                found = gap(column, arm)
                kpis |= {f"gap {name}": found.mean, f"error {name}": found.error}
        return Row(self.variant, self.replication, self.key(), kpis, by_zone(result.tables, city))


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule does to one metric of the users.

    Parameters
    ----------
    inside
        Users with the rule less users without it, inside one run. Users are the units; replications are strata of
        equal weight, for who has the rule is drawn anew in each.
    whole
        The whole city with the rule less the whole city without it; replications are the units.
    spill_over
        Inside less whole, replication by replication.
    """

    metric: str
    unit: str
    inside: Estimate
    whole: Difference
    spill_over: Estimate


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A finished A/B test of a rule.

    Parameters
    ----------
    share
        Part of the users who were to have it.
    ratio_p
        P value of the sample-ratio check over all replications.
    comparison
        The two whole cities, in every KPI.
    """

    rule: str
    share: float
    ratio_p: float
    effects: list[RuleEffect]
    comparison: Comparison


def rule_study(scenario: str, rule: str, settings: Sequence[str] = (), replications: int | None = None) -> Study:
    """The study that compares a whole city with a rule and without it.

    Parameters
    ----------
    scenario
        A file, or a built-in's name.
    rule
        Name of the rule in ``membership.rules``.
    settings
        ``a.b=value`` each, for all runs.
    replications
        How many; the default when None.

    Raises
    ------
    ScenarioError
        When the scenario cannot be read or has no such rule.
    """
    loaded = load(scenario, Scenario, settings)
    check_rule(loaded, rule)
    variants: dict[str, Settings] = {WITHOUT: {_share(rule): 0}, WITH: {_share(rule): 1}}
    return unwritten(scenario, f"{loaded.name}-{rule}", variants, settings, replications)


def check_rule(scenario: Scenario, rule: str) -> None:
    """Refuse what cannot be tried on a part of the users.

    Raises
    ------
    ScenarioError
        In one line.
    """
    spec = scenario.membership
    if spec.policy != "composed":
        raise ScenarioError(f"membership.policy is {spec.policy!r}: only the rules of 'composed' have a share")
    if rule not in spec.rules:
        hint = did_you_mean(rule, spec.rules) or f"; there are: {', '.join(spec.rules) or 'none'}"
        raise ScenarioError(f"unknown rule {rule!r} in membership.rules{hint}")


def rule_test(
    study: Study, rule: str, out: Path | None = None, pool: Pool | None = None, progress: Progress | None = None
) -> RuleTest:
    """Try a rule on a random part of the users, on everybody and on nobody, on the same cities.

    Parameters
    ----------
    study
        As :func:`rule_study` makes it.
    rule
        Name of the rule.
    out
        Folder for a file per replication, ``compare.json`` and ``rule.json``; None keeps everything in memory.
    pool, progress
        As for :func:`sim.experiment.compare.compare`.

    Raises
    ------
    ScenarioError, PolicyNotFound, PolicyError, ValueError
        When the runs are refused; replications finished before are kept.
    """
    scenarios = scenarios_of(study, Path())
    given = _with(study, {}).membership.rules[rule].share
    share, store, count = given if 0 < given < 1 else HALF, Store(out), study.replications.count
    inside = _with(study, {_share(rule): share})
    jobs = [RuleJob(name, each, rule, r) for r in range(count) for name, each in [*scenarios.items(), (INSIDE, inside)]]
    (pool or Pool()).run(jobs, store, progress)
    rows = {name: list(store.rows(name, count)) for name in (WITHOUT, WITH, INSIDE)}
    cities = {name: rows[name] for name in scenarios}
    comparison = Comparison(study, scenarios, cities, effects(cities, study.reference, study.kpis or valued(cities)))
    users, arm = (sum(row.kpis[f"{what} count"] for row in rows[INSIDE]) for what in ("user", "arm"))
    ratio_p = sample_ratio_p(round(arm), round(users), share)
    result = RuleTest(rule, share, ratio_p, [rule_effect(metric, rows) for metric in METRICS], comparison)
    if out:
        write_json(out / "compare.json", document(comparison))
        write_json(out / "rule.json", rule_document(result))
    return result


def rule_effect(metric: str, rows: dict[str, list[Row]]) -> RuleEffect:
    """One metric over the replications of all three."""
    means, errors = (np.array([row.kpis[f"{what} {metric}"] for row in rows[INSIDE]]) for what in ("gap", "error"))
    level = {name: np.array([row.kpis[f"user {metric}"] for row in rows[name]]) for name in (WITH, WITHOUT)}
    whole = level[WITH] - level[WITHOUT]
    inside = pooled(means.tolist(), errors.tolist())
    return RuleEffect(metric, METRICS[metric], inside, difference(level[WITH], level[WITHOUT]), estimate(means - whole))


def pooled(means: list[float], errors: list[float]) -> Estimate:
    """Mean of the differences of several replications with a 95% interval from their standard errors (Neyman's)."""
    from scipy.stats import norm

    known = [(mean, error) for mean, error in zip(means, errors, strict=True) if isfinite(mean)]
    if not known:
        return Estimate(nan, nan, nan, 0)
    mean = float(np.mean([pair[0] for pair in known]))
    half = float(norm.ppf(0.975)) * float(np.sqrt(np.sum([pair[1] ** 2 for pair in known]))) / len(known)
    return Estimate(mean, mean - half, mean + half, len(known))


def rule_document(result: RuleTest) -> dict[str, Any]:
    """As ``rule.json``: equal tests give equal bytes."""
    return {
        "rule": result.rule,
        "share": result.share,
        "replications": result.comparison.replications,
        "sample_ratio_p": result.ratio_p,
        "effects": [
            {
                "metric": effect.metric,
                "unit": effect.unit,
                "inside": effect.inside.numbers,
                "whole": effect.whole.estimate.numbers,
                "spill_over": effect.spill_over.numbers,
            }
            for effect in result.effects
        ],
    }


def _share(rule: str) -> str:
    return f"membership.rules.{rule}.share"


def _with(study: Study, own: dict[str, Any]) -> Scenario:
    return with_settings(study.scenario, [study.settings, own], f"variant {INSIDE}")
