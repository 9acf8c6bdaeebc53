"""The loops of batches: their times, what the orders of two lose together, and one made of two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.entities import Floats, Ints
from sim.policies.compiled import compiled

EARLY = -1e9
"""A start so early, in seconds, that only the meals are waited for."""


class Asked(NamedTuple):
    """Orders to be batched: shape (orders,) unless told otherwise, times in seconds.

    Parameters
    ----------
    ready, handling, door
        When each is ready, what it takes before the pickup, what its door takes on top of the usual drop-off.
    ideal, weight
        Its drop-off straight from the stove to its door, and what a second of its delay counts.
    start
        When a rider may be at its pickup.
    merchant, pickup
        Its merchant and its place of pickup.
    way, ride, between
        Travel between pickups, from pickups to customers, and between customers, shape (orders, orders).
    pickup_s, dropoff_s, single_merchant
        A pickup, a drop-off, and whether a batch has one merchant.
    """

    ready: Floats
    handling: Floats
    door: Floats
    ideal: Floats
    weight: Floats
    start: Floats
    merchant: Ints
    pickup: Ints
    way: Floats
    ride: Floats
    between: Floats
    pickup_s: float
    dropoff_s: float
    single_merchant: bool


class Batches(NamedTuple):
    """Orders for one rider each: all pickups, then all drop-offs; shape (batches,) or (batches, most orders in one).

    When he arrives at the first pickup at `s`, drop-off `i` is at ``max(s + lags[i], soonest[i])``.

    Parameters
    ----------
    size, pickups, dropoffs
        How many orders, and their rows in the sequences of the pickups and of the drop-offs.
    lags, soonest
        Of each drop-off, in seconds: after the arrival, were all meals ready, and as the meals allow.
    fetched
        The same two for the last pickup, shape (batches, 2).
    work
        From the arrival until the rider is free, were all meals ready, in seconds.
    """

    size: Ints
    pickups: Ints
    dropoffs: Ints
    lags: Floats
    soonest: Floats
    fetched: Floats
    work: Floats


@compiled
def follow(
    pickups: Ints, dropoffs: Ints, start: float, cooked: bool, asked: Asked, times: Floats
) -> tuple[float, float]:
    """Enter when the drop-offs of a batch are; its last pickup and its end, in seconds.

    `start` is the arrival at the first pickup; `cooked` as if all meals were ready.
    """
    now, fetched, at, size = start, start, 0, len(pickups)
    while at < size:
        if at > 0:
            now += asked.way[pickups[at - 1], pickups[at]]
        place, arrived, fetched = asked.pickup[pickups[at]], now + asked.pickup_s / 2, -np.inf
        while at < size and asked.pickup[pickups[at]] == place:
            one = pickups[at]
            fetched = max(fetched, arrived + asked.handling[one], EARLY if cooked else asked.ready[one])
            at += 1
        now = fetched + asked.pickup_s / 2
    for at in range(size):
        one = dropoffs[at]
        now += asked.ride[pickups[size - 1], one] if at == 0 else asked.between[dropoffs[at - 1], one]
        service = asked.dropoff_s + asked.door[one]
        times[at] = now + service / 2
        now += service
    return fetched, now


@compiled
def measure(row: int, asked: Asked, batches: Batches) -> None:
    """Enter the times of a batch whose orders are known."""
    size = batches.size[row]
    pickups, dropoffs, fetched = batches.pickups[row, :size], batches.dropoffs[row, :size], batches.fetched[row]
    fetched[0], batches.work[row] = follow(pickups, dropoffs, 0.0, True, asked, batches.lags[row])
    fetched[1], _ = follow(pickups, dropoffs, EARLY, False, asked, batches.soonest[row])


@compiled
def alone(asked: Asked, batches: Batches) -> None:
    """Enter a batch for each order."""
    for row in range(len(asked.ready)):
        batches.size[row], batches.pickups[row, 0], batches.dropoffs[row, 0] = 1, row, row
        measure(row, asked, batches)


@compiled
def late(row: int, arrival: float, asked: Asked, batches: Batches) -> float:
    """Seconds by which the orders of a batch are later than ideal, in all, when a rider arrives for the first."""
    total = 0.0
    for at in range(batches.size[row]):
        total += max(arrival + batches.lags[row, at], batches.soonest[row, at]) - asked.ideal[batches.dropoffs[row, at]]
    return total


@compiled
def delays(rows: Ints, arrivals: Floats, asked: Asked, batches: Batches) -> Floats:
    """The same for some batches and arrivals of shape (rows, any), an urgent order counted 1 + priority times."""
    answer = np.zeros_like(arrivals)
    for index, row in enumerate(rows):
        for at in range(batches.size[row]):
            lag, soonest, one = batches.lags[row, at], batches.soonest[row, at], batches.dropoffs[row, at]
            for column in range(arrivals.shape[1]):
                delay = max(arrivals[index, column] + lag, soonest) - asked.ideal[one]
                answer[index, column] += asked.weight[one] * delay
    return answer


@compiled
def losses(asked: Asked, batches: Batches) -> Floats:
    """Seconds that two orders lose in all if they are merged and the first is fetched first, shape (first, second).

    Infinite for an order with itself and where the rules forbid the pair.
    """
    many, pickup_s, single = len(asked.ready), asked.pickup_s, asked.single_merchant
    ready, handling, pickup, merchant, start = asked.ready, asked.handling, asked.pickup, asked.merchant, asked.start
    way, ride, between = asked.way, asked.ride, asked.between
    half, answer = (asked.dropoff_s + asked.door) / 2, np.full((many, many), np.inf)
    usual = np.array([asked.ideal[row] + late(row, start[row], asked, batches) for row in range(many)])
    for one in range(many):
        first = max(start[one] + pickup_s / 2 + handling[one], ready[one])
        for two in range(many):
            same = pickup[one] == pickup[two]
            kin = same and merchant[one] == merchant[two]
            if one != two and (kin or not single):
                there = first if same else first + (way[one, two] + pickup_s) + handling[two]
                left = max(there, ready[two]) + pickup_s / 2
                near, far = left + ride[two, one] + half[one], left + ride[two, two] + half[two]
                there, back = between[one, two] + half[two], between[two, one] + half[one]
                total = min(2 * near + (there + half[one]), 2 * far + (back + half[two]))
                answer[one, two] = total - usual[two] - usual[one]
    return answer


@compiled
def shift(out: Ints, old: Ints, at: int, one: int) -> None:
    """Copy rows into `out` with one more before index `at`."""
    out[:at] = old[:at]
    out[at] = one
    out[at + 1 : len(old) + 1] = old[at:]


@compiled
def merge(one: int, two: int, new: int, asked: Asked, batches: Batches) -> None:
    """Enter a batch: the orders of the smaller of two inserted into the other, each where it delays least."""
    big, small = (one, two) if batches.size[one] >= batches.size[two] else (two, one)
    size, most = batches.size[big], batches.pickups.shape[1]
    fetched, brought = batches.pickups[big].copy(), batches.dropoffs[big].copy()
    pickups, dropoffs, times = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most)
    for order in batches.dropoffs[small, : batches.size[small]]:
        best, where, there = np.inf, 0, 0
        firsts = np.arange(size + 1)
        for first in range(size):
            if asked.pickup[fetched[first]] == asked.pickup[order]:
                firsts = np.array([first])  # at one place pickups stay together
        for first in firsts:
            shift(pickups, fetched[:size], first, order)
            for second in range(size + 1):
                shift(dropoffs, brought[:size], second, order)
                start = asked.start[pickups[0]]
                follow(pickups[: size + 1], dropoffs[: size + 1], start, False, asked, times)
                total = 0.0
                for at in range(size + 1):
                    total += times[at]
                if total < best:
                    best, where, there = total, first, second
        shift(pickups, fetched[:size], where, order)
        shift(dropoffs, brought[:size], there, order)
        size += 1
        fetched[:size], brought[:size] = pickups[:size], dropoffs[:size]
    batches.size[new], batches.pickups[new], batches.dropoffs[new] = size, fetched, brought
    measure(new, asked, batches)
