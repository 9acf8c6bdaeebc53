"""What a gate will run: its checks and its scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.engine.placed import dispatch_of
from sim.experiment.gate.verdict import Check, Design, Role
from sim.experiment.replicate import Job
from sim.kpi.kpis import KPIS
from sim.scenario.gate import Gate, pair_of, read_gate, unknown, with_candidate
from sim.scenario.schema import Scenario
from sim.spelling import did_you_mean


@dataclass(frozen=True)
class Plan:
    """A gate that is ready to run.

    Parameters
    ----------
    gate, path
        What was read, and from where.
    checks
        Each KPI in each scenario, success before guardrails.
    scenarios
        Baseline and candidate of each scenario, as ``NAME/baseline`` and ``NAME/candidate``.
    """

    gate: Gate
    path: Path
    checks: list[Check]
    scenarios: dict[str, Scenario]

    @property
    def design(self) -> Design:
        """Looks and error."""
        return Design(self.gate.replications.counts, self.gate.alpha)

    def jobs(self, count: int, side: str = "") -> list[Job]:
        """The first replications of all variants, or of those on one side."""
        chosen = [(name, scenario) for name, scenario in self.scenarios.items() if name.endswith(side)]
        return [Job(name, scenario, replication) for replication in range(count) for name, scenario in chosen]


def plan_gate(name: str | Path, candidate: str | None = None) -> Plan:
    """Read a gate and make sure that it can run.

    Parameters
    ----------
    name
        A gate's file, or the name of a shipped one.
    candidate
        Dispatch policy to try in place of the gate's candidate.

    Raises
    ------
    ScenarioError, PolicyNotFound
        When it cannot.
    """
    gate, path = read_gate(name)
    gate = with_candidate(gate, candidate) if candidate else gate
    checks = _checks(gate, path)
    scenarios: dict[str, Scenario] = {}
    for pin in gate.scenarios:
        baseline, other = pair_of(gate, pin, path.parent)
        scenarios |= {f"{pin.label}/baseline": baseline, f"{pin.label}/candidate": other}
    for scenario in scenarios.values():
        dispatch_of(scenario)  # refused before anything runs
    return Plan(gate, path, checks, scenarios)


def _checks(gate: Gate, path: Path) -> list[Check]:
    roles: list[tuple[Role, str, dict[str, float]]] = [
        ("success", "success", gate.success),
        ("guardrail", "guardrails", gate.guardrails),
    ]
    found = []
    for role, key, amounts in roles:
        for kpi, amount in amounts.items():
            if problem := _problem(kpi):
                raise unknown(path, (key, kpi), problem)
            found += [Check(pin.label, kpi, role, amount) for pin in gate.scenarios]
    return found


def _problem(kpi: str) -> str:
    if kpi not in KPIS:
        return f"unknown KPI{did_you_mean(kpi, KPIS)}"
    if KPIS[kpi].better == "none":
        return "neither direction of this KPI is better, so that nothing can be tested; choose another"
    return ""
