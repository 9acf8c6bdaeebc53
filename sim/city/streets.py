"""The generated district's street graph: a jittered grid cut by a river with a few bridges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from sim.entities import Bools, Floats, Ints
from sim.scenario.city import District

RIVER_WIDTH_M = 110.0
GAP_SHARE = 0.08
"""Share of the street segments left out, so that the grid is not perfect."""


@dataclass(frozen=True, slots=True)
class Streets:
    """A connected street graph: crossings in metres, segments as pairs of crossings, the river's course."""

    x: Floats
    y: Floats
    segments: Ints
    river: Floats

    def lengths(self) -> Floats:
        """Length of each segment in metres."""
        a, b = self.segments.T
        return np.asarray(np.hypot(self.x[a] - self.x[b], self.y[a] - self.y[b]))

    def distances(self) -> Floats:
        """Length in metres of the shortest way between all crossings, shape (crossings, crossings)."""
        a, b = self.segments.T
        graph = coo_array((self.lengths(), (a, b)), shape=(len(self.x),) * 2)
        return np.asarray(dijkstra(graph.tocsr(), directed=False))


def over_the_river(streets: Streets) -> Ints:
    """Rows of the segments that cross the river, the bridges, from west to east."""
    middle = np.interp(streets.x, *streets.river.T)
    a, b = (streets.y - middle)[streets.segments.T]
    wet = np.flatnonzero(a * b <= 0)
    return wet[np.argsort(streets.x[streets.segments[wet, 0]], kind="stable")]


def river_y(city: District, x: Floats | float) -> Floats:
    """Middle of the river in metres from the south edge, at `x` metres from the west edge."""
    return np.asarray(city.height_m * (0.56 + 0.05 * np.sin(2 * np.pi * np.asarray(x) / city.width_m)))


def lay_streets(city: District, rng: Generator) -> Streets:
    """Draw the street graph of a district; every crossing can reach every other."""
    columns, rows = int(city.width_m // city.block_m) + 1, int(city.height_m // city.block_m) + 1
    column, row = (a.ravel() for a in np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij"))
    jitter = rng.uniform(-0.22, 0.22, (2, columns * rows)) * city.block_m
    x, y = column * city.block_m + jitter[0], row * city.block_m + jitter[1]
    grid = np.arange(columns * rows).reshape(columns, rows)
    east = np.column_stack([grid[:-1].ravel(), grid[1:].ravel()])
    north = np.column_stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()])
    segments = np.vstack([east, north])
    keep = _dry(city, x, y, segments) & (rng.random(len(segments)) > GAP_SHARE)
    keep |= _bridges(city, x, y, column, segments)
    course = np.linspace(0, city.width_m, 60)
    return _largest_part(x, y, segments[keep], np.column_stack([course, river_y(city, course)]))


def _dry(city: District, x: Floats, y: Floats, segments: Ints) -> Bools:
    """Segments that do not touch the river."""
    side = y - river_y(city, x)
    a, b = side[segments.T]
    return (np.abs(a) > RIVER_WIDTH_M / 2) & (np.abs(b) > RIVER_WIDTH_M / 2) & (a * b > 0)


def _bridges(city: District, x: Floats, y: Floats, column: Ints, segments: Ints) -> Bools:
    """Segments on the columns that carry a bridge, within two blocks of the river."""
    columns = column.max()
    carrying = np.unique(np.round((np.arange(city.bridges) + 0.5) / city.bridges * columns).astype(np.int64))
    a, b = segments.T
    near = np.abs(y - river_y(city, x)) < RIVER_WIDTH_M / 2 + 1.5 * city.block_m
    return np.isin(column[a], carrying) & (column[a] == column[b]) & near[a] & near[b]


def _largest_part(x: Floats, y: Floats, segments: Ints, river: Floats) -> Streets:
    a, b = segments.T
    graph = coo_array((np.ones(len(segments)), (a, b)), shape=(len(x),) * 2)
    _, part = connected_components(graph, directed=False)
    kept = part == np.bincount(part).argmax()
    index = np.cumsum(kept) - 1
    return Streets(x[kept], y[kept], index[segments[kept[a]]], river)
