"""Which orders and riders a wave can pair, and what a pair costs: shared by the shipped policies."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats, Ints, Wave
from sim.units import MINUTE


def due(wave: Wave, lead_min: float) -> Ints:
    """Rows of the orders that will be ready within `lead_min` minutes, the earliest ready first."""
    ready = wave.orders.ready_at
    rows = np.flatnonzero(ready <= wave.now + lead_min * MINUTE)
    return rows[np.argsort(ready[rows], kind="stable")]


def idle(wave: Wave) -> Ints:
    """Rows of the riders who may be given a route and have none."""
    return np.flatnonzero(wave.riders.available & (wave.riders.load == 0))


def pair_costs(wave: Wave, orders: Ints, riders: Ints) -> Floats:
    """Cost in seconds of sending each rider to each order's merchant.

    It is the rider's way to the merchant plus the time that the ready meal waits for him; infinite where
    the rules forbid pickups after the rider's off-time and it would be one.

    Parameters
    ----------
    orders, riders
        Rows of the wave's orders and riders.

    Returns
    -------
    Floats
        Shape (orders, riders).
    """
    travel = wave.travel.times(wave.riders.at[riders], wave.orders.pickup[orders][:, None])
    there = wave.riders.free_at[riders] + travel + wave.rules.pickup_s / 2
    ready = np.maximum(wave.orders.ready_at[orders], wave.now)[:, None]
    costs = travel + np.maximum(there - ready, 0.0)
    if wave.rules.pickup_by_off:
        costs[np.maximum(there, ready) > wave.riders.off_at[riders]] = np.inf
    return costs
