"""Play: streaks, weekly tasks, mystery boxes and a leaderboard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Offer, Touch
from sim.entities.member import WINDOW_DAYS
from sim.policies.bounds import MOST, inside, some, whole
from sim.policies.membership.periods import ends
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Streak:
    """Points each time the app has been opened on so many days in a row.

    Parameters
    ----------
    days
        Days in a row, 2 to 365.
    points
        Points for them, 0 or more.
    """

    days: int = 7
    points: int = 20

    def __post_init__(self) -> None:
        whole("days", 2, 365, self.days)
        whole("points", 0, MOST, self.points)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        members = night.members
        done = members.registered & (members.streak > 0) & (members.streak % self.days == 0)
        return Grants(points=done * self.points, touch=Touch.GAME, touched=done)


@dataclass(frozen=True, slots=True)
class Task:
    """Points for so many delivered orders in a period.

    Parameters
    ----------
    orders
        Orders to be done, 1 or more.
    days
        Length of the period, 1 to 30 days.
    points
        Points for the task, 0 or more.
    """

    orders: int = 3
    days: int = 7
    points: int = 20

    def __post_init__(self) -> None:
        whole("orders", 1, 1000, self.orders)
        whole("days", 1, WINDOW_DAYS, self.days)
        whole("points", 0, MOST, self.points)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user, on the last night of a period."""
        members = night.members
        done = members.registered & (members.within(self.days, members.recent_orders) >= self.orders)
        done &= ends(night, self.days)
        return Grants(points=done * self.points, touch=Touch.GAME, touched=done)


@dataclass(frozen=True, slots=True)
class MysteryBox:
    """After an order there may be a box with a coupon whose value is a surprise.

    Parameters
    ----------
    chance
        Chance of a box on a day with a delivered order, 0 to 1.
    yuan, weights
        What a box may hold, and how often relative to each other.
    floor_yuan
        Least basket on which the coupon can be used.
    days
        How long it lasts, 1 to 60.
    """

    chance: float = 0.2
    yuan: tuple[float, ...] = (1.0, 3.0, 10.0)
    weights: tuple[float, ...] = (70.0, 27.0, 3.0)
    floor_yuan: float = 20.0
    days: int = 3

    def __post_init__(self) -> None:
        inside("chance", 0, 1, self.chance)
        some("yuan", self.yuan)
        inside("yuan", 0.01, 1000, *self.yuan)
        inside("weights", 0, MOST, *self.weights)
        if len(self.yuan) != len(self.weights) or not sum(self.weights):
            raise ValueError("weights must have a value for each of yuan, and not all of them 0")
        inside("floor_yuan", 0, 1000, self.floor_yuan)
        whole("days", 1, 60, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Coupons by user."""
        users = len(night.members)
        found, inside_it = rng.random((2, users))
        got = (night.orders.per_user(users, night.orders.delivered) > 0) & (found < self.chance)
        steps = np.cumsum(self.weights) / sum(self.weights)
        prize = np.array([fen(yuan) for yuan in self.yuan])[np.searchsorted(steps[:-1], inside_it, side="right")]
        offer = Offer(got * prize, floor=fen(self.floor_yuan), days=self.days)
        return Grants(offer=offer, touch=Touch.GAME, touched=got)


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Points for those who have ordered most in a period; among equals, who has spent more.

    Parameters
    ----------
    places
        Places on the board, 1 or more.
    points
        Points for each, 0 or more.
    days
        Length of the period, 1 to 30 days.
    """

    places: int = 20
    points: int = 50
    days: int = 7

    def __post_init__(self) -> None:
        whole("places", 1, MOST, self.places)
        whole("points", 0, MOST, self.points)
        whole("days", 1, WINDOW_DAYS, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user, on the last night of a period."""
        members = night.members
        if not ends(night, self.days):
            return Grants()
        orders = members.within(self.days, members.recent_orders) * members.registered
        best = np.lexsort((-members.within(self.days, members.recent_spent), -orders))[: self.places]
        named = np.zeros(len(members), np.bool_)
        named[best] = orders[best] > 0
        return Grants(points=named * self.points, touch=Touch.GAME, touched=named)
