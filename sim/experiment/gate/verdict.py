"""What the gate decides, from paired replications alone.

Each check is one KPI in one scenario. Let D be the expected benefit of the candidate: candidate less baseline of
the same replication, with the sign turned where lower is better. A *success* KPI passes when H0: D <= lead is
rejected (superiority; lead is 0 unless the gate asks for more), by Holm's method at family-wise error alpha over
all success checks; a *guardrail* passes when H0: D <= -margin is rejected (non-inferiority) at alpha of its own:
as every guardrail must pass, a candidate that is worse than even one margin passes with probability alpha at
most, so that nothing is corrected; what many guardrails cost is power, which is stated. A check is a *regression*
when H0: D >= 0 (success) or H0: D >= -margin (guardrail) is rejected, by Holm's method at family-wise error alpha
over all checks of both kinds: a candidate that is no worse than the baseline, whether it pairs well or acts with
randomness of its own, is called a regression anywhere, at any look, with probability alpha at most. All tests are
one-sided paired t tests at the group-sequential levels of :mod:`sim.experiment.gate.bounds`, whose looks are fixed
beforehand; each verdict is that of the current look's data. The gate *passes* when all checks pass, is a
*regression* when any check is, and is otherwise *inconclusive*: the data exclude neither. It then adds
replications; at the budget it fails closed. Replications that are equal bit for bit show that the candidate
decides as the baseline does: a guardrail then passes, and so does a success KPI with lead 0 ("unchanged"). A KPI
with a value on one side only is inconclusive at best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.entities import Floats
from sim.experiment.gate.bounds import nominal_levels
from sim.kpi.kpis import KPIS

Verdict = Literal["pass", "regression", "inconclusive"]
Role = Literal["success", "guardrail"]
Columns = Sequence[tuple[Floats, Floats]]
"""For each check baseline and candidate, one value per replication."""


@dataclass(frozen=True, slots=True)
class Check:
    """One KPI in one scenario.

    Parameters
    ----------
    scenario, kpi
        Which.
    role
        What must be shown of it.
    amount
        Lead of a success KPI or margin of a guardrail, in the KPI's unit.
    """

    scenario: str
    kpi: str
    role: Role
    amount: float

    @property
    def sign(self) -> int:
        """1 where higher is better, else -1."""
        return 1 if KPIS[self.kpi].better == "higher" else -1

    @property
    def hurdle(self) -> float:
        """Benefit above which the check passes."""
        return self.amount if self.role == "success" else -self.amount

    @property
    def floor(self) -> float:
        """Benefit below which the check is a regression."""
        return min(self.hurdle, 0.0)


@dataclass(frozen=True, slots=True)
class Design:
    """When the gate looks (replications) and the error it may make."""

    looks: tuple[int, ...]
    alpha: float

    def level(self, look: int, parts: int = 1) -> float:
        """Level of a one-sided test at a look when alpha is shared among so many parts."""
        return nominal_levels(self.alpha / parts, tuple(n / self.looks[-1] for n in self.looks))[look]


@dataclass(frozen=True, slots=True)
class Finding:
    """A check at a look.

    Parameters
    ----------
    baseline, candidate, difference
        Means over the replications used, and candidate less baseline, in the KPI's unit.
    low, high
        What the data do not exclude of the difference, at the levels that decided.
    deviation
        Standard deviation of the paired differences.
    replications
        Pairs with a value on both sides.
    verdict, note
        What follows, and why where the numbers do not tell.
    """

    check: Check
    baseline: float
    candidate: float
    difference: float
    low: float
    high: float
    deviation: float
    replications: int
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Sample:
    """The paired benefits of a check: mean, standard error, pairs, and what is odd about them."""

    base: float
    cand: float
    mean: float
    error: float
    pairs: int
    one_sided: int
    unchanged: bool


def decide(checks: Sequence[Check], design: Design, columns: Callable[[int], Columns]) -> list[Finding]:
    """Look until the verdict is clear or the budget is used.

    Parameters
    ----------
    columns
        Gives the first n replications of each check; called once for each look.
    """
    findings: list[Finding] = []
    for look, count in enumerate(design.looks):
        findings = judge(checks, design, look, columns(count))
        if overall(findings) != "inconclusive":
            break
    return findings


def overall(findings: Sequence[Finding]) -> Verdict:
    """A regression when any check is one; a pass when all pass."""
    verdicts = {finding.verdict for finding in findings}
    return "regression" if "regression" in verdicts else "pass" if verdicts <= {"pass"} else "inconclusive"


def judge(checks: Sequence[Check], design: Design, look: int, columns: Columns) -> list[Finding]:
    """The verdict of one look."""
    samples = [_sample(check, *pair) for check, pair in zip(checks, columns, strict=True)]
    better = _p_values(samples, [check.hurdle for check in checks], 1)
    worse = _p_values(samples, [check.floor for check in checks], -1)
    success = np.array([check.role == "success" for check in checks])
    pass_level = np.full(len(checks), design.level(look))
    passed = better <= pass_level
    passed[success], pass_level[success] = _holm(better[success], design, look)
    failed, fail_level = _holm(worse, design, look)
    each = zip(checks, samples, passed, failed, pass_level, fail_level, strict=True)
    return [_finding(*parts) for parts in each]


def _sample(check: Check, baseline: Floats, candidate: Floats) -> _Sample:
    both, one = np.isfinite(baseline) & np.isfinite(candidate), np.isfinite(baseline) != np.isfinite(candidate)
    a, b = baseline[both], candidate[both]
    if len(a) < 2:
        return _Sample(np.nan, np.nan, np.nan, np.nan, len(a), int(one.sum()), False)
    benefit = check.sign * (b - a)
    error = float(benefit.std(ddof=1)) / np.sqrt(len(a)) if np.ptp(benefit) else 0.0
    means = float(a.mean()), float(b.mean()), float(benefit.mean())
    return _Sample(*means, error, len(a), int(one.sum()), bool((a == b).all()) and not one.any())


def _p_values(samples: Sequence[_Sample], lines: Sequence[float], side: int) -> Floats:
    """P value of each benefit being on the given side of its line; 1 where it has no value."""
    from scipy.special import stdtr

    gap = side * (np.array([s.mean for s in samples]) - np.array(lines))
    error, df = np.array([s.error for s in samples]), np.array([max(s.pairs - 1, 1) for s in samples])
    sure = np.where(gap > 0, 0.0, 1.0)
    p = np.where(error > 0, stdtr(df, -gap / np.where(error > 0, error, 1.0)), sure)
    return np.where(np.isfinite(gap), p, 1.0)


def _holm(p: Floats, design: Design, look: int) -> tuple[np.ndarray, Floats]:
    """What Holm's method rejects at a look, and the level at which each was tested last."""
    rejected, levels = np.zeros(len(p), dtype=bool), np.zeros(len(p))
    order = np.argsort(p, kind="stable")
    for rank, index in enumerate(order):
        level = design.level(look, len(p) - rank)
        if p[index] > level:
            levels[order[rank:]] = level
            break
        rejected[index], levels[index] = True, level
    return rejected, levels


def _finding(check: Check, s: _Sample, passed: bool, failed: bool, pass_level: float, fail_level: float) -> Finding:
    from scipy.special import stdtrit

    verdict: Verdict = "regression" if failed else "pass" if passed and not s.one_sided else "inconclusive"
    note = f"{s.one_sided} replications have a value on one side only" if s.one_sided else ""
    if s.pairs < 2:
        note = note or "no value to compare"
    elif s.unchanged and check.hurdle <= 0:
        verdict, note = "pass", "unchanged"
    df = max(s.pairs - 1, 1)
    ends = (s.mean + stdtrit(df, pass_level) * s.error, s.mean - stdtrit(df, fail_level) * s.error)
    low, high = sorted(check.sign * float(end) + 0.0 for end in ends)  # no -0.0
    return Finding(
        check, s.base, s.cand, check.sign * s.mean + 0.0, low, high, s.error * np.sqrt(s.pairs), s.pairs, verdict, note
    )
