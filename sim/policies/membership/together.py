"""Ordering and sharing together: group buying, a shared task, the bargaining ladder. Everybody asked decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from sim.entities import Bools, Grants, Night, Rally
from sim.policies.bounds import ascending, inside, some, whole
from sim.units import fen


def without_coupon(night: Night) -> Bools:
    """Users who hold no coupon that can be used tomorrow."""
    held = night.members.coupons
    return night.members.registered & ~((held.value > 0) & (held.until > night.day)).any(axis=1)


@dataclass(frozen=True, slots=True)
class GroupBuying:
    """A user and others of his zone get a meal at `percent` off, if `size` of them order in time.

    Those who agree pay the usual price, and reckon with the other; once so many of them have been served, each gets
    back what it takes off his first order of that time. Where fewer order, nobody does.

    Parameters
    ----------
    size
        How many must agree and then order, 2 or more.
    percent, most_yuan
        What is taken off each basket, in percent of it and at most in yuan.
    asks
        How many people the user asks.
    days
        How long they have to order.
    """

    size: int = 3
    percent: int = 50
    most_yuan: float = 15.0
    asks: int = 4
    days: int = 2

    def __post_init__(self) -> None:
        whole("percent", 1, 100, self.percent)
        whole("asks, days", 1, 100, self.asks, self.days)
        whole("size", 2, self.asks + 1, self.size)
        inside("most_yuan", 0, 1000, self.most_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Everybody without a coupon may begin."""
        off = fen(self.most_yuan)
        rungs = ((self.size - 1, off),)
        who = without_coupon(night)
        return Grants(rally=Rally(who, rungs, self.asks, off, self.percent, days=self.days, together=self.size))


@dataclass(frozen=True, slots=True)
class Sharing:
    """A task: whoever gets `friends` people to open what he shares with `asks` of them gets a coupon of `yuan`."""

    friends: int = 2
    asks: int = 5
    yuan: float = 3.0
    days: int = 7

    def __post_init__(self) -> None:
        whole("asks, days", 1, 100, self.asks, self.days)
        whole("friends", 1, self.asks, self.friends)
        inside("yuan", 0, 1000, self.yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Everybody without a coupon may share."""
        return Grants(rally=Rally(without_coupon(night), ((self.friends, fen(self.yuan)),), self.asks, days=self.days))


@dataclass(frozen=True, slots=True)
class Bargain:
    """A ladder: the more people help, the more is taken off the user's next basket.

    Parameters
    ----------
    rungs
        Pairs of helpers and yuan off, ascending: ``[[1, 2], [3, 5]]``.
    asks
        How many people the user asks.
    thanks_yuan
        Coupon of each helper, once the first rung is reached.
    days
        How long the coupons last.
    """

    rungs: Sequence[Sequence[float]] = ((1, 2), (3, 5), (6, 10))
    asks: int = 8
    thanks_yuan: float = 1.0
    days: int = 7

    def __post_init__(self) -> None:
        some("rungs", self.rungs)
        whole("asks, days", 1, 100, self.asks, self.days)
        whole("rungs: helpers", 1, self.asks, *(helpers for helpers, _ in self.rungs))
        ascending("rungs: helpers", [helpers for helpers, _ in self.rungs])
        inside("rungs: yuan, thanks_yuan", 0, 1000, *(yuan for _, yuan in self.rungs), self.thanks_yuan)
        ascending("rungs: yuan", [yuan for _, yuan in self.rungs])

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Everybody without a coupon may begin."""
        rungs = tuple((int(helpers), fen(yuan)) for helpers, yuan in self.rungs)
        return Grants(rally=Rally(without_coupon(night), rungs, self.asks, fen(self.thanks_yuan), days=self.days))
