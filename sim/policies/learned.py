"""Learned matching: a small linear model sets the weights of the matching at each wave."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from sim.entities import Assignment, Floats, Ints, Order, Wave
from sim.policies.candidates import due, idle, matched, pair_costs
from sim.units import MINUTE

SHIPPED = Path(__file__).with_name("learned.json")
"""The model that ``paotui train`` wrote with its defaults."""
SEEN = ("scarcity", "busy", "age")
"""What :func:`observe` tells, each from -1 to 1."""
LONG_AGO_S = 30 * MINUTE


class Lever(NamedTuple):
    """A weight that an action moves: from `neutral - span` at -1 to `neutral + span` at 1."""

    name: str
    neutral: float
    span: float
    meaning: str


LEVERS = (
    Lever("lead_min", 10.0, 10.0, "an order is given away from this long before it will be ready, in minutes"),
    Lever("meal", 1.0, 1.0, "weight of a second that a ready meal waits for the rider"),
    Lever("rider", 0.0, 1.0, "weight of a second that the rider waits for the meal"),
    Lever("late", 0.0, 3.0, "weight of a second that the order will come after its promise"),
    Lever("urgency", 1.0, 1.0, "what a second since the meal was ready takes off"),
    Lever("age", 0.0, 1.0, "what a second since the order was placed takes off"),
    Lever("ride", 0.0, 1.0, "weight of a second from the pickup to the customer"),
)
"""An action has one entry for each; all zero is :class:`~sim.policies.matching.Matching` with its defaults."""


def observe(wave: Wave) -> Floats:
    """What the model sees of a wave, shape (3,), each from -1 to 1.

    ``scarcity``: orders that will be ready within ten minutes against idle riders, -1 where there are plenty of
    riders, 1 where there are none. ``busy``: share of the riders on shift who have orders. ``age``: mean age of
    the open orders, 1 for half an hour and more.
    """
    riders, orders = wave.riders, wave.orders
    demand = np.count_nonzero(orders.ready_at <= wave.now + LEVERS[0].neutral * MINUTE) if len(orders) else 0
    ratio = (demand + 1) / (len(idle(wave)) + 1)
    busy = np.count_nonzero(riders.load > 0) / len(riders) if len(riders) else 0.0
    age = float(np.mean(wave.now - orders.placed_at)) / LONG_AGO_S if len(orders) else 0.0
    return np.array([(ratio - 1) / (ratio + 1), busy, min(age, 1.0)])


def weighted(action: Floats) -> Floats:
    """The weights of an action, in the sequence of :data:`LEVERS`; an action beyond -1 or 1 counts as that."""
    neutral, span = (np.array([getattr(lever, name) for lever in LEVERS]) for name in ("neutral", "span"))
    return np.asarray(neutral + span * np.clip(action, -1.0, 1.0))


def match(wave: Wave, weights: Floats) -> list[Assignment]:
    """Pair due orders and idle riders, as many as can be, at the least total cost of the wave.

    Parameters
    ----------
    weights
        One for each of :data:`LEVERS`.
    """
    orders = due(wave, weights.item(0))
    if not orders or not len(riders := idle(wave)):
        return []
    costs = pair_costs(wave, orders, riders)
    return matched(wave, orders, riders, costs, costs + _surcharges(wave, orders, riders, weights))


def _surcharges(wave: Wave, orders: Sequence[Order], riders: Ints, weights: Floats) -> Floats:
    """What the weights add to the costs of pairs, in seconds; shape (orders, riders)."""
    _, meal, rider, late, urgency, age, ride = weights.tolist()
    columns = ("pickup", "dropoff", "ready_at", "promised_at", "placed_at", "door_s")
    pickup, dropoff, ready, promised, placed, door_s = (
        np.array([[getattr(order, name)] for order in orders]) for name in columns
    )
    there = wave.travel.times(wave.riders.at[riders], pickup) + wave.riders.free_at[riders] + wave.rules.pickup_s / 2
    to_door = wave.travel.times(pickup, dropoff) + (wave.rules.pickup_s + wave.rules.dropoff_s) / 2 + door_s
    waits = (meal - 1) * np.maximum(there - np.maximum(ready, wave.now), 0.0)
    waits += rider * np.maximum(ready - there, 0.0)
    delay = late * np.maximum(np.maximum(there, ready) + to_door - promised, 0.0)
    since = urgency * np.maximum(wave.now - ready, 0.0) + age * (wave.now - placed)
    return np.asarray(waits + delay + ride * to_door - since)


class Model(NamedTuple):
    """A trained model: the action is `gain` times what is seen, plus `bias`; shapes (levers, seen) and (levers,)."""

    gain: Floats
    bias: Floats

    def action(self, seen: Floats) -> Floats:
        """The action for an observation."""
        return self.bias + self.gain @ seen


def read_model(path: str | Path = SHIPPED) -> Model:
    """A model from the file that ``paotui train`` wrote.

    Raises
    ------
    ValueError
        When the file is missing, is no model, or is one of another version.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        gain, bias = (np.array(document[name], dtype=np.float64) for name in ("gain", "bias"))
        names = document["seen"], document["levers"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: not a model of `paotui train` ({error})") from None
    wanted = list(SEEN), [lever.name for lever in LEVERS]
    if names != wanted or gain.shape != (len(LEVERS), len(SEEN)) or bias.shape != (len(LEVERS),):
        raise ValueError(f"{path}: a model of another version; train it again with `paotui train`")
    if not (np.isfinite(gain).all() and np.isfinite(bias).all()):
        raise ValueError(f"{path}: its weights are not all finite")
    return Model(gain, bias)


@dataclass(frozen=True, slots=True)
class Learned:
    """Matching whose weights a trained linear model sets anew at each wave (mission B14).

    A linear policy trained by random search on the whole simulator, after Mania, Guy and Recht (2018), *Simple
    random search of static linear policies is competitive for reinforcement learning*: from how scarce riders
    are, how many are busy and how long orders wait it sets how much lateness, waiting and the ride count.

    The shipped model has learned to put off orders that will be late anyway while riders are short: more orders
    come in time, and somewhat more are cancelled. Where nobody cancels, as on overloaded days of the benchmark,
    such orders starve. It is no better than what it was trained for: train it for your city with ``paotui train``.

    Parameters
    ----------
    model
        A file that ``paotui train`` wrote; empty for the shipped one. It is read at once, and no more.
    """

    model: str = ""
    trained: Model = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "trained", read_model(self.model or SHIPPED))

    def __call__(self, wave: Wave, rng: Generator) -> Sequence[Assignment]:
        """Observe, weigh and match."""
        return match(wave, weighted(self.trained.action(observe(wave))))
