"""Small multiples: a grid of axes inside one, with fewer columns on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from matplotlib.axes import Axes

from sim.report.pictures import PHONE
from sim.report.style import INK

Gaps = tuple[float, float]


def columns(panels: int, most: int, on_phone: int, width: float) -> int:
    """Columns of a grid in a figure of some width in inches."""
    return max(min(panels, on_phone if width <= PHONE else most), 1)


def grid_height(panels: int, across: int, panel: float, gap: float) -> float:
    """Inches that rows of panels of that height need."""
    rows = ceil(panels / across)
    return rows * panel + (rows - 1) * gap


def grid(ax: Axes, panels: int, across: int, gaps: Gaps) -> Iterator[Axes]:
    """Axes row by row, gaps in inches to the right and below; the outer axes only hold heading and key."""
    ax.set_axis_off()
    box, whole = ax.get_position(), ax.get_figure(root=True)
    assert whole is not None
    gap_x, gap_y = gaps[0] / (box.width * whole.get_figwidth()), gaps[1] / (box.height * whole.get_figheight())
    rows = ceil(panels / across)
    wide, tall = (1 - (across - 1) * gap_x) / across, (1 - (rows - 1) * gap_y) / rows
    for at in range(panels):
        row, column = divmod(at, across)
        yield ax.inset_axes((column * (wide + gap_x), 1 - tall - row * (tall + gap_y), wide, tall))


def name_panel(ax: Axes, text: str, size: float = 9.5) -> None:
    """What a panel shows, above its left edge."""
    ax.set_title(text, loc="left", color=INK, fontsize=size, fontweight="bold", pad=5)
