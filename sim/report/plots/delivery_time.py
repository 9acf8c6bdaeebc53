"""How long deliveries took, from the click to the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.entities import Bools, Floats
from sim.kpi.tables import Tables
from sim.report.plots.histogram import pooled, round_edges
from sim.report.style import GOOD, INK, LATE, MUTED, heading, horizontal_grid, marks, nothing
from sim.units import MINUTE


@dataclass(frozen=True, slots=True)
class DeliveryTimes:
    """Click-to-door of delivered orders in minutes, whether each was on time, and the (median) promise."""

    minutes: Floats
    on_time: Bools
    promise: float

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not len(self.minutes):
            return "No order was delivered."
        return (
            f"Histogram of click-to-door of {len(self.minutes):,} delivered orders: mean {self.minutes.mean():.1f}, "
            f"90th percentile {np.quantile(self.minutes, 0.9):.1f}, promise {self.promise:g} minutes."
        )


def delivery_times(tables: Tables) -> DeliveryTimes:
    """Delivered orders only; shares of the others stand beside the figure."""
    orders = tables.orders[tables.orders["state"] == "delivered"]
    minutes, promise = (
        np.asarray((orders[end] - orders["placed_at"]) / MINUTE, dtype=np.float64)
        for end in ("delivered_at", "promised_at")
    )
    return DeliveryTimes(minutes, minutes <= promise, float(np.median(promise)) if len(promise) else float("nan"))


def plot_delivery_time(data: DeliveryTimes, ax: Axes) -> None:
    """Histogram split into on time and late, with promise, mean and 90th percentile."""
    late = int((~data.on_time).sum())
    key = [(f"{name} {n:,}", colour) for name, n, colour in
           (("on time", len(data.minutes) - late, GOOD), ("late", late, LATE)) if n]  # fmt: skip
    heading(ax, "Delivered orders by time from click to door", key)
    horizontal_grid(ax)
    ax.set_xlabel("minutes")
    if not len(data.minutes):
        nothing(ax, "No order was delivered.")
        return
    edges = round_edges(np.append(data.minutes, data.promise))
    parts = [pooled(data.minutes[data.on_time], edges), pooled(data.minutes[~data.on_time], edges)]
    ax.hist(parts, list(edges), stacked=True, color=[GOOD, LATE], rwidth=0.9, label=["on time", "late"])
    ax.set_xlim(0, edges[-1])
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    _annotate(data, ax, edges)


def _annotate(data: DeliveryTimes, ax: Axes, edges: Floats) -> None:
    mean, p90 = float(data.minutes.mean()), float(np.quantile(data.minutes, 0.9))
    marks(ax, [(mean, f"mean {mean:.1f}", INK), (p90, f"p90 {p90:.1f}", INK),
               (data.promise, f"promise {data.promise:g}", MUTED)])  # fmt: skip
    if (data.minutes > edges[-1]).any():
        ax.set_xlabel(f"minutes (last bar: {edges[-2]:g} and longer, up to {data.minutes.max():.0f})")
