"""Promotions: shared with merchants, paid by the platform, or for some users only; and paid places in the list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Bools, Deals, TradeNight
from sim.policies.bounds import MOST, inside, whole
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Shared:
    """The platform pays a part of every merchant's own promotion: `matched`, from 0 to 1."""

    matched: float = 0.5

    def __post_init__(self) -> None:
        inside("matched", 0, 1, self.matched)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The same part for all."""
        return Deals(matched=np.full(len(night.merchants), self.matched))


@dataclass(frozen=True, slots=True)
class Subsidy:
    """The platform takes something off at merchants with few orders, or at all, for everybody.

    Parameters
    ----------
    off
        Share of the basket.
    below_orders
        Only at merchants with fewer orders a day in the last 28 days; None: at all.
    """

    off: float = 0.1
    below_orders: float | None = None

    def __post_init__(self) -> None:
        inside("off", 0, 1, self.off)
        if self.below_orders is not None:
            inside("below_orders", 0, MOST, self.below_orders)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """Where it holds tomorrow."""
        if self.below_orders is None:
            return Deals(subsidy=np.full(len(night.merchants), self.off))
        daily = night.merchants.recent_orders.sum(axis=0) / night.merchants.days(night.day)
        few = daily < self.below_orders
        return Deals(subsidy=np.where(few, self.off, 0.0))


@dataclass(frozen=True, slots=True)
class Personal:
    """Something off everywhere, but only for users who have not ordered for a while, or never.

    Parameters
    ----------
    off
        Share of the basket.
    asleep_days
        Days without an order after which a user gets it.
    new
        Whether users without any order get it.
    """

    off: float = 0.15
    asleep_days: int = 10
    new: bool = True

    def __post_init__(self) -> None:
        inside("off", 0, 1, self.off)
        whole("asleep_days", 0, MOST, self.asleep_days)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """For whom it holds tomorrow."""
        return Deals(personal=np.full(len(night.merchants), self.off), aimed=self._aimed(night))

    def _aimed(self, night: TradeNight) -> Bools:
        last = night.customers.last_order
        asleep = (last >= 0) & (night.day - last >= self.asleep_days)
        return asleep | (last < 0) if self.new else asleep


@dataclass(frozen=True, slots=True)
class Ranking:
    """Paid places at the top of the list: so many in each zone, at a price in yuan a day."""

    places: int = 3
    yuan: float = 20.0

    def __post_init__(self) -> None:
        whole("places", 0, MOST, self.places)
        inside("yuan", 0, MOST, self.yuan)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The same offer every day."""
        return Deals(places=self.places, place_price=fen(self.yuan))
