"""What the platform knows of its riders overnight, and of an order when it pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.entities.arrays import Bools, Floats, Ints
from sim.entities.member import Counts

CREW_DAYS = 28
"""How many days back the platform counts what a rider has done."""


class Job(NamedTuple):
    """An order as a pay rule sees it: offered, or delivered.

    Parameters
    ----------
    now
        Time in seconds: of the delivery, or of the offer.
    metres
        Way from the pickup to the door.
    basket
        In fen.
    kind
        Index of the kind of order.
    weather
        Index of the :class:`~sim.entities.Weather`.
    late_s
        How long after the promise, in seconds; 0 in an offer and where it is in time.
    delivered
        Orders that the rider has delivered in this shift before.
    level
        The rider's star level, 0 for none.
    """

    now: float
    metres: float
    basket: int
    kind: int
    weather: int
    late_s: float
    delivered: int
    level: int


@dataclass(slots=True)
class Crew:
    """What the platform knows of everybody who rides or might ride; columns of shape (riders,).

    Parameters
    ----------
    employed
        Whether the rider is registered now.
    hired
        Day on which he was, -1 for before the run.
    level
        Star level, 0 for none.
    earned, worked_s, delivered, late, refused, stars, rated
        By day, shape (28, riders), row 0 the day that has just ended: fen earned, seconds on shift, orders
        delivered and late ones, offers refused, sum of stars and number of ratings.
    """

    employed: Bools
    hired: Ints
    level: Ints
    earned: Counts
    worked_s: Counts
    delivered: Counts
    late: Counts
    refused: Counts
    stars: Counts
    rated: Counts

    def __len__(self) -> int:
        return len(self.employed)

    def within(self, days: int, recent: Counts) -> Ints:
        """Sum of a column over the last days, at most 28."""
        return recent[:days].sum(axis=0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class CrewNight:
    """What a rule for riders sees when a day has ended; read-only, and not to be kept after the call.

    Parameters
    ----------
    day
        The day that has just ended, -1 on the eve of the first.
    today, tomorrow
        Its date, and that of the next day.
    crew
        Everybody who rides or might.
    """

    day: int
    today: date
    tomorrow: date
    crew: Crew


@dataclass(frozen=True, slots=True)
class CrewGrants:
    """What a rule does for riders; arrays of shape (riders,), None does nothing.

    Parameters
    ----------
    bonus
        Paid, in fen.
    bonus_days
        For how many days up to today it is paid, 1 to 28: a rider reckons with it as with pay of those days' hours.
    level
        Star level from now on.
    honoured
        Who is praised in public, without money.
    training_s
        Seconds of service at each stop that training saves from now on, for each rider.
    cost
        What it costs the platform besides, in fen for each rider, such as insurance and courses.
    care
        Standing term for tomorrow: what insurance, a community or help is worth to a rider, in yuan per hour; also to
        one who might come.
    """

    bonus: Ints | None = None
    level: Ints | None = None
    honoured: Bools | None = None
    training_s: Floats | None = None
    cost: Ints | None = None
    care: Floats | None = None
    bonus_days: int = 1
