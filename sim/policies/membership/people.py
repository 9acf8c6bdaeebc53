"""Whom a rule means: segments by recency, frequency and money of orders, where people live, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.entities import Bools, Ints, Members, Night
from sim.units import fen


def since_last(night: Night) -> Ints:
    """Days since the last delivered order, or since the user joined; those of the run where he did neither in it."""
    members = night.members
    return night.day - np.maximum(members.last_order, members.joined)


def high_value(members: Members, orders: int, yuan: float = 0.0) -> Bools:
    """Users with so many orders in 30 days, who have paid at least so much for them."""
    often = members.within(30, members.recent_orders) >= orders
    return members.registered & often & (members.within(30, members.recent_spent) >= fen(yuan))


def newcomers(night: Night) -> Bools:
    """Users who joined the night before and have never ordered."""
    members = night.members
    return members.registered & (members.joined >= 0) & (members.joined == night.day) & (members.orders == 0)


def living_in(night: Night, zones: Sequence[str]) -> Bools:
    """Who lives in some zones, in any when none is named.

    Raises
    ------
    ValueError
        When the city has no such zone.
    """
    if unknown := [zone for zone in zones if zone not in night.zones]:
        raise ValueError(f"there is no zone {unknown[0]!r}; there are {', '.join(night.zones[:12])} ...")
    wanted = [index for index, zone in enumerate(night.zones) if zone in zones or not zones]
    return np.isin(night.members.zone, wanted)


def whose_turn(night: Night, every_days: int) -> Bools:
    """A different part of all people each night, so that everybody is meant once in so many days; none on the eve."""
    turn = (night.day + np.arange(len(night.members))) % every_days == 0
    return np.asarray(turn & (night.day >= 0))
