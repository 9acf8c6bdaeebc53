"""Training and insight for merchants whose kitchens are slow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Deals, TradeNight
from sim.policies.bounds import MOST, inside, whole
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Training:
    """Train the merchants that keep orders waiting longest, every few weeks.

    Parameters
    ----------
    every_days
        Days between two rounds; the first is on the eve of day `every_days`.
    share
        Part of the merchants on the platform that is trained in a round.
    yuan
        What it costs the platform for each.
    """

    every_days: int = 14
    share: float = 0.25
    yuan: float = 200.0

    def __post_init__(self) -> None:
        whole("every_days", 1, MOST, self.every_days)
        inside("share", 0, 1, self.share)
        inside("yuan", 0, MOST, self.yuan)

    def __call__(self, night: TradeNight, rng: Generator) -> Deals:
        """The slowest tonight, by the orders they keep waiting and for how long."""
        merchants = night.merchants
        if night.day < 0 or (night.day + 1) % self.every_days:
            return Deals()
        lost_s = (merchants.prep_s + merchants.wait_s) * merchants.recent_orders.sum(axis=0) * merchants.active
        trained = np.zeros(len(merchants), np.bool_)
        trained[np.argsort(-lost_s, kind="stable")[: round(self.share * merchants.active.sum())]] = True
        return Deals(trained=trained & (lost_s > 0), training_cost=fen(self.yuan))
