"""The city as data: everything the platform does not decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints, Travel
from sim.events import Disrupted
from sim.streams import Streams

HOURS_FORECAST = 6
"""How far policies see ahead."""


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
class DoorTable:
    """Doors by place: seconds on top of the usual drop-off, true and reckoned; whether there are stairs, a locker."""

    extra_s: Floats
    reckoned_s: Floats
    stairs: Bools
    locker: Bools


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
    """Riders: start place, index of the shift template, capacity in orders, :class:`~sim.entities.Need` flags.

    ``skills`` is None where all of them can do everything.
    """

    start: Ints
    template: Ints
    capacity: Ints
    skills: Ints | None = None


Intent = tuple[float, int, int, int, float, float, int]
"""One row of :class:`Intents`, its columns in their order."""


@dataclass(frozen=True, slots=True)
class Intents:
    """Users who open the app on one day, in order of time, with every latent draw of the order.

    Times in seconds since the start of the run, ``basket`` in fen, ``merchant`` -1 where none is open.

    Parameters
    ----------
    kind, members, pickup, expected_s
        Kind of order, people who order together, place of pickup and mean preparation time (s) as the platform
        knows it; None where the scenario has no kinds.
    care
        Whether care is asked for; None where nobody asks.
    collect_s
        Seconds a drop-off would lie in a locker, -1 where the user refuses one; None without lockers.
    opinion
        The uniform of the user's rating, -1 where he gives none; None without ratings.
    checkout
        What would go wrong at the checkout, columns by :class:`sim.city.checkout.Column`; None without one.
    asks_s
        Seconds that the user waits for the platform's answer; None where it answers at once.
    flash, want
        The uniforms of the choice for the flash product and of the decision to order; None where there is none.
    pick, sold_out
        The uniform of the choice of a merchant; whether he has run out of it. None where merchants do not respond.
    """

    t: Floats
    user: Ints
    merchant: Ints
    place: Ints
    prep_s: Floats
    patience_s: Floats
    basket: Ints
    kind: Ints | None = None
    members: Ints | None = None
    pickup: Ints | None = None
    expected_s: Floats | None = None
    care: Bools | None = None
    collect_s: Floats | None = None
    opinion: Floats | None = None
    checkout: Floats | None = None
    asks_s: Floats | None = None
    flash: Floats | None = None
    want: Floats | None = None
    pick: Floats | None = None
    sold_out: Bools | None = None

    def __len__(self) -> int:
        return len(self.t)

    def rows(self, first: int = 0) -> Iterator[Intent]:
        """The Intents from row `first` on, one by one, as plain Python numbers."""
        columns = (self.t, self.user, self.merchant, self.place, self.prep_s, self.patience_s, self.basket)
        return zip(*(column[first:].tolist() for column in columns), strict=True)

    def take(self, rows: Ints) -> Intents:
        """Some rows, in the order given."""
        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        return replace(self, **{name: column[rows] for name, column in columns.items() if column is not None})

    @classmethod
    def joined(cls, parts: Sequence[Intents]) -> Intents:
        """The rows of one table after those of another."""
        first = parts[0]
        drawn = [column.name for column in fields(cls) if getattr(first, column.name) is not None]
        return replace(first, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in drawn})


@dataclass(frozen=True, slots=True)
class Shifts:
    """Who works on one day: rider, start place, on-time and off-time in seconds of the run.

    Parameters
    ----------
    due
        When the roster expects each rider, in seconds; his on-time is then later, or infinite when he does not
        come. None where all come on time.
    will
        The uniform of the decision to work, small where the rider wants to; None where the roster is all who come.
    break_after_s, break_s
        Seconds of work before each break, and its length; None where nobody takes breaks.
    """

    rider: Ints
    place: Ints
    on: Floats
    off: Floats
    due: Floats | None = None
    break_after_s: Floats | None = None
    break_s: Floats | None = None
    will: Floats | None = None


class Notice(NamedTuple):
    """A disruption begins or is over, at a time in seconds."""

    t: float
    kind: Disrupted
    begins: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds in each piece of a day: piece `i` from ``t[i]`` until ``t[i + 1]``, the last one for ever.

    Without weather, congestion and disruptions there is one piece, and every factor in it is 1.

    Parameters
    ----------
    t
        When the pieces begin, in seconds of the run, ascending; the first with the day. The last day's
        pieces go on through the drain.
    weather
        The :class:`~sim.entities.Weather` that policies may see of the present.
    forecast
        What the weather service says in that hour of the next six, shape (pieces, 6).
    pace, expected_pace
        Factors on travel times: the truth, and what the platform reckons with (congestion, and the weather
        forecast an hour before).
    service
        Factor on the time at the door.
    travel
        Index into :attr:`City.travels`.
    outage
        Whether the platform decides nothing.
    closed
        Merchants that are closed by surprise.
    notices
        Disruptions that begin or end in the day, in order of time.
    """

    t: Floats
    weather: Ints
    forecast: Ints
    pace: Floats
    expected_pace: Floats
    service: Floats
    travel: Ints
    outage: Bools
    closed: tuple[frozenset[int], ...]
    notices: tuple[Notice, ...] = ()

    @classmethod
    def calm(cls, begin: float = 0.0) -> Conditions:
        """One piece from `begin` (s) on in which nothing is out of the ordinary."""
        one, none = np.ones(1), np.zeros(1, np.int64)
        dry, works = np.zeros((1, HOURS_FORECAST), np.int64), np.zeros(1, np.bool_)
        return cls(np.array([begin]), none, dry, one, one, one, none, works, (frozenset(),))

    def at(self, time: float) -> int:
        """Index of the piece that holds at a time in seconds; 0 before the first."""
        return max(int(np.searchsorted(self.t, time, side="right")) - 1, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """One day's exogenous draws; `away` tells which riders would not come at any price, None where nobody is so."""

    intents: Intents
    shifts: Shifts
    conditions: Conditions = field(default_factory=Conditions.calm)
    away: Bools | None = None


@dataclass(frozen=True, slots=True)
class Map:
    """What only a picture needs: street segments and the river's course, as (n, 4) and (n, 2) metres; whose map."""

    streets: Floats = field(default_factory=lambda: np.empty((0, 4)))
    river: Floats = field(default_factory=lambda: np.empty((0, 2)))
    credit: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """The realised exogenous world; its days are drawn on demand.

    Parameters
    ----------
    zones, segments
        Name of each zone, and of each segment of users.
    day
        Draws day `d` (from 0) from the streams of a replication.
    expected
        Intents of day `d` as far as they can be known beforehand, without surprises and weather, shape (zones, 96):
        per quarter of an hour. None where a benchmark brings its own orders.
    travels
        Travel on normal roads, which is `travel`, and with each set of roads that disruptions close at once.
    doors
        What the doors of each place cost; None where all of them are usual.
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
    expected: Callable[[int], Floats] | None = None
    travels: tuple[Travel, ...] = ()
    doors: DoorTable | None = None

    def __post_init__(self) -> None:
        if not self.travels:
            object.__setattr__(self, "travels", (self.travel,))
