"""Riders by star level from week to week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.axes import Axes

from sim.entities import Ints
from sim.kpi.star_mix import star_weeks
from sim.kpi.tables import Tables
from sim.report.plots.standing import OF_LEVELS
from sim.report.plots.week_axis import stacked, week_axis
from sim.report.style import heading, nothing


@dataclass(frozen=True, slots=True)
class Stars:
    """Riders registered at the end of each week (rows) by star level (columns, from none)."""

    first: date
    mix: Ints

    @property
    def names(self) -> list[str]:
        """Of the levels."""
        return [star_name(level) for level in range(self.mix.shape[1])]

    @property
    def alt(self) -> str:
        """The figure in words."""
        if not len(self.mix):
            return "The run has no whole week."
        told = ", ".join(f"{name} {riders:,}" for name, riders in zip(self.names, self.mix[-1].tolist(), strict=True))
        return f"Stacked bars by week of riders; at the end of the last of {len(self.mix)} weeks: {told}."


def star_name(level: int) -> str:
    """``no star``, ``1 star``, ``2 stars``."""
    return f"{level or 'no'} star{'s' if level > 1 else ''}"


def stars(tables: Tables, first: date) -> Stars:
    """Read the log of a run."""
    return Stars(first, star_weeks(tables.events))


def plot_stars(data: Stars, ax: Axes) -> None:
    """Stacked bars, the highest level at the bottom and those without a star at the top."""
    colours = [OF_LEVELS[min(level, len(OF_LEVELS) - 1)] for level in range(data.mix.shape[1])]
    named = list(zip(data.names, colours, data.mix.T, strict=True))[::-1]
    heading(ax, "Riders at the end of the week", [(name, colour) for name, colour, _ in named if len(data.mix)])
    if not len(data.mix):
        nothing(ax, data.alt)
        return
    week_axis(ax, data.first, len(data.mix))
    stacked(ax, named)
