"""Verdicts, from intervals alone.

A *reading* is a measured number with its 95% interval, in the unit of the quoted number, under one set of
assumptions. An **effect** (variant less baseline on the same cities; the sign of the quoted number is the
claimed direction) is

- *supported* when the whole interval lies at or beyond the quoted number: even its bound nearest to no
  effect reaches it;
- *smaller* when the whole interval lies on the claimed side of zero, but that bound falls short of the
  quoted number: there is an effect, and the quoted size is not shown;
- *not supported* otherwise: no significant effect, or one in the other direction, or no value.

A **level** is

- ``at_least``, ``at_most``: *supported* when the whole interval lies on the claimed side of the quoted number,
  otherwise *not supported*;
- ``about``: *supported* when the whole interval lies within a tenth of the quoted number, *smaller* when it
  lies between zero and that band, otherwise *not supported*.

A **claim** is read under the scenario's own assumptions and again for each value of each of its assumptions,
one changed at a time. The assumption that *carries* it is the one that moves the verdict most by what was
measured: one over whose range the claim is supported at some values and not at others; then the one that leads
to the most different verdicts; then the one that moves the measured number farthest. In the first case the
claim *depends on* that assumption. Otherwise it has the verdict of the scenario as it stands: a claim that no
value supports does not "depend", whether it is smaller or absent at one end; the table tells how it moves.

The burden of proof is the claim's: few replications make a claim harder to support, never easier.
Intervals are not adjusted for the number of claims or readings.
"""

from __future__ import annotations

from math import copysign, isfinite
from typing import Literal

from sim.experiment.stats import Estimate
from sim.scenario.claim import Claim

Verdict = Literal["supported", "smaller", "not supported"]
VERDICTS: tuple[Verdict, ...] = ("supported", "smaller", "not supported")

ABOUT = 0.1
"""``about`` means within this share of the quoted number; a convention, stated on the page."""


def judge(claim: Claim, reading: Estimate) -> Verdict:
    """The verdict of one reading."""
    if not (isfinite(reading.low) and isfinite(reading.high)):
        return "not supported"
    return _level(claim, reading) if claim.level else _effect(claim.quoted, reading)


def _effect(quoted: float, reading: Estimate) -> Verdict:
    sign = copysign(1, quoted)
    near = min(sign * reading.low, sign * reading.high)
    if near >= abs(quoted):
        return "supported"
    return "smaller" if near > 0 else "not supported"


def _level(claim: Claim, reading: Estimate) -> Verdict:
    if claim.level == "about":
        return _about(claim.quoted, reading)
    reached = reading.low >= claim.quoted if claim.level == "at_least" else reading.high <= claim.quoted
    return "supported" if reached else "not supported"


def _about(quoted: float, reading: Estimate) -> Verdict:
    bottom, top = band(quoted)
    if bottom <= reading.low and reading.high <= top:
        return "supported"
    return "smaller" if reading.low > 0 and reading.high < bottom else "not supported"


def band(quoted: float) -> tuple[float, float]:
    """From where to where a level is ``about`` the quoted number."""
    return quoted - ABOUT * abs(quoted), quoted + ABOUT * abs(quoted)
