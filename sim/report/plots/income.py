"""What riders earn in an hour of their shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.entities import Floats
from sim.kpi.spread import gini
from sim.kpi.tables import Tables
from sim.report.plots.histogram import pooled, round_edges
from sim.report.style import INK, RIDER, heading, horizontal_grid, marks, nothing
from sim.report.wording import count


@dataclass(frozen=True, slots=True)
class Incomes:
    """Yuan per planned hour, one value a rider."""

    per_hour: Floats

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not len(self.per_hour):
            return "No rider came on shift."
        return (
            f"Histogram of income per planned hour of {count(len(self.per_hour), 'rider')}: mean "
            f"{self.per_hour.mean():.1f}, 10th percentile {np.quantile(self.per_hour, 0.1):.1f} yuan."
        )


def incomes(tables: Tables) -> Incomes:
    """Riders who worked."""
    values = tables.riders["income_per_hour"].to_numpy(dtype=np.float64)
    return Incomes(values[np.isfinite(values)])


def plot_income(data: Incomes, ax: Axes) -> None:
    """Histogram over riders with mean, 10th percentile and Gini coefficient."""
    values = data.per_hour
    inequality = gini(values)
    equal = [f"Gini {inequality:.2f}"] if np.isfinite(inequality) else []
    named = [(", ".join([count(len(values), "rider"), *equal]), RIDER)] if len(values) else []
    heading(ax, "Riders by income per planned hour", named)
    horizontal_grid(ax)
    ax.set_xlabel("yuan per hour")
    if not len(values):
        nothing(ax, "No rider came on shift.")
        return
    edges = round_edges(values, 30)
    ax.hist(pooled(values, edges), list(edges), color=RIDER, rwidth=0.9)
    ax.set_xlim(0, edges[-1])
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    mean, p10 = float(values.mean()), float(np.quantile(values, 0.1))
    marks(ax, [(mean, f"mean {mean:.1f}", INK), (p10, f"p10 {p10:.1f}", INK)])
