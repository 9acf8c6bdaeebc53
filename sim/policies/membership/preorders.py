"""Pre-orders: the groups of some compounds are asked on the eve what they will order tomorrow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Offer, Touch
from sim.policies.bounds import inside, some, whole
from sim.policies.membership.people import high_value, living_in
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Preorder:
    """Members of a group are asked what they will order tomorrow; their answers are told to the merchants.

    Parameters
    ----------
    zones
        Compounds that have a group; all when none is named.
    weekdays
        Days for which it is asked, 0 for Monday to 6 for Sunday.
    active_orders
        Only users with so many orders in 30 days are in the group; 0 for everybody with an account.
    yuan, floor_yuan
        Coupon for that day (0: none), and its least basket.
    cost_yuan
        What asking costs for each member.
    """

    zones: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    active_orders: int = 1
    yuan: float = 0.0
    floor_yuan: float = 20.0
    cost_yuan: float = 0.02

    def __post_init__(self) -> None:
        some("weekdays", self.weekdays)
        whole("weekdays", 0, 6, *self.weekdays)
        whole("active_orders", 0, 1000, self.active_orders)
        inside("yuan, floor_yuan, cost_yuan", 0, 1000, self.yuan, self.floor_yuan, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Who is asked on the eve of such a day."""
        asked = high_value(night.members, self.active_orders) & living_in(night, self.zones)
        asked &= np.isin(night.tomorrow.weekday(), self.weekdays)
        offer = Offer(asked * fen(self.yuan), fen(self.floor_yuan), days=1)
        return Grants(offer=offer, touch=Touch.QUESTION, touched=asked, touch_cost=fen(self.cost_yuan))
