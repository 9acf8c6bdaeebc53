"""Cohorts: how many of those who first ordered in one week still order weeks later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from sim.entities import Floats, Ints
from sim.report.plots.week_axis import week_name
from sim.report.style import DEMAND, GOOD, INK, LATE, MUTED, heading, horizontal_grid, nothing, size_in
from sim.report.zones import FEWEST_PEOPLE

EMPTY = "No week of the run is whole."
NARROW_IN = 0.3
"""A cell narrower than this is numbered in smaller letters."""


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Shares in per cent (rows: cohorts, columns: weeks from that of the first order; NaN: not yet, or too few)."""

    first: date
    cohorts: Ints
    users: Ints
    share: Floats
    later: Floats

    @property
    def height(self) -> float:
        """Inches of the heat map."""
        return 0.24 * len(self.cohorts) + 1.25

    @property
    def alt(self) -> str:
        """The heat map in words."""
        if not len(self.users):
            return EMPTY
        last = f"{self.share[0, -1]:.0f}% of the {self.users[0]:,} users of the first cohort order in the last week"
        return f"Heat map of {len(self.users)} cohorts by week of the first order: {last}."

    @property
    def curve_alt(self) -> str:
        """The curves in words."""
        if not len(self.users):
            return EMPTY
        known = self.later[np.isfinite(self.later)]
        end = f", {known[-1]:.0f}% of the later ones in their week {len(known)}" if len(known) else ""
        return f"Retention by week: {self.share[0, -1]:.0f}% of the first cohort in week {len(self.share[0])}{end}."


def cohorts(table: pd.DataFrame, first: date) -> Cohorts:
    """The cohorts table as a matrix, without those of fewer than five users; later cohorts pooled as well."""
    users = table.groupby("cohort")["users"].first()
    active = table.pivot(index="cohort", columns="week", values="active")
    late = table[table["cohort"] > 0].groupby("week")[["active", "users"]].sum()
    pooled = 100 * (late["active"] / late["users"]).where(late["users"] >= FEWEST_PEOPLE)
    share = 100 * active.div(users.where(users >= FEWEST_PEOPLE), axis=0)
    later = pooled.reindex(active.columns).to_numpy(dtype=np.float64)
    return Cohorts(first, users.index.to_numpy(), users.to_numpy(), share.to_numpy(dtype=np.float64), later)


def plot_cohorts(data: Cohorts, ax: Axes) -> None:
    """One row a cohort, one column a week since, shaded and numbered by the share who order."""
    heading(ax, "Users who order, in per cent of their cohort", [])
    if not len(data.users):
        nothing(ax, EMPTY)
        return
    rows, columns = data.share.shape
    small = size_in(ax)[0] / columns < NARROW_IN
    for row, column in zip(*np.nonzero(np.isfinite(data.share)), strict=True):
        value = data.share[row, column]
        ax.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, facecolor=DEMAND(value / 100), linewidth=0))
        ax.text(column, row, f"{value:.0f}", ha="center", va="center", size=6.5 if small else 8.5,
                color="white" if value > 70 else INK)  # fmt: skip
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.set_xticks(range(columns), [str(week + 1) for week in range(columns)])
    ax.set_xlabel("week, 1 is that of the first order")
    names = [f"{week_name(data.first, int(c))}  {n:,}" for c, n in zip(data.cohorts, data.users, strict=True)]
    ax.set_yticks(range(rows), names, color=INK)
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def plot_retention(data: Cohorts, ax: Axes) -> None:
    """Curves of the first cohort and of all later ones together."""
    series = [("first cohort", GOOD, data.share[0] if len(data.users) else np.empty(0))]
    series += [("later cohorts", LATE, data.later)] if np.isfinite(data.later).any() else []
    heading(ax, "Users who order, in per cent of their cohort", [(name, colour) for name, colour, _ in series])
    horizontal_grid(ax)
    if not len(data.users):
        nothing(ax, EMPTY)
        return
    for name, colour, values in series:
        ax.plot(np.arange(1, len(values) + 1), values, color=colour, linewidth=1.8, marker="o", markersize=3.5,
                label=name)  # fmt: skip
    ax.set_ylim(0, 105)
    ax.set_xlim(0.6, max(data.share.shape[1], 2) + 0.4)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("week, 1 is that of the first order")
    ax.axhline(0, color=MUTED, linewidth=0.8)
