"""How unequally something is spread."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats


def gini(values: Floats) -> float:
    """Gini coefficient of non-negative values: 0 is equal, towards 1 one has it all."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if not len(ordered) or ordered.sum() <= 0:
        return float("nan")
    rank = np.arange(1, len(ordered) + 1)
    return float(2 * (rank * ordered).sum() / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered))
