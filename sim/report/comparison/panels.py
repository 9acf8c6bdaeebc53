"""Small multiples: a grid of axes inside one, with fewer columns on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from matplotlib.axes import Axes

from sim.report.pictures import PHONE
from sim.report.style import INK, size_in

Gaps = tuple[float, float]
NAME = 0.27
"""Inches for the names of the first row of panels."""


def columns(panels: int, most: int, on_phone: int, width: float) -> int:
    """Columns of a grid in a figure of some width in inches."""
    return max(min(panels, on_phone if width <= PHONE else most), 1)


def grid_height(panels: int, across: int, panel: float, gap: float) -> float:
    """Inches that rows of panels of that height need."""
    rows = ceil(panels / across)
    return NAME + rows * panel + (rows - 1) * gap


def grid(ax: Axes, panels: int, across: int, gaps: Gaps, names: float = 0) -> Iterator[Axes]:
    """Axes row by row, gaps in inches to the right and below and room for names; the outer axes hold the heading."""
    ax.set_axis_off()
    width, height = size_in(ax)
    gap_x, gap_y, left, top = gaps[0] / width, gaps[1] / height, names / width, 1 - NAME / height
    rows = ceil(panels / across)
    wide, tall = (1 - left - (across - 1) * gap_x) / across, (top - (rows - 1) * gap_y) / rows
    for at in range(panels):
        row, column = divmod(at, across)
        yield ax.inset_axes((left + column * (wide + gap_x), top - tall - row * (tall + gap_y), wide, tall))


def name_panel(ax: Axes, text: str, size: float = 9.5) -> None:
    """What a panel shows, above its left edge."""
    ax.set_title(text, loc="left", color=INK, fontsize=size, fontweight="bold", pad=5, y=1)
