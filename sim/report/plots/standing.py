"""Where accounts stand at the end of each week: their segments, or their tiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import FAINT, GOOD, GOOD_LIGHT, GRID, RIDER, heading

GOOD_MIDDLE = "#57a89e"

OF_SEGMENTS = {"big spender": GOOD, "frequent": GOOD_MIDDLE, "others": GOOD_LIGHT, "new": RIDER, "asleep": FAINT}
"""Colours, from below: the first two are of high value."""
OF_LEVELS = (GRID, GOOD_LIGHT, GOOD_MIDDLE, GOOD, "#0a4641")
"""Shades of no level and of each level; the last one for all above."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Accounts by week (rows) and by where they stand (columns), and the colours of these."""

    first: date
    mix: pd.DataFrame
    colours: tuple[str, ...]

    @property
    def alt(self) -> str:
        """The figure in words."""
        last = self.mix.iloc[-1]
        told = ", ".join(f"{name} {users:,}" for name, users in last.items())
        return f"Stacked bars by week of accounts; at the end of the last of {len(self.mix)} weeks: {told}."


def of_segments(mix: pd.DataFrame, first: date) -> Standings:
    """Segments, the best at the bottom."""
    return Standings(first, mix[list(OF_SEGMENTS)], tuple(OF_SEGMENTS.values()))


def of_levels(mix: pd.DataFrame, first: date) -> Standings:
    """Levels, the highest at the bottom and those without one at the top."""
    colours = [OF_LEVELS[min(at, len(OF_LEVELS) - 1)] for at in range(mix.shape[1])]
    return Standings(first, mix[mix.columns[::-1]], tuple(colours[::-1]))


def plot_standings(data: Standings, ax: Axes) -> None:
    """Stacked bars, those that stand best at the bottom."""
    there = [(str(name), colour) for name, colour in zip(data.mix, data.colours, strict=True) if data.mix[name].any()]
    heading(ax, "Accounts at the end of the week", there)
    week_axis(ax, data.first, len(data.mix))
    stacked(ax, [(name, colour, data.mix[name].to_numpy(dtype=np.int64)) for name, colour in there])
