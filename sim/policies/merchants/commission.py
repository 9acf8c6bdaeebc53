"""Commission: the same for all, or less for those who grow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Deals, TradeNight
from sim.policies.bounds import MOST, ascending, inside


@dataclass(frozen=True, slots=True)
class Flat:
    """One commission for everybody: the share of the basket, from 0 to 1."""

    share: float = 0.18

    def __post_init__(self) -> None:
        inside("share", 0, 1, self.share)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The same for all."""
        return Deals(commission=np.full(len(night.merchants), self.share))


@dataclass(frozen=True, slots=True)
class Tiered:
    """Less commission the more a merchant sold in the last 28 days.

    Parameters
    ----------
    least_yuan
        From how much turnover a day on each step is reached, ascending.
    share
        Commission below the first step, and from each step on.
    """

    least_yuan: tuple[float, ...] = (500, 1500)
    share: tuple[float, ...] = (0.2, 0.17, 0.14)

    def __post_init__(self) -> None:
        if len(self.share) != len(self.least_yuan) + 1:
            raise ValueError("share: expected one value more than least_yuan has")
        inside("least_yuan", 0, 100 * MOST, *self.least_yuan)
        ascending("least_yuan", self.least_yuan)
        inside("share", 0, 1, *self.share)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The step of each merchant."""
        daily = night.merchants.recent_gmv.sum(axis=0) / night.merchants.days(night.day) / 100
        step = np.searchsorted(np.array(self.least_yuan), daily, side="right")
        return Deals(commission=np.array(self.share)[step])


@dataclass(frozen=True, slots=True)
class Growth:
    """Less commission for a week against growth: orders of the last two weeks over those of the two before.

    Parameters
    ----------
    usual, lowered
        Commission as a share, without and with growth.
    by
        Growth from which the lower one holds, as a share.
    """

    usual: float = 0.2
    lowered: float = 0.15
    by: float = 0.1

    def __post_init__(self) -> None:
        inside("usual", 0, 1, self.usual)
        inside("lowered", 0, 1, self.lowered)
        inside("by", -1, MOST, self.by)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The lower one from the fifth week on, for those who grow; reviewed once a week."""
        if (night.day + 1) % 7:
            return Deals()
        orders = night.merchants.recent_orders
        now, before = orders[:14].sum(axis=0), orders[14:].sum(axis=0)
        grows = (night.day + 1 >= len(orders)) & (before > 0) & (now >= (1 + self.by) * before)
        return Deals(commission=np.where(grows, self.lowered, self.usual))
