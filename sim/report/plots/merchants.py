"""Merchants over weeks: how many there are, what they earn, and how the turnover is spread over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from sim.entities import Floats, Ints
from sim.kpi.market import concentration, top_share
from sim.kpi.tables import Tables
from sim.kpi.trading import daily_margins, merchant_weeks, turnover
from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import FAINT, GOOD, GOOD_LIGHT, INK, MUTED, WORSE, heading, horizontal_grid, marks, nothing
from sim.report.wording import count, number


@dataclass(frozen=True, slots=True)
class Traders:
    """Merchants by whole week, and over the run.

    Parameters
    ----------
    active, joined, left
        By week: on the platform at its end, and who came and went in it.
    margins
        Yuan a day of each merchant who was on the platform.
    turnover
        Baskets delivered in yuan of each merchant who had an order, ascending.
    """

    first: date
    active: Ints
    joined: Ints
    left: Ints
    margins: Floats
    turnover: Floats

    @property
    def alt(self) -> str:
        """How many there are, in words."""
        if not len(self.active):
            return "The run has no whole week."
        return (
            f"Bars of merchants by week, from {self.active[0]:,} to {self.active[-1]:,}; "
            f"{self.joined.sum():,} joined and {self.left.sum():,} left."
        )

    @property
    def margin_alt(self) -> str:
        """What they earn, in words."""
        if not len(self.margins):
            return "No merchant was on the platform."
        return (
            f"Histogram of the daily margin of {count(len(self.margins), 'merchant')}: median "
            f"{np.median(self.margins):.0f} yuan, {(self.margins < 0).mean():.0%} below zero."
        )

    @property
    def spread_alt(self) -> str:
        """How the turnover is spread, in words."""
        if not self.turnover.sum():
            return "Nothing was sold."
        return (
            f"Lorenz curve of the turnover of {count(len(self.turnover), 'merchant')}: the largest tenth has "
            f"{top_share(self.turnover):.0%} of it."
        )


def traders(tables: Tables, first: date) -> Traders:
    """Read the tables of a run."""
    weeks = merchant_weeks(tables)
    active, joined, left = (weeks[name].to_numpy(dtype=np.int64) for name in ("active", "joined", "left"))
    return Traders(first, active, joined, left, daily_margins(tables.events), turnover(tables))


def plot_traders(data: Traders, ax: Axes) -> None:
    """Merchants on the platform; below the line those who left, above it in front those who joined."""
    heading(ax, "Merchants per week", [("on the platform", GOOD_LIGHT), ("joined", GOOD), ("left", WORSE)])
    if not len(data.active):
        nothing(ax, data.alt)
        return
    week_axis(ax, data.first, len(data.active))
    ax.bar(np.arange(len(data.active)), data.active, 0.86, color=GOOD_LIGHT)
    stacked(ax, [("joined", GOOD, data.joined)])
    stacked(ax, [("left", WORSE, -data.left)])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))


def plot_margins(data: Traders, ax: Axes) -> None:
    """Histogram over merchants of what is left to them in a day."""
    heading(ax, "Merchants by margin per day", [(count(len(data.margins), "merchant"), GOOD)])
    horizontal_grid(ax)
    ax.set_xlabel("yuan per day, after commission and all costs")
    if not len(data.margins):
        nothing(ax, data.margin_alt)
        return
    low, high = np.quantile(data.margins, (0.0, 0.98))
    edges = np.histogram_bin_edges(np.clip(data.margins, low, high), 30)
    ax.hist(np.clip(data.margins, low, high), list(edges), color=GOOD, rwidth=0.9)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.axvline(0, color=FAINT, linewidth=0.8)
    middle = float(np.median(data.margins))
    marks(ax, [(middle, f"median {middle:.0f}", INK)])


def plot_spread(data: Traders, ax: Axes) -> None:
    """Lorenz curve: which share of the turnover the smallest merchants have together."""
    total = float(data.turnover.sum())
    named = f"largest tenth {top_share(data.turnover):.0%}, HHI {concentration(data.turnover):.3f}" if total else ""
    heading(ax, "Turnover of the smallest merchants", [(named, GOOD), ("equal", FAINT)] if named else [])
    horizontal_grid(ax)
    if not total:
        nothing(ax, data.spread_alt)
        return
    share = np.r_[0.0, np.cumsum(data.turnover) / total]
    rank = np.linspace(0, 1, len(share))
    ax.plot(rank, rank, color=FAINT, linewidth=1)
    ax.plot(rank, share, color=GOOD, linewidth=2)
    ax.fill_between(rank, share, color=GOOD_LIGHT, linewidth=0)
    ax.set_xlim(0, 1.03)
    ax.set_ylim(0, 1)
    ax.set_xlabel("share of the merchants who had an order", color=MUTED)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(PercentFormatter(1))
