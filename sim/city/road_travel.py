"""Fastest ways along roads: from a table, or row by row where a table would be too large."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.city.fastest import CHUNK, Pair, Ways
from sim.city.files import content_key, kept_table
from sim.city.roads import Closed, Roads, close
from sim.entities import Floats, Index, Ints
from sim.units import MINUTE

BYTES = 8
"""Of one pair of crossings: seconds and metres, 4 bytes each."""


@dataclass(frozen=True, slots=True)
class Network:
    """What is needed to travel between places along roads, or to do so again with some roads closed.

    Parameters
    ----------
    roads
        The street graph.
    at
        The crossing of each place.
    whole_minutes
        Round every time up to whole minutes.
    table_gb
        Memory for times and distances in GB.
    """

    roads: Roads
    at: Ints
    whole_minutes: bool = False
    table_gb: float = 2.0

    def travel(self, closed: Closed = ()) -> RoadTravel | RowTravel:
        """Travel between the places while some roads are closed.

        The table is kept in the cache, under the content of the roads.

        Parameters
        ----------
        closed
            Names of roads, and boxes (west, south, east, north in degrees) whose roads are closed.

        Raises
        ------
        ValueError
            When no road has that name or lies in that box.
        """
        closed = tuple(closed)
        roads = close(self.roads, closed) if closed else self.roads
        stops, row = np.unique(self.at, return_inverse=True)
        ways = Ways.of(roads, stops)
        if len(stops) ** 2 * BYTES > self.table_gb * 1e9:
            return RowTravel(self, row, ways, max(int(self.table_gb * 1e9 / BYTES / len(stops)), 2 * CHUNK))
        parts = (ways.times.indptr, ways.times.indices, ways.times.data, ways.metres, stops)
        return RoadTravel(self, row, kept_table(f"ways-{content_key('2', *parts)}", ways.table))


def travel_without(travel: object, closed: Iterable[str | tuple[float, float, float, float]]) -> RoadTravel | RowTravel:
    """Travel between the same places while some roads or bridges are closed.

    Parameters
    ----------
    travel
        A real city's travel.
    closed
        Names of roads, and boxes (west, south, east, north in degrees).

    Raises
    ------
    ValueError
        When the city has no named roads, or none of that name or in that box.
    """
    if not isinstance(travel, RoadTravel | RowTravel):
        raise ValueError("only a city of kind osm has roads that can be closed by name or box")
    return travel.network.travel(closed)


@dataclass(frozen=True, slots=True)
class RoadTravel:
    """Travel by a table of the fastest ways; a place is where its crossing is.

    Parameters
    ----------
    network
        Roads and places.
    row
        Row of each place in the table.
    table
        Seconds and metres, shape (2, rows, rows).
    """

    network: Network
    row: Ints
    table: Pair
    _row: list[int] = field(init=False, repr=False, compare=False)
    _seconds: NDArray[np.float32] = field(init=False, repr=False, compare=False)
    _metres: NDArray[np.float32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seconds, metres = self.table
        seconds = np.ceil(seconds / MINUTE) * np.float32(MINUTE) if self.network.whole_minutes else seconds
        for table in (self.row, self.table, seconds, metres):  # policies hold this object, and must not move the city
            table.flags.writeable = False
        for name, value in (("_row", self.row.tolist()), ("_seconds", seconds), ("_metres", metres)):
            object.__setattr__(self, name, value)

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast."""
        return self._seconds[self.row[origins], self.row[destinations]].astype(np.float64)

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        return self._seconds.item(self._row[origin], self._row[destination])

    def distance(self, origin: int, destination: int) -> float:
        """Length of the fastest way in metres."""
        return self._metres.item(self._row[origin], self._row[destination])


@dataclass(frozen=True, slots=True)
class RowTravel:
    """Travel whose rows are found when they are needed; the latest are kept.

    Parameters
    ----------
    network
        Roads and places.
    row
        Number of each place's crossing among the `ways`' stops.
    ways
        Finds a row.
    most
        Rows kept.
    """

    network: Network
    row: Ints
    ways: Ways
    most: int
    _rows: OrderedDict[int, Pair] = field(init=False, repr=False, compare=False, default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.row.flags.writeable = False

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast."""
        origin, destination = np.broadcast_arrays(self.row[origins], self.row[destinations])
        out = np.empty(origin.shape)
        for one in np.unique(origin).tolist():
            here = origin == one
            out[here] = self._found(one)[0][destination[here]]
        return out

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        return self._found(self.row.item(origin))[0].item(self.row.item(destination))

    def distance(self, origin: int, destination: int) -> float:
        """Length of the fastest way in metres."""
        return self._found(self.row.item(origin))[1].item(self.row.item(destination))

    def _found(self, origin: int) -> Pair:
        if origin in self._rows:
            self._rows.move_to_end(origin)
            return self._rows[origin]
        row = self.ways.rows(np.array([origin]))[:, 0]
        if self.network.whole_minutes:
            row[0] = np.ceil(row[0] / MINUTE) * MINUTE
        self._rows[origin] = row
        if len(self._rows) > self.most:
            self._rows.popitem(last=False)
        return row

    def __getstate__(self) -> tuple[object, ...]:
        return (self.network, self.row, self.ways, self.most)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(("network", "row", "ways", "most", "_rows"), (*state, OrderedDict()), strict=True):
            object.__setattr__(self, name, value)
