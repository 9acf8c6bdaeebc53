"""Occasions: a greeting and a coupon on birthdays, and when a holiday begins."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from sim.entities import Bools, Grants, Night, Offer, Touch
from sim.policies.bounds import inside, whole
from sim.policies.membership.periods import birthday_tomorrow
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Birthday:
    """A greeting and a coupon for everybody whose birthday it is.

    Parameters
    ----------
    yuan, floor_yuan
        Value of the coupon (0: only a greeting), and the least basket on which it can be used.
    days
        How long it lasts, 1 to 60.
    greeting_fen
        Cost of a greeting in fen.
    """

    yuan: float = 5.0
    floor_yuan: float = 20.0
    days: int = 7
    greeting_fen: int = 5

    def __post_init__(self) -> None:
        inside("yuan", 0, 1000, self.yuan)
        inside("floor_yuan", 0, 1000, self.floor_yuan)
        whole("days", 1, 60, self.days)
        whole("greeting_fen", 0, 10000, self.greeting_fen)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Greetings on the eve of birthdays."""
        return self.greet(birthday_tomorrow(night))

    def greet(self, who: Bools) -> Grants:
        """The greeting and the coupon for some users."""
        offer = Offer(who * fen(self.yuan), floor=fen(self.floor_yuan), days=self.days)
        return Grants(offer=offer, touch=Touch.GREETING, touched=who, touch_cost=self.greeting_fen)


@dataclass(frozen=True, slots=True)
class Holiday(Birthday):
    """A greeting and a coupon for everybody when a holiday of the scenario's `demand.holidays` begins.

    The parameters are those of :class:`Birthday`.
    """

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Greetings on the eve of a holiday."""
        return self.greet(night.members.registered & night.eve)
