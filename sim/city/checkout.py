"""What would go wrong with an Intent at the checkout, and how long its user waits: drawn with the Intent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from statistics import NormalDist

import numpy as np
from numpy.random import Generator

from sim.city.model import City, Intents
from sim.city.pattern import indices
from sim.entities import Bools, Floats
from sim.scenario.checkout import Checkout, Signal
from sim.scenario.errors import ScenarioError
from sim.scenario.intake import Intake
from sim.scenario.promise import Flash
from sim.scenario.schema import Scenario
from sim.streams import Streams

MOST_FAILURES = 1000


class Column(IntEnum):
    """Columns of ``Intents.checkout``: flags, a count, and the suspicion score."""

    WRONG_ADDRESS = 0
    OUT_OF_STOCK = 1
    FAILURES = 2  # payments that fail before one succeeds
    FRAUD = 3
    SCORE = 4


@dataclass(frozen=True, slots=True)
class Troubles:
    """Draws the optional columns of Intents for the checkout, the intake and the flash product."""

    checkout: Checkout
    intake: Intake
    flash: Flash

    @classmethod
    def of(cls, scenario: Scenario) -> Troubles | None:
        """Those of a scenario; None where it switches none of them on."""
        found = cls(scenario.checkout, scenario.intake, scenario.promise.flash)
        return found if found.checkout.on or found.intake.on or found.flash.on else None

    def __call__(self, intents: Intents, key: tuple[int, ...], streams: Streams) -> Intents:
        """The Intents with their columns, from the streams of a key."""
        size = len(intents)
        if self.checkout.on:
            rng = streams.generator("checkout.draws", *key)
            intents = replace(intents, checkout=draw_checkout(self.checkout, size, rng))
        if self.intake.on:
            shape = self.intake.patience_shape
            waits = streams.generator("user.asks", *key).standard_gamma(shape, size) / shape
            intents = replace(intents, asks_s=waits * self.intake.patience_s)
        if self.flash.on:
            intents = replace(intents, flash=streams.generator("user.flash", *key).random(size))
        return intents


def draw_checkout(spec: Checkout, size: int, rng: Generator) -> Floats:
    """Columns of :class:`Column`, shape (size, 5); each grows with its rate, Intent by Intent.

    The suspicion score is standard normal for honest users, and normal about ``sqrt(2) Phi^-1(auc)`` for
    fraudulent ones (the binormal model of Dorfman and Alf 1969), so a fraud scores higher than an honest user
    with the chance `auc`.
    """
    address, stock, payment, fraud = rng.random((4, size))
    score = rng.standard_normal(size)
    false = fraud < spec.fraud.share
    shift = np.sqrt(2) * NormalDist().inv_cdf(spec.fraud.auc)
    return np.column_stack(
        [
            (address < spec.wrong_address) & ~false,
            stock < spec.out_of_stock,
            _failures(payment, spec.payment.failure, spec.payment.again_failure),
            false,
            score + shift * false,
        ]
    )


def _failures(u: Floats, first: float, again: float) -> Floats:
    """Failures before a payment succeeds: more than ``k`` of them with the chance ``first * again^k``."""
    fails, left = np.zeros(len(u)), first
    while left > 0 and fails.max(initial=0) < MOST_FAILURES and (more := u < left).any():
        fails += more
        left *= again
    return fails


def weak_places(spec: Signal, city: City, streams: Streams) -> Bools:
    """Whether each place has a weak signal: all of some zones, and a share of the others.

    Raises
    ------
    ScenarioError
        When the city does not have a zone.
    """
    weak = streams.fixed("city.signal").random(len(city.places.x)) < spec.share
    zones = indices(spec.zones, city.zones, "signal.zones: unknown zone")
    return np.asarray(weak | np.isin(city.places.zone, zones))


def refuse_troubles(scenario: Scenario) -> None:
    """Refuse what a benchmark city cannot have.

    Raises
    ------
    ScenarioError
        When checkout, intake or the flash product is on.
    """
    if Troubles.of(scenario):
        raise ScenarioError(
            "checkout, intake, promise.flash: a benchmark city brings its own orders and nothing is drawn with them; "
            "leave these out"
        )
