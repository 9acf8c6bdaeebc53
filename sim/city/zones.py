"""Zones: square cells of the map."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats, Ints


def zone_grid(x: Floats, y: Floats, side_m: float) -> tuple[Ints, tuple[str, ...]]:
    """Zone of each position and the zones' names, ``A1`` in the south-west, letters eastwards.

    Parameters
    ----------
    x, y
        Positions in metres.
    side_m
        Side of a zone in metres.
    """
    column, row = _cell(x, side_m), _cell(y, side_m)
    rows = int(row.max()) + 1
    cells, zone = np.unique(column * rows + row, return_inverse=True)
    return zone.astype(np.int64), tuple(f"{_letters(c // rows)}{c % rows + 1}" for c in cells.tolist())


def _cell(values: Floats, side_m: float) -> Ints:
    """Cell along one axis; what is left over at the far edge belongs to the last whole cell."""
    offset = values - values.min()
    last = max(round(float(offset.max()) / side_m) - 1, 0)
    return np.minimum(np.floor(offset / side_m).astype(np.int64), last)


def _letters(index: int) -> str:
    """``A`` to ``Z``, then ``AA``: the column's name."""
    text = ""
    while index >= 0:
        text = chr(ord("A") + index % 26) + text
        index = index // 26 - 1
    return text
