"""Trips: orders of one merchant that one rider fetches together; a single order is a trip too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints, Order, Route, Stop, Wave
from sim.policies.candidates import unfit
from sim.routes import DROPOFF, PICKUP


class Trip(NamedTuple):
    """Orders of one merchant for one rider.

    Parameters
    ----------
    orders
        In the sequence of their drop-offs.
    ready_at
        When the last of them will be ready, in seconds.
    due
        For each order the moment in seconds after which a pickup of the trip delays it: its ready time less
        the detour to the customers before it.
    ride_s
        From the pickup until the rider is free, in seconds, with all service but the half before the pickup.
    handling_s
        What the orders take between his arrival and the pickup, in seconds.
    """

    orders: tuple[Order, ...]
    ready_at: float
    due: tuple[float, ...]
    ride_s: float
    handling_s: float


class Fetching(NamedTuple):
    """Riders on their way to trips, as arrays of shape (trips, riders) in seconds.

    Parameters
    ----------
    way
        Travel to the merchant.
    there
        When the rider could pick up, were the food ready.
    pickup
        When he will pick up.
    """

    way: Floats
    there: Floats
    pickup: Floats


def trip_of(wave: Wave, orders: Sequence[Order]) -> Trip:
    """The trip of some orders of one merchant, in the sequence of the least total detour."""
    tried = [_in_sequence(wave, sequence) for sequence in permutations(orders)]
    return max(tried, key=lambda trip: (sum(trip.due), -trip.ride_s))


def errands(trip: Trip) -> Route:
    """The route of a trip: its pickups, which are one visit, then its drop-offs."""
    pickups = tuple(Stop(PICKUP, order.id, order.pickup) for order in trip.orders)
    return (*pickups, *(Stop(DROPOFF, order.id, order.dropoff) for order in trip.orders))


def fetch(wave: Wave, trips: Sequence[Trip], riders: Ints) -> Fetching:
    """When riders, given as rows of the wave, would pick up trips."""
    merchants = np.array([[trip.orders[0].pickup] for trip in trips])
    ready = np.array([[trip.ready_at] for trip in trips])
    way = wave.travel.times(wave.riders.at[riders], merchants)
    service = np.array([[wave.rules.pickup_s / 2 + trip.handling_s] for trip in trips])
    there = way + wave.riders.free_at[riders] + service
    return Fetching(way, there, np.maximum(there, ready))


def feasible(wave: Wave, trips: Sequence[Trip], riders: Ints, fetching: Fetching) -> Bools:
    """Whether capacity, refusals and, where they are rules, off-times and skills allow a trip: (trips, riders)."""
    able: Bools = np.array([[len(trip.orders)] for trip in trips]) <= wave.riders.capacity[riders]
    if wave.rules.pickup_by_off:
        able &= fetching.pickup <= wave.riders.off_at[riders]
    if wave.rules.match_skills:
        needs = [np.bitwise_or.reduce([order.needs for order in trip.orders]) for trip in trips]
        able &= ~unfit(wave, np.array(needs), riders)
    for row, trip in enumerate(trips if wave.refused else ()):
        unwilling = [rider for order in trip.orders for rider in wave.refused.get(order.id, ())]
        able[row] &= ~np.isin(wave.riders.id[riders], unwilling)
    return able


def delays(trips: Sequence[Trip], pickup: Floats) -> Floats:
    """Seconds by which each pickup delays the orders of its trip, in all; shape (trips, riders).

    An order is delayed against the ride of its own, straight from the stove to its door; it counts once, and once
    more for each step of its priority.
    """
    total = np.zeros_like(pickup)
    for place in range(max(len(trip.orders) for trip in trips)):
        due = np.array([[trip.due[place] if place < len(trip.due) else np.inf] for trip in trips])
        weight = [[1 + trip.orders[place].priority if place < len(trip.due) else 0] for trip in trips]
        total += np.array(weight) * np.maximum(pickup - due, 0.0)
    return total


def _in_sequence(wave: Wave, orders: tuple[Order, ...]) -> Trip:
    time, merchant = wave.travel.time, orders[0].pickup
    ride_s, here, due = 0.0, merchant, []
    for order in orders:
        ride_s += time(here, order.dropoff)
        due.append(order.ready_at - (ride_s - time(merchant, order.dropoff)))
        ride_s, here = ride_s + wave.rules.dropoff_s + order.door_s, order.dropoff
    return Trip(
        orders=orders,
        ready_at=max(order.ready_at for order in orders),
        due=tuple(due),
        ride_s=ride_s + wave.rules.pickup_s / 2,
        handling_s=max(order.handling_s for order in orders),
    )
