"""The city: streets and river, where orders go, where merchants are and where riders wait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection

from sim.city.model import City, Map
from sim.entities import Floats, Ints
from sim.kpi.tables import Tables
from sim.report.plots.map_key import map_key, scale_bar
from sim.report.style import DEMAND, HALO, INK, POINTS, RIDER, ROAD, STREET, WATER, heading, width_in
from sim.units import HOUR

ACROSS = 24
"""Most hexagons of demand from west to east; fewer where addresses are few."""
IDLE_ACROSS = 15
"""Cells of idle time from west to east; a circle fills most of one."""
RIVER_M = 90.0
Extent = tuple[float, float, float, float]
"""West, east, south and north in metres."""


@dataclass(frozen=True, slots=True)
class MapData:
    """What the map shows: positions in metres, shape (n, 2), with orders' drop-offs and idle rider-hours."""

    drawing: Map
    places: int
    extent: Extent
    dropoffs: Floats
    merchants: Floats
    waiting: Floats
    idle_h: Floats

    @property
    def shape(self) -> float:
        """Height of the city over its width."""
        west, east, south, north = self.extent
        return (north - south) / (east - west)

    @property
    def alt(self) -> str:
        """The figure in words."""
        return (
            f"Map of {len(self.dropoffs):,} drop-offs, {len(self.merchants):,} merchants and {self.idle_h.sum():,.0f} "
            "idle rider-hours."
        )


def map_data(city: City, tables: Tables) -> MapData:
    """Orders by drop-off, all merchants, and idle time gathered in cells."""
    xy = np.column_stack([city.places.x, city.places.y])
    extent = extent_of(city)
    place, hours = idle_hours(tables)
    dropoffs = xy[tables.orders["place"].to_numpy(dtype=np.int64)]
    return MapData(city.map, len(xy), extent, dropoffs, xy[city.merchants.place], *_gathered(xy[place], hours, extent))


def idle_hours(tables: Tables) -> tuple[Ints, Floats]:
    """Places where riders were idle, and for how many rider-hours."""
    idle = tables.idle
    spent = ((idle["end"] - idle["start"]) / HOUR).groupby(idle["place"]).sum()
    spent = spent[spent > 0]
    return spent.index.to_numpy(dtype=np.int64), spent.to_numpy(dtype=np.float64)


def plot_map(data: MapData, ax: Axes) -> None:
    """Hexagons of demand under streets, dots for merchants, circles for idle time."""
    west, east, south, north = data.extent
    ax.set_aspect("equal", adjustable="box", anchor="W")
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_axis_off()
    heading(ax, "Where orders go and riders wait")
    cells = _demand(data, ax)
    plot_streets(data.drawing, data.extent, ax)
    x, y = data.merchants.T
    ax.scatter(x, y, s=6, color=INK, linewidths=0, zorder=6, label="merchants")
    _idle(data, ax)
    map_key(ax, cells, float(data.idle_h.max(initial=0)), _largest(ax))
    scale_bar(ax, data.extent)


def _demand(data: MapData, ax: Axes) -> PolyCollection | None:
    if not len(data.dropoffs):
        return None
    wide = min(max(round(0.8 * data.places**0.5), 4), ACROSS)
    across = (wide, max(round(wide * data.shape / np.sqrt(3)), 1))
    cells = ax.hexbin(
        *data.dropoffs.T, gridsize=across, extent=data.extent, mincnt=1, cmap=DEMAND, linewidths=0.4,
        edgecolors="white", zorder=1,
    )  # fmt: skip
    cells.set_clim(0, max(float(np.quantile(np.asarray(cells.get_array()), 0.98)), 1))
    return cells


def plot_streets(drawing: Map, extent: Extent, ax: Axes) -> None:
    """River and streets, when the limits are set."""
    west, east, _, _ = extent
    point_m = (east - west) / (width_in(ax) * POINTS)
    ax.plot(*drawing.river.T, color=WATER, linewidth=RIVER_M / point_m, zorder=2, solid_capstyle="butt",
            label="river")  # fmt: skip
    streets = np.full((len(drawing.streets), 3, 2), np.nan)
    streets[:, :2] = drawing.streets.reshape(-1, 2, 2)
    color = ROAD if drawing.credit else STREET  # a real map's winding roads must stand out from the hexagons
    ax.plot(*streets.reshape(-1, 2).T, color=color, linewidth=0.7, zorder=3, label="streets")
    if drawing.credit:
        ax.text(0.01, 0.01, drawing.credit, transform=ax.transAxes, fontsize=6, color=INK, zorder=7, path_effects=HALO)


def _idle(data: MapData, ax: Axes) -> PathCollection:
    area = _largest(ax) * data.idle_h / data.idle_h.max(initial=1e-9)
    x, y = data.waiting.T
    return ax.scatter(x, y, s=area, facecolors=RIDER + "30", edgecolors=RIDER, linewidths=0.9, zorder=5, label="idle")


def _largest(ax: Axes) -> float:
    """Area of the largest circle in square points."""
    return (0.9 * width_in(ax) * POINTS / IDLE_ACROSS) ** 2 * np.pi / 4


def _gathered(xy: Floats, hours: Floats, extent: Extent) -> tuple[Floats, Floats]:
    """Hours summed over square cells, and where in each cell they were spent on average."""
    side = (extent[1] - extent[0]) / IDLE_ACROSS
    cells = np.floor((xy - [extent[0], extent[2]]) / side).astype(np.int64)
    _, cell = np.unique(cells[:, 0] * 10_000 + cells[:, 1], return_inverse=True)
    total = np.asarray(np.bincount(cell, hours), dtype=np.float64)
    middle = np.column_stack([np.bincount(cell, hours * axis) for axis in xy.T])
    return middle / total[:, None], total


def extent_of(city: City) -> Extent:
    """West, east, south and north of the addresses, with a margin; never a point or a line."""
    xy = np.column_stack([city.places.x, city.places.y])
    low, high = xy.min(axis=0), xy.max(axis=0)
    margin = 0.05 * max(float((high - low).max()), 100.0)
    (west, south), (east, north) = (low - margin).tolist(), (high + margin).tolist()
    return west, east, south, north
