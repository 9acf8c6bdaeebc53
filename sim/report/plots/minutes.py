"""Where the minutes between click and door go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.entities import Floats
from sim.kpi.tables import Tables
from sim.report.style import FAINT, GOOD, GOOD_LIGHT, INK, LATE, heading, nothing, width_in
from sim.report.wording import count
from sim.units import MINUTE

PHASES = {
    "queue for a station": ("placed_at", "cooking_at", FAINT),
    "cooking": ("cooking_at", "ready_at", GOOD_LIGHT),
    "ready, waits for rider": ("ready_at", "picked_up_at", LATE),
    "ride and hand-over": ("picked_up_at", "delivered_at", GOOD),
}
"""Phases of a delivered order; their minutes add up to click-to-door."""
SHOWN = 0.05
"""Minutes below which a phase is too short to be seen."""
LIGHT = frozenset({FAINT, GOOD_LIGHT, LATE})


@dataclass(frozen=True, slots=True)
class Minutes:
    """Mean minutes of each phase (columns) for groups of orders (rows) of some size."""

    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    means: Floats

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not self.groups:
            return "No order was delivered."
        parts = ", ".join(f"{name} {mean:.1f}" for name, mean in zip(PHASES, self.means[0], strict=True))
        return f"Bars of mean minutes of {self.sizes[0]:,} delivered orders: {parts}."


def minutes(tables: Tables) -> Minutes:
    """Means over all delivered orders, those on time and those late; empty groups are left out."""
    orders = tables.orders[tables.orders["state"] == "delivered"]
    spent = np.array([orders[end] - orders[start] for start, end, _ in PHASES.values()], dtype=np.float64).T / MINUTE
    on_time = np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=bool)
    groups = {"all delivered": np.ones(len(orders), dtype=bool), "on time": on_time, "late": ~on_time}
    rows = {name: spent[chosen] for name, chosen in groups.items() if chosen.any()}
    means = np.array([row.mean(axis=0) for row in rows.values()]).reshape(len(rows), len(PHASES))
    return Minutes(tuple(rows), tuple(map(len, rows.values())), means)


def plot_minutes(data: Minutes, ax: Axes) -> None:
    """One bar a group, its phases in order of time, each with its minutes."""
    named = [
        (name, colour) for at, (name, (_, _, colour)) in enumerate(PHASES.items()) if (data.means[:, at] >= SHOWN).any()
    ]
    heading(ax, "Mean minutes of a delivered order", named)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("minutes since the click")
    rows = np.arange(len(data.groups))
    names = [f"{group}\n{count(size, 'order')}" for group, size in zip(data.groups, data.sizes, strict=True)]
    ax.set_yticks(rows, names, color=INK)
    if not len(rows):
        nothing(ax, "No order was delivered.")
        return
    totals = data.means.sum(axis=1)
    ax.set_xlim(0, max(float(totals.max()) * 1.12, 1.0))
    _bars(data, ax)
    for row, total in zip(rows, totals, strict=True):
        ax.annotate(f"{total:.1f}", (total, row), (5, 0), textcoords="offset points", va="center", weight="bold")
    ax.set_ylim(len(rows) - 0.5, -0.5)


def _bars(data: Minutes, ax: Axes) -> None:
    rows, left = np.arange(len(data.groups)), np.zeros(len(data.groups))
    room = ax.get_xlim()[1] / width_in(ax) * 0.3
    for column, (name, (_, _, colour)) in enumerate(PHASES.items()):
        width = data.means[:, column]
        texts = [f"{w:.1f}" if w > room else "" for w in width]
        bars = ax.barh(rows, width, 0.62, left, color=colour, edgecolor="white", linewidth=0.8, label=name)
        ax.bar_label(bars, texts, label_type="center", color=INK if colour in LIGHT else "white")
        left = left + width
