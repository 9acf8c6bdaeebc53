"""Offers to segments of users by recency, frequency and money: who is new, of high value, or asleep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.random import Generator

from sim.entities import Bools, Grants, Night, Offer
from sim.policies.bounds import MOST, inside, whole
from sim.policies.membership.people import high_value, newcomers, since_last, whose_turn
from sim.units import fen

Segment = Literal["new", "high_value", "asleep"]


@dataclass(frozen=True, slots=True)
class OfferTo:
    """A coupon for the users of one segment.

    Parameters
    ----------
    segment
        ``new``: joined the night before; ``high_value``: `orders` in 30 days, for `yuan_spent` and more; ``asleep``:
        no order for `asleep_days`.
    orders, yuan_spent, asleep_days
        The bounds of the segments; what counts as spent is what users paid for delivered orders, and 0 is no bound.
    every_days
        How often a user who stays in ``high_value`` or ``asleep`` is offered something.
    yuan, floor_yuan, days
        Value, least basket and life of the coupon.
    """

    segment: Segment = "asleep"
    orders: int = 3
    yuan_spent: float = 0.0
    asleep_days: int = 60
    every_days: int = 30
    yuan: float = 8.0
    floor_yuan: float = 0.0
    days: int = 14

    def __post_init__(self) -> None:
        if self.segment not in get_args(Segment):
            raise ValueError(f"segment must be one of {', '.join(get_args(Segment))}, got {self.segment!r}")
        whole(
            "orders, asleep_days, every_days, days", 1, 3660, self.orders, self.asleep_days, self.every_days, self.days
        )
        inside("yuan, floor_yuan", 0, 1000, self.yuan, self.floor_yuan)
        inside("yuan_spent", 0, MOST, self.yuan_spent)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The coupons."""
        value = np.where(self._meant(night), fen(self.yuan), 0)
        return Grants(offer=Offer(value, fen(self.floor_yuan), self.days))

    def _meant(self, night: Night) -> Bools:
        if self.segment == "new":
            return newcomers(night)
        if self.segment == "high_value":
            often = high_value(night.members, self.orders, self.yuan_spent)
            return often & whose_turn(night, self.every_days)
        asleep_for = since_last(night) - self.asleep_days
        return night.members.registered & (asleep_for >= 0) & (asleep_for % self.every_days == 0)
