"""Which orders and riders a wave can pair, and what a pair costs: shared by the shipped policies."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats, Ints, Wave
from sim.units import MINUTE


def idle(wave: Wave) -> Ints:
    """Rows of the riders who may be given a route and have none."""
    return np.flatnonzero(wave.riders.available & (wave.riders.load == 0))


def pair_costs(wave: Wave, orders: Ints, riders: Ints, lead_min: float) -> Floats:
    """Cost in seconds of sending each rider to each order's merchant; infinite where it must not be.

    The cost is the time until he is free, the travel time and the time he would wait for the meal. A pair is excluded when
    the rider would be there more than `lead_min` before the pickup (the order can wait), or when the
    rules forbid pickups after the rider's off-time and it would be one.

    Parameters
    ----------
    orders, riders
        Rows of the wave's orders and riders.
    lead_min
        Longest wait for a meal that a rider is sent into, in minutes.

    Returns
    -------
    Floats
        Shape (orders, riders).
    """
    travel = wave.travel.times(wave.riders.at[riders], wave.orders.pickup[orders, None])
    there = wave.riders.free_at[riders] + travel + wave.rules.pickup_s / 2
    pickup = np.maximum(there, wave.orders.ready_at[orders, None])
    allowed = pickup - there <= lead_min * MINUTE
    if wave.rules.pickup_by_off:
        allowed &= pickup <= wave.riders.off_at[riders]
    return np.where(allowed, pickup - wave.now, np.inf)
