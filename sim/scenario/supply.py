"""Riders over weeks: how their hours follow what they expect to earn, who comes, who quits."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.fields import Section, quantity

ELASTICITY = "Angrist, Caldwell and Hall: intertemporal substitution of drivers about 1.2 (parameters.md 4)"
QUITTING = (
    "Hall and Krueger: about half of the drivers are active after a year, so 1.3% leave in a week (parameters.md 4)"
)


class Rival(Section):
    """Another platform for which some riders may work instead."""

    share: float = quantity(0, "share of riders", 0, 1)
    """Riders who have its app too."""
    yuan_per_hour: float = quantity(12, "yuan/h", 0, 1000)
    """What they expect to earn there."""
    scale_yuan: float = quantity(2, "yuan/h", 0.1, 100)
    """Difference that changes the odds of working there by the factor e."""


class Supply(Section):
    """How riders' hours, entry and quitting respond to pay and treatment."""

    on: bool = False
    """Whether they respond; without it the fleet is the same for ever."""
    pool: int = quantity(0, "people", 0, 100000)
    """People who do not ride when the run begins but may be hired."""
    usual_yuan_per_hour: float = quantity(12, "yuan/h", 0.1, 1000)
    """Hourly income at which riders work as `riders.attendance` says."""
    elasticity: float = quantity(1.2, "1", 0, 5, ELASTICITY)
    """By how many percent a rider's hours rise when he expects to earn one percent more."""
    own_weight: float = quantity(0.1, "1/day of work", 0, 1)
    """How much a day's hourly income moves what a rider expects."""
    heard_weight: float = quantity(0.02, "1/day", 0, 1)
    """How much what others earn moves it, and what people in the pool expect."""
    reservation_yuan: float = quantity(10, "yuan/h", 0.1, 1000)
    """Median hourly income below which people would rather do something else."""
    reservation_cv: float = quantity(0.25, "1", 0.01, 3)
    """Its coefficient of variation over people (lognormal)."""
    quits_per_week: float = quantity(0.013, "share of riders/week", 0, 1, QUITTING)
    """Riders who quit at their reservation income and neutral treatment."""
    quits_income: float = quantity(3, "power of e", 0, 20)
    """How much the hazard of quitting rises when all income is lost against the reservation income."""
    quits_late: float = quantity(1, "power of e", 0, 20)
    """How much it rises when all orders are late, with the blame that follows."""
    quits_tired: float = quantity(0.03, "power of e per hour", 0, 1)
    """How much it rises with each weekly hour beyond 48."""
    honour: float = quantity(0.4, "power of e", 0, 5)
    """How much fresh praise lowers it."""
    honour_days: float = quantity(14, "days", 0.5, 365)
    """Days after which 1/e of the praise is left."""
    joins_per_week: float = quantity(0.02, "share of the pool/week", 0, 1)
    """People in the pool who come at their reservation income."""
    joins_income: float = quantity(3, "power of e", 0, 20)
    """How much that rises when riders earn double their reservation income."""
    stays_per_yuan: float = quantity(
        0.15, "1/yuan", 0, 5, "assumption; sign: drivers work more at high surge (Chen and Sheldon)"
    )
    """A surcharge of x yuan an order makes 1 - exp(-x * this) of the riders stay half an hour at the end of a shift."""
    comes_per_yuan: float = quantity(0.01, "1/yuan", 0, 5, "assumption; sign as of `stays_per_yuan`")
    """At each decision it makes 1 - exp(-x * this) of those who are at home come for an hour."""
    rival: Rival = Rival()
    """Another platform."""


class PayRule(Section):
    """One rule of what riders are paid for an order."""

    rule: str
    """A shipped rule, or `FILE.py:Name`; `paotui policies` lists them."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rule."""


class CrewRule(Section):
    """One rule of what is done for riders overnight."""

    rule: str
    """A shipped rule, or `FILE.py:Name`; `paotui policies` lists them."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rule."""


class Incentive(Section):
    """Extra pay where and when riders are short."""

    policy: str = "none"
    """A shipped policy, or `FILE.py:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""
    every_min: float = quantity(15, "min", 1, 240)
    """Time between decisions."""
    budget_yuan_per_day: float = quantity(1e6, "yuan/day", 0, 1e9)
    """No more extra pay is promised on a day once this has been paid."""
