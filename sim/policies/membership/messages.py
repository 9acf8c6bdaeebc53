"""Messages and calls: content, reminders to stock up, and calls to the lonely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Touch
from sim.policies.bounds import inside, whole
from sim.policies.membership.people import high_value, since_last, whose_turn
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Content:
    """Product information, recipes, reviews worth reading: each user sees something new every few days.

    Parameters
    ----------
    every_days
        How often.
    cost_yuan
        What it costs for each user.
    """

    every_days: int = 3
    cost_yuan: float = 0.02

    def __post_init__(self) -> None:
        whole("every_days", 1, 365, self.every_days)
        inside("cost_yuan", 0, 1000, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Who sees something new."""
        told = night.members.registered & whose_turn(night, self.every_days)
        return Grants(touch=Touch.CONTENT, touched=told, touch_cost=fen(self.cost_yuan))


@dataclass(frozen=True, slots=True)
class Restock:
    """A reminder when a user's usual time between two orders has passed.

    Parameters
    ----------
    least_orders
        Only for users with so many orders in 30 days, whose rhythm is known.
    cost_yuan
        What a reminder costs.
    """

    least_orders: int = 2
    cost_yuan: float = 0.05

    def __post_init__(self) -> None:
        whole("least_orders", 1, 1000, self.least_orders)
        inside("cost_yuan", 0, 1000, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Whose time has passed tonight."""
        members = night.members
        orders = np.maximum(members.within(30, members.recent_orders), 1)
        due = high_value(members, self.least_orders) & (since_last(night) == np.ceil(30 / orders))
        return Grants(touch=Touch.REMINDER, touched=due, touch_cost=fen(self.cost_yuan))


@dataclass(frozen=True, slots=True)
class Calls:
    """Somebody rings up the people of a segment who have not ordered for a while: lonely elders.

    Parameters
    ----------
    segment
        Name of the segment in the scenario.
    quiet_days
        For how long they have not ordered.
    every_days
        How often each is called.
    cost_yuan
        What a call costs.
    """

    segment: str = "elder"
    quiet_days: int = 7
    every_days: int = 7
    cost_yuan: float = 3.0

    def __post_init__(self) -> None:
        whole("quiet_days, every_days", 1, 3660, self.quiet_days, self.every_days)
        inside("cost_yuan", 0, 1000, self.cost_yuan)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Who is called tomorrow."""
        if self.segment not in night.segments:
            raise ValueError(f"there is no segment {self.segment!r}; there are {', '.join(night.segments)}")
        of = night.members.registered & (night.members.segment == night.segments.index(self.segment))
        due = of & (since_last(night) >= self.quiet_days) & whose_turn(night, self.every_days)
        return Grants(touch=Touch.CALL, touched=due, touch_cost=fen(self.cost_yuan))
