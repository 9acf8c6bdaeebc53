"""Statistics of paired comparisons: Student's t on the differences of equal replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.entities import Floats

ROUNDING = 1e-12
"""Differences that vary less than this share of the values do not vary."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95% interval, in the KPI's unit, and the replications it comes from."""

    mean: float
    low: float
    high: float
    replications: int

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    @property
    def numbers(self) -> list[float]:
        """Mean and ends of the interval, as a document has them."""
        return [self.mean, self.low, self.high]


@dataclass(frozen=True, slots=True)
class Difference:
    """A variant less the baseline, replication by replication.

    Parameters
    ----------
    estimate
        Mean difference with its interval.
    p
        Two-sided p value of no difference, not adjusted.
    percent
        The mean difference in percent of the baseline's mean; NaN where that is 0.
    variance_reduction
        How many times larger the variance of the difference would be without pairing:
        ``(var(a) + var(b)) / var(a - b)``; infinite when all differences are equal.
    """

    estimate: Estimate
    p: float
    percent: float
    variance_reduction: float


def estimate(values: Sequence[float] | Floats, confidence: float = 0.95) -> Estimate:
    """Mean with Student's t interval over the replications that have a value.

    Parameters
    ----------
    values
        One value per replication; NaN where it had none.
    confidence
        Of the two-sided interval.
    """
    from scipy.stats import t

    x = np.asarray(values, dtype=np.float64)
    x = x[np.isfinite(x)]
    if len(x) < 2:
        mean = float(x[0]) if len(x) else float("nan")
        return Estimate(mean, float("nan"), float("nan"), len(x))
    half = float(t.ppf(0.5 + confidence / 2, len(x) - 1)) * float(x.std(ddof=1)) / np.sqrt(len(x))
    return Estimate(float(x.mean()), float(x.mean() - half), float(x.mean() + half), len(x))


def difference(variant: Sequence[float] | Floats, baseline: Sequence[float] | Floats) -> Difference:
    """Compare two columns of equal replications; those where either has no value are left out."""
    a, b = np.asarray(variant, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    paired = _paired(a, b)
    result = estimate(paired)
    base = float(b.mean()) if len(b) else 0.0
    percent = 100 * result.mean / abs(base) if base else float("nan")
    return Difference(result, _p_value(paired), percent, _variance_reduction(a, b, paired))


def ratio(over: Floats, under: Floats) -> Estimate:
    """Ratio of two paired means with a 95% interval (Fieller 1954).

    Parameters
    ----------
    over, under
        A value per replication; those where either is NaN are left out.

    Returns
    -------
    Estimate
        NaN throughout where the mean of `under` is not above 0 with confidence: the interval would have no ends.
    """
    from scipy.stats import t

    known = np.isfinite(over) & np.isfinite(under)
    over, under = over[known], under[known]
    if (n := len(under)) < 2:
        value = float(over[0] / under[0]) if n and under[0] > 0 else float("nan")
        return Estimate(value, float("nan"), float("nan"), n)
    a, b = float(over.mean()), float(under.mean())
    (vaa, vab), (_, vbb) = np.cov(over, under) / n * float(t.ppf(0.975, n - 1)) ** 2
    if b <= 0 or b * b <= vbb:
        return Estimate(float("nan"), float("nan"), float("nan"), n)
    middle, width = a * b - vab, b * b - vbb
    root = float(np.sqrt(max(middle**2 - width * (a * a - vaa), 0.0)))
    return Estimate(a / b, (middle - root) / width, (middle + root) / width, n)


def holm(p_values: Sequence[float]) -> list[float]:
    """P values adjusted for their number by Holm's method; NaN stays NaN and does not count."""
    p = np.array(p_values, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    p[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return p.tolist()


def _paired(a: Floats, b: Floats) -> Floats:
    """Differences; those that are equal but for rounding, such as a higher fee's, are made equal."""
    paired = a - b
    if len(paired) and np.ptp(paired) <= ROUNDING * max(np.abs(a).max(), np.abs(b).max()):
        return np.full(len(paired), np.median(paired))
    return paired


def _p_value(differences: Floats) -> float:
    from scipy.stats import ttest_1samp

    if len(differences) < 2:
        return float("nan")
    if np.ptp(differences) == 0:
        return 1.0 if differences[0] == 0 else 0.0
    return float(ttest_1samp(differences, 0).pvalue)


def _variance_reduction(a: Floats, b: Floats, paired: Floats) -> float:
    if len(a) < 2:
        return float("nan")
    apart, together = float(a.var(ddof=1) + b.var(ddof=1)), float(paired.var(ddof=1))
    if together == 0:
        return float("nan") if apart == 0 else float("inf")
    return apart / together
