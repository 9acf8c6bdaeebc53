"""A team: people who have agreed to order, and the price that holds once enough of them have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sim.units import DAY


class Share(NamedTuple):
    """What a member gets back for an order, in fen."""

    order: int
    user: int
    off: int


@dataclass(slots=True)
class Team:
    """Those who gathered in one night; everybody pays the usual price until the team is complete.

    Parameters
    ----------
    rule
        Index of the rule under which they gathered.
    least
        How many of them must order.
    since, until
        First and last day on which their orders count, from 0.
    most, percent, floor
        What is taken off a basket, in fen and in percent of it at most, and the least basket, in fen.
    came
        What each member who has ordered gets back, by user.
    """

    rule: int
    least: int
    since: int
    until: int
    most: int
    percent: int
    floor: int
    came: dict[int, Share] = field(default_factory=dict)

    def counts(self, placed_at: float) -> bool:
        """Whether an order of that time, in seconds, is one of the team's."""
        return self.since <= placed_at // DAY <= self.until

    def off(self, basket: int, coupon: int) -> int:
        """What the team's price takes off a basket beyond a coupon, in fen."""
        return max(min(self.most, basket * self.percent // 100) - coupon, 0) if basket >= self.floor else 0

    def add(self, share: Share) -> tuple[Share, ...]:
        """A member's first order has been delivered; answers what is given back for it, and for those before it."""
        if share.user in self.came:
            return ()
        self.came[share.user] = share
        if len(self.came) < self.least:
            return ()
        return tuple(self.came.values()) if len(self.came) == self.least else (share,)
