"""Privileges of a tier that are no term of an order: a person who calls, and a free order on the birthday."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Offer, Touch
from sim.policies.bounds import inside, whole
from sim.policies.membership.periods import birthday_tomorrow
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Hotline:
    """Dedicated service: members of high levels are called regularly, a few of them every night.

    Parameters
    ----------
    least
        Level from which on a user is called, 1 or more.
    every_days
        Days from one call to the next, 1 to 365.
    cost_yuan
        Cost of a call.
    """

    least: int = 3
    every_days: int = 30
    cost_yuan: float = 4.0

    def __post_init__(self) -> None:
        whole("least", 1, 100, self.least)
        whole("every_days", 1, 365, self.every_days)
        inside("cost_yuan", 0, 1000, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Whom to call tomorrow."""
        members = night.members
        turn = (np.arange(len(members)) + night.day) % self.every_days == 0
        called = members.registered & (members.tier >= self.least) & turn
        return Grants(touch=Touch.CALL, touched=called, touch_cost=fen(self.cost_yuan))


@dataclass(frozen=True, slots=True)
class BirthdayOrder:
    """A free order on the birthday: a coupon that pays for basket and delivery.

    Parameters
    ----------
    least
        Level from which on a user gets one, 0 or more.
    worth_yuan
        The most that the order may cost.
    days
        How long it holds, from the birthday on, 1 to 60.
    """

    least: int = 2
    worth_yuan: float = 40.0
    days: int = 7

    def __post_init__(self) -> None:
        whole("least", 0, 100, self.least)
        inside("worth_yuan", 0, 1000, self.worth_yuan)
        whole("days", 1, 60, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The coupons of those whose birthday is tomorrow."""
        entitled = birthday_tomorrow(night) & (night.members.tier >= self.least)
        return Grants(offer=Offer(entitled * fen(self.worth_yuan), days=self.days))
