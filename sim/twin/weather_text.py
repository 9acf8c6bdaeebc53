"""A fitted weather chain as a piece of YAML that a scenario extends, or that is pasted into one."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, sqrt
from textwrap import wrap

from sim.scenario.weather import STATES, ChainPart
from sim.twin.weather import Check, WeatherFit

Z = 1.959964
"""Of 95 per cent."""


def as_yaml(fit: WeatherFit) -> str:
    """The chain with its counts, 95 per cent intervals, thresholds, source and how it compares with its record."""
    return "\n".join([*_head(fit), "weather:", "  kind: chain", "  parts:", *_body(fit), ""])


def interval(count: float, total: float) -> tuple[float, float]:
    """Wilson's 95 per cent interval of a share, from a count and its total (above 0)."""
    share, spread = count / total, Z**2 / total
    middle, half = share + spread / 2, sqrt(spread * share * (1 - share) + spread**2 / 4)
    return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


def _head(fit: WeatherFit) -> Iterator[str]:
    limits = fit.limits
    text = (
        f"Hourly weather of {fit.source}: {fit.hours:,} hours, {fit.transitions:,} transitions from an hour to the "
        f"next. Rain from {limits.rain_mm:g} mm/h (snow by its water), heavy rain from {limits.heavy_mm:g} mm/h; "
        f"without rain heat from {limits.heat_c:g} deg C, cold up to {limits.cold_c:g} deg C. "
        f"Divided by {fit.division}: least AIC, beside "
        + "; ".join(f"{c.division} {c.aic:,.0f} ({c.free} free)" for c in fit.candidates)
        + ". Intervals are Wilson's 95 % and take hours as independent."
    )
    yield from (f"# {line}" for line in wrap(text, 110))
    yield "#"
    yield "# record / chain     share of hours     mean spell, h    one spell in ten is longer, h"
    yield from (_row(check) for check in fit.checks)
    unseen = sorted({m for part in fit.parts.values() if not any(map(any, part.counts)) for m in part.months})
    if unseen:
        yield f"# No record of some hours in months {', '.join(map(str, unseen))}: they take the sum of all parts."


def _row(check: Check) -> str:
    share = " / ".join(f"{value:.2%}" for value in check.share)
    mean, long = (" / ".join("-" if isnan(value) else f"{value:.1f}" for value in pair)
                  for pair in (check.mean_h, check.long_h))  # fmt: skip
    return f"# {check.state:<16} {share:>18} {mean:>17} {long:>17}"


def _body(fit: WeatherFit) -> Iterator[str]:
    for name, part in fit.parts.items():
        yield f"    {name}:"
        yield f"      months: [{', '.join(map(str, part.months))}] # of the record"
        yield f"      first_hour: {part.first_hour} # h, local time"
        yield f"      last_hour: {part.last_hour} # h, local time"
        yield f"      counts: # of hours, to {', '.join(STATES)}"
        yield from _rows(part)


def _rows(part: ChainPart) -> Iterator[str]:
    for state, row in zip(STATES, part.counts, strict=True):
        yield f"        - [{', '.join(f'{count:g}' for count in row)}] # {state}: {_chances(row)}"


def _chances(row: list[float]) -> str:
    total = sum(row)
    if not total:
        return "never left here, takes the sum of all parts"
    shown = [(name, count, interval(count, total)) for name, count in zip(STATES, row, strict=True) if count]
    return ", ".join(f"{name} {count / total:.1%} ({low:.1%}-{high:.1%})" for name, count, (low, high) in shown)
