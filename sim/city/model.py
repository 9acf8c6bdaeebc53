"""The city as data: everything the platform does not decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.entities import Floats, Ints, Travel
from sim.streams import Streams


class LandUse(IntEnum):
    """What stands at a place."""

    HOUSING = 0
    DORMITORY = 1
    TEACHING = 2
    OFFICE = 3
    SHOPFRONT = 4


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses: position in metres, index of the zone, land use; shape (places,)."""

    x: Floats
    y: Floats
    zone: Ints
    use: Ints


@dataclass(frozen=True, slots=True)
class Merchants:
    """Merchants: place, class, stations, mean preparation time (s), gamma shape, hours (s), popularity."""

    place: Ints
    kind: Ints
    stations: Ints
    prep_s: Floats
    prep_shape: Floats
    opens: Floats
    closes: Floats
    popularity: Floats


@dataclass(frozen=True, slots=True)
class Users:
    """Users: segment, home and workplace (places), taste (relative frequency of ordering, mean 1)."""

    segment: Ints
    home: Ints
    work: Ints
    taste: Floats


@dataclass(frozen=True, slots=True)
class Riders:
    """Riders: start place, index of the shift template, capacity in orders."""

    start: Ints
    template: Ints
    capacity: Ints


Intent = tuple[float, int, int, int, float, float, int]
"""One row of :class:`Intents`, its columns in their order."""


@dataclass(frozen=True, slots=True)
class Intents:
    """Users who open the app on one day, in order of time, with every latent draw of the order.

    Times in seconds since the start of the run, ``basket`` in fen, ``merchant`` -1 where none is open.
    """

    t: Floats
    user: Ints
    merchant: Ints
    place: Ints
    prep_s: Floats
    patience_s: Floats
    basket: Ints

    def __len__(self) -> int:
        return len(self.t)

    def rows(self, first: int = 0) -> Iterator[Intent]:
        """The Intents from row `first` on, one by one, as plain Python numbers."""
        columns = (self.t, self.user, self.merchant, self.place, self.prep_s, self.patience_s, self.basket)
        return zip(*(column[first:].tolist() for column in columns), strict=True)


@dataclass(frozen=True, slots=True)
class Shifts:
    """Who works on one day: rider, start place, on-time and off-time in seconds of the run."""

    rider: Ints
    place: Ints
    on: Floats
    off: Floats


@dataclass(frozen=True, slots=True)
class Day:
    """One day's exogenous draws."""

    intents: Intents
    shifts: Shifts


@dataclass(frozen=True, slots=True)
class Map:
    """What only a picture needs: street segments and the river's course, as (n, 4) and (n, 2) metres."""

    streets: Floats = field(default_factory=lambda: np.empty((0, 4)))
    river: Floats = field(default_factory=lambda: np.empty((0, 2)))


@dataclass(frozen=True, slots=True)
class City:
    """The realised exogenous world; its days are drawn on demand.

    Parameters
    ----------
    zones
        Name of each zone.
    segments
        Name of each segment of users.
    day
        Draws day `d` (from 0) from the streams of a replication.
    """

    places: Places
    zones: tuple[str, ...]
    segments: tuple[str, ...]
    travel: Travel
    merchants: Merchants
    users: Users
    riders: Riders
    day: Callable[[int, Streams], Day]
    map: Map = field(default_factory=Map)
