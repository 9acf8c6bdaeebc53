"""Users week by week: who orders, who comes and who goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.entities import Ints
from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import FAINT, GOOD, GOOD_LIGHT, MUTED, RIDER, WORSE, heading
from sim.report.wording import number


@dataclass(frozen=True, slots=True)
class Activity:
    """Users by week; ``active`` placed an order, ``accounts`` have not dropped out at its end."""

    first: date
    active: Ints
    accounts: Ints
    joined: Ints
    came_back: Ints
    dropped_out: Ints

    @property
    def alt(self) -> str:
        """Who orders, in words."""
        return (
            f"Bars of users who ordered, from {self.active[0]:,} in the first to {self.active[-1]:,} in the last of "
            f"{len(self.active)} weeks, in front of accounts, from {self.accounts[0]:,} to {self.accounts[-1]:,}."
        )

    @property
    def change_alt(self) -> str:
        """Who comes and goes, in words."""
        came, back, went = (int(column.sum()) for column in (self.joined, self.came_back, self.dropped_out))
        return f"Bars by week of {came:,} new accounts and {back:,} users who came back, against {went:,} drop-outs."


def activity(weeks: pd.DataFrame, first: date) -> Activity:
    """Read the weeks table."""
    columns = ("active", "accounts", "joined", "came_back", "dropped_out")
    return Activity(first, *(weeks[name].to_numpy(dtype=np.int64) for name in columns))


def plot_activity(data: Activity, ax: Axes) -> None:
    """Users who ordered, in front of all accounts."""
    heading(ax, "Users per week", [("accounts", GOOD_LIGHT), ("ordered", GOOD)])
    week_axis(ax, data.first, len(data.active))
    weeks = np.arange(len(data.active))
    ax.bar(weeks, data.accounts, 0.86, color=GOOD_LIGHT, label="accounts")
    ax.bar(weeks, data.active, 0.86, color=GOOD, label="ordered")
    ax.axhline(0, color=MUTED, linewidth=0.8)


def plot_change(data: Activity, ax: Axes) -> None:
    """Above the line who comes, below it who goes."""
    named = [("new accounts", GOOD), ("came back", RIDER), ("dropped out", WORSE)]
    heading(ax, "Users per week who come and go", named)
    week_axis(ax, data.first, len(data.active))
    stacked(ax, [("new", GOOD, data.joined), ("back", RIDER, data.came_back)])
    stacked(ax, [("dropped out", WORSE, -data.dropped_out)])
    ax.axhline(0, color=FAINT, linewidth=0.8)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))
