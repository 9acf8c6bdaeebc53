"""The table of zones and hours that were late: how late, why, and what to try."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.experiment.run import RunResult
from sim.kpi.diagnosis import CAUSES, FEWEST_PEOPLE, WHOLE, diagnose
from sim.report.plots.diagnosis import COLOURS, NAMES
from sim.report.wording import count, number, share

MOST = 12
"""Zone-hours shown, those with most late orders above the run's share."""
ADVICE = {
    "kitchen": "Correct the estimate of when the meal is ready, and with it the time promised.",
    "assignment": "More riders, or give orders out earlier.",
    "travel": "Look at the routes: far pickups, detours for other orders, the merchants’ reach.",
    "door": "Shorten the hand-over: lockers, a meeting point, parking.",
    "promise": "Promise a longer time: an order without any delay would be late as well.",
}
"""What to try against each cause."""


@dataclass(frozen=True, slots=True)
class LateRow:
    """A zone and hour, or the whole run, in words; ``bar`` holds the causes' colours and per cents."""

    name: str
    hour: str
    orders: str
    on_time: str
    interval: str
    minutes: str
    cause: str
    share: str
    others: str
    bar: tuple[tuple[str, float], ...]
    advice: str


@dataclass(frozen=True, slots=True)
class LateTable:
    """Rows to show, the whole run's first, and a sentence on what was found."""

    rows: tuple[LateRow, ...]
    sentence: str
    fewest: int = FEWEST_PEOPLE


def late_table(result: RunResult) -> LateTable:
    """Name the cause wherever the on-time rate is below the run's."""
    table = diagnose(result.tables, result.city.places.zone)
    table = table[table["people"] >= FEWEST_PEOPLE]
    whole, named = table[table["zone"] == WHOLE], table[table["named"]]
    tested = len(table) - len(whole)
    above = named["late"] - named["orders"] * (1 - float(whole["on_time"].sum()))
    shown = named.loc[above.sort_values(ascending=False, kind="stable").index[:MOST]]
    rows = [_row(row, result.city.zones) for row in pd.concat([whole, shown]).to_dict("records") if row["late"]]
    return LateTable(tuple(rows), _sentence(tested, len(named), len(shown)))


def _sentence(tested: int, named: int, shown: int) -> str:
    if not tested:
        return f"In no zone and hour as many as {FEWEST_PEOPLE} people ordered, too few to compare."
    of = f"{count(tested, 'zone-hour')} in which at least {FEWEST_PEOPLE} people ordered"
    if not named:
        return f"None of the {of} was later than chance explains."
    text = f"{named} of the {of} {'was' if named == 1 else 'were'} later than chance explains"
    return f"{text}; the {shown} with the most late orders are listed." if shown < named else f"{text}."


def _row(row: Mapping[Hashable, Any], zones: tuple[str, ...]) -> LateRow:
    zone, hour, cause = int(row["zone"]), int(row["hour"]), str(row["cause"])
    shares = {name: float(row[name]) for name in CAUSES}
    others = [f"{NAMES[name]} {_per_cent(shares[name])}" for name in CAUSES if name != cause and shares[name] >= 0.005]
    return LateRow(
        name="Whole run" if zone == WHOLE else zones[zone],
        hour="" if zone == WHOLE else f"{hour:02d}:00–{hour + 1:02d}:00",
        orders=number(row["orders"]),
        on_time=share(row["on_time"]),
        interval=f"{number(100 * row['low'])}–{_per_cent(row['high'])}",
        minutes=number(row["minutes_late"], 1),
        cause=NAMES[cause].capitalize(),
        share=_per_cent(shares[cause]),
        others=", ".join(others),
        bar=tuple((COLOURS[name], 100 * value) for name, value in shares.items() if value > 0),
        advice=ADVICE[cause],
    )


def _per_cent(value: float) -> str:
    return f"{number(100 * value)}%"
