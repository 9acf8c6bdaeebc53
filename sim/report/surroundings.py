"""Weather and disruptions of a run in words: the table of weather, and when service was back."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.recovery import recovery_table
from sim.kpi.weather import weather_table
from sim.report.plots.service import NAMES
from sim.report.wording import MISSING, count, number, share
from sim.scenario.weather import NoWeather


@dataclass(frozen=True, slots=True)
class WeatherRow:
    """One weather in words."""

    name: str
    hours: str
    pace: str
    orders: str
    on_time: str
    interval: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Rows of the table of weather, and a sentence on recovery; both empty where there is nothing to tell."""

    weather: tuple[WeatherRow, ...]
    recovery: str


def has_weather(result: RunResult) -> bool:
    """Whether the run has weather."""
    return not isinstance(result.scenario.weather, NoWeather)


def is_disturbed(result: RunResult) -> bool:
    """Whether the run has weather or a disruption."""
    return has_weather(result) or len(of(result.tables.events, Kind.DISRUPTION)) > 0


def surroundings(result: RunResult) -> Surroundings:
    """What is said of weather and disruptions."""
    tables = result.tables
    table = weather_table(tables.events, tables.orders) if has_weather(result) else None
    rows = () if table is None else tuple(_row(*values) for values in table.itertuples(index=False, name=None))
    return Surroundings(rows, _recovery(result))


def _row(name: str, hours: float, orders: int, on_time: float, low: float, high: float, pace: float) -> WeatherRow:
    interval = f"{number(100 * low, 1)}–{number(100 * high, 1)}%" if isfinite(low) else MISSING
    return WeatherRow(NAMES[name], number(hours), number(pace, 2), number(orders), share(on_time), interval)


def _recovery(result: RunResult) -> str:
    table = recovery_table(result.tables.events, result.tables.orders)
    told = [_bout(*row) for row in table[["level", "recovery_min", "recovered"]].to_numpy().tolist()]
    if not told:
        return ""
    start = "" if len(told) == 1 else f"{count(len(told), 'separate time')} of disruption. "
    return start + " ".join(f"{_which(index, len(told))}{text}" for index, text in enumerate(told))


def _which(index: int, of: int) -> str:
    return "" if of == 1 else f"{index + 1}: "


def _bout(level: float, minutes: float, recovered: float) -> str:
    if isnan(recovered):
        return "No order was promised before it, so there is no level to come back to."
    if isnan(minutes):
        return "It was not over by the end of the run."
    level_words = f"the level of before, {share(level)} on time,"
    if not recovered:
        return f"Service was not back to {level_words} in the {number(minutes)} minutes that were left: it took longer."
    if not minutes:
        return f"Service was back to {level_words} at once."
    return f"Service was back to {level_words} {number(minutes)} minutes after the end."
