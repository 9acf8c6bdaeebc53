"""Referral: both sides gain, the inviter shares in the friend's points, and friends lift the tier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Ints, Night
from sim.policies.bounds import inside, whole
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Referral:
    """A coupon for the friend, money, points and a tier for the inviter.

    Parameters
    ----------
    friend_yuan, inviter_yuan
        Coupon of the friend for his first order, and what the inviter is paid when he joins.
    points_share
        Share of the friend's points that the inviter gets besides, a day later and in whole points; 0 to 1.
    lift_every, most_level
        So many friends lift the tier by one level, up to this one; 0 lifts none. The level is reached a night later,
        so that :class:`~sim.policies.membership.tiers.Tiers` can give its terms with it, and it is held as long as
        this rule is there, whatever a review says; then until the next review.
    """

    friend_yuan: float = 8.0
    inviter_yuan: float = 8.0
    points_share: float = 0.2
    lift_every: int = 3
    most_level: int = 3

    def __post_init__(self) -> None:
        inside("friend_yuan, inviter_yuan", 0, 1000, self.friend_yuan, self.inviter_yuan)
        inside("points_share", 0, 1, self.points_share)
        whole("lift_every, most_level", 0, 1000, self.lift_every, self.most_level)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The terms, and what inviters get for what their friends did."""
        return Grants(
            invite=(fen(self.friend_yuan), fen(self.inviter_yuan)),
            points=self._points(night) if self.points_share else None,
            lift=np.minimum(night.members.friends // self.lift_every, self.most_level) if self.lift_every else None,
        )

    def _points(self, night: Night) -> Ints:
        members = night.members
        invited = np.flatnonzero(members.inviter >= 0)
        of_friends = np.bincount(members.inviter[invited], members.earned[invited], len(members))
        return np.floor(self.points_share * of_friends + 1e-9).astype(np.int64)
