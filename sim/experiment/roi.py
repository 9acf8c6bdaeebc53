"""Return of a campaign: the same cities with one rule and without it, and what its cost brought in.

A rule costs what it is paid for and brings in what it changes, and neither can be read off one run: a coupon is
also given to those who would have ordered anyway, and moves what other rules pay. So both are paired differences
of the books: *cost* is what the platform pays more on the lines of :data:`sim.kpi.books.GIVEN`, *margin* what all
other lines bring in more, *contribution* is margin less cost, and the return is contribution over cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from sim.entities import Floats
from sim.experiment.ab_rule import WITH, WITHOUT
from sim.experiment.bookkeeping import CONTRIBUTION, jobs, total
from sim.experiment.compare import Comparison, document, effects, valued
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.replicate import Row
from sim.experiment.run import Progress
from sim.experiment.stats import Difference, Estimate, difference
from sim.experiment.store import Store
from sim.kpi.books import GIVEN, LINES
from sim.scenario.errors import ScenarioError, did_you_mean
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings, Study, scenarios_of, unwritten

INCENTIVE = "incentive"
"""The one campaign that has no name of its own: ``incentive.policy``."""


@dataclass(frozen=True, slots=True)
class Roi:
    """What a rule cost and brought in, in yuan per run.

    Parameters
    ----------
    margin, cost, contribution
        With the rule less without it; `contribution` is `margin` less `cost`.
    orders
        Orders placed more with it.
    lines
        Each line of the books, below 0 where the platform pays more.
    value
        Contribution for each yuan of cost: above 0 the rule pays, at -1 its cost is lost. NaN where its cost is not
        certainly above 0, for then there is nothing to divide by.
    """

    rule: str
    margin: Difference
    cost: Difference
    contribution: Difference
    orders: Difference
    lines: dict[str, Difference]
    value: Estimate
    comparison: Comparison


def roi_study(scenario: str, rule: str, settings: Sequence[str] = (), replications: int | None = None) -> Study:
    """The study of a scenario as it is, against itself without one rule.

    Parameters
    ----------
    scenario
        A file, or a built-in's name.
    rule
        Name of a rule in ``membership.rules``, ``crew``, ``pay.rules`` or ``market.deals``, with the block before it
        where several have one of that name; or ``incentive``.
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
    variants: dict[str, Settings] = {WITHOUT: without(loaded, rule), WITH: {}}
    return unwritten(scenario, f"{loaded.name}-{rule}", variants, settings, replications)


def without(scenario: Scenario, rule: str) -> Settings:
    """Settings under which a rule does nothing.

    Raises
    ------
    ScenarioError
        When there is no such rule, or several blocks have one of that name.
    """
    found = [path for path in campaigns(scenario) if rule in (path, path.removeprefix(_block(path) + "."))]
    if len(found) != 1:
        names = found or list(campaigns(scenario))
        hint = did_you_mean(rule, campaigns(scenario)) if not found else ""
        what = "several rules are called" if found else "no rule is called"
        raise ScenarioError(f"--roi: {what} {rule!r}{hint or '; there are: ' + (', '.join(names) or 'none')}")
    return campaigns(scenario)[found[0]]


def campaigns(scenario: Scenario) -> dict[str, Settings]:
    """Rules whose return can be asked for, by dotted path, each with the settings that switch it off.

    A rule of the programme keeps its place and has nobody; others are taken out of their block.
    """
    found: dict[str, Settings] = {}
    if scenario.membership.policy == "composed":
        found = {
            f"membership.rules.{name}": {f"membership.rules.{name}.share": 0} for name in scenario.membership.rules
        }
    blocks: dict[str, Mapping[str, Any]] = {
        "crew": scenario.crew,
        "pay.rules": scenario.pay.rules,
        "market.deals": scenario.market.deals,
    }
    for block, rules in blocks.items():
        written = {name: spec.model_dump(mode="json", by_alias=True) for name, spec in rules.items()}
        found |= {f"{block}.{name}": {block: {n: s for n, s in written.items() if n != name}} for name in rules}
    if scenario.incentive.policy != "none":
        found[INCENTIVE] = {"incentive.policy": "none", "incentive.params": {}}
    return found


def roi_test(
    study: Study, rule: str, out: Path | None = None, pool: Pool | None = None, progress: Progress | None = None
) -> Roi:
    """Run the cities with the rule and without it.

    Parameters
    ----------
    study
        As :func:`roi_study` makes it.
    rule
        Its name.
    out
        Folder for a file per replication, ``compare.json`` and ``roi.json``; None keeps everything in memory.
    pool, progress
        As for :func:`sim.experiment.compare.compare`.
    """
    scenarios, store, count = scenarios_of(study, Path()), Store(out), study.replications.count
    (pool or Pool()).run(jobs(scenarios, count), store, progress)
    rows = {name: list(store.rows(name, count)) for name in scenarios}
    comparison = Comparison(study, scenarios, rows, effects(rows, study.reference, study.kpis or valued(rows)))
    result = roi_of(rule, comparison)
    if out:
        write_json(out / "compare.json", document(comparison))
        write_json(out / "roi.json", roi_document(result))
    return result


def roi_of(rule: str, comparison: Comparison) -> Roi:
    """The return of a rule from rows with books."""
    on, off = comparison.rows[WITH], comparison.rows[WITHOUT]
    kept = [line for line in LINES if line not in GIVEN]
    contribution = _column(on, [*LINES]) - _column(off, [*LINES])
    cost = _column(off, GIVEN) - _column(on, GIVEN)
    return Roi(
        rule,
        margin=difference(_column(on, kept), _column(off, kept)),
        cost=difference(-_column(on, GIVEN), -_column(off, GIVEN)),
        contribution=difference(*([row.kpis[CONTRIBUTION] for row in rows] for rows in (on, off))),
        orders=difference(*([row.kpis["orders"] for row in rows] for rows in (on, off))),
        lines={line: difference(_column(on, [line]), _column(off, [line])) for line in LINES},
        value=ratio(contribution, cost),
        comparison=comparison,
    )


def ratio(over: Floats, under: Floats) -> Estimate:
    """Ratio of two paired means with a 95% interval (Fieller 1954).

    Parameters
    ----------
    over, under
        A value per replication.

    Returns
    -------
    Estimate
        NaN throughout where `under` is not above 0 with confidence: the interval would have no ends.
    """
    from scipy.stats import t

    n = len(under)
    a, b = float(np.mean(over)), float(np.mean(under))
    if n < 2:
        return Estimate(a / b if b > 0 else nan, nan, nan, n)
    (vaa, vab), (_, vbb) = np.cov(over, under) / n * float(t.ppf(0.975, n - 1)) ** 2
    if b <= 0 or b * b <= vbb:
        return Estimate(nan, nan, nan, n)
    middle, width = a * b - vab, b * b - vbb
    root = float(np.sqrt(max(middle**2 - width * (a * a - vaa), 0.0)))
    return Estimate(a / b, (middle - root) / width, (middle + root) / width, n)


def roi_document(result: Roi) -> dict[str, Any]:
    """As ``roi.json``: equal tests give equal bytes."""
    parts = {"margin": result.margin, "cost": result.cost, "contribution": result.contribution, "orders": result.orders}
    return {
        "rule": result.rule,
        "replications": result.comparison.replications,
        "roi": result.value.numbers,
        **{name: part.estimate.numbers for name, part in parts.items()},
        "lines_yuan": {line: part.estimate.numbers for line, part in result.lines.items()},
    }


def _column(rows: Sequence[Row], lines: Sequence[str]) -> Floats:
    return np.array([total(row, lines) for row in rows])


def _block(path: str) -> str:
    return next((block for block in ("membership.rules", "crew", "pay.rules", "market.deals")
                 if path.startswith(f"{block}.")), "")  # fmt: skip
