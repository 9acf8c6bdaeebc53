"""What the loops of the rolling horizon read and write: orders, riders and trips as columns."""

from __future__ import annotations

from typing import NamedTuple

from sim.entities import Bools, Floats, Ints


class Demand(NamedTuple):
    """Open orders: shape (orders,) unless told otherwise, times in seconds.

    Parameters
    ----------
    ready, handling, door
        When each is ready, what it takes before the pickup, what its door takes on top of the usual drop-off.
    weight
        What a second of its delay counts.
    straight
        Ride from its merchant to its customer.
    merchant, pickup
        Its merchant and its place of pickup.
    between
        Rides between customers, shape (orders, orders); empty as long as there are only single orders.
    barred
        Who may not have it, shape (orders, riders); empty where everybody may have everything.
    later
        What each counts if it waits for a later plan, see :func:`sim.policies.trip_loops.defer`.
    """

    ready: Floats
    handling: Floats
    door: Floats
    weight: Floats
    straight: Floats
    merchant: Floats
    pickup: Floats
    between: Floats
    barred: Bools
    later: Floats


class Supply(NamedTuple):
    """Riders: shape (riders,) unless told otherwise, times in seconds.

    Parameters
    ----------
    way
        Travel to the orders' places of pickup, shape (orders, riders).
    usual
        The mean of that over the orders.
    free_at, latest
        When each is free, and after which time he may pick up nothing.
    capacity
        Most orders on board.
    free
        Whether he may be given a route and has none.
    pickup_s, dropoff_s, thrift, wait_s
        Half a pickup, a drop-off; weight of a second of work; what counts on top of the delay of an order that waits.
    """

    way: Floats
    usual: Floats
    free_at: Floats
    latest: Floats
    capacity: Ints
    free: Bools
    pickup_s: float
    dropoff_s: float
    thrift: float
    wait_s: float


class Table(NamedTuple):
    """Trips, shape (trips,) or (trips, most orders in one), with room for more; times in seconds.

    Parameters
    ----------
    size, members
        How many orders, and their rows in the sequence of the drop-offs.
    next
        A trip of several with the same first order by row, or 0: each chain begins at the trip of that order alone.
    ready, handling
        When the last meal is ready, and what the orders take between the rider's arrival and the pickup.
    due
        The moment after which a pickup delays each order: its ready time less the detour to those before it.
    ride
        From the pickup until the rider is free, with all service but the half before the pickup.
    costs, least
        By rider and then by nobody, and the least of them.
    """

    size: Ints
    members: Ints
    next: Ints
    ready: Floats
    handling: Floats
    due: Floats
    ride: Floats
    costs: Floats
    least: Floats
