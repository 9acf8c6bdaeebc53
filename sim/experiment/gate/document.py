"""A gate's verdict as text: rows for a table, sentences for a failure, and ``gate.json``."""

from __future__ import annotations

import math
from typing import Any

from sim.experiment.gate.blessed import BackTest
from sim.experiment.gate.power import Power
from sim.experiment.gate.result import GateResult
from sim.experiment.gate.verdict import Finding
from sim.kpi.kpis import KPIS

COLUMNS = ("verdict", "scenario", "KPI", "must be", "baseline", "candidate", "difference", "not excluded", "finds")
"""Headings of :func:`rows`; "finds" is the smallest true loss that is found with 90% probability at the budget."""

SHOWN = 5


def rows(result: GateResult) -> list[tuple[str, ...]]:
    """One line for each check, as text."""
    return [_row(finding, power) for finding, power in zip(result.findings, result.power, strict=True)]


def headline(result: GateResult) -> str:
    """The verdict in one line."""
    words = [f"{result.plan.gate.name}: {result.outcome}", f"{result.replications} paired replications"]
    if result.outcome == "inconclusive":
        words.append("the budget is used and the data exclude neither; the gate fails closed")
    return ", ".join(words)


def requirement(finding: Finding) -> str:
    """What the check asks for, such as ``lower by 0.5 min`` or ``at most 0.005 lower``."""
    check = finding.check
    unit, up = KPIS[check.kpi].unit, check.sign > 0
    amount = f"{check.amount:g}" + ("" if unit == "1" else f" {unit}")
    if check.role == "guardrail":
        return f"at most {amount} {'lower' if up else 'higher'}"
    return ("higher" if up else "lower") + (f" by more than {amount}" if check.amount else "")


def sentence(finding: Finding, power: Power) -> str:
    """A check in one sentence with its numbers."""
    check, unit = finding.check, KPIS[finding.check.kpi].unit
    told = f"{check.kpi} must be {requirement(finding)}: {number(finding.baseline)} became {number(finding.candidate)}"
    apart = f"difference {number(finding.difference)}, not excluded {_interval(finding)}"
    unit = "" if unit == "1" else f" {unit}"
    found = f"a loss of {number(power.detectable)}{unit} is found with 90% probability at the budget"
    note = f"; {finding.note}" if finding.note else ""
    return f"{finding.verdict}: {told}{unit}, {apart} after {finding.replications} pairs; {found}{note}"


def changed(back_test: BackTest, gate: object) -> str:
    """What the exact back-test found, and what to do."""
    more = len(back_test.changes) - SHOWN
    lines = [
        "The simulator, the baseline or a library computes something else than the blessed rows say.",
        *map(str, back_test.changes[:SHOWN]),
        *([f"... and {more} more"] if more > 0 else []),
        *back_test.notes,
        f'If that is meant: paotui gate {gate} --bless "why"',
    ]
    return "\n".join(lines)


def text(result: GateResult) -> str:
    """The whole verdict as plain text, for logs of any width."""
    cells, test = [COLUMNS, *rows(result)], result.back_test
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    if test and not test.same:
        lines += ["", changed(test, result.plan.path)]
    elif test:
        lines += ["", "blessed rows of the baseline: equal bit for bit", *test.notes]
    return "\n".join([*lines, "", headline(result)])


def document(result: GateResult) -> dict[str, Any]:
    """As ``gate.json``: no times and no paths, so equal gates give equal bytes."""
    gate, test = result.plan.gate, result.back_test
    checks = [_check(finding, power) for finding, power in zip(result.findings, result.power, strict=True)]
    return {
        "gate": gate.name,
        "outcome": result.outcome,
        "exit_code": result.exit_code,
        "verdict": result.verdict,
        "alpha": gate.alpha,
        "looks": list(gate.replications.counts),
        "replications": result.replications,
        "candidate": {pin.label: _policy(result, pin.label, "candidate") for pin in gate.scenarios},
        "baseline": {pin.label: _policy(result, pin.label, "baseline") for pin in gate.scenarios},
        "checks": checks,
        "back_test": test and {"same": test.same, "changes": [*map(str, test.changes)], "notes": test.notes},
    }


def number(value: float) -> str:
    """Four significant digits; a dash for no value."""
    return f"{value:.4g}" if math.isfinite(value) else "–"


def _row(finding: Finding, power: Power) -> tuple[str, ...]:
    check, verdict = finding.check, f"{finding.verdict} ({finding.note})" if finding.note else finding.verdict
    numbers = map(number, (finding.baseline, finding.candidate, finding.difference))
    names = (verdict, check.scenario, check.kpi, requirement(finding))
    return (*names, *numbers, _interval(finding), number(power.detectable))


def _interval(finding: Finding) -> str:
    return f"{number(finding.low)} to {number(finding.high)}"


def _policy(result: GateResult, label: str, side: str) -> str:
    return result.plan.scenarios[f"{label}/{side}"].dispatch.policy


def _check(finding: Finding, power: Power) -> dict[str, Any]:
    check = finding.check
    numbers = {
        "amount": check.amount,
        "baseline_mean": finding.baseline,
        "candidate_mean": finding.candidate,
        "difference": finding.difference,
        "low": finding.low,
        "high": finding.high,
        "deviation": finding.deviation,
        "detectable": power.detectable,
        "power_to_pass": power.passing,
    }
    known = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    names = {"scenario": check.scenario, "kpi": check.kpi, "unit": KPIS[check.kpi].unit, "role": check.role}
    rest = {"replications": finding.replications, "verdict": finding.verdict, "note": finding.note}
    return names | known | rest
