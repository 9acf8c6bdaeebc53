"""Postponement: orders that can wait are held back while waiting promises a better plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Bools, Floats, Ints, Orders, Wave
from sim.policies.bounds import MOST, inside
from sim.policies.candidates import idle, left
from sim.units import MINUTE


@dataclass(frozen=True)
class Postpone:
    """Hide from another policy the orders that gain by waiting and can still be on time.

    Ulmer, Thomas, Campbell and Woyak (2021), *The restaurant meal delivery problem: dynamic pickup and delivery with
    deadlines and random ready times*, postpone assignments to gain flexibility; Auad, Erera and Savelsbergh hold
    orders until their latest departure. Here an order is held until a rider must leave for it to be on time
    with a margin, but only while a nearer rider is about to be free, or another order to share the way with is likely
    to be placed. An order that has such a partner already is not held for another one. Waiting costs click-to-door
    time and may save riding: it is for cities whose promises are wide, not for those short of riders.

    Parameters
    ----------
    inner, params
        The dispatch policy inside and its parameters.
    margin_min
        How long before the promise a held order must still arrive by the estimates, in minutes, 0 or more.
    most_min
        No order is held longer than this after its meal is ready, in minutes, 0 or more: it gets cold.
    nearer_min
        What a rider who is busy yet must save on the way to be waited for, in minutes, more than 0.
    partners
        Partners expected while the order can wait that are worth the wait; 0 waits always, infinity never.
    close_min
        Ride between two pickups and between two drop-offs within which orders are partners, in minutes, 0 or more.
    recent_min
        Past over which the rate of orders is counted, in minutes, more than 0.
    """

    inner: str = "batch_match"
    params: Mapping[str, Any] = field(default_factory=dict)
    margin_min: float = 8.0
    most_min: float = 5.0
    nearer_min: float = 2.0
    partners: float = 0.7
    close_min: float = 4.0
    recent_min: float = 15.0

    def __post_init__(self) -> None:
        from sim.policies.dispatch import DISPATCH  # this policy is in that table itself
        from sim.policies.registry import load_policy

        inside("margin_min, most_min, close_min", 0, MOST, self.margin_min, self.most_min, self.close_min)
        inside("nearer_min, recent_min", 0.01, MOST, self.nearer_min, self.recent_min)
        inside("partners", 0, inf, self.partners)
        object.__setattr__(self, "_policy", load_policy(DISPATCH, self.inner, self.params, ("inner",)))

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Ask the policy inside about the orders that are not held."""
        held = self.held(wave)
        shown = [order for order, hold in zip(wave.orders.rows, held.tolist(), strict=True) if not hold]
        answer: Sequence[Assignment] = self._policy(left(wave, shown, ()), rng)  # type: ignore[attr-defined]
        return answer

    def held(self, wave: Wave) -> Bools:
        """Which open orders wait; shape (orders,)."""
        orders = wave.orders
        if not len(orders):
            return np.zeros(0, np.bool_)
        until = self._until(wave, orders)
        way, later = _ways(wave, orders, until)
        spare = until - way - wave.now
        gains = self._nearer(way, later) | self._partner(wave, orders, spare)
        waits: Bools = (spare > 0) & gains & (orders.priority <= 0)
        return waits

    def _until(self, wave: Wave, orders: Orders) -> Floats:
        """Until when a rider must be at each pickup: on time and warm, or never where it will be late anyway."""
        rules = wave.rules
        ride = wave.travel.times(orders.pickup, orders.dropoff)
        extra = np.array([order.handling_s + order.door_s / 2 for order in orders])
        service = rules.pickup_s + rules.dropoff_s / 2 + extra
        latest = orders.promised_at - self.margin_min * MINUTE - ride
        warm = orders.ready_at + self.most_min * MINUTE
        late = orders.ready_at > latest - rules.pickup_s / 2 - rules.dropoff_s / 2
        return np.where(late, -np.inf, np.minimum(latest, warm) - service)

    def _nearer(self, way: Floats, later: Floats) -> Bools:
        return np.asarray(later <= way - self.nearer_min * MINUTE)

    def _partner(self, wave: Wave, orders: Orders, spare: Floats) -> Bools:
        """Whether so many partners are likely to be placed in the spare time, and none is there yet."""
        recent = Orders([*orders.rows, *wave.assigned.rows])
        close = self._close(wave, orders, recent)
        close[np.arange(len(orders)), np.arange(len(orders))] = False
        new = recent.placed_at > wave.now - self.recent_min * MINUTE
        rate = (close & new).sum(axis=1) / (self.recent_min * MINUTE)
        lonely = ~close[:, : len(orders)].any(axis=1)
        return np.asarray(lonely & (rate * np.maximum(spare, 0.0) >= self.partners))

    def _close(self, wave: Wave, some: Orders, others: Orders) -> Bools:
        """Whether pickups and drop-offs are close enough to share the way; shape (some, others)."""
        pickup = _times(wave, some.pickup, others.pickup)
        dropoff = _times(wave, some.dropoff, others.dropoff)
        same = (some.merchant[:, None] == others.merchant) | (not wave.rules.single_merchant)
        return np.asarray(same & (pickup <= self.close_min * MINUTE) & (dropoff <= self.close_min * MINUTE))


def _times(wave: Wave, origins: Ints, destinations: Ints) -> Floats:
    """Travel from each place to each, in seconds, each pair of places looked up once; shape (origins, destinations)."""
    (froms, row), (tos, column) = (np.unique(places, return_inverse=True) for places in (origins, destinations))
    times: Floats = wave.travel.times(froms[:, None], tos)[row[:, None], column]
    return times


def _ways(wave: Wave, orders: Orders, until: Floats) -> tuple[Floats, Floats]:
    """Ways in seconds to each pickup, infinite where there is none.

    The first is the least of the idle riders', the second the least of the busy riders' who will be there in time.
    """
    riders, resting = wave.riders, idle(wave)
    busy = np.flatnonzero((riders.load > 0) & (riders.off_at > riders.free_at))
    once, which = np.unique(orders.pickup, return_inverse=True)
    way = wave.travel.times(np.unique(riders.at[resting]), once[:, None]).min(axis=1, initial=np.inf)[which]
    later = wave.travel.times(riders.at[busy], once[:, None])[which]
    later = np.where(later + riders.free_at[busy] <= until[:, None], later, np.inf)
    return way, np.asarray(later.min(axis=1, initial=np.inf))
