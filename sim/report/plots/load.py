"""Riders on shift, riders with nothing to do and orders that wait for one, over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import of
from sim.kpi.tables import Tables
from sim.report.style import LATE, RIDER, RIDER_LIGHT, heading, horizontal_grid, nothing
from sim.report.time_axis import TimeAxis
from sim.units import HOUR

STEPS = 400
"""Most points in time at which the load is drawn; in a long run it is one a day, else the nights make a comb of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """Means over short steps of time: riders on shift, idle ones, orders without a rider."""

    axis: TimeAxis
    edges: Floats
    on_shift: Floats
    idle: Floats
    waiting: Floats

    @property
    def alt(self) -> str:
        """The figure in words."""
        return (
            f"Areas of riders on shift, at most {self.on_shift.max():.0f}, and idle riders, at most "
            f"{self.idle.max():.0f}; a line of orders without a rider, at most {self.waiting.max():.0f}."
        )


def load(tables: Tables, axis: TimeAxis) -> Load:
    """Read off the log who was on shift, idle or waiting."""
    step = max(1 / 12, (axis.end_h - axis.start_h) / STEPS) if axis.bin_h <= 1 else axis.bin_h
    edges = np.linspace(axis.start_h, axis.end_h, round((axis.end_h - axis.start_h) / step) + 1)
    events = tables.events
    riders = of(events, Kind.ON_SHIFT)["t"], of(events, Kind.OFF_SHIFT)["t"]
    waiting = of(events, Kind.PLACED, Kind.RELEASED)["t"], of(events, Kind.ASSIGNED, Kind.CANCELLED)["t"]
    idle = tables.idle["start"].to_numpy(), tables.idle["end"].to_numpy()
    return Load(axis, edges, *(level(begin, end, edges * HOUR) for begin, end in (riders, idle, waiting)))


def level(begins: ArrayLike, ends: ArrayLike, edges: Floats) -> Floats:
    """Mean number of spells under way between edges, from when spells begin and end (unpaired)."""
    return np.diff(_elapsed(begins, edges) - _elapsed(ends, edges)) / np.diff(edges)


def plot_load(data: Load, ax: Axes) -> None:
    """Areas of riders on shift and idle, and a line of orders that wait."""
    series = [("riders on shift", RIDER_LIGHT, data.on_shift), ("idle riders", RIDER, data.idle),
              ("orders without a rider", LATE, data.waiting)]  # fmt: skip
    named = [(name, colour) for name, colour, values in series if values.any()]
    mean = f", mean of each {data.axis.unit}" if data.axis.bin_h > 1 else ""
    heading(ax, f"Riders on shift and orders that wait{mean}", named)
    horizontal_grid(ax)
    data.axis.show(ax)
    if not (data.on_shift.any() or data.waiting.any()):
        nothing(ax, "Nobody worked and nobody ordered.")
        return
    ax.stairs(data.on_shift, data.edges, fill=True, color=RIDER_LIGHT, label="on shift")
    ax.stairs(data.idle, data.edges, fill=True, color=RIDER, label="idle")
    ax.stairs(data.waiting, data.edges, baseline=None, color=LATE, linewidth=1.6, label="waiting")
    ax.set_ylim(0, 1.05 * max(data.on_shift.max(), data.waiting.max()))


def _elapsed(times: ArrayLike, edges: Floats) -> Floats:
    """Sum over the times of how long ago each was, at every edge."""
    ordered = np.sort(np.asarray(times, dtype=np.float64))
    past = np.searchsorted(ordered, edges)
    return np.asarray(past * edges - np.r_[0.0, np.cumsum(ordered)][past])
