"""Riders over weeks: who comes and goes, what an hour pays, how long they stay, what long hours bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from sim.entities import Floats, Ints
from sim.kpi.tables import Tables
from sim.kpi.tenure import staying
from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import GOOD, INK, LATE, MUTED, RIDER, RIDER_LIGHT, WORSE, heading, horizontal_grid, nothing
from sim.report.wording import count, number
from sim.units import HOUR


@dataclass(frozen=True, slots=True)
class Fleet:
    """Riders by whole week, and each rider over the run.

    Parameters
    ----------
    riders, hired, quit
        By week: registered at its end, and who came and went in it.
    base, extra
        Yuan an hour on shift by week: pay by order less deductions, and subsidies and bonuses; NaN where nobody came.
    days, kept
        Steps of the curve of staying: days since the run began or the rider was hired, and the share not quit.
    hours, income
        Hours on shift and yuan of each rider over the run.
    """

    first: date
    riders: Ints
    hired: Ints
    quit: Ints
    base: Floats
    extra: Floats
    days: Floats
    kept: Floats
    hours: Floats
    income: Floats

    @property
    def at_work(self) -> Ints:
        """Weeks in which somebody came on shift."""
        return np.flatnonzero(np.isfinite(self.base))

    @property
    def alt(self) -> str:
        """Who comes and goes, in words."""
        if not len(self.riders):
            return "The run has no whole week."
        return (
            f"Bars of riders by week, from {self.riders[0]:,} to {self.riders[-1]:,}; "
            f"{self.hired.sum():,} were hired and {self.quit.sum():,} quit."
        )

    @property
    def wage_alt(self) -> str:
        """What an hour pays, in words."""
        if not len(self.riders):
            return "The run has no whole week."
        total = (self.base + self.extra)[self.at_work]
        if not len(total):
            return "No rider came on shift in a whole week."
        return f"Bars of income per hour on shift by week, from {total[0]:.1f} to {total[-1]:.1f} yuan."

    @property
    def staying_alt(self) -> str:
        """How long riders stay, in words."""
        return f"Curve of riders who have not quit: {self.kept[-1]:.0%} after {self.days[-1]:.0f} days."

    @property
    def worked_alt(self) -> str:
        """What long hours bring, in words."""
        return f"Income against hours on shift of {count(len(self.hours), 'rider')} over the run."


def fleet(tables: Tables, first: date) -> Fleet:
    """Read the tables of a run."""
    weeks = tables.fleet
    hours = weeks["hours"].where(weeks["hours"] > 0).to_numpy(dtype=np.float64)
    extra = weeks["extra"].to_numpy(dtype=np.float64) / 100 / hours
    total = weeks["earned"].to_numpy(dtype=np.float64) / 100 / hours
    riders, hired, quit_ = (weeks[name].to_numpy(dtype=np.int64) for name in ("riders", "hired", "quit"))
    days, kept = staying(tables.events)
    on_shift = tables.riders["duty_s"].to_numpy(dtype=np.float64) / HOUR
    income = tables.riders["earned"].to_numpy(dtype=np.float64) / 100
    return Fleet(first, riders, hired, quit_, total - extra, extra, days, kept, on_shift, income)


def plot_fleet(data: Fleet, ax: Axes) -> None:
    """Riders registered; below the line those who quit, above it in front those who were hired."""
    heading(ax, "Riders per week", [("registered", RIDER_LIGHT), ("hired", RIDER), ("quit", WORSE)])
    if not len(data.riders):
        nothing(ax, data.alt)
        return
    week_axis(ax, data.first, len(data.riders))
    ax.bar(np.arange(len(data.riders)), data.riders, 0.86, color=RIDER_LIGHT)
    stacked(ax, [("hired", RIDER, data.hired)])
    stacked(ax, [("quit", WORSE, -data.quit)])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))


def plot_wage(data: Fleet, ax: Axes) -> None:
    """What an hour on shift pays."""
    at = data.at_work
    named = [("pay by order", RIDER), ("subsidies and bonuses", LATE)][: 2 if data.extra[at].any() else 1]
    heading(ax, "Yuan per hour on shift", named)
    if not len(at):
        nothing(ax, data.wage_alt)
        return
    week_axis(ax, data.first, len(data.riders))
    ax.bar(at, data.base[at], 0.86, color=RIDER)
    ax.bar(at, data.extra[at], 0.86, data.base[at], color=LATE)


def plot_staying(data: Fleet, ax: Axes) -> None:
    """Share of riders who have not quit, by days since they came into view (Kaplan and Meier)."""
    heading(ax, "Riders who have not quit", [])
    horizontal_grid(ax)
    ax.step(data.days, data.kept, where="post", color=RIDER, linewidth=2)
    ax.set_ylim(0, 1.02)
    ax.set_xlim(0, max(float(data.days[-1]), 1))
    ax.set_xlabel("days since the run began, or since they were hired", color=MUTED)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.annotate(f"{data.kept[-1]:.0%}", (data.days[-1], data.kept[-1]), (-4, -12), textcoords="offset points",
                ha="right", color=INK)  # fmt: skip


def plot_worked(data: Fleet, ax: Axes) -> None:
    """What each rider earned, by the hours he was on shift."""
    heading(ax, "Yuan earned in the run", [(count(len(data.hours), "rider"), RIDER)])
    horizontal_grid(ax)
    if not len(data.hours):
        nothing(ax, "No rider came on shift.")
        return
    ax.scatter(data.hours, data.income, 9, color=RIDER, alpha=0.45, linewidth=0)
    rate = data.income.sum() / max(data.hours.sum(), 1e-9)
    ends = np.array([0.0, data.hours.max()])
    ax.plot(ends, rate * ends, color=GOOD, linewidth=1)
    ax.annotate(f"{rate:.1f} yuan/h", (ends[1], rate * ends[1]), (-4, 4), textcoords="offset points", ha="right",
                va="bottom", color=GOOD)  # fmt: skip
    ax.set_xlim(0)
    ax.set_ylim(0)
    ax.set_xlabel("hours on shift", color=MUTED)
    ax.xaxis.set_major_locator(MaxNLocator(6))
