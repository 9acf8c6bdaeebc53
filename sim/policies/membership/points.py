"""Points: earned with orders, burnt at the checkout, expired when they are old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from sim.entities import Floats, Grants, Night, Touch
from sim.entities.member import MONTHS
from sim.units import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Earn:
    """Points for every delivered order.

    Parameters
    ----------
    per_order
        Points for an order, 0 or more.
    per_yuan
        Points for each yuan paid.
    morning
        Factor on `per_yuan` for orders placed from 7:00 to 9:00.
    doubled
        Factor at night (22:00 to 6:00), in bad weather, and on the user's birthday.
    """

    per_order: float = 10
    per_yuan: float = 0
    morning: float = 1.2
    doubled: float = 2

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        orders, users = night.orders, len(night.members)
        hour = orders.placed_at % DAY / HOUR
        per_yuan = np.where((hour >= 7) & (hour < 9), self.morning, 1.0) * self.per_yuan
        earned = (self.per_order + per_yuan * orders.paid / 100) * orders.delivered * self._factor(night, hour)
        return Grants(points=np.floor(orders.per_user(users, earned) + 1e-9).astype(np.int64))

    def _factor(self, night: Night, hour: Floats) -> Floats:
        late = (hour >= 22) | (hour < 6)
        birthday = night.members.birthday[night.orders.user] == night.today.timetuple().tm_yday - 1
        return np.where(late | (night.orders.weather > 0) | birthday, self.doubled, 1.0)


@dataclass(frozen=True, slots=True)
class Burn:
    """What points buy at the checkout.

    Parameters
    ----------
    ladder
        Yuan by points: ``{100: 5}`` takes 5 yuan off for 100 points.
    """

    ladder: Mapping[int, float] = field(default_factory=lambda: {100: 5.0})

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The ladder."""
        return Grants(ladder=tuple(sorted((int(points), round(yuan * 100)) for points, yuan in self.ladder.items())))


@dataclass(frozen=True, slots=True)
class Expiry:
    """Points lapse when they are old, after a reminder.

    Parameters
    ----------
    months
        Age in months of 30 days at which points lapse, 1 to 11.
    reminder_fen
        Cost in fen of telling a user, a week before, that points will lapse.
    """

    months: int = 6
    reminder_fen: int = 5

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points that lapse tonight, and whom to remind."""
        if not 1 <= self.months < MONTHS:
            raise ValueError(f"months must be 1 to {MONTHS - 1}, got {self.months}")
        points = night.members.points
        due = points[:, self.months - 1] > 0
        return Grants(
            expired=points[:, self.months :].sum(axis=1),
            touch=Touch.REMINDER,
            touched=due & ((night.day + 1) % 30 == 23),
            touch_cost=self.reminder_fen,
        )
