"""Points: earned with orders, burnt at the checkout, expired when they are old."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Floats, Grants, Ints, Night, Touch
from sim.entities.member import MONTHS
from sim.policies.bounds import MOST, ascending, inside, some, whole
from sim.units import DAY, HOUR, fen


@dataclass(frozen=True, slots=True)
class Earn:
    """Points for every delivered order; of `night`, `harsh` and `birthday` the highest that applies counts.

    Parameters
    ----------
    per_order
        Points for an order, 0 or more.
    per_yuan
        Points for each yuan paid, 0 or more.
    morning
        Factor on `per_yuan` for orders placed from 7:00 to 9:00, 0 to 100.
    night
        Factor for orders placed from 22:00 to 6:00, 1 to 100.
    harsh
        Factor for orders placed in rain, heat or cold, 1 to 100.
    birthday
        Factor on the user's birthday, 1 to 100.
    """

    per_order: float = 10
    per_yuan: float = 0
    morning: float = 1.2
    night: float = 2
    harsh: float = 2
    birthday: float = 2

    def __post_init__(self) -> None:
        for name in ("per_order", "per_yuan"):
            inside(name, 0, MOST, getattr(self, name))
        inside("morning", 0, 100, self.morning)
        for name in ("night", "harsh", "birthday"):
            inside(name, 1, 100, getattr(self, name))

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        orders, users = night.orders, len(night.members)
        hour = orders.placed_at % DAY / HOUR
        per_yuan = np.where((hour >= 7) & (hour < 9), self.morning, 1.0) * self.per_yuan
        earned = (self.per_order + per_yuan * orders.paid / 100) * orders.delivered * self._factor(night, hour)
        return Grants(points=_floor(orders.per_user(users, earned)))

    def _factor(self, night: Night, hour: Floats) -> Floats:
        late = (hour >= 22) | (hour < 6)
        birthday = night.members.birthday[night.orders.user] == night.today.timetuple().tm_yday - 1
        applies = ((late, self.night), (night.orders.weather > 0, self.harsh), (birthday, self.birthday))
        return np.max([np.where(when, factor, 1.0) for when, factor in applies], axis=0)


def _floor(points: Floats) -> Ints:
    return np.floor(points + 1e-9).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Burn:
    """What points buy at the checkout; now and then they buy more for some days.

    Parameters
    ----------
    ladder
        Pairs of points and yuan, both rising: ``((100, 5), (500, 30))`` takes 5 yuan off for 100 points and 30 for 500.
    factor
        Factor on the yuan while a festival lasts, 1 to 10; 1 means there is none.
    every_days, days
        A festival begins every so many days, the first after that many, and lasts for so many.
    """

    ladder: tuple[tuple[int, float], ...] = ((100, 5.0),)
    factor: float = 1.0
    every_days: int = 28
    days: int = 3

    def __post_init__(self) -> None:
        some("ladder", self.ladder)
        for points, yuan in self.ladder:
            whole("ladder: points", 1, MOST, points)
            inside("ladder: yuan", 0.01, 10000, yuan)
        ladder = sorted(self.ladder)
        ascending("ladder: points", [points for points, _ in ladder])
        ascending("ladder: yuan", [yuan for _, yuan in ladder])
        inside("factor", 1, 10, self.factor)
        whole("every_days", 1, 365, self.every_days)
        whole("days", 1, self.every_days, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The ladder of tomorrow."""
        tomorrow = night.day + 1
        festival = tomorrow >= self.every_days and tomorrow % self.every_days < self.days
        factor = self.factor if festival else 1.0
        return Grants(ladder=tuple(sorted((points, fen(yuan * factor)) for points, yuan in self.ladder)))


@dataclass(frozen=True, slots=True)
class Expiry:
    """Points lapse when they are old, after a reminder.

    Parameters
    ----------
    months
        Months end every 30 days; points lapse at this many month ends after they were earned, 1 to 11. The
        youngest that lapse are 30 x (months - 1) days old, the oldest 30 x months.
    reminder_fen
        Cost in fen of telling a user, a week before, that points will lapse.
    """

    months: int = 6
    reminder_fen: int = 5

    def __post_init__(self) -> None:
        whole("months", 1, MONTHS - 1, self.months)
        whole("reminder_fen", 0, 10000, self.reminder_fen)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points that lapse tonight, and whom to remind."""
        points = night.members.points
        due = night.members.registered & (points[:, self.months - 1] > 0)
        return Grants(
            expired=points[:, self.months :].sum(axis=1),
            touch=Touch.REMINDER,
            touched=due & ((night.day + 1) % 30 == 23),
            touch_cost=self.reminder_fen,
        )
