"""From the KPI of each replication to a reading in the unit of the claim."""

from __future__ import annotations

from math import isfinite, nan

import numpy as np

from sim.entities import Floats
from sim.experiment.claims.gauge import Gauge, measure_of
from sim.experiment.stats import Estimate, estimate, ratio
from sim.scenario.claim import Claim

ELASTICITY = "% per %"
"""Unit of an effect in percent of one KPI for each percent that another one changes."""


def check_unit(claim: Claim) -> None:
    """Refuse a claim whose KPI is unknown or cannot be told in its unit.

    Raises
    ------
    ValueError
        In one line that names the claim.
    """
    try:
        measures = [measure_of(kpi) for kpi in claim.kpis]
    except ValueError as error:
        raise ValueError(f"claim {claim.id}: {error}") from None
    if claim.per and any(isinstance(measure, Gauge) for measure in measures):
        raise ValueError(f"claim {claim.id}: per: expected two KPIs of runs; a gauge stands alone")
    unit = measures[0].unit
    fits = ["points" if unit == "1" else unit, *(["%"] if unit == "1" or not claim.level else [])]
    fits = [ELASTICITY] if claim.per else fits
    if claim.unit not in fits:
        raise ValueError(f"claim {claim.id}: unit {claim.unit!r} does not fit {claim.kpi}: expected {_either(fits)}")


def reading(claim: Claim, arms: dict[str, Floats], per: dict[str, Floats] | None = None) -> Estimate:
    """What the replications of a claim say.

    Parameters
    ----------
    arms
        The claim's KPI for each of its arms, one value per replication; paired by position.
    per
        The same of the KPI `claim.per`, where it has one.
    """
    if claim.level:
        return estimate(arms["level"] * _scale(claim))
    variant, baseline = arms["variant"], arms["baseline"]
    if per is not None:
        return elasticity((variant, baseline), (per["variant"], per["baseline"]))
    if claim.unit == "%":
        return percent(variant, baseline)
    return estimate((variant - baseline) * _scale(claim))


def percent(variant: Floats, baseline: Floats) -> Estimate:
    """Mean difference in percent of the baseline's mean, both over the replications where both have a value.

    The interval is that of a ratio of means (linearised), so it carries the baseline's own uncertainty;
    NaN where the baseline's mean is 0.
    """
    both = np.isfinite(variant) & np.isfinite(baseline)
    return estimate(_changes(variant[both], baseline[both]))


def elasticity(of: tuple[Floats, Floats], per: tuple[Floats, Floats]) -> Estimate:
    """Percent by which one KPI changes for each percent of another, over the replications where both have a value.

    Parameters
    ----------
    of, per
        Variant and baseline of each KPI.

    Returns
    -------
    Estimate
        With Fieller's interval; without one where the other KPI does not rise with confidence.
    """
    both = np.isfinite([*of, *per]).all(axis=0)
    if not both.any():
        return estimate([])
    over, under = (_changes(variant[both], baseline[both]) for variant, baseline in (of, per))
    found = ratio(over, under)
    mean = float(over.mean() / under.mean()) if under.any() else nan
    return found if isfinite(found.low) else Estimate(mean, nan, nan, int(both.sum()))


def _changes(variant: Floats, baseline: Floats) -> Floats:
    """Values whose mean is the change in percent and which scatter as it does; NaN where the baseline's mean is 0."""
    mean = float(baseline.mean()) if len(baseline) else 0.0
    if not mean:
        return np.full(len(baseline), np.nan)
    difference = variant - baseline
    change = difference.mean() / mean
    return np.asarray(100 * np.sign(mean) * (change + (difference - change * baseline) / mean))


def _scale(claim: Claim) -> float:
    return 100.0 if measure_of(claim.kpi).unit == "1" else 1.0


def _either(words: list[str]) -> str:
    return " or ".join(map(repr, words))
