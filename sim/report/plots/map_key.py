"""The map's key and scale bar."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.offsetbox import DrawingArea, OffsetBox, VPacker
from matplotlib.patches import Circle, Rectangle

from sim.report.style import DEMAND, HALO, INK, RIDER, beside, label, packed, width_in
from sim.report.wording import round_down

SHADES = 6
ONE_LINE_IN = 4.5


def map_key(ax: Axes, cells: PolyCollection | None, most_idle_h: float, largest: float) -> None:
    """Under the map: shades of demand, the merchants' dot, a circle of a round number of hours.

    Parameters
    ----------
    cells
        The hexagons of demand, None when nobody ordered.
    most_idle_h, largest
        Rider-hours of the largest circle and its area in square points.
    """
    parts: list[OffsetBox] = [_ramp(cells)] if cells else []
    parts.append(packed([_dot(1.5, INK, INK), label("merchant")]))
    if most_idle_h > 0:
        hours = round_down(most_idle_h)
        radius = sqrt(largest * hours / most_idle_h / pi)
        parts.append(packed([_dot(radius, RIDER + "30", RIDER), label(f"{hours:g} rider-h idle")]))
    rows = [parts] if width_in(ax) > ONE_LINE_IN or len(parts) < 3 else [parts[:1], parts[1:]]
    beside(ax, VPacker(pad=0, sep=4, children=[packed(row, 16) for row in rows]), above=False)


def scale_bar(ax: Axes, extent: tuple[float, float, float, float]) -> None:
    """A bar of a round length in the south-east corner."""
    west, east, south, north = extent
    length = round_down((east - west) * 0.22)
    left, y = east - length - 0.02 * (east - west), south + 0.02 * (north - south)
    ax.plot([left, left + length], [y, y], color=INK, linewidth=2, solid_capstyle="butt", zorder=6, path_effects=HALO)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    ax.annotate(text, (left + length / 2, y), (0, 3), textcoords="offset points", ha="center", va="bottom", zorder=6,
                path_effects=HALO)  # fmt: skip


def _ramp(cells: PolyCollection) -> OffsetBox:
    """Shades from none to the most orders of a hexagon; the last shade is open above."""
    ramp = DrawingArea(10 * SHADES, 9)
    for step in range(SHADES):
        shade = DEMAND((step + 0.5) / SHADES)
        ramp.add_artist(Rectangle((10 * step, 0), 10, 9, facecolor=shade, edgecolor="none"))
    top, most = cells.get_clim()[1] or 1.0, float(np.asarray(cells.get_array()).max())
    above = "+" if most > top else ""
    return packed([label("orders per hexagon 1"), ramp, label(f"{top:.0f}{above}")])


def _dot(radius: float, face: str, edge: str) -> DrawingArea:
    area = DrawingArea(2 * radius + 1, 2 * radius + 1)
    circle = Circle((radius + 0.5, radius + 0.5), radius, facecolor=face, edgecolor=edge, linewidth=0.9)
    area.add_artist(circle)
    return area
