"""Fastest ways in a street graph, with the times and the lengths along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.city.roads import Roads
from sim.entities import Floats, Ints

Pair = NDArray[np.float32]
"""Seconds and metres, shape (2, ...)."""
CHUNK = 128
"""Origins at once."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Fastest ways between some crossings of a street graph.

    Parameters
    ----------
    times
        Seconds of the fastest road from crossing to crossing.
    metres
        Length of that same road, as the graph's entries stand.
    stops
        The crossings of interest, ascending.
    """

    times: csr_array
    metres: Floats
    stops: Ints

    @classmethod
    def of(cls, roads: Roads, stops: Ints) -> Ways:
        """Ways along roads."""
        graph = roads.graph()
        road = graph.data - 1
        times = csr_array((roads.seconds[road], graph.indices, graph.indptr), graph.shape)
        return cls(times, roads.metres[road], stops)

    def rows(self, origins: Ints) -> Pair:
        """Seconds and metres from some of the stops (by their number) to all, shape (2, origins, stops)."""
        seconds, before = dijkstra(self.times, indices=self.stops[origins], return_predecessors=True)
        return np.stack([seconds, self._lengths(before.astype(np.int64))])[:, :, self.stops].astype(np.float32)

    def _lengths(self, before: Ints) -> Floats:
        """Metres along the trees of fastest ways, each crossing told by the one before it.

        Every step doubles how far back each crossing has looked, so a way of n roads takes log2 n steps.
        """
        size = self.times.shape[0]
        here = np.broadcast_to(np.arange(size), before.shape)
        back = np.where(before < 0, here, before)
        metres = np.where(before < 0, 0.0, self._length(back, here))
        rows = np.arange(len(back))[:, None]
        while (back != (further := back[rows, back])).any():
            metres = metres + metres[rows, back]
            back = further
        return metres

    def _length(self, a: Ints, b: Ints) -> Floats:
        size = self.times.shape[0]
        ends = np.repeat(np.arange(size), np.diff(self.times.indptr)) * size + self.times.indices
        return self.metres[np.minimum(np.searchsorted(ends, a * size + b), len(ends) - 1)]

    def table(self) -> Pair:
        """Seconds and metres between all stops, shape (2, stops, stops)."""
        out = np.empty((2, len(self.stops), len(self.stops)), dtype=np.float32)
        for first in range(0, len(self.stops), CHUNK):
            chunk = np.arange(first, min(first + CHUNK, len(self.stops)))
            out[:, chunk] = self.rows(chunk)
        return out
