"""The scenario's blocks about riders at work: breaks, fatigue, skills, and what they report of the roads."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from sim.scenario.fields import Section, quantity

ROAD_LAW = "China, Road Traffic Safety Law, implementing regulations, art. 62: 20 min after 4 h at the wheel"
ANTI_FATIGUE = "Meituan, Dec 2024: riders are warned after 8 h on the road and taken off-line after 12 h"


class Breaks(Section):
    """Riders rest: when enough work is done, a break begins as soon as they have no order left."""

    after_h: float = quantity(4.0, "h", 0.25, 16, ROAD_LAW)
    """Mean work before a break is due, since the shift began or the last break ended."""
    minutes: float = quantity(20.0, "min", 1, 240, ROAD_LAW)
    """Mean length of a break; one that would outlast the shift is not taken."""
    spread: float = quantity(0.25, "share of the mean", 0, 0.9)
    """Both are drawn once per shift, evenly within this share of their means."""


class Fatigue(Section):
    """Riders tire: long at work, every way and every service takes them longer."""

    after_h: float = quantity(8.0, "h", 0, 24, ANTI_FATIGUE)
    """Work without an effect; breaks do not count as work."""
    per_hour: float = quantity(0.03, "share/h", 0, 0.5)
    """How much longer ways and services take with each hour beyond."""


class Skills(Section):
    """What riders can do, drawn once, and what it costs when an order goes to one who cannot."""

    box: float = quantity(0.8, "share of riders", 0, 1)
    """Riders with an insulated box."""
    stairs: float = quantity(0.7, "share of riders", 0, 1)
    """Riders who are fit for stairs."""
    range: float = quantity(0.5, "share of riders", 0, 1)
    """Riders with a vehicle for long ways, whose battery lasts a shift."""
    long_way_km: float = quantity(3.0, "km", 0.1, 100)
    """An order whose way from pickup to customer is longer needs such a vehicle."""
    stairs_extra_min: float = quantity(2.0, "min", 0, 60)
    """What stairs cost a rider who is not fit for them, on top of what the door costs everybody."""
    battery_km: float = quantity(40.0, "km", 0.5, 500, "assumption: e-bike of 48 V and 20 Ah")
    """How far the other vehicles go before their battery must be swapped."""
    swap_min: float = quantity(5.0, "min", 0, 240, "assumption: the detour to a swapping cabinet, and the swap")
    """Time that a swap costs."""


class RoadReports(Section):
    """Riders' finished legs correct the travel times that the platform reckons with."""

    half_life_min: float = quantity(15.0, "min", 0.5, 1440)
    """Age at which a report counts half."""
    prior_min: float = quantity(30.0, "min", 0, 10000)
    """Riding time whose reports weigh as much as the platform's own expectation."""


def switch(value: object) -> object:
    """`true` as a block with its defaults, `false` as none; anything else as it is."""
    return ({} if value else None) if isinstance(value, bool) else value


MayRest = Annotated[Breaks | None, BeforeValidator(switch)]
MayTire = Annotated[Fatigue | None, BeforeValidator(switch)]
MayDiffer = Annotated[Skills | None, BeforeValidator(switch)]
MayReport = Annotated[RoadReports | None, BeforeValidator(switch)]
