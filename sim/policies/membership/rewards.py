"""What points buy beside the checkout: a partner's goods, and scarce things by auction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Ints, Night, Touch
from sim.policies.bounds import MOST, inside, whole
from sim.policies.membership.periods import ends


@dataclass(frozen=True, slots=True)
class Partner:
    """Partners' goods for points, in a window at the end of every period.

    How attractive the goods are is said by `interest`: behaviour knows no partner's goods.

    Parameters
    ----------
    points
        Price in points, 1 or more.
    cost_yuan
        What the platform pays the partner for each.
    every_days
        Days from one window to the next, 1 to 365.
    interest
        Share of those who have the points who take the goods, 0 to 1.
    """

    points: int = 500
    cost_yuan: float = 20.0
    every_days: int = 7
    interest: float = 0.2

    def __post_init__(self) -> None:
        whole("points", 1, MOST, self.points)
        inside("cost_yuan", 0, 10000, self.cost_yuan)
        whole("every_days", 1, 365, self.every_days)
        inside("interest", 0, 1, self.interest)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points exchanged by user."""
        members = night.members
        able = members.registered & (members.balance >= self.points)
        taken = able & (rng.random(len(members)) < self.interest) & ends(night, self.every_days)
        return Grants(spent=taken * self.points, reward_cost=self.cost_yuan * 100 / self.points)


@dataclass(frozen=True, slots=True)
class Auction:
    """Scarce rewards for points: the highest bids win, and all winners pay the highest bid that has lost.

    The evening before, those who could bid are told. Whoever bids offers a random part of his balance.

    Parameters
    ----------
    lots
        Rewards in an auction, 1 or more.
    least
        Least bid in points, 1 or more.
    every_days
        Days from one auction to the next, 2 to 365.
    cost_yuan
        What the platform pays for each reward.
    interest
        Share of those who have the least bid who bid, 0 to 1.
    """

    lots: int = 10
    least: int = 100
    every_days: int = 14
    cost_yuan: float = 50.0
    interest: float = 0.3

    def __post_init__(self) -> None:
        whole("lots", 1, MOST, self.lots)
        whole("least", 1, MOST, self.least)
        whole("every_days", 2, 365, self.every_days)
        inside("cost_yuan", 0, 10000, self.cost_yuan)
        inside("interest", 0, 1, self.interest)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points that the winners pay, or whom to tell of tomorrow's auction."""
        able = night.members.registered & (night.members.balance >= self.least)
        if not ends(night, self.every_days):
            return Grants(touch=Touch.GAME, touched=able & ends(night, self.every_days, before=1))
        bids = self._bids(night, rng) * able
        ranking = np.argsort(-bids, kind="stable")
        winners = ranking[: self.lots][bids[ranking[: self.lots]] > 0]
        price = max([self.least, *bids[ranking[self.lots : self.lots + 1]].tolist()])
        spent = np.zeros(len(bids), np.int64)
        spent[winners] = price
        return Grants(spent=spent, reward_cost=self.cost_yuan * 100 / price, touch=Touch.GAME, touched=spent > 0)

    def _bids(self, night: Night, rng: Generator) -> Ints:
        """Bids in points, 0 of those who do not care; at least `least` and at most the balance of those who have it."""
        interested, part = rng.random((2, len(night.members)))
        room = np.maximum(night.members.balance - self.least, 0)
        return (interested < self.interest) * (self.least + np.floor(part * (room + 1)).astype(np.int64))
