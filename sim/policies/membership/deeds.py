"""Points for what is no order: checking in, reviewing, and sharing what brings a friend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from sim.entities import Grants, Night, Touch
from sim.policies.bounds import MOST, whole


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Points for everybody who has opened the app today.

    Parameters
    ----------
    points
        Points a day, 0 or more.
    """

    points: int = 1

    def __post_init__(self) -> None:
        whole("points", 0, MOST, self.points)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        members = night.members
        here = members.registered & (members.opened == night.day) & (night.day >= 0)
        return Grants(points=here * self.points)


@dataclass(frozen=True, slots=True)
class Review:
    """Points for every order that its user has rated; nothing depends on how many stars he gave.

    Parameters
    ----------
    points
        Points for a review, 0 or more.
    """

    points: int = 5

    def __post_init__(self) -> None:
        whole("points", 0, MOST, self.points)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points by user."""
        rated = night.orders.per_user(len(night.members), night.orders.stars > 0)
        return Grants(points=rated.astype(np.int64) * self.points)


@dataclass(frozen=True, slots=True)
class Share:
    """Points for every friend whom a shared link has brought yesterday; links that bring nobody are not seen.

    Parameters
    ----------
    points
        Points for a friend who has joined, 0 or more.
    cost_fen
        Cost in fen of the thanks, which is a greeting.
    """

    points: int = 20
    cost_fen: int = 0

    def __post_init__(self) -> None:
        whole("points", 0, MOST, self.points)
        whole("cost_fen", 0, 10000, self.cost_fen)

    def __call__(self, night: Night, rng: Generator) -> Grants:
        """Points and thanks by user."""
        members = night.members
        inviter = members.inviter[(members.joined == night.day) & (members.inviter >= 0)]
        brought = np.bincount(inviter, minlength=len(members))
        return Grants(points=brought * self.points, touch=Touch.GREETING, touched=brought > 0, touch_cost=self.cost_fen)
