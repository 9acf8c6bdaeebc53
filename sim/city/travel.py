"""Travel times and distances between places: along straight lines, or from a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from sim.entities import Floats, Index, Travel
from sim.units import MINUTE


@dataclass(frozen=True, slots=True)
class StraightTravel:
    """Straight-line travel.

    Parameters
    ----------
    x, y
        Coordinates of the places in metres, shape (places,).
    metres_per_minute
        Speed.
    whole_minutes
        Round every time up to whole minutes: ``ceil(metres / metres_per_minute)``.
    manhattan
        Sum of the coordinate differences instead of the Euclidean distance.
    """

    x: Floats
    y: Floats
    metres_per_minute: float
    whole_minutes: bool = False
    manhattan: bool = False

    def __post_init__(self) -> None:
        for column in (self.x, self.y):  # policies hold this object, and must not move the city
            column.flags.writeable = False

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast."""
        minutes = self._metres(origins, destinations) / self.metres_per_minute
        return (np.ceil(minutes) if self.whole_minutes else minutes) * MINUTE

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        minutes = self.distance(origin, destination) / self.metres_per_minute
        return (ceil(minutes) if self.whole_minutes else minutes) * MINUTE

    def distance(self, origin: int, destination: int) -> float:
        """Distance in metres between two places."""
        dx = self.x.item(origin) - self.x.item(destination)
        dy = self.y.item(origin) - self.y.item(destination)
        return abs(dx) + abs(dy) if self.manhattan else sqrt(dx * dx + dy * dy)

    def _metres(self, origins: Index, destinations: Index) -> Floats:
        dx = self.x[origins] - self.x[destinations]
        dy = self.y[origins] - self.y[destinations]
        # sqrt of the sum, not hypot: it must round as `distance` does, or whole minutes may differ
        return np.abs(dx) + np.abs(dy) if self.manhattan else np.sqrt(dx * dx + dy * dy)


@dataclass(frozen=True, slots=True)
class TableTravel:
    """Travel along streets, from a table of shortest ways.

    Parameters
    ----------
    metres
        Length of the shortest way from place to place, shape (places, places).
    metres_per_minute
        Speed.
    whole_minutes
        Round every travel time up to whole minutes.
    """

    metres: NDArray[np.float32]
    metres_per_minute: float
    whole_minutes: bool = False
    _seconds: NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        minutes = self.metres / np.float32(self.metres_per_minute)
        seconds = (np.ceil(minutes) if self.whole_minutes else minutes) * np.float32(MINUTE)
        object.__setattr__(self, "_seconds", seconds)
        for table in (self.metres, seconds):  # policies hold this object, and must not move the city
            table.flags.writeable = False

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast."""
        return self._seconds[origins, destinations].astype(np.float64)

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        return self._seconds.item(origin, destination)

    def distance(self, origin: int, destination: int) -> float:
        """Length of the shortest way in metres."""
        return self.metres.item(origin, destination)


@dataclass(frozen=True, slots=True)
class Paced:
    """Travel on which everything takes longer by a factor: congestion, or the weather.

    Parameters
    ----------
    travel
        Travel when the roads are free and dry.
    pace
        Factor on its times.
    """

    travel: Travel
    pace: float

    def times(self, origins: Index, destinations: Index) -> Floats:
        """Travel times in seconds; the two arrays of places broadcast."""
        return self.travel.times(origins, destinations) * self.pace

    def time(self, origin: int, destination: int) -> float:
        """Travel time in seconds between two places."""
        return self.travel.time(origin, destination) * self.pace

    def distance(self, origin: int, destination: int) -> float:
        """Length of the way in metres."""
        return self.travel.distance(origin, destination)
