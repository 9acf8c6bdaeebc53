"""How numbers are written in a report."""

from __future__ import annotations

from datetime import date
from math import isfinite, log10

from sim.kpi.kpi import Kpi

MISSING = "–"
MINUS = "\u2212"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RATIOS = frozenset({"income_gini", "rider_income_gini", "rider_income_per_week_gini", "trust_mean", "points_inflation"})
"""KPIs without a unit that are not shares, so not written in per cent."""


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separated, an en dash when there is none."""
    return f"{value:,.{digits}f}".replace("-", MINUS) if isfinite(value) else MISSING


def share(value: float) -> str:
    """A share in per cent, with one decimal."""
    return f"{number(100 * value, 1)}%" if isfinite(value) else MISSING


def count(value: int, noun: str) -> str:
    """A counted noun: ``1 order``, ``3,868 orders``."""
    return f"{value:,} {noun}" + ("" if value == 1 else "s")


def day(when: date, weekday: bool = False) -> str:
    """``2 Mar``, or ``Mon 2 Mar``; never translated by the machine's locale."""
    text = f"{when.day} {MONTHS[when.month - 1]}"
    return f"{WEEKDAYS[when.weekday()]} {text}" if weekday else text


def figure(kpi: Kpi, value: float) -> tuple[str, str]:
    """A KPI's value and its unit, as the reader wants them."""
    if kpi.unit != "1":
        return number(value, _digits(kpi.unit, value)), kpi.unit
    return (number(value, 2), "") if kpi.name in RATIOS else (share(value), "")


def title(name: str) -> str:
    """``click_to_door_p90`` as ``Click to door, p90``."""
    words = name.replace("_", " ")
    for statistic in ("mean", "p90", "p10"):
        words = words.replace(f" {statistic}", f", {statistic}")
    return (
        words.replace(" km", " distance")
        .capitalize()
        .replace("gini", "Gini")
        .replace("Co2", "CO2")
        .replace("Nps", "NPS")
        .replace("Clv", "CLV")
    )


def round_down(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20, ... that is not above a positive value."""
    power = 10.0 ** int(log10(value) // 1)
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-12))


def _digits(unit: str, value: float) -> int:
    if unit in ("yuan", "yuan/h", "orders/h"):
        return 2
    return 0 if float(value).is_integer() and "min" not in unit else 1
