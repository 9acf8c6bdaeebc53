"""Leaders of the community: users who talk to their neighbours, and share in what these order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Approach, Bools, Grants, Ints, Night
from sim.policies.bounds import inside, whole
from sim.policies.membership.people import living_in
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Leaders:
    """Some users of each zone bring neighbours; of 8 yuan for a first order 6 are the neighbour's and 2 the leader's.

    Parameters
    ----------
    zones, per_zone
        Where there are leaders (everywhere when no zone is named), and how many in each.
    talks_per_day
        To how many people without an account each of them talks.
    first_yuan
        Coupon of a neighbour for his first order.
    share_first, share_repeat
        Paid to the leader for the first delivered order of somebody he brought, and for each later one, in yuan.
    """

    zones: tuple[str, ...] = ()
    per_zone: int = 2
    talks_per_day: float = 1.0
    first_yuan: float = 6.0
    share_first: float = 2.0
    share_repeat: float = 1.0

    def __post_init__(self) -> None:
        whole("per_zone", 1, 10000, self.per_zone)
        inside("talks_per_day", 0, 1000, self.talks_per_day)
        inside("first_yuan, share_first, share_repeat", 0, 1000, self.first_yuan, self.share_first, self.share_repeat)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Whom the leaders talk to tomorrow, and what they get for today."""
        leads = self.leaders(night)
        return Grants(approach=self._talks(night, leads, rng), gift=self._shares(night, leads))

    def leaders(self, night: Night) -> Bools:
        """The first users of each zone who had an account before the run, so that they stay the same."""
        members, zones = night.members, len(night.zones)
        fit = np.flatnonzero(members.registered & (members.joined < 0) & living_in(night, self.zones))
        fit = fit[np.argsort(members.zone[fit], kind="stable")]
        before = np.cumsum(np.bincount(members.zone[fit], minlength=zones)) - np.bincount(
            members.zone[fit], minlength=zones
        )
        chosen = np.zeros(len(members), np.bool_)
        chosen[fit[np.arange(len(fit)) - before[members.zone[fit]] < self.per_zone]] = True
        return chosen

    def _talks(self, night: Night, leads: Bools, rng: Generator) -> Approach:
        members, zones = night.members, len(night.zones)
        u, v = rng.random((2, len(members)))
        outside = np.bincount(members.zone[~members.registered], minlength=zones)
        leading = np.bincount(members.zone[leads], minlength=zones)
        chance = self.talks_per_day * leading / np.maximum(outside, 1)
        return Approach(
            who=~members.registered & (u < chance[members.zone]),
            offer=fen(self.first_yuan),
            by=_one_of(night, leads, v),
        )

    def _shares(self, night: Night, leads: Bools) -> Ints:
        orders, users = night.orders, len(night.members)
        by = night.members.inviter[orders.user]
        paid = orders.delivered & (by >= 0) & leads[by]
        share = np.where(orders.first, fen(self.share_first), fen(self.share_repeat))
        return np.rint(np.bincount(by[paid], share[paid], users)).astype(np.int64)


def _one_of(night: Night, leads: Bools, v: np.typing.NDArray[np.float64]) -> Ints:
    """A leader of each person's own zone by a uniform, -1 where there is none."""
    zone = night.members.zone
    pool = np.flatnonzero(leads)
    pool = pool[np.argsort(zone[pool], kind="stable")]
    first, last = (np.searchsorted(zone[pool], zone, side=side) for side in ("left", "right"))
    row = (first + v * (last - first)).astype(np.int64)
    return np.where(last > first, np.append(pool, -1)[np.minimum(row, len(pool))], -1)
