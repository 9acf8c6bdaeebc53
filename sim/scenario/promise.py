"""The scenario's block about what users are promised: how long, with which guarantee, and at which extra price."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario.demand import Hours
from sim.scenario.fields import Section, quantity


class Guarantee(Section):
    """The on-time guarantee 准时保: who is later than his promise and a grace pays compensation."""

    on: bool = False
    """Whether there is a guarantee."""
    grace_min: float = quantity(3, "min", 0, 120, "the articles: within 3 minutes of the promise (mission B12)")
    """Delay past the promise that costs nothing."""
    yuan: float = quantity(3.0, "yuan", 0, 1000)
    """Fixed part of the compensation."""
    fee_share: float = quantity(0.0, "share of the delivery fee", 0, 10)
    """Part of the compensation that grows with the fee paid."""


class Flash(Section):
    """The flash product: a short promise for a surcharge, where merchant and door are near."""

    on: bool = False
    """Whether it is on offer."""
    promise_min: float = quantity(30, "min", 1, 600, "the articles: 30-minute lunch flash delivery (mission B12)")
    """Promised time from placement to door."""
    radius_km: float = quantity(2.0, "km", 0.1, 100)
    """Longest way from merchant to door."""
    surcharge_yuan: float = quantity(3.0, "yuan", 0, 100)
    """Paid on top of the delivery fee."""
    share: float = quantity(0.2, "share of eligible orders", 0, 1)
    """Share of users who choose it when they can."""
    hours: Hours = "10:30-13:30"
    """Hours in which it is on offer, in quarters of an hour."""


class Promise(Section):
    """How the promised time is set; `platform.promise_min` for everybody by default."""

    policy: str = "fixed"
    """A shipped policy, `FILE.py:Name` or `package.module:Name`."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the policy."""
    learning: float = quantity(0.1, "1", 0.001, 1)
    """Weight of the newest error in what the platform has learned of its own estimates."""
    guarantee: Guarantee = Guarantee()
    """The on-time guarantee."""
    flash: Flash = Flash()
    """The flash product."""
