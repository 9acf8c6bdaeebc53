"""The map of changes by zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.offsetbox import DrawingArea, VPacker
from matplotlib.patches import Rectangle

from sim.entities import Floats
from sim.report.comparison.labels import labels
from sim.report.comparison.numbers import signed
from sim.report.comparison.panels import grid, name_panel
from sim.report.comparison.zone_change import FEWEST, GAPS, ZoneChange
from sim.report.plots.city_map import plot_streets
from sim.report.plots.map_key import scale_bar
from sim.report.style import GOOD_LIGHT, INK, OPEN, beside, heading, label, packed, width_in

CHANGE = LinearSegmentedColormap.from_list("change", ["#cf7a45", "#ecc0a3", "#f6f4f1", GOOD_LIGHT, "#3f998f"])
"""From worse over equal to better; light enough for numbers."""
NARROWEST = 0.27
"""Inches of a zone's side that its number needs."""
MANY_MAPS = 3
"""Beyond, streets are pixels in the SVG, which would repeat them all in every map."""


def plot_zone_change(data: ZoneChange, ax: Axes) -> None:
    """A map a variant: squares from worse to better under streets and river."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    across = data.across(figure.get_figwidth())
    heading(ax, f"Change in {data.name} to the baseline, {data.unit}")
    reach = _reach(list(data.change.values()))
    names = labels(data.variants)
    for at, panel in enumerate(grid(ax, len(data.change), across, GAPS)):
        variant = list(data.change)[at]
        _panel(data, panel, data.change[variant], reach)
        name_panel(panel, names[variant])
    _key(data, ax, reach)


def _panel(data: ZoneChange, ax: Axes, change: Floats, reach: float) -> None:
    west, east, south, north = extent = data.extent
    ax.set_aspect("equal", adjustable="box", anchor="NW")
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_axis_off()
    shades = CHANGE(0.5 + 0.5 * np.clip(np.nan_to_num(data.better * change / reach), -1, 1))
    shades[~np.isfinite(change)] = to_rgba(OPEN)
    corners = data.boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    ax.add_collection(PolyCollection(list(corners), facecolors=shades, edgecolors="white", linewidths=1, zorder=1))
    plot_streets(data.city.map, extent, ax)
    for line in ax.lines:
        line.set_rasterized(len(data.change) > MANY_MAPS)
    _numbers(data, ax, change, shades)
    scale_bar(ax, extent)


def _numbers(data: ZoneChange, ax: Axes, change: Floats, shades: Floats) -> None:
    west, east, _, _ = data.extent
    if not len(data.boxes) or np.median(data.boxes[:, 2] - data.boxes[:, 0]) / (east - west) * width_in(ax) < NARROWEST:
        return
    for box, value, shade in zip(data.boxes, change, shades, strict=True):
        if np.isfinite(value):
            patch = {"boxstyle": "round,pad=0.12", "facecolor": shade, "edgecolor": "none"}  # a halo would be 6 kB each
            ax.text((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, signed(value, data.digits), ha="center", va="center",
                    fontsize=7.5, color=INK, zorder=5, bbox=patch)  # fmt: skip


def _key(data: ZoneChange, ax: Axes, reach: float) -> None:
    """Under the maps: the scale from worse to better, and what grey means."""
    ramp = DrawingArea(90, 9)
    for step in range(9):
        ramp.add_artist(Rectangle((10 * step, 0), 10, 9, facecolor=CHANGE(step / 8), edgecolor="none"))
    worse, better = (signed(side * data.better * reach, data.digits) for side in (-1, 1))
    grey = DrawingArea(9, 9)
    grey.add_artist(Rectangle((0, 0), 9, 9, facecolor=OPEN, edgecolor="none"))
    parts = [packed([label(f"worse {worse}"), ramp, label(f"{better} better")]),
             packed([grey, label(f"fewer than {FEWEST} orders")])]  # fmt: skip
    figure = ax.get_figure(root=True)
    assert figure is not None
    rows = [packed(parts, 16)] if figure.get_figwidth() > 4.5 else [packed([part]) for part in parts]
    beside(ax, VPacker(pad=0, sep=4, children=[*rows]), above=False)


def _reach(changes: Sequence[Floats]) -> float:
    """The end of the scale: the largest change, rounded up to two digits."""
    sizes = np.abs(np.concatenate(changes))
    most = float(np.quantile(sizes[np.isfinite(sizes)], 0.95)) if np.isfinite(sizes).any() else 0.0
    if most <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(np.ceil(2 * most / power) / 2 * power)
