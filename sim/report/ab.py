"""The A/B tests inside a run, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.experiment.arms import arms_inside
from sim.experiment.run import RunResult
from sim.kpi.arms import METRICS, NO_HALVES
from sim.report.wording import number


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric: means over users with the rule and without it, their difference and its 95% interval."""

    metric: str
    unit: str
    inside: str
    outside: str
    difference: str
    interval: str


@dataclass(frozen=True, slots=True)
class ArmTest:
    """One rule that is tried on a part of the users; ``sound``: the arm has its share of them."""

    rule: str
    users: str
    others: str
    ratio_p: str
    sound: bool
    rows: list[MetricRow]


def arm_tests(result: RunResult) -> list[ArmTest]:
    """The tests in the order of the rules; none where every rule is for everybody."""
    found = arms_inside(result.scenario, result.city, result.tables)
    return [_test(str(rule), mine.to_dict("records")) for rule, mine in found.groupby("rule", sort=False)]


def _test(rule: str, rows: list[dict[Any, Any]]) -> ArmTest:
    first = rows[0]
    sound = not first["ratio_p"] < NO_HALVES
    people = number(first["users"]), number(first["others"])
    return ArmTest(rule, *people, number(first["ratio_p"], 3), sound, [_metric(row) for row in rows])


def _metric(row: dict[Any, Any]) -> MetricRow:
    name = str(row["metric"])
    digits = 3 if METRICS[name] == "share" else 2
    inside, outside, difference, low, high = (
        number(row[column], digits) for column in ("inside", "outside", "difference", "low", "high")
    )
    return MetricRow(name, METRICS[name], inside, outside, difference, f"{low} to {high}")
