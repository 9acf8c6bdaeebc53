"""How effects, intervals and p values are written: as many digits as the interval deserves."""

from __future__ import annotations

from math import floor, inf, isfinite, log10, nan

from sim.experiment.compare import Comparison, Effect
from sim.experiment.stats import Estimate
from sim.kpi.kpis import KPIS
from sim.report.wording import MINUS, MISSING, RATIOS, number

SMALLEST_P = 0.001


def scale(kpi: str) -> float:
    """100 for shares, which are shown in per cent, 1 for others."""
    return 100.0 if KPIS[kpi].unit == "1" and kpi not in RATIOS else 1.0


def unit(kpi: str) -> str:
    """Unit of a level."""
    return KPIS[kpi].unit if KPIS[kpi].unit != "1" else "" if kpi in RATIOS else "%"


def points(kpi: str) -> str:
    """Unit of a difference: percentage points for shares, lest they be taken for percent of the baseline."""
    return "points" if unit(kpi) == "%" else unit(kpi)


def level(kpi: str, estimate: Estimate) -> tuple[str, str]:
    """A level and, where there is one, half the width of its interval."""
    by, places = scale(kpi), digits(estimate, scale(kpi))
    half = f"± {number(by * estimate.half_width, places)}" if isfinite(estimate.half_width) else ""
    return number(by * estimate.mean, places), half


def amount(effect: Effect) -> str:
    """A difference with its sign."""
    estimate, by = effect.difference.estimate, scale(effect.kpi)
    return signed(by * estimate.mean, digits(estimate, by))


def interval(effect: Effect) -> str:
    """``−2.21 to −0.74``, an en dash without one."""
    estimate, by = effect.difference.estimate, scale(effect.kpi)
    places = digits(estimate, by)
    if not isfinite(estimate.half_width):
        return MISSING
    return f"{signed(by * estimate.low, places)} to {signed(by * estimate.high, places)}"


def in_percent(result: Comparison, effect: Effect) -> Estimate:
    """The difference and its interval in percent of the baseline; NaN where the baseline is 0."""
    d = effect.difference
    base = abs(result.level(result.study.reference, effect.kpi).mean)
    by = d.percent / d.estimate.mean if d.estimate.mean else 100 / base if base else nan
    return scaled(d.estimate, by)


def scaled(estimate: Estimate, by: float) -> Estimate:
    """An estimate in another unit."""
    return Estimate(by * estimate.mean, by * estimate.low, by * estimate.high, estimate.replications)


def percent(value: float) -> str:
    """A change in percent of the baseline."""
    return f"{signed(value, 0 if abs(value) >= 100 else 1)}%" if isfinite(value) else MISSING


def p_value(p: float) -> str:
    """Two or three digits; a bound where it is smaller."""
    if not isfinite(p):
        return MISSING
    return "<\u00a00.001" if p < SMALLEST_P else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def times(reduction: float) -> str:
    """How many times less variable."""
    if reduction == inf:
        return "all of it"
    return MISSING if not isfinite(reduction) else number(reduction, 0 if reduction >= 9.95 else 1)


def signed(value: float, digits: int) -> str:
    """With ``+`` or ``−``; zero has neither."""
    text = number(value, digits)
    is_zero = not any(letter in "123456789" for letter in text)
    return text.removeprefix(MINUS) if is_zero else f"+{text}" if value > 0 else text


def digits(estimate: Estimate, by: float) -> int:
    """Two digits of the half-width, but no more than three of the number; two decimals without an interval."""
    half, size = by * estimate.half_width, by * max(map(abs, (estimate.low, estimate.mean, estimate.high)))
    if isfinite(half) and half:
        return min(max(min(1 - floor(log10(half)), 2 - floor(log10(size))), 0), 4)
    mean = by * estimate.mean
    return 0 if not isfinite(mean) or mean == round(mean) else 2
