"""Paid plans: who is offered one, and what their holders get."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Touch
from sim.policies.bounds import inside, whole
from sim.units import fen


@dataclass(frozen=True, slots=True)
class Plan:
    """A paid plan, offered every night to those who have none; when one runs out, its holder is asked to renew it.

    What holders get is a rule of its own, :class:`Holders`, which stands after this one in the programme.

    Parameters
    ----------
    fee_yuan
        Price of the plan.
    days
        How long it lasts, 1 to 366.
    saving_yuan
        What it saves on an order by the advertisement; the user sets it against the price.
    least_orders
        Orders in 30 days from which on it is offered, 0 or more.
    remind_days, reminder_fen
        How many days before the end the holder is reminded (0: never), and the cost of it in fen.
    """

    fee_yuan: float = 15.0
    days: int = 30
    saving_yuan: float = 3.0
    least_orders: int = 2
    remind_days: int = 3
    reminder_fen: int = 5

    def __post_init__(self) -> None:
        inside("fee_yuan", 0, 10000, self.fee_yuan)
        whole("days", 1, 366, self.days)
        inside("saving_yuan", 0, 1000, self.saving_yuan)
        whole("least_orders", 0, 1000, self.least_orders)
        whole("remind_days", 0, self.days, self.remind_days)
        whole("reminder_fen", 0, 10000, self.reminder_fen)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """To whom the plan is offered, and who is reminded."""
        members = night.members
        offered = members.registered & (members.recent_orders.sum(axis=0) >= self.least_orders)
        ends = members.registered & (members.paid_until >= 0) & (members.paid_until == night.day + self.remind_days)
        return Grants(
            plan_days=np.where(offered, self.days, 0),
            plan_fee=fen(self.fee_yuan),
            plan_saving=fen(self.saving_yuan),
            touch=Touch.REMINDER,
            touched=ends & (self.remind_days > 0),
            touch_cost=self.reminder_fen,
        )


@dataclass(frozen=True, slots=True)
class Holders:
    """What holders of a paid plan get on the days it covers.

    Parameters
    ----------
    fee_off_yuan
        Taken off the delivery fee, in yuan.
    discount
        Share of the basket taken off, 0 to 1.
    priority
        Dispatch priority of their orders, 0 or more.
    """

    fee_off_yuan: float = 3.0
    discount: float = 0.0
    priority: int = 0

    def __post_init__(self) -> None:
        inside("fee_off_yuan", 0, 100, self.fee_off_yuan)
        inside("discount", 0, 1, self.discount)
        whole("priority", 0, 100, self.priority)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """The terms of tomorrow."""
        members = night.members
        covered = members.registered & (members.paid_until > night.day)
        return Grants(
            discount=np.where(covered, self.discount, 0.0),
            fee_off=covered * fen(self.fee_off_yuan),
            priority=covered * self.priority,
        )
