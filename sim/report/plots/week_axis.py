"""An axis of whole weeks, named by the date on which each begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from matplotlib.axes import Axes

from sim.entities import Ints
from sim.kpi.span import WEEK_DAYS
from sim.report.style import MUTED, horizontal_grid, width_in
from sim.report.wording import day

NAME_IN = 0.55
"""Inches that the name of a week needs."""


def week_axis(ax: Axes, first: date, weeks: int) -> None:
    """Weeks from 0 as categories, as many of them named as there is room for."""
    horizontal_grid(ax)
    ax.set_xlim(-0.6, weeks - 0.4)
    step = max(int(np.ceil(weeks * NAME_IN / width_in(ax))), 1)
    shown = np.arange(0, weeks, step)
    ax.set_xticks(shown, [week_name(first, int(week)) for week in shown])
    ax.tick_params(axis="x", length=0)


def week_name(first: date, week: int) -> str:
    """The date on which a week of the run begins."""
    return day(first + timedelta(days=WEEK_DAYS * week))


def stacked(ax: Axes, series: Sequence[tuple[str, str, Ints]]) -> None:
    """Bars by week ``(name, colour, heights)``, each on top of those before it."""
    base = np.zeros(len(series[0][2]))
    for name, colour, heights in series:
        ax.bar(np.arange(len(heights)), heights, 0.86, base, color=colour, label=name)
        base = base + heights
    ax.axhline(0, color=MUTED, linewidth=0.8)
