"""Service over time beside what disturbed it: orders on time, open orders, disruptions and weather."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.entities import Floats, Weather
from sim.events import Disrupted, Kind
from sim.kpi.events import of
from sim.kpi.recovery import WINDOW_S, disruptions_table, recovery_table
from sim.kpi.tables import Tables
from sim.report.plots.load import level
from sim.report.style import FAINT, GOOD, GRID, HALO, INK, LATE, MUTED, WORSE, KeyEntry, heading, nothing
from sim.report.time_axis import TimeAxis
from sim.report.wording import count
from sim.units import HOUR, MINUTE

STEPS = 400
"""Most points in time at which service is drawn."""
SHADE = "#f3e3d8"
COLOURS = {
    Weather.DRY: "#f0ece0",
    Weather.RAIN: "#9cc3e0",
    Weather.HEAVY_RAIN: "#2f6da3",
    Weather.HEAT: "#e59a6f",
    Weather.COLD: "#c5bfe3",
}
NAMES = {kind.name.lower(): kind.name.capitalize().replace("_", " ") for kind in (*Disrupted, *Weather)}
"""Disruptions and weather in words."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Orders on time (per cent of those placed in the next half hour; NaN: none) and open orders, with their causes.

    Parameters
    ----------
    edges
        Edges of the steps in hours.
    spans
        Disruptions: kind, and begin and end in hours.
    spells
        Weather: which, and begin and end in hours; empty where there is none.
    backs
        Ends of bouts of disruptions in hours, and minutes until service was back (None: not in the run).
    """

    axis: TimeAxis
    edges: Floats
    on_time: Floats
    open: Floats
    spans: tuple[tuple[str, float, float], ...]
    spells: tuple[tuple[Weather, float, float], ...]
    backs: tuple[tuple[float, float | None], ...]

    @property
    def lanes(self) -> list[str]:
        """What stands beneath the curves, from above."""
        return [*dict.fromkeys(kind for kind, _, _ in self.spans), *(["weather"] if self.spells else [])]

    @property
    def height(self) -> float:
        """Height of the figure in inches."""
        return 3.4 + 0.2 * len(self.lanes)

    @property
    def alt(self) -> str:
        """The figure in words."""
        known = self.on_time[np.isfinite(self.on_time)]
        low = f"on-time share, at least {known.min():.0f}%" if len(known) else "on-time share"
        told = [f"Lines of the {low}, and of open orders, at most {self.open.max():.0f}"]
        told += [f"{count(len(self.spans), 'disruption')} shaded"] if self.spans else []
        told += ["a strip of the weather"] if self.spells else []
        return "; ".join(told) + "."


def service(tables: Tables, axis: TimeAxis, has_weather: bool) -> Timeline:
    """Read off the log how service fared.

    Parameters
    ----------
    tables
        Tables of a run.
    axis
        The hours to show.
    has_weather
        Whether the run has weather.
    """
    length = axis.end_h - axis.start_h
    steps = min(STEPS, round(length * 12)) if axis.bin_h <= 1 else round(length / axis.bin_h)
    window_s = WINDOW_S if axis.bin_h <= 1 else axis.bin_h * HOUR
    edges = np.linspace(axis.start_h, axis.end_h, max(steps, 1) + 1)
    orders, events = tables.orders, tables.events
    placed = np.asarray(orders["placed_at"], dtype=np.float64)
    good = np.r_[0, np.cumsum(np.asarray(orders["delivered_at"] <= orders["promised_at"]))]
    first, stop = (np.searchsorted(placed, edges[:-1] * HOUR + shift) for shift in (0, window_s))
    share = np.where(stop > first, 100 * (good[stop] - good[first]) / np.maximum(stop - first, 1), np.nan)
    ended = of(events, Kind.DELIVERED, Kind.CANCELLED, Kind.NOBODY)["t"]
    waiting = level(placed, ended, edges * HOUR)
    spans = [(str(kind), *_hours(begin, end, axis)) for kind, begin, end in disruptions_table(events).to_numpy()]
    seen = tuple(span for span in spans if span[1] < span[2])
    return Timeline(axis, edges, share, waiting, seen, _spells(tables, axis) if has_weather else (), _backs(tables))


def plot_service(data: Timeline, ax: Axes) -> None:
    """Two panels of curves over lanes of disruptions and weather."""
    states = [weather for weather in Weather if weather in {spell[0] for spell in data.spells}]
    lines: list[KeyEntry] = [("on time", GOOD), ("open orders", LATE)]
    key = [*lines, *((NAMES[weather.name.lower()], COLOURS[weather]) for weather in states)]
    heading(ax, "Orders placed in the next 30 min that are on time, in %, and open orders", key)
    data.axis.show(ax)
    if not np.isfinite(data.on_time).any():
        nothing(ax, "No order was placed.")
        return
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_yticks([])
    part = 0.2 * len(data.lanes) / (data.height - 1.1)
    upper, lower = 0.53 * (1 - part), 0.35 * (1 - part)
    share = _panel(ax, data, 1 - upper, upper)
    share.stairs(data.on_time, data.edges, baseline=None, color=GOOD, linewidth=1.6)
    share.set_ylim(0, 105)
    share.set_yticks([0, 50, 100])
    _mark_backs(data, share)
    queue = _panel(ax, data, part + 0.05 * (1 - part), lower)
    queue.stairs(data.open, data.edges, baseline=None, color=LATE, linewidth=1.6)
    queue.set_ylim(0, 1.1 * max(data.open.max(), 1))
    queue.locator_params(axis="y", nbins=3, integer=True)
    if data.lanes:
        _draw_lanes(data, ax.inset_axes((0, 0, 1, part)))


def _panel(ax: Axes, data: Timeline, bottom: float, height: float) -> Axes:
    """A part of the figure with the disruptions shaded."""
    panel = ax.inset_axes((0, bottom, 1, height))
    panel.set_xlim(data.axis.start_h, data.axis.end_h)
    panel.set_xticks([])
    panel.grid(axis="y", color=GRID, linewidth=0.8)
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)
    for _, begin, end in data.spans:
        panel.axvspan(begin, end, color=SHADE, linewidth=0, zorder=0)
    return panel


def _draw_lanes(data: Timeline, lanes: Axes) -> None:
    lanes.set_xlim(data.axis.start_h, data.axis.end_h)
    lanes.set_ylim(len(data.lanes) - 0.5, -0.5)
    lanes.set_xticks([])
    lanes.set_yticks(range(len(data.lanes)), [NAMES.get(name, name.capitalize()) for name in data.lanes])
    lanes.tick_params(axis="y", length=0, labelcolor=INK)
    for side in ("left", "bottom"):
        lanes.spines[side].set_visible(False)
    for kind, begin, end in data.spans:
        lanes.barh(data.lanes.index(kind), end - begin, 0.5, begin, color=WORSE, linewidth=0)
    for weather, begin, end in data.spells:
        lanes.barh(len(data.lanes) - 1, end - begin, 0.7, begin, color=COLOURS[weather], linewidth=0)
    lanes.axhline(len(data.lanes) - 0.5, color=FAINT, linewidth=0.8)


def _mark_backs(data: Timeline, share: Axes) -> None:
    """When service was back, where that took more than a step of the curve."""
    for end, minutes in data.backs:
        at = end + (minutes or 0) * MINUTE / HOUR
        if minutes is not None and at - end > data.edges[1] - data.edges[0]:
            share.axvline(at, color=MUTED, linewidth=1, linestyle=(0, (3, 2)))
            share.annotate(f"back after {minutes:.0f} min", (at, 8), (4, 0), textcoords="offset points", color=MUTED,
                           va="bottom", path_effects=HALO)  # fmt: skip


def _hours(begin: float, end: float, axis: TimeAxis) -> tuple[float, float]:
    return max(begin / HOUR, axis.start_h), min(end / HOUR, axis.end_h)


def _spells(tables: Tables, axis: TimeAxis) -> tuple[tuple[Weather, float, float], ...]:
    """Spells of equal weather."""
    changes = of(tables.events, Kind.CONDITIONS)
    turns = changes[np.r_[True, np.diff(changes["detail"]) != 0][: len(changes)]]
    begins = turns["t"].tolist()
    spells = zip(turns["detail"].tolist(), begins, [*begins[1:], inf], strict=True)
    shown = ((Weather(weather), *_hours(begin, end, axis)) for weather, begin, end in spells)
    return tuple(spell for spell in shown if spell[1] < spell[2])


def _backs(tables: Tables) -> tuple[tuple[float, float | None], ...]:
    table: pd.DataFrame = recovery_table(tables.events, tables.orders)
    rows = zip(table["end"], table["recovery_min"], table["recovered"], strict=True)
    return tuple((float(end) / HOUR, float(minutes) if back == 1 else None) for end, minutes, back in rows)
