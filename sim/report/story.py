"""What happened, in a sentence and a few cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite, nan

import numpy as np

from sim.experiment.run import RunResult
from sim.kpi.kpis import KPIS
from sim.report.kpi_rows import KpiRow, sizes
from sim.report.style import GOOD, LATE, LOST
from sim.report.wording import count, day, figure, number, share
from sim.units import DAY, HOUR, MINUTE


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a card."""

    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Card:
    """A headline: figures that must not be read apart, and what they are computed over.

    ``bar`` holds colours and percentages of a bar that sums to 100, or nothing.
    """

    title: str
    parts: tuple[Part, ...]
    note: str
    bar: tuple[tuple[str, float], ...] = ()


CARDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("On time", {"on_time_share": ""}),
    ("Click to door", {"click_to_door_mean": "mean", "click_to_door_p90": "p90"}),
    ("What became of the orders",
     {"delivered_share": "delivered", "cancelled_share": "cancelled", "open_share": "open"}),
    ("Orders per rider-hour", {"orders_per_rider_hour": ""}),
    ("Utilisation", {"utilisation": ""}),
    ("Rider income per hour", {"income_per_hour_mean": "mean", "income_per_hour_p10": "p10"}),
    ("Contribution per order", {"contribution_per_order": ""}),
)  # fmt: skip
"""Titles of the cards, and which KPIs stand on each under which label."""


def cards(result: RunResult, rows: Sequence[KpiRow]) -> list[Card]:
    """The headline cards."""
    by_name = {row.name: row for row in rows}
    return [_card(result, title, [by_name[name] for name in names], list(names.values())) for title, names in CARDS]


def sentence(result: RunResult) -> str:
    """One plain sentence made from the numbers."""
    placed, delivered, riders = sizes(result)
    who = count(riders, "rider") if riders else "no rider"
    if not placed:
        return f"{_when(result)}, nobody ordered, and {who} came on shift."
    start = f"{_when(result)}, {count(placed, 'order')} {_was(placed)} placed and {who} came on shift"
    if not delivered:
        return f"{start}; no order was delivered, {_others(result)}."
    mean = figure(KPIS["click_to_door_mean"], result.kpis.get("click_to_door_mean", nan))[0]
    return (
        f"{start}: {delivered:,} {_was(delivered)} delivered, on average {mean} minutes after the click, and "
        f"{share(result.kpis.get('on_time_share', nan))} of all orders arrived {_promise(result)}; {_others(result)}."
    )


def broken_off(result: RunResult) -> str:
    """When and why the run broke off; empty where it came to its end."""
    if result.manifest.get("status", "finished") == "finished":
        return ""
    events = result.tables.events
    days, rest = divmod(float(events["t"].max(initial=0.0)), DAY)
    when = f"{int(rest // HOUR):02}:{int(rest % HOUR // MINUTE):02} of day {int(days) + 1}"
    why = result.manifest.get("error", "")
    return f"The run broke off at {when} ({why}). The figures are of what had happened by then."


def _card(result: RunResult, title: str, rows: Sequence[KpiRow], labels: Sequence[str]) -> Card:
    parts = tuple(_part(row, name) for row, name in zip(rows, labels, strict=True))
    note = rows[0].over or rows[0].reason
    if title == "On time" and not rows[0].reason:
        orders = result.tables.orders
        note = f"{int((orders['delivered_at'] <= orders['promised_at']).sum()):,} of {note}"
    return Card(title, parts, note, _bar(result) if len(rows) == 3 else ())


def _part(row: KpiRow, label: str) -> Part:
    """With a label the unit stands beside it, else beside the value."""
    named = ", ".join(filter(None, [label, row.unit])) if label else ""
    return Part(named, row.value, "" if label or row.reason else row.unit)


def _bar(result: RunResult) -> tuple[tuple[str, float], ...]:
    names = {"delivered_share": GOOD, "cancelled_share": LOST, "open_share": LATE}
    values = [(colour, 100 * result.kpis.get(name, nan)) for name, colour in names.items()]
    return tuple(values) if all(isfinite(value) for _, value in values) else ()


def _when(result: RunResult) -> str:
    calendar = result.scenario.calendar
    if calendar.days == 1:
        return f"On {day(calendar.start, weekday=True)} {calendar.start.year}"
    last = calendar.start + timedelta(days=calendar.days - 1)
    return f"In the {calendar.days} days from {day(calendar.start)} to {day(last)} {last.year}"


def _promise(result: RunResult) -> str:
    orders = result.tables.orders
    promised = np.unique((orders["promised_at"] - orders["placed_at"]).round() / MINUTE)
    return f"within the promised {number(promised[0])} minutes" if len(promised) == 1 else "by the promised time"


def _others(result: RunResult) -> str:
    state = result.tables.orders["state"]
    lost, still = int((state == "cancelled").sum()), int((state == "open").sum())
    cancelled = f"{lost:,} {_was(lost)}" if lost else "none was"
    return f"{cancelled} cancelled and {f'{still:,}' if still else 'none'} still open at the end"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"
