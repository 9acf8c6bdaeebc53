"""Where the bar of a reading stands, in per cent of the width: interval, mean, quoted number and zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from sim.experiment.claims.finding import Finding
from sim.experiment.claims.verdict import band
from sim.experiment.stats import Estimate
from sim.scenario.claim import Claim

PAD = 0.07
"""Room left and right of everything shown, as a share of it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What stands at the left and at the right edge."""

    left: float
    right: float

    def at(self, value: float) -> float:
        """Position of a value, in per cent from the left."""
        return round(100 * (value - self.left) / (self.right - self.left), 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """Positions in per cent; None for what is not there.

    Parameters
    ----------
    claimed
        From where to where the claim would be true.
    interval
        Start and width.
    zero
        No effect; a level has none.
    """

    quoted: float
    claimed: tuple[float, float]
    interval: tuple[float, float] | None
    mean: float | None
    zero: float | None


def scale_of(finding: Finding) -> Scale:
    """One scale for all readings of a claim, so that they can be compared."""
    values = [value for value in _shown(finding) if isfinite(value)]
    low, high = min(values), max(values)
    pad = PAD * (high - low) or 1.0
    return Scale(low - pad, high + pad)


def bar(claim: Claim, reading: Estimate, scale: Scale) -> Bar:
    """The bar of one reading."""
    known = isfinite(reading.low) and isfinite(reading.high)
    start, stop = scale.at(reading.low) if known else 0, scale.at(reading.high) if known else 0
    return Bar(
        quoted=scale.at(claim.quoted),
        claimed=_claimed(claim, scale),
        interval=(start, round(stop - start, 2)) if known else None,
        mean=scale.at(reading.mean) if isfinite(reading.mean) else None,
        zero=None if claim.level else scale.at(0),
    )


def _claimed(claim: Claim, scale: Scale) -> tuple[float, float]:
    if claim.level == "about":
        start, stop = (min(max(scale.at(value), 0), 100) for value in band(claim.quoted))
        return start, round(stop - start, 2)
    quoted = scale.at(claim.quoted)
    upwards = claim.level == "at_least" or (not claim.level and claim.quoted > 0)
    return (quoted, round(100 - quoted, 2)) if upwards else (0, quoted)


def _shown(finding: Finding) -> Iterator[float]:
    claim = finding.claim
    yield claim.quoted
    yield from () if claim.level else (0.0,)
    yield from band(claim.quoted) if claim.level == "about" else ()
    for reading in (finding.own, *(r for each in finding.ranges for r in each.others)):
        yield from (reading.estimate.mean, reading.estimate.low, reading.estimate.high)
