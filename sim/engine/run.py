"""One run: the SimPy environment around a World, and the terms that hold in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from simpy import Environment, Event

from sim.behaviour.riders import Choosing
from sim.city.model import City, Conditions, Day, Intents
from sim.engine.careers import Hiring
from sim.engine.clock import Moment
from sim.engine.front import Desk, Front, Signal
from sim.engine.labour import Hearing, SkillTerms, Tiring
from sim.engine.log import Log
from sim.engine.market import Trade
from sim.engine.people import Crowd
from sim.engine.special import KindTerms, Special
from sim.engine.world import World
from sim.entities import Floats, Rules, Travel
from sim.policies.dispatch import DispatchPolicy
from sim.policies.nearest import Nearest
from sim.scenario.riders import Choice
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, MINUTE, fen


@dataclass(frozen=True, slots=True)
class Terms:
    """What the scenario fixes for the engine: times in seconds, money in fen, commission as a share."""

    promise_s: float
    exact_ready: bool
    fee: int
    commission: float
    per_order: int
    per_km: float
    guarantee_per_hour: int
    every_s: float
    time_limit_s: float
    hall_s: float
    hall_km: float
    log_plans: bool
    horizon_s: float
    drain_s: float
    days: int

    @classmethod
    def of(cls, scenario: Scenario) -> Terms:
        """Terms of a scenario, converted to the engine's units."""
        platform, pay, calendar = scenario.platform, scenario.pay, scenario.calendar
        return cls(
            promise_s=platform.promise_min * MINUTE,
            exact_ready=platform.exact_ready,
            fee=fen(platform.delivery_fee_yuan),
            commission=platform.commission,
            per_order=fen(pay.per_order_yuan),
            per_km=pay.per_km_yuan * 100,
            guarantee_per_hour=fen(pay.guarantee_yuan_per_hour),
            every_s=scenario.dispatch.every_s,
            time_limit_s=scenario.dispatch.time_limit_s,
            hall_s=scenario.dispatch.hall.post_s,
            hall_km=scenario.dispatch.hall.radius_km,
            log_plans=scenario.platform.log_plans,
            horizon_s=calendar.days * DAY,
            drain_s=calendar.drain_min * MINUTE,
            days=calendar.days,
        )


def rules(scenario: Scenario) -> Rules:
    """What the engine enforces on policies in this scenario."""
    return Rules(
        pickup_s=scenario.service.pickup_min * MINUTE,
        dropoff_s=scenario.service.dropoff_min * MINUTE,
        diversion=scenario.dispatch.diversion,
        single_merchant=scenario.dispatch.single_merchant,
        pickup_by_off=scenario.dispatch.pickup_by_off,
        match_skills=scenario.dispatch.match_skills,
    )


def choosing(scenario: Scenario) -> Choosing | None:
    """How riders answer in this scenario; in a hall they always choose."""
    spec = scenario.riders.choice or (Choice() if scenario.dispatch.hall.post_s else None)
    if spec is None:
        return None
    return Choosing(
        accept=spec.accept,
        reference_pay=spec.reference_yuan_per_min,
        reference_km=spec.reference_km,
        pay=spec.per_yuan_per_min,
        km=spec.per_km,
        load=spec.per_order,
        weather=spec.harsh_weather,
        taste_sd=spec.taste_sd,
    )


class Nap(Event):
    """An event without a time, until :meth:`end` gives it one."""

    def end(self, delay: float) -> None:
        """Let the event happen in `delay` seconds."""
        self._ok, self._value = True, None
        self.env.schedule(self, delay=delay)


@dataclass(slots=True)
class Run:
    """A World in motion; everything SimPy needs and a snapshot does not.

    Parameters
    ----------
    today
        The draws of the day being lived.
    conditions, piece
        Conditions of that day, and which piece of them holds.
    travel, pace, service
        Roads that are open, and the true factors on travel times and on the time at the door.
    known
        Travel as the platform reckons with it.
    choosing, tastes
        How riders answer an offer, None when they take every one; each rider's own willingness.
    kinds, special
        Terms of each kind of order, and what else is out of the ordinary; None where nothing is.
    outage, closed
        Whether the platform decides nothing, and merchants that are closed by surprise.
    front, desk, signal
        How wishes are taken, how promises are made, and where riders' reports are late; None where wishes are
        orders at once, everybody is promised the same, and every report is heard at once.
    tiring, skills, hearing
        How riders tire, what they can do and how the platform heeds their reports of the roads; None when off.
    crowd
        How users respond over weeks, and the programme; None where they do not.
    trade
        How merchants respond over weeks, and the platform's deals; None where they do not.
    hiring
        How riders respond over weeks, and what the platform does for them; None without any of it.
    individual
        Whether any of these is on, so that it matters who makes a leg.
    plain
        What decides while dispatch is simple.
    yesterday
        Intents of the day before today's.
    """

    city: City
    world: World
    terms: Terms
    rules: Rules
    streams: Streams
    log: Log
    policy: DispatchPolicy
    policy_name: str
    policy_rng: Generator
    on_tick: Callable[[Run], None]
    env: Environment
    today: Day
    travel: Travel
    known: Travel
    kinds: tuple[KindTerms, ...]
    special: Special | None
    conditions: Conditions = field(default_factory=Conditions.calm)
    piece: int = 0
    pace: float = 1.0
    service: float = 1.0
    outage: bool = False
    closed: frozenset[int] = frozenset()
    choosing: Choosing | None = None
    tastes: Floats = field(default_factory=lambda: np.zeros(0))
    front: Front | None = None
    desk: Desk | None = None
    signal: Signal | None = None
    tiring: Tiring | None = None
    skills: SkillTerms | None = None
    hearing: Hearing | None = None
    crowd: Crowd | None = None
    trade: Trade | None = None
    hiring: Hiring | None = None
    individual: bool = False
    plain: DispatchPolicy = field(default_factory=Nearest)
    yesterday: Intents | None = None
    naps: dict[int, Nap] = field(default_factory=dict)
    wave_s: list[float] = field(default_factory=list)

    def latent(self, number: int) -> tuple[Intents, int]:
        """The Intents of a wish's day and its row in them, for wishes of today and of the day before."""
        row = number - self.world.first_id
        if row >= 0:
            return self.today.intents, row
        tomorrow_came = self.world.day < self.terms.days and self.env.now >= self.world.day * DAY
        before = self.yesterday if self.yesterday is not None and tomorrow_came else self.today.intents
        return before, row + len(before)

    def __post_init__(self) -> None:
        self.individual = any(terms is not None for terms in (self.tiring, self.skills, self.hearing, self.hiring))

    def nap(self, rider: int) -> Event:
        """An event that lasts until somebody wakes the rider."""
        event = self.naps[rider] = Nap(self.env)
        return event

    def wake(self, rider: int, at: float) -> None:
        """Wake a rider who naps, at a time in seconds; do nothing to one who is busy."""
        event = self.naps.pop(rider, None)
        if event is not None:
            event.end(at - self.env.now)

    def later(self, at: float, then: Callable[[Event], None], *value: Any) -> None:
        """Call `then` at a time in seconds, with an event whose value is ``(run, *value)``."""
        Moment(self.env, max(at - self.env.now, 0.0), (self, *value)).callbacks.append(then)
