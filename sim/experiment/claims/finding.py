"""What putting a claim to the test found: its readings, its verdict, and what carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite, nan
from typing import Any

from sim.experiment.claims.verdict import VERDICTS, Verdict, judge
from sim.experiment.stats import Estimate
from sim.scenario.claim import Assumption, Claim


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim measured under one set of assumptions.

    Parameters
    ----------
    value
        Value of the assumption that was changed; of the study itself, the scenario's own (None: the default
        of whoever reads it).
    estimate
        The measured number in the claim's unit, with its interval.
    delivered
        Share of the orders delivered under each arm, so that no mean hides who was left out.
    """

    value: Any
    estimate: Estimate
    delivered: dict[str, float]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Range:
    """The readings over an assumption's range; `own` is the study's own among them, changed in nothing."""

    assumption: Assumption
    own: Reading
    others: tuple[Reading, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All readings, by value where values have an order; the study's own stands once."""
        others = tuple(reading for reading in self.others if reading.value != self.own.value)
        every = (*others, self.own)
        numbers = all(isinstance(r.value, int | float) and not isinstance(r.value, bool) for r in every)
        return tuple(sorted(every, key=lambda r: r.value)) if numbers else (self.own, *others)

    @property
    def verdicts(self) -> list[Verdict]:
        """The different verdicts, the best first."""
        found = {reading.verdict for reading in self.readings}
        return [verdict for verdict in VERDICTS if verdict in found]

    @property
    def span(self) -> tuple[float, float]:
        """Least and greatest measured number; NaN where there is none."""
        means = [r.estimate.mean for r in self.readings if isfinite(r.estimate.mean)]
        return (min(means), max(means)) if means else (nan, nan)

    @property
    def decides(self) -> bool:
        """Whether the claim is supported at some values and not at others."""
        return "supported" in self.verdicts and len(self.verdicts) > 1

    @property
    def weight(self) -> tuple[bool, int, float]:
        """How much it moves: whether it decides, the number of verdicts, how far the measured number goes."""
        low, high = self.span
        return self.decides, len(self.verdicts), high - low if isfinite(high) else 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim put to the test: its own reading, and one range for each assumption."""

    claim: Claim
    own: Reading
    ranges: tuple[Range, ...]

    @property
    def carrier(self) -> Range:
        """The assumption that moves the verdict most, by what was measured."""
        return max(self.ranges, key=lambda r: r.weight)

    @property
    def verdict(self) -> str:
        """The verdict of the claim, as the table has it."""
        carrier = self.carrier
        return f"depends on {carrier.assumption.path}" if carrier.decides else self.own.verdict

    @property
    def carried_by(self) -> str:
        """Which assumption, over which range, and how the verdict moves."""
        carrier = self.carrier
        values = [shown(reading.value) for reading in carrier.readings]
        low, high = carrier.span
        moved = f"from {fixed(low, 2)} to {fixed(high, 2)} {self.claim.unit}"
        return f"{carrier.assumption.path} over {', '.join(values)}: {_moves(carrier)} ({moved})"


def shown(value: Any) -> str:
    """A value of an assumption in a sentence."""
    return "its default" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def fixed(value: float, digits: int) -> str:
    """A number with fixed digits, and no sign when they are all 0."""
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _moves(carrier: Range) -> str:
    if len(carrier.verdicts) == 1:
        return f"{carrier.verdicts[0]} throughout"
    at = {v: [shown(r.value) for r in carrier.readings if r.verdict == v] for v in carrier.verdicts}
    return "; ".join(f"{verdict} at {', '.join(values)}" for verdict, values in at.items())


def document(finding: Finding) -> dict[str, Any]:
    """As JSON, rounded to what machines agree on; :func:`read_finding` reads it back."""
    ranges = [{"readings": [_reading(reading) for reading in r.others], "own": r.own.value} for r in finding.ranges]
    return {"claim": finding.claim.model_dump(mode="json"), "own": _reading(finding.own), "ranges": ranges}


def read_finding(found: Mapping[str, Any]) -> Finding:
    """From :func:`document`; verdicts are reached anew."""
    claim = Claim.model_validate(found["claim"])
    own = _read(claim, found["own"])
    pairs = zip(claim.assumptions, found["ranges"], strict=True)
    ranges = tuple(
        Range(a, _read(claim, {**found["own"], "value": r["own"]}), tuple(_read(claim, x) for x in r["readings"]))
        for a, r in pairs
    )
    return Finding(claim, own, ranges)


def _reading(reading: Reading) -> dict[str, Any]:
    numbers = {name: _number(x) for name, x in asdict(reading.estimate).items()}
    delivered = {arm: _number(x) for arm, x in reading.delivered.items()}
    return {"value": reading.value, **numbers, "delivered": delivered}


def _number(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None


def _read(claim: Claim, row: Mapping[str, Any]) -> Reading:
    mean, low, high = (nan if row[name] is None else float(row[name]) for name in ("mean", "low", "high"))
    value = Estimate(mean, low, high, row["replications"])
    delivered = {arm: nan if x is None else float(x) for arm, x in row["delivered"].items()}
    return Reading(row["value"], value, delivered, judge(claim, value))
