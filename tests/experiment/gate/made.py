"""Gates and verdicts made by hand: no simulation where none is needed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.entities import Floats
from sim.experiment.gate.blessed import BackTest
from sim.experiment.gate.plan import Plan, plan_gate
from sim.experiment.gate.power import powers
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.verdict import Check, Columns, Design, Finding, judge

TINY = """\
name: tiny
scenarios:
  - scenario: campus_lunch
    name: lunch
    seed: 3
settings:
  population.users: 250
  riders.count: 8
  dispatch.every_s: 180
baseline:
  dispatch.policy: nearest
candidate:
  dispatch.policy: nearest
success:
  click_to_door_mean: 0
guardrails:
  on_time_share: 0.05
replications:
  first: 4
  step: 2
  budget: 6
"""
"""Days of about 70 orders; as it stands both sides are the same, so that it passes."""

SLOWER = ("candidate:\n  dispatch.policy: nearest\n", "candidate:\n  service.dropoff_min: 14\n")
"""A candidate that takes ten minutes longer at every door."""

UNREACHABLE = ("click_to_door_mean: 0", "click_to_door_mean: 1000")
"""A lead that no candidate has, and that none must have lost either: it stays open."""


def tiny(folder: Path, *changes: tuple[str, str], more: str = "") -> Path:
    """The tiny gate, with some of its text replaced and some added."""
    text = TINY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "tiny.yaml"
    path.write_text(text + more)
    return path


def noise(rng: np.random.Generator, count: int, mean: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Baseline and a candidate whose differences have that mean and deviation."""
    baseline = rng.normal(30, 2, count)
    return baseline, baseline + rng.normal(mean, sd, count)


def exact(count: int, mean: float, sd: float, start: float = 10.0) -> tuple[Floats, Floats]:
    """Baseline and a candidate whose differences have exactly that mean and sample deviation; an even count."""
    swing = sd * np.sqrt((count - 1) / count) * np.resize([1.0, -1.0], count)
    return np.full(count, start), start + mean + swing


def check(kpi: str = "on_time_share", amount: float = 0.005, scenario: str = "lunch") -> Check:
    """A guardrail."""
    return Check(scenario, kpi, "guardrail", amount)


def success(kpi: str = "on_time_share", amount: float = 0.0, scenario: str = "lunch") -> Check:
    """A success KPI."""
    return Check(scenario, kpi, "success", amount)


def first(rows: list[tuple[Floats, Floats]]) -> Callable[[int], Columns]:
    """Gives the first rows, as a gate that looks at them asks for."""
    return lambda count: [(baseline[:count], candidate[:count]) for baseline, candidate in rows]


def at_budget(checks: list[Check], columns: list[tuple[Floats, Floats]], alpha: float = 0.05) -> list[Finding]:
    """The verdict of a design with one look."""
    return judge(checks, Design((len(columns[0][0]),), alpha), 0, columns)


def result(
    folder: Path, columns: list[tuple[Floats, Floats]], test: BackTest | None = None, plan: Plan | None = None
) -> GateResult:
    """The tiny gate's verdict of made-up rows, one pair of columns for each check."""
    plan = plan or plan_gate(tiny(folder))
    count = len(columns[0][0])
    findings = judge(plan.checks, Design((count,), 0.05), 0, columns)
    return GateResult(plan, findings, powers(findings, Design((count,), 0.05)), count, test)


PASS = exact(6, -0.4, 0.01), exact(6, 0.0, 0.001)
"""Columns of the tiny gate in which waiting falls and punctuality stays: a pass."""
LATE = exact(6, 3.0, 0.1), exact(6, -0.2, 0.01)
"""Columns in which both get worse: two regressions."""
OPEN = exact(6, -1.0, 5.0), exact(6, 0.0, 0.3)
"""Columns so noisy that nothing follows."""
