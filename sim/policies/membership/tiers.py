"""Tiers: silver, gold and black, by what a user has ordered, spent, or whom he has brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.random import Generator

from sim.entities import Floats, Grants, Ints, Night, Offer, Touch
from sim.entities.member import WINDOW_DAYS
from sim.policies.bounds import MOST, ascending, inside, some, whole
from sim.units import fen

By = Literal["orders", "spent", "friends"]


@dataclass(frozen=True, slots=True)
class Tiers:
    """Levels with a discount, free delivery and priority; nobody steps down before the next review.

    Whoever was lifted by another rule, such as a referral, has the terms of that level and its welcome. He keeps them
    as long as that rule lifts him, through reviews too, and after that until the next review.

    Parameters
    ----------
    by
        What counts: ``orders`` in 30 days, yuan ``spent`` in 30 days, or ``friends`` brought so far.
    least
        From how much of it on each level is reached, ascending and above 0.
    discount
        Share of the basket taken off at each level, 0 to 1.
    fee_off_yuan
        Taken off the delivery fee at each level, in yuan.
    priority
        Dispatch priority of orders at each level, 0 or more. Above 0 it is a VIP lane: dispatch policy ``priority``
        serves them first, and keeps riders back for them with its `reserve`.
    welcome_yuan
        Coupon at the promotion to each level, in yuan; it lasts 14 days.
    review_days
        A level is kept until the next of these reviews, 1 to 365 days apart.
    """

    by: By = "orders"
    least: tuple[float, ...] = (4, 8, 16)
    discount: tuple[float, ...] = (0.0, 0.02, 0.05)
    fee_off_yuan: tuple[float, ...] = (0.0, 1.0, 2.0)
    priority: tuple[int, ...] = (0, 0, 1)
    welcome_yuan: tuple[float, ...] = (0.0, 0.0, 0.0)
    review_days: int = WINDOW_DAYS

    def __post_init__(self) -> None:
        if self.by not in get_args(By):
            raise ValueError(f"by must be one of {', '.join(get_args(By))}, got {self.by!r}")
        some("least", self.least)
        inside("least", 1e-9, MOST, *self.least)
        ascending("least", self.least)
        for name in ("discount", "fee_off_yuan", "priority", "welcome_yuan"):
            if len(getattr(self, name)) != len(self.least):
                raise ValueError(f"{name} must have {len(self.least)} values, one for each level of least")
        inside("discount", 0, 1, *self.discount)
        inside("fee_off_yuan", 0, 100, *self.fee_off_yuan)
        whole("priority", 0, 100, *self.priority)
        inside("welcome_yuan", 0, 1000, *self.welcome_yuan)
        whole("review_days", 1, 365, self.review_days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Levels by what is counted, and the terms of each."""
        before = night.members.tier
        level = np.searchsorted(np.array(self.least), self._counted(night), side="right")
        level = np.maximum(level, night.members.lifted)
        if (night.day + 1) % self.review_days:
            level = np.maximum(level, before)
        level = np.where(night.members.registered, np.minimum(level, len(self.least)), 0)
        promoted = level > before
        return Grants(
            tier=level,
            discount=np.array([0.0, *self.discount])[level],
            fee_off=_fen(self.fee_off_yuan)[level],
            priority=np.array([0, *self.priority])[level],
            offer=Offer(_fen(self.welcome_yuan)[level] * promoted, days=14),
            touch=Touch.HONOUR,
            touched=promoted,
        )

    def _counted(self, night: Night) -> Floats:
        members = night.members
        if self.by == "friends":
            return members.friends.astype(np.float64)
        if self.by == "orders":
            return members.recent_orders.sum(axis=0).astype(np.float64)
        return np.asarray(members.recent_spent.sum(axis=0) / 100)


def _fen(by_level: tuple[float, ...]) -> Ints:
    return np.array([0, *(fen(yuan) for yuan in by_level)], np.int64)
