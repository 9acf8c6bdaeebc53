"""Return of a campaign: the same cities with one rule and without it, and what its cost brought in.

A rule costs what it is paid for and brings in what it changes, and neither can be read off one run: a coupon is
also given to those who would have ordered anyway, and moves what other rules pay. So both are paired differences
of the books: *cost* is what the platform pays more on the lines of :data:`sim.kpi.books.GIVEN` (a rule of pay: and on
riders' pay by order, a deal about commission: and what it takes less of it; those of extra orders included), *margin*
what all other lines bring in more, *contribution* is margin less cost, and the return is contribution over cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, nan
from pathlib import Path
from typing import Any

import numpy as np

from sim.entities import Floats
from sim.experiment.ab_rule import WITH, WITHOUT
from sim.experiment.bookkeeping import CONTRIBUTION, jobs, total
from sim.experiment.campaigns import OF_RIDERS, block_of, given_to, paid_on, path_of, without
from sim.experiment.compare import Comparison, document, effects, valued
from sim.experiment.folder import write_json
from sim.experiment.pool import Pool
from sim.experiment.promotion import Promotion, promotion_document, promotion_of
from sim.experiment.replicate import Row
from sim.experiment.run import Progress
from sim.experiment.stats import Difference, Estimate, difference, ratio
from sim.experiment.store import Store
from sim.kpi.books import LINES
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.study import Settings, Study, scenarios_of, unwritten


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
    delivered
        Orders delivered more with it.
    per_order
        Cost of each of them; NaN where they are not certainly more.
    elasticity
        By how many percent riders' hours rise for one percent more pay for an order, both over the whole run: the
        market's elasticity. NaN where riders do not respond, the rule is none of theirs or their pay for an order
        does not certainly rise.
    promotion
        What it did for merchants; None where it is no deal with them, or nothing is taken off.
    """

    rule: str
    margin: Difference
    cost: Difference
    contribution: Difference
    orders: Difference
    lines: dict[str, Difference]
    value: Estimate
    comparison: Comparison
    delivered: Difference
    per_order: Estimate
    elasticity: Estimate
    promotion: Promotion | None

    @property
    def share(self) -> float:
        """Part of the users who have the rule where it is on."""
        return given_to(self.comparison.scenarios[WITH], self.rule)


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
        When the scenario cannot be read, has no such rule or gives it to nobody.
    """
    loaded = load(scenario, Scenario, settings)
    variants: dict[str, Settings] = {WITHOUT: without(loaded, rule), WITH: {}}
    return unwritten(scenario, f"{loaded.name}-{rule}", variants, settings, replications)


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
    result = roi_of(rule, comparison, path_of(scenarios[WITH], rule))
    if out:
        write_json(out / "compare.json", document(comparison))
        write_json(out / "roi.json", roi_document(result))
    return result


def roi_of(rule: str, comparison: Comparison, path: str) -> Roi:
    """The return of a rule, by its name and dotted path, from rows with books."""
    on, off = comparison.rows[WITH], comparison.rows[WITHOUT]
    given, block = paid_on(comparison.scenarios[WITH], path), block_of(path)
    kept = [line for line in LINES if line not in given]
    contribution, cost = _more(on, off, LINES), -_more(on, off, given)
    delivered = [np.array([_delivered(row) for row in rows]) for rows in (on, off)]
    return Roi(
        rule,
        margin=difference(_column(on, kept), _column(off, kept)),
        cost=difference(-_column(on, given), -_column(off, given)),
        contribution=difference(*([row.kpis[CONTRIBUTION] for row in rows] for rows in (on, off))),
        orders=difference(*([row.kpis["orders"] for row in rows] for rows in (on, off))),
        lines={line: difference(_column(on, [line]), _column(off, [line])) for line in LINES},
        value=ratio(contribution, cost),
        comparison=comparison,
        delivered=difference(*delivered),
        per_order=ratio(cost, delivered[0] - delivered[1]),
        elasticity=elasticity(on, off) if block in OF_RIDERS else UNKNOWN,
        promotion=promotion_of(on, off) if block == "market.deals" else None,
    )


UNKNOWN = Estimate(nan, nan, nan, 0)


def elasticity(on: Sequence[Row], off: Sequence[Row]) -> Estimate:
    """Percent more hours of all riders for each percent more pay for an order, with Fieller's interval."""
    hours, pay = (_growth(on, off, kpi) for kpi in ("fleet_hours_per_week", "rider_cost_per_order"))
    return ratio(hours, pay)


def _growth(on: Sequence[Row], off: Sequence[Row], kpi: str) -> Floats:
    """Logarithm of a KPI with the rule over that without it; NaN where one of them has no value above 0."""
    pairs = [(more.kpis[kpi], less.kpis[kpi]) for more, less in zip(on, off, strict=True)]
    return np.array([log(a / b) if a > 0 and b > 0 else nan for a, b in pairs])


def _delivered(row: Row) -> float:
    orders = row.kpis["orders"]
    return round(orders * row.kpis["delivered_share"]) if orders else 0.0


def _more(on: Sequence[Row], off: Sequence[Row], lines: Iterable[str]) -> Floats:
    return _column(on, lines) - _column(off, lines)


def roi_document(result: Roi) -> dict[str, Any]:
    """As ``roi.json``: equal tests give equal bytes."""
    parts = {"margin": result.margin, "cost": result.cost, "contribution": result.contribution, "orders": result.orders}
    return {
        "rule": result.rule,
        "share": result.share,
        "replications": result.comparison.replications,
        "roi": result.value.numbers,
        **{name: part.estimate.numbers for name, part in parts.items()},
        "delivered": result.delivered.estimate.numbers,
        "cost_per_extra_order_yuan": result.per_order.numbers,
        "market_elasticity": result.elasticity.numbers,
        "promotion": promotion_document(result.promotion) if result.promotion else None,
        "lines_yuan": {line: part.estimate.numbers for line, part in result.lines.items()},
    }


def _column(rows: Sequence[Row], lines: Iterable[str]) -> Floats:
    return np.array([total(row, lines) for row in rows])
