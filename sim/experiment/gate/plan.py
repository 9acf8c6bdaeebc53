"""What a gate will run: its checks, its scenarios, and the fingerprint of the code under them."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path

from sim.city.model import City
from sim.experiment.gate.verdict import Check, Design, Role
from sim.experiment.replicate import Job, Row
from sim.experiment.versions import versions
from sim.kpi.kpis import KPIS
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario.errors import did_you_mean
from sim.scenario.gate import Gate, pair_of, read_gate, unknown, with_candidate
from sim.scenario.load import scenario_hash
from sim.scenario.schema import Scenario

SOURCES = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Trial:
    """A replication of a gate: kept rows count only while the code that made them is the same."""

    variant: str
    scenario: Scenario
    replication: int
    code: str

    def key(self) -> str:
        """Hashes of scenario and code."""
        return f"{scenario_hash(self.scenario)}-{self.code}"

    def run(self, city: City) -> Row:
        """Run it in memory."""
        return replace(Job(self.variant, self.scenario, self.replication).run(city), key=self.key())


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
    codes
        Fingerprint of the code under each of them.
    """

    gate: Gate
    path: Path
    checks: list[Check]
    scenarios: dict[str, Scenario]
    codes: dict[str, str]

    @property
    def design(self) -> Design:
        """Looks and error."""
        return Design(self.gate.replications.counts, self.gate.alpha)

    def trials(self, count: int, side: str = "") -> list[Trial]:
        """The first replications of all variants, or of those on one side."""
        chosen = [(name, s) for name, s in self.scenarios.items() if name.endswith(side)]
        return [Trial(name, scenario, r, self.codes[name]) for r in range(count) for name, scenario in chosen]


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
    return Plan(gate, path, checks, scenarios, _codes(scenarios))


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


def _codes(scenarios: dict[str, Scenario]) -> dict[str, str]:
    source = _digest([*sorted(SOURCES.rglob("*.py"))], str(versions()))
    codes = {}
    for name, scenario in scenarios.items():
        policy = scenario.dispatch.policy
        load_policy(DISPATCH, policy, scenario.dispatch.params)  # refused before anything runs
        codes[name] = _digest(_policy_file(policy), source)
    return codes


def _policy_file(policy: str) -> list[Path]:
    place, colon, _ = policy.rpartition(":")
    if not colon or place.endswith(".py"):
        return [Path(place)] if colon else []
    found = importlib.util.find_spec(place)
    return [Path(found.origin)] if found and found.has_location and found.origin else []


def _digest(files: list[Path], start: str) -> str:
    digest = hashlib.sha256(start.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
