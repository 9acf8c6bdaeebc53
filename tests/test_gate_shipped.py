"""The gate that this project ships and runs in its own CI."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.gate.blessed import blessed_file
from sim.experiment.gate.plan import Plan, plan_gate
from sim.experiment.gate.power import powers
from sim.experiment.gate.verdict import judge
from sim.kpi.kpis import KPIS
from tests.experiment.gate.made import exact

DEVIATION = 0.0048
"""Of the paired difference in on-time share on the campus, for a candidate that serves a little slower."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_gate("dispatch")


def test_it_tries_matching_against_nearest(plan: Plan) -> None:
    policies = {name: scenario.dispatch.policy for name, scenario in plan.scenarios.items()}
    assert {name.partition("/")[2]: policy for name, policy in policies.items()} == {
        "baseline": "nearest",
        "candidate": "matching",
    }
    assert len(plan.gate.scenarios) == 2


def test_its_blessed_rows_are_of_these_scenarios(plan: Plan) -> None:
    document = json.loads(blessed_file(plan).read_text(encoding="utf-8"))
    pins = [pin.label for pin in plan.gate.scenarios]
    places = [(row["scenario"], row["replication"]) for row in document["rows"]]
    assert sorted(places) == sorted((name, r) for name in pins for r in range(plan.gate.blessed_replications))
    assert all(document["reasons"])
    assert {name for row in document["rows"] for name in row["kpis"]} <= set(KPIS)


def test_it_finds_a_point_of_on_time_share_on_the_campus(plan: Plan) -> None:
    columns = [exact(24, 0.0, DEVIATION if check.kpi == "on_time_share" else 1e-3) for check in plan.checks]
    findings = judge(plan.checks, plan.design, len(plan.design.looks) - 1, columns)
    found = {(f.check.scenario, f.check.kpi): p for f, p in zip(findings, powers(findings, plan.design), strict=True)}
    assert found["campus_lunch", "on_time_share"].detectable < 0.01
    assert all(math.isnan(p.passing) or p.passing > 0.9 for p in found.values())


def test_margins_are_small_beside_what_they_guard(plan: Plan) -> None:
    document = json.loads(blessed_file(plan).read_text(encoding="utf-8"))
    for check in plan.checks:
        level = np.mean([row["kpis"][check.kpi] for row in document["rows"] if row["scenario"] == check.scenario])
        assert check.amount < 0.05 * level


def test_the_file_says_why(plan: Plan) -> None:
    lines = Path(plan.path).read_text(encoding="utf-8").splitlines()
    margins = [line for line in lines if line.strip().partition(":")[0] in plan.gate.guardrails]
    assert len(margins) == len(plan.gate.guardrails)
    assert all("#" in line for line in margins)
