"""What stands between a wish and its order, and between a rider and the platform: settings, and state as plain data."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from sim.city.checkout import weak_places
from sim.city.model import City, Intent
from sim.entities import Bools
from sim.policies.admission import ADMISSION, AdmissionPolicy
from sim.policies.promise import PROMISE, PromisePolicy
from sim.policies.registry import load_policy
from sim.policies.screening import SCREENING, ScreeningPolicy
from sim.scenario.checkout import Checkout
from sim.scenario.intake import Intake
from sim.scenario.promise import Promise
from sim.scenario.schema import Scenario
from sim.streams import Streams

REMEMBERED = 200
"""Errors of estimates that a promise policy sees."""


@dataclass(frozen=True, slots=True)
class Front:
    """How wishes are taken: the rules of intake and checkout, who is let in, who is refused as suspicious."""

    intake: Intake
    checkout: Checkout
    admits: AdmissionPolicy
    refuses: ScreeningPolicy

    @classmethod
    def of(cls, scenario: Scenario) -> Front | None:
        """Those of a scenario; None where every wish is an order at once."""
        intake, checkout = scenario.intake, scenario.checkout
        admits = load_policy(ADMISSION, intake.policy, intake.params, ("intake", "policy"))
        screening = checkout.screening
        key = ("checkout", "screening", "policy")
        refuses = load_policy(SCREENING, screening.policy, screening.params, key)
        return cls(intake, checkout, admits, refuses) if intake.on or checkout.on else None


@dataclass(frozen=True, slots=True)
class Desk:
    """How promises are made: their rules, the policy, and whether estimates of the arrival are told."""

    rules: Promise
    promises: PromisePolicy
    tells: bool

    @classmethod
    def of(cls, scenario: Scenario) -> Desk | None:
        """Those of a scenario; None where everybody is promised the same and nothing is told or guaranteed."""
        rules, tells = scenario.promise, scenario.platform.eta
        desk = cls(rules, load_policy(PROMISE, rules.policy, rules.params, ("promise", "policy")), tells)
        return desk if tells or rules.policy != "fixed" or rules.guarantee.on or rules.flash.on else None


@dataclass(frozen=True, slots=True)
class Signal:
    """Where the signal is weak, by place, and how late a report from there arrives, in seconds."""

    weak: Bools
    delay_s: float

    @classmethod
    def of(cls, scenario: Scenario, city: City, streams: Streams) -> Signal | None:
        """That of a scenario; None where every report arrives at once."""
        spec = scenario.signal
        return cls(weak_places(spec, city, streams), spec.delay_s) if spec.on else None


class Step(IntEnum):
    """What happens next to a wish that is no order yet."""

    ASK = 0
    LEAVE = 1  # its user's patience ends
    ANSWER = 2
    PAY = 3


class Request(NamedTuple):
    """A wish that is no order yet: its Intent, what happens next and when (s), tries so far, time added to the promise.

    ``asks`` counts requests, ``payments`` payments; ``metres`` is the way from the pickup to the door.
    """

    intent: Intent
    metres: float
    step: Step
    due: float
    asks: int = 1
    payments: int = 0
    extra_s: float = 0.0


@dataclass(slots=True)
class Gate:
    """State of the intake.

    Parameters
    ----------
    busy_until
        When all requests that were let in are answered, in seconds: a queue of one server needs no more.
    plain_until
        Until when dispatch is simple, in seconds.
    answered, timed_out, memory
        What an admission policy sees of the past.
    pending
        Wishes that are no orders yet, by number.
    """

    busy_until: float = 0.0
    plain_until: float = 0.0
    answered: int = 0
    timed_out: int = 0
    memory: Any = None
    pending: dict[int, Request] = field(default_factory=dict)


@dataclass(slots=True)
class Lessons:
    """What the platform has learned of its own estimates, in seconds.

    Parameters
    ----------
    stood_s
        How long a ready meal waits for its rider, by the latest assignments.
    errors
        By how much estimates were too short, smoothed, by stage and zone of the door.
    latest
        By how much the last quoted times were too short.
    """

    stood_s: float = 0.0
    errors: dict[tuple[int, int], float] = field(default_factory=dict)
    latest: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
