"""What a gate answers."""

from __future__ import annotations

from dataclasses import dataclass

from sim.experiment.gate.blessed import BackTest
from sim.experiment.gate.plan import Plan
from sim.experiment.gate.power import Power
from sim.experiment.gate.verdict import Finding, Verdict, overall

EXIT = {"pass": 0, "regression": 1, "inconclusive": 3, "simulator changed": 3}
"""Exit code of each outcome; 2 is misuse."""


@dataclass(frozen=True)
class GateResult:
    """A gate's verdict.

    Parameters
    ----------
    plan
        What was run.
    findings, power
        Of each check of the plan.
    replications
        Of baseline and candidate in each scenario when the verdict was reached.
    back_test
        The exact back-test; None where the gate names no blessed rows.
    """

    plan: Plan
    findings: list[Finding]
    power: list[Power]
    replications: int
    back_test: BackTest | None

    @property
    def verdict(self) -> Verdict:
        """Of the candidate; the back-test has no part in it."""
        return overall(self.findings)

    @property
    def outcome(self) -> str:
        """A regression before a changed simulator before what the statistics say."""
        changed = self.back_test is not None and not self.back_test.same
        return "simulator changed" if changed and self.verdict != "regression" else self.verdict

    @property
    def exit_code(self) -> int:
        """0 pass, 1 regression, 3 neither."""
        return EXIT[self.outcome]
