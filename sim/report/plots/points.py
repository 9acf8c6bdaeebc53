"""The points economy: issued, burnt and expired week by week, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.entities import Ints
from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import FAINT, GOOD, INK, LATE, RIDER, KeyEntry, heading
from sim.report.wording import number


@dataclass(frozen=True, slots=True)
class Points:
    """Points by week; ``left`` at its end."""

    first: date
    issued: Ints
    burnt: Ints
    expired: Ints
    left: Ints

    @property
    def alt(self) -> str:
        """The figure in words."""
        issued, burnt, expired = (int(column.sum()) for column in (self.issued, self.burnt, self.expired))
        return (
            f"Bars by week of {issued:,} points issued, {burnt:,} burnt and {expired:,} expired; a line of those left, "
            f"{self.left[-1]:,} at the end."
        )


def points(weeks: pd.DataFrame, first: date) -> Points:
    """Read the weeks table."""
    columns = ("issued", "burnt", "expired", "liability")
    return Points(first, *(weeks[name].to_numpy(dtype=np.int64) for name in columns))


def plot_points(data: Points, ax: Axes) -> None:
    """Above the line what is issued, below it what goes, and the points left as a line."""
    bars = (("issued", GOOD, data.issued), ("burnt", RIDER, data.burnt), ("expired", FAINT, data.expired))
    named: list[KeyEntry] = [(name, colour) for name, colour, values in bars if values.any()]
    heading(ax, "Points per week", [*named, ("left at its end", LATE, "o")])
    week_axis(ax, data.first, len(data.issued))
    stacked(ax, [("issued", GOOD, data.issued)])
    stacked(ax, [("burnt", RIDER, -data.burnt), ("expired", FAINT, -data.expired)])
    ax.plot(np.arange(len(data.left)), data.left, color=LATE, linewidth=1.8, marker="o", markersize=4, label="left")
    ax.annotate(f"{data.left[-1]:,}", (len(data.left) - 1, data.left[-1]), (0, 6), textcoords="offset points",
                ha="center", va="bottom", color=INK)  # fmt: skip
    ax.margins(y=0.1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))
