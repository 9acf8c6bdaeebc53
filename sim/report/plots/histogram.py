"""Bins for distributions: round widths, and no value left out."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats
from sim.report.wording import round_down

TAIL = 0.995
"""What lies beyond this quantile is pooled in the last bin."""


def round_edges(values: Floats, about: int = 40) -> Floats:
    """Edges of about that many bins of a round width, from 0 to the tail or a little more."""
    reach = max(float(np.quantile(values, TAIL)), 1e-9)
    width = round_down(reach / about * 2) if reach > 1e-9 else 1.0
    return np.arange(0, np.floor(reach / width) + 2) * width


def pooled(values: Floats, edges: Floats) -> Floats:
    """Values with those beyond the last edge moved into the last bin."""
    return np.asarray(np.minimum(values, edges[-1]))
