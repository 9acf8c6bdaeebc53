"""Orders over the day, by what became of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.entities import Ints
from sim.kpi.tables import Tables
from sim.report.style import GOOD, LATE, LOST, MUTED, OPEN, heading, horizontal_grid, nothing
from sim.report.time_axis import TimeAxis
from sim.units import HOUR

COLOURS = {"on time": GOOD, "late": LATE, "cancelled": LOST, "open": OPEN}


@dataclass(frozen=True, slots=True)
class Demand:
    """Orders placed in each bin of the time axis, by outcome."""

    axis: TimeAxis
    counts: dict[str, Ints]

    @property
    def total(self) -> int:
        """All orders."""
        return int(sum(count.sum() for count in self.counts.values()))

    @property
    def alt(self) -> str:
        """The figure in words."""
        outcomes = ", ".join(f"{count.sum():,} {name}" for name, count in self.counts.items())
        peak = np.sum([*self.counts.values()], axis=0).max()
        return f"Stacked bars of {self.total:,} orders per {self.axis.unit}: {outcomes}; at most {peak:,} in one bar."


def demand(tables: Tables, axis: TimeAxis) -> Demand:
    """Count orders by the time they were placed, so that every order is in one bar."""
    orders = tables.orders
    delivered = orders["state"] == "delivered"
    on_time = orders["delivered_at"] <= orders["promised_at"]
    outcome = {
        "on time": delivered & on_time,
        "late": delivered & ~on_time,
        "cancelled": orders["state"] == "cancelled",
        "open": orders["state"] == "open",
    }
    hours = orders["placed_at"].to_numpy(dtype=np.float64) / HOUR
    return Demand(axis, {name: np.histogram(hours[np.asarray(of)], axis.edges)[0] for name, of in outcome.items()})


def plot_demand(data: Demand, ax: Axes) -> None:
    """Stacked bars: on time, late, cancelled, open."""
    named = [(f"{name} {count.sum():,}", COLOURS[name]) for name, count in data.counts.items() if count.any()]
    heading(ax, f"Orders placed per {data.axis.unit}", named)
    horizontal_grid(ax)
    data.axis.show(ax)
    if not data.total:
        nothing(ax, "No order was placed.")
        return
    base = np.zeros(len(data.axis.edges) - 1)
    gap = 0.92 if len(base) <= 40 else 1.0
    for name, count in data.counts.items():
        ax.bar(data.axis.edges[:-1], count, data.axis.bin_h * gap, base, align="edge", color=COLOURS[name], label=name)
        base = base + count
    ax.set_ylim(0, 1.06 * base.max())
    ax.axhline(0, color=MUTED, linewidth=0.8)
