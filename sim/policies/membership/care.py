"""Care: users who show signs of leaving get an offer, a call, or a free order they may hand on.

A programme writes the highest level first: a coupon given tonight takes the place of a lapsed one, and a level that
acts later in the night no longer sees that this one was not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Bools, Grants, Ints, Night, Offer, Touch
from sim.policies.bounds import inside, whole
from sim.policies.membership.people import whose_turn
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Watch:
    """Signs that a user may leave: many cancelled orders, complaints of late ones, a coupon he does not use.

    Parameters
    ----------
    signs
        How many of the three signs a user must show, 1 to 3.
    cancel_share, least_orders
        The first: more than this share of his orders of 30 days was cancelled, of at least so many.
    late_complaints
        The second: at least so many complaints, and late orders, in 30 days.
    idle_days
        The third: he got a coupon so many days ago or more, within 30 days, and has used none since.
    every_days
        How often a user who goes on showing signs is cared for.
    """

    signs: int = 1
    cancel_share: float = 0.25
    least_orders: int = 3
    late_complaints: int = 2
    idle_days: int = 7
    every_days: int = 7

    def __post_init__(self) -> None:
        inside("cancel_share", 0, 1, self.cancel_share)
        whole("signs", 1, 3, self.signs)
        whole("least_orders, late_complaints", 1, 1000, self.least_orders, self.late_complaints)
        whole("idle_days, every_days", 1, 30, self.idle_days, self.every_days)

    def shown(self, night: Night) -> Ints:
        """How many signs each user shows."""
        members = night.members
        cancelled, delivered = (members.within(30, r) for r in (members.recent_cancelled, members.recent_orders))
        ended = cancelled + delivered
        cancels = (ended >= self.least_orders) & (cancelled > self.cancel_share * ended)
        late, complaints = (members.within(30, r) for r in (members.recent_late, members.recent_complaints))
        complains = np.minimum(late, complaints) >= self.late_complaints
        return cancels.astype(np.int64) + complains + self._idle(night)

    def due(self, night: Night) -> Bools:
        """Who is cared for tonight."""
        return night.members.registered & (self.shown(night) >= self.signs) & whose_turn(night, self.every_days)

    def _idle(self, night: Night) -> Bools:
        held = night.members.coupons
        age = night.day + 1 - held.since
        unused = (held.value > 0) & (age >= self.idle_days) & (age <= 30)
        return np.asarray((unused & (held.since > night.members.redeemed[:, None])).any(axis=1))


@dataclass(frozen=True, slots=True)
class CareOffer(Watch):
    """First level: a coupon of `yuan` for `days`; the other parameters are those of :class:`Watch`."""

    yuan: float = 5.0
    days: int = 7

    def __post_init__(self) -> None:
        Watch.__post_init__(self)  # slots leave no super()
        inside("yuan", 0, 1000, self.yuan)
        whole("days", 1, 366, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The coupons."""
        return Grants(offer=Offer(self.due(night) * fen(self.yuan), days=self.days))


@dataclass(frozen=True, slots=True)
class CareCall(Watch):
    """Second level: somebody rings up, for `cost_yuan` each; the other parameters are those of :class:`Watch`."""

    signs: int = 2
    cost_yuan: float = 3.0

    def __post_init__(self) -> None:
        Watch.__post_init__(self)
        inside("cost_yuan", 0, 1000, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The calls."""
        return Grants(touch=Touch.CALL, touched=self.due(night), touch_cost=fen(self.cost_yuan))


@dataclass(frozen=True, slots=True)
class CareOrder(Watch):
    """Third level: a free order of up to `yuan` for `days`, which may be handed on; the rest as in :class:`Watch`."""

    signs: int = 3
    yuan: float = 30.0
    days: int = 14

    def __post_init__(self) -> None:
        Watch.__post_init__(self)
        inside("yuan", 0, 1000, self.yuan)
        whole("days", 1, 366, self.days)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The coupons."""
        return Grants(offer=Offer(self.due(night) * fen(self.yuan), days=self.days, passes=True))
