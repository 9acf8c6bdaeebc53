"""Careers: what is true of every rider over weeks, and the terms on which riders respond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.careers import Labour
from sim.city.model import City
from sim.entities import Bools, Crew, Floats, Ints
from sim.entities.crew import CREW_DAYS
from sim.policies.crew.incentive import INCENTIVES, IncentivePolicy
from sim.policies.crew.pay import PAY, OfKind, PayRule
from sim.policies.crew.registry import CREW
from sim.policies.crew.rule import CrewRule
from sim.policies.registry import PolicyNotFound, load_policy
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import HOUR, MINUTE, fen


@dataclass(slots=True)
class Careers:
    """State of everybody who rides or might; columns of shape (riders,).

    Parameters
    ----------
    crew
        What the platform knows; row 0 of its windows is the day being lived.
    nights
        Nights lived so far.
    reservation, expected
        Hourly income below which he would rather do something else, and what he expects to earn, in yuan.
    both
        Whether he has a rival's app too.
    honour
        Praise that is still fresh, 0 to 1.
    training_s
        Seconds of service at a stop that training saves.
    care
        What insurance and the like are worth to him, in yuan an hour.
    chance
        That he works today.
    in_shift, counted_s
        Orders delivered in the present shift, and its seconds that count for the days before.
    surcharge
        Extra pay for an order picked up now, in fen by zone.
    promised
        Extra pay of the orders picked up, in fen by id.
    paid
        Extra pay of today, in fen.
    bonuses
        What bonuses count for an hour of a day, in yuan, shape (28, riders): row 0 for the day being lived, the
        others for the days after it.
    """

    crew: Crew
    reservation: Floats
    expected: Floats
    both: Bools
    honour: Floats
    training_s: Floats
    care: Floats
    chance: Floats
    in_shift: Ints
    counted_s: Ints
    surcharge: Ints
    bonuses: Floats
    nights: int = 0
    promised: dict[int, int] = field(default_factory=dict)
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Hiring:
    """How riders respond, and what the platform does for them; None in a run without any of it.

    Parameters
    ----------
    labour
        None where the fleet does not respond.
    rules, crew_rules
        Rules of pay and of the night, each with its key in the scenario.
    every_s, budget
        Time between decisions on extra pay in seconds, and how much of it is promised on a day in fen.
    cap_s
        Most time on shift in seconds.
    start
        Date of the first day.
    """

    labour: Labour | None
    attendance: float
    honour_days: float
    rules: tuple[tuple[str, PayRule], ...]
    crew_rules: tuple[tuple[str, CrewRule], ...]
    incentive: IncentivePolicy
    every_s: float
    budget: int
    cap_s: float
    start: date

    @classmethod
    def of(cls, scenario: Scenario) -> Hiring | None:
        """That of a scenario; None where all of it is off."""
        supply, incentive = scenario.supply, scenario.incentive
        if not (supply.on or scenario.pay.rules or scenario.crew or incentive.policy != "none"):
            return None
        return cls(
            labour=_labour(scenario) if supply.on else None,
            attendance=scenario.riders.attendance,
            honour_days=supply.honour_days,
            rules=tuple(_pay_rules(scenario)),
            crew_rules=tuple(_crew_rules(scenario)),
            incentive=load_policy(INCENTIVES, incentive.policy, incentive.params, ("incentive", "policy")),
            every_s=incentive.every_min * MINUTE,
            budget=fen(incentive.budget_yuan_per_day),
            cap_s=inf if scenario.riders.hours_cap is None else scenario.riders.hours_cap * HOUR,
            start=scenario.calendar.start,
        )


def _crew_rules(scenario: Scenario) -> Iterator[tuple[str, CrewRule]]:
    for name, spec in scenario.crew.items():
        yield f"crew.{name}", load_policy(CREW, spec.rule, spec.params, ("crew", name, "rule"))


def _pay_rules(scenario: Scenario) -> Iterator[tuple[str, PayRule]]:
    """Keys and rules of pay; one by kind is told the scenario's kinds."""
    for name, spec in scenario.pay.rules.items():
        key = ("pay", "rules", name)
        rule = load_policy(PAY, spec.rule, spec.params, (*key, "rule"))
        try:
            yield ".".join(key), rule.among(tuple(scenario.kinds)) if isinstance(rule, OfKind) else rule
        except ValueError as error:
            raise PolicyNotFound(str(error), (*key, "params", "yuan")) from error


def _labour(scenario: Scenario) -> Labour:
    spec = scenario.supply
    own = {name: getattr(spec, name) for name in Labour.__dataclass_fields__ if not name.startswith("rival")}
    return Labour(**own, rival_yuan=spec.rival.yuan_per_hour, rival_scale=spec.rival.scale_yuan)


def begin_careers(scenario: Scenario, city: City, streams: Streams) -> Careers:
    """Everybody on the eve of the first day: the riders, and the pool of those who might be hired."""
    spec, riders = scenario.supply, len(city.riders.start)
    crew = Crew(
        employed=np.arange(riders) < scenario.riders.count,
        hired=np.full(riders, -1),
        level=np.zeros(riders, np.int64),
        earned=_window(riders, np.int32),
        worked_s=_window(riders, np.int32),
        delivered=_window(riders, np.int16),
        late=_window(riders, np.int16),
        refused=_window(riders, np.int16),
        stars=_window(riders, np.int16),
        rated=_window(riders, np.int16),
    )
    rng = streams.fixed("rider.reservation")
    sigma2 = np.log1p(spec.reservation_cv**2)
    return Careers(
        crew=crew,
        reservation=spec.reservation_yuan * np.exp(np.sqrt(sigma2) * rng.standard_normal(riders)),
        expected=np.full(riders, spec.usual_yuan_per_hour),
        both=rng.random(riders) < spec.rival.share,
        honour=np.zeros(riders),
        training_s=np.zeros(riders),
        care=np.zeros(riders),
        chance=np.ones(riders),
        in_shift=np.zeros(riders, np.int64),
        counted_s=np.zeros(riders, np.int64),
        surcharge=np.zeros(len(city.zones), np.int64),
        bonuses=np.zeros((CREW_DAYS, riders)),
    )


def _window(riders: int, dtype: type[np.integer]) -> NDArray[np.integer]:
    return np.zeros((CREW_DAYS, riders), dtype)
