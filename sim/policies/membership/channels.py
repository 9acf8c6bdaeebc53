"""Channels: people without an account are talked to, in the street, by the property manager, or by leaders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Approach, Grants, Night
from sim.policies.bounds import inside
from sim.policies.membership.people import living_in
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Channel:
    """Someone talks to people of some zones who have no account: ground promotion, the property manager.

    Parameters
    ----------
    zones
        Where; everywhere when none is named.
    reach
        Share of the people there who are reached in a day, 0 to 1.
    offer_yuan
        Coupon for the first order of those who join.
    cost_yuan, reward_yuan
        Paid for each person reached, and for each who joins.
    push_yuan
        How persuasive the way is beside the offer, in yuan-equivalents of the person reached, -20 to 20.
    """

    zones: tuple[str, ...] = ()
    reach: float = 0.02
    offer_yuan: float = 8.0
    cost_yuan: float = 1.5
    reward_yuan: float = 0.0
    push_yuan: float = 0.0

    def __post_init__(self) -> None:
        inside("reach", 0, 1, self.reach)
        inside("offer_yuan, cost_yuan, reward_yuan", 0, 1000, self.offer_yuan, self.cost_yuan, self.reward_yuan)
        inside("push_yuan", -20, 20, self.push_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Whom is talked to tomorrow."""
        reached = rng.random(len(night.members)) < self.reach
        return Grants(
            approach=Approach(
                who=~night.members.registered & living_in(night, self.zones) & np.asarray(reached),
                offer=fen(self.offer_yuan),
                cost=fen(self.cost_yuan),
                reward=fen(self.reward_yuan),
                push=self.push_yuan,
            )
        )
