"""From the KPI of each replication to a reading in the unit of the claim."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats
from sim.experiment.compare import checked_kpis
from sim.experiment.stats import Estimate, estimate
from sim.kpi.kpis import KPIS
from sim.scenario.claim import Claim


def check_unit(claim: Claim) -> None:
    """Refuse a claim whose KPI is unknown or cannot be told in its unit.

    Raises
    ------
    ValueError
        In one line that names the claim.
    """
    try:
        checked_kpis([claim.kpi])
    except ValueError as error:
        raise ValueError(f"claim {claim.id}: {error}") from None
    unit = KPIS[claim.kpi].unit
    fits = ["points" if unit == "1" else unit, *(["%"] if unit == "1" or not claim.level else [])]
    if claim.unit not in fits:
        raise ValueError(f"claim {claim.id}: unit {claim.unit!r} does not fit {claim.kpi}: expected {_either(fits)}")


def reading(claim: Claim, arms: dict[str, Floats]) -> Estimate:
    """What the replications of a claim say.

    Parameters
    ----------
    arms
        The claim's KPI for each of its arms, one value per replication; paired by position.
    """
    if claim.level:
        return estimate(arms["level"] * _scale(claim))
    variant, baseline = arms["variant"], arms["baseline"]
    if claim.unit == "%":
        return percent(variant, baseline)
    return estimate((variant - baseline) * _scale(claim))


def percent(variant: Floats, baseline: Floats) -> Estimate:
    """Mean difference in percent of the baseline's mean, both over the replications where both have a value.

    The interval is that of a ratio of means (linearised), so it carries the baseline's own uncertainty;
    NaN where the baseline's mean is 0.
    """
    both = np.isfinite(variant) & np.isfinite(baseline)
    difference, base = (variant - baseline)[both], baseline[both]
    mean = float(base.mean()) if len(base) else 0.0
    if not mean:
        return estimate(np.full(len(base), np.nan))
    ratio = difference.mean() / mean
    linear = ratio + (difference - ratio * base) / mean
    return estimate(100 * np.sign(mean) * linear)


def _scale(claim: Claim) -> float:
    return 100.0 if KPIS[claim.kpi].unit == "1" else 1.0


def _either(words: list[str]) -> str:
    return " or ".join(map(repr, words))
