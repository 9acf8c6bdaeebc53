"""What the platform knows of its users overnight."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.entities.arrays import Bools, Floats, Ints

WINDOW_DAYS = 30
"""How many days back the platform counts what a user has done."""
MONTHS = 12
"""Ages of points are told apart up to this many months of 30 days."""
SLOTS = 3
"""Coupons that a user can hold at once."""

Counts = NDArray[np.integer]
"""Whole numbers of any width."""


@dataclass(slots=True)
class Coupons:
    """Coupons that users hold, columns of shape (users, 3).

    Parameters
    ----------
    value, floor
        The most it takes off, and the least basket for which it does, in fen; a value of 0 is an empty slot.
    since, until
        Day on which it was given, and its last day.
    rule
        Index of the rule that gave it.
    percent, passes
        The most it takes off in percent of the basket; 1 where it may be handed on.
    """

    value: Ints
    floor: Ints
    since: Ints
    until: Ints
    rule: Ints
    percent: Ints
    passes: Ints

    @classmethod
    def none(cls, users: int) -> Coupons:
        """Empty wallets."""
        return cls(*(np.zeros((users, SLOTS), np.int64) for _ in fields(cls)))


@dataclass(slots=True)
class Members:
    """What the platform knows of everybody who lives in its city; columns of shape (users,).

    Parameters
    ----------
    segment, zone
        Index of the segment and of the zone of the home.
    birthday
        Day of the year from 0.
    registered
        Whether the user has an account; all other columns mean something only for those who do.
    joined, channel, inviter
        Day of registration (-1: before the run), index of the rule that won the user (-1: none), and the friend
        who brought him (-1: nobody).
    friends
        Friends he has brought.
    tier
        Level, 0 for none.
    lifted
        Level to which rules have lifted him in the night before this one, 0 for none.
    points
        Points by age in months of 30 days, shape (users, 12); the last column holds all older ones.
    paid_until
        Last day of his paid plan, -1 without one.
    coupons, redeemed
        What he holds, and the day on which he last used one, -1 for never.
    earned
        Points credited in the night before this one.
    orders, spent
        Delivered orders so far, and what he paid for them in fen.
    last_order, opened
        Days of the last delivered order and of the last opening of the app, -1 for never.
    streak
        Days in a row with an opening of the app, up to the day that has just ended.
    recent_orders, recent_spent, recent_cancelled, recent_late, recent_complaints
        Delivered orders, fen paid, cancelled orders, orders more than 8 minutes late and complaints by day,
        shape (30, users); row 0 is the day that has just ended.
    """

    segment: Ints
    zone: Ints
    birthday: Ints
    registered: Bools
    joined: Ints
    channel: Ints
    inviter: Ints
    friends: Ints
    tier: Ints
    lifted: Ints
    points: Ints
    paid_until: Ints
    coupons: Coupons
    redeemed: Ints
    earned: Ints
    orders: Ints
    spent: Ints
    last_order: Ints
    opened: Ints
    streak: Ints
    recent_orders: Counts
    recent_spent: Counts
    recent_cancelled: Counts
    recent_late: Counts
    recent_complaints: Counts

    def __len__(self) -> int:
        return len(self.segment)

    @property
    def balance(self) -> Ints:
        """Points of each user."""
        return np.asarray(self.points.sum(axis=1))

    def within(self, days: int, recent: Counts) -> Ints:
        """Sum of a ``recent_`` column over the last days, at most 30."""
        return recent[:days].sum(axis=0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ended:
    """Orders that ended since the night before, in the order of their ends; columns of shape (orders,).

    Parameters
    ----------
    order, user, merchant, kind, people
        Ids, index of the kind of order, and how many ordered together.
    placed_at, ended_at, late_s
        In seconds; how long after the promise (negative: before), 0 where it was not delivered.
    basket, paid
        Price of the basket, and what the user paid in the end for basket and delivery, in fen.
    delivered
        Whether it was delivered; it was cancelled else.
    weather
        Index of the :class:`~sim.entities.Weather` at its placement.
    stars
        Stars given, 0 where it was not rated.
    ride_s
        How long a meal was carried in seconds, 0 for what does not get cold and what was not delivered.
    first
        Whether it is the first delivered order of a user who joined during the run.
    complained, answered_s
        Whether the user complained, and how long the platform took to answer in seconds.
    """

    order: Ints
    user: Ints
    merchant: Ints
    kind: Ints
    people: Ints
    placed_at: Floats
    ended_at: Floats
    late_s: Floats
    basket: Ints
    paid: Ints
    delivered: Bools
    weather: Ints
    stars: Ints
    ride_s: Floats
    first: Bools
    complained: Bools
    answered_s: Floats

    def __len__(self) -> int:
        return len(self.order)

    def per_user(self, users: int, weights: Floats | Ints | Bools | None = None) -> Floats:
        """Sum of weights, or number of rows, by user; shape (users,)."""
        return np.bincount(self.user, weights, users).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Night:
    """What a rule sees when a day has ended; read-only, and not to be kept after the call.

    Parameters
    ----------
    day
        The day that has just ended, -1 on the eve of the first.
    today, tomorrow
        Its date, and that of the next day.
    holiday, eve
        Whether tomorrow is a holiday, and whether one begins tomorrow.
    members
        Everybody who lives in the city.
    orders
        What ended that day.
    harsh
        Whether rain, heat or cold is forecast for the next six hours.
    zones, segments
        Their names, in the order of the indices.
    """

    day: int
    today: date
    tomorrow: date
    holiday: bool
    members: Members
    orders: Ended
    harsh: bool = False
    zones: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    eve: bool = False
