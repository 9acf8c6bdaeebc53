"""Groups of a compound: on a themed day their members hear of it, and get a coupon for that day."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from sim.entities import Grants, Night, Offer, Touch
from sim.policies.bounds import inside, whole
from sim.policies.membership.people import high_value, living_in
from sim.units import fen


@dataclass(frozen=True, slots=True)
class ThemedDay:
    """A day of the week on which the groups of some compounds order together.

    Parameters
    ----------
    zones
        Compounds that have a group; all when none is named.
    weekday
        The day, 0 for Monday to 6 for Sunday.
    active_orders
        Only users with so many orders in 30 days are in the group; 0 for everybody with an account.
    yuan, floor_yuan
        Coupon for that day (0: none), and its least basket.
    cost_yuan
        What the host of the group costs for each member.
    """

    zones: tuple[str, ...] = ()
    weekday: int = 4
    active_orders: int = 1
    yuan: float = 3.0
    floor_yuan: float = 20.0
    cost_yuan: float = 0.1

    def __post_init__(self) -> None:
        whole("weekday", 0, 6, self.weekday)
        whole("active_orders", 0, 1000, self.active_orders)
        inside("yuan, floor_yuan, cost_yuan", 0, 1000, self.yuan, self.floor_yuan, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """What the group hears on the eve of its day."""
        told = high_value(night.members, self.active_orders) & living_in(night, self.zones)
        told &= night.tomorrow.weekday() == self.weekday
        offer = Offer(told * fen(self.yuan), fen(self.floor_yuan), days=1)
        return Grants(offer=offer, touch=Touch.COMMUNITY, touched=told, touch_cost=fen(self.cost_yuan))
