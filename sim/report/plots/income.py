"""What riders earn in an hour of their shift."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.entities import Floats
from sim.kpi.kpis import gini
from sim.kpi.tables import Tables
from sim.report.plots.histogram import pooled, round_edges
from sim.report.style import INK, RIDER, heading, horizontal_grid, marks, nothing
from sim.report.wording import count


def incomes(tables: Tables) -> Floats:
    """Yuan per planned hour, one value a rider."""
    values = tables.riders["income_per_hour"].to_numpy(dtype=np.float64)
    return values[np.isfinite(values)]


def plot_income(data: Floats, ax: Axes) -> None:
    """Histogram over riders with mean, 10th percentile and Gini coefficient."""
    inequality = gini(data)
    equal = [f"Gini {inequality:.2f}"] if np.isfinite(inequality) else []
    named = [(", ".join([count(len(data), "rider"), *equal]), RIDER)] if len(data) else []
    heading(ax, "Riders by income per planned hour", named)
    horizontal_grid(ax)
    ax.set_xlabel("yuan per hour")
    if not len(data):
        nothing(ax, "No rider came on shift.")
        ax.set_yticks([])
        return
    edges = round_edges(data, 30)
    ax.hist(pooled(data, edges), list(edges), color=RIDER, rwidth=0.9)
    ax.set_xlim(0, edges[-1])
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    mean, p10 = float(data.mean()), float(np.quantile(data, 0.1))
    marks(ax, [(mean, f"mean {mean:.1f}", INK), (p10, f"p10 {p10:.1f}", INK)])
