"""What the gate would find: power at the variance that the replications showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from sim.experiment.gate.verdict import Design, Finding

WANTED = 0.9
MOST, GRID = 1e6, 2000


@dataclass(frozen=True, slots=True)
class Power:
    """Power of a check at the budget.

    Parameters
    ----------
    detectable
        Smallest true loss (KPI's unit) that is called a regression with 90% probability.
    passing
        Chance that a guardrail passes when the candidate is as good as the baseline; NaN for a success KPI.
    """

    detectable: float
    passing: float


def powers(findings: Sequence[Finding], design: Design) -> list[Power]:
    """Power of each check: its t test at the last look, at the first of Holm's levels."""
    return [_power(finding, design, len(findings)) for finding in findings]


def _power(finding: Finding, design: Design, checks: int) -> Power:
    last, check, sd = len(design.looks) - 1, finding.check, finding.deviation
    if not sd >= 0:
        return Power(float("nan"), float("nan"))
    effect = _detectable(design.looks[-1], design.level(last, checks))
    passing = _chance(check.amount / sd, design.looks[-1], design.level(last)) if sd else 1.0
    return Power(-check.floor + effect * sd, passing if check.role == "guardrail" else float("nan"))


def _detectable(count: int, level: float) -> float:
    """Effect in standard deviations of the paired difference that a one-sided t test finds in 90%."""
    from scipy.optimize import brentq

    return float(brentq(lambda effect: _chance(effect, count, level) - WANTED, 0, MOST))


def _chance(effect: float, count: int, level: float) -> float:
    """Power of a one-sided t test.

    The mean over the sampling distribution of the standard deviation, as scipy's noncentral t (which statsmodels'
    power functions use) has no value for large effects.
    """
    from scipy.special import chdtri, ndtr, stdtrit

    shares = (np.arange(GRID) + 0.5) / GRID
    deviation = np.sqrt(chdtri(count - 1, shares) / (count - 1))
    return float(ndtr(effect * sqrt(count) + stdtrit(count - 1, level) * deviation).mean())
