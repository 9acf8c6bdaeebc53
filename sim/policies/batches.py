"""Batches: orders that one rider fetches one after the other and then delivers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.entities import Floats, Order, Orders, Route, Stop, Wave
from sim.policies.batch_loops import Asked, Batches, alone
from sim.routes import DROPOFF, PICKUP


def asked_of(wave: Wave, orders: Sequence[Order], starts: Floats) -> Asked:
    """Orders as columns; `starts` tells when a rider may be at the pickup of each, in seconds."""
    table, rules, times = Orders(orders), wave.rules, wave.travel.times
    pickup, dropoff, ready = table.pickup.copy(), table.dropoff, table.ready_at.copy()
    handling, door = np.array([(order.handling_s, order.door_s) for order in orders]).T.copy()
    (once, which), (ends, end) = (np.unique(places, return_inverse=True) for places in (pickup, dropoff))
    ride = times(once[:, None], ends)[which[:, None], end]
    ideal = ready + ((rules.pickup_s + rules.dropoff_s + door) / 2 + ride.diagonal())
    way, between = times(once[:, None], once)[which[:, None], which], times(ends[:, None], ends)[end[:, None], end]
    weight, merchant = 1 + table.priority.astype(np.float64), table.merchant.copy()
    known = ready, handling, door, ideal, weight, starts, merchant, pickup
    return Asked(*known, way, ride, between, float(rules.pickup_s), float(rules.dropoff_s), rules.single_merchant)


def batches_of(asked: Asked, most: int) -> Batches:
    """A batch for each order, and room for twice as many of at most so many orders."""
    shape = 2 * len(asked.ready), most
    pickups, dropoffs = np.zeros((2, *shape), np.int64)
    lags, soonest = np.zeros((2, *shape))
    size, fetched, work = np.zeros(shape[0], np.int64), np.zeros((shape[0], 2)), np.zeros(shape[0])
    batches = Batches(size, pickups, dropoffs, lags, soonest, fetched, work)
    alone(asked, batches)
    return batches


def route_of(row: int, orders: Sequence[Order], batches: Batches) -> Route:
    """The stops of a batch."""
    pickups, dropoffs = (
        [orders[one] for one in rows[row, : batches.size[row]].tolist()] for rows in (batches.pickups, batches.dropoffs)
    )
    stops = [Stop(PICKUP, order.id, order.pickup) for order in pickups]
    return (*stops, *(Stop(DROPOFF, order.id, order.dropoff) for order in dropoffs))
