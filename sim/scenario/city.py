"""The scenario's blocks about the city: its map, its people, its merchants and its riders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.curves import CAMPUS_MEALS, HOME_MEALS, OFFICE_MEALS
from sim.scenario.fields import Clock, Curve, Section, quantity
from sim.scenario.riders import Choice, Vehicle
from sim.scenario.roads import Osm
from sim.scenario.shifts import ANTI_FATIGUE, MayDiffer, MayRest, MayTire
from sim.units import seconds

MOST_CROSSINGS = 4000
"""Of a district: its table of shortest ways then takes at most 0.8 GB."""
GRUBHUB_PREP = "gamma shape fitted to 15,701 Grubhub orders (parameters.md 3.2)"


class District(Section):
    """A generated city: streets, a river with bridges, a campus, offices, housing, merchants' streets."""

    kind: Literal["district"] = "district"
    """The generated district."""
    width_m: float = quantity(5000, "m", 1000, 20000)
    """Extent from west to east."""
    height_m: float = quantity(4000, "m", 1000, 20000)
    """Extent from south to north."""
    block_m: float = quantity(200, "m", 80, 1000)
    """Mean distance between two crossings."""
    bridges: int = quantity(3, "1", 1, 20)
    """Bridges over the river."""
    zone_m: float = quantity(1000, "m", 200, 5000)
    """Side of a square zone."""

    @model_validator(mode="after")
    def _fits_into_memory(self) -> District:
        crossings = (self.width_m // self.block_m + 1) * (self.height_m // self.block_m + 1)
        if crossings > MOST_CROSSINGS:
            raise ValueError(
                f"{self.width_m:g} x {self.height_m:g} m at block_m {self.block_m:g} have {crossings:,.0f} crossings, "
                f"the travel table holds {MOST_CROSSINGS:,}"
            )
        return self


class Plane(Section):
    """A city without streets: places on a rectangle and straight-line travel."""

    kind: Literal["plane"] = "plane"
    """The straight-line city."""
    width_m: float = quantity(5000, "m", 100, 100000)
    """Extent from west to east."""
    height_m: float = quantity(5000, "m", 100, 100000)
    """Extent from south to north."""
    places: int = quantity(400, "1", 2, 20000)
    """Addresses scattered uniformly."""
    metric: Literal["euclidean", "manhattan"] = "euclidean"
    """How distance is measured."""
    zone_m: float = quantity(1000, "m", 100, 20000)
    """Side of a square zone."""


class Mdrp(Section):
    """One instance of the Meal Delivery Routing Problem: its merchants, riders and orders."""

    kind: Literal["mdrp"] = "mdrp"
    """A benchmark day."""
    dir: str
    """Folder of the instance: orders.txt, couriers.txt, restaurants.txt, instance_parameters.txt."""


City = Annotated[District | Plane | Mdrp | Osm, Field(discriminator="kind")]


class TravelSpeed(Section):
    """How fast riders travel."""

    metres_per_minute: float = quantity(250, "m/min", 10, 2000, "assumption: e-bike, 15 km/h from door to door")
    """Speed along the way."""
    whole_minutes: bool = False
    """Round every travel time up to whole minutes, as the benchmark does."""


class Segment(Section):
    """One group of users: how many, how often they open the app, and when."""

    share: float = quantity(..., "share of users", 0, 1)
    """Share of the population."""
    intents_per_day: float = quantity(0.3, "intents/(user day)", 0, 20)
    """Mean openings of the app with the wish to order, per user on a weekday."""
    weekend_factor: float = quantity(1.1, "1", 0, 10)
    """Multiplies `intents_per_day` on Saturday and Sunday."""
    at_work: float = quantity(0.0, "share", 0, 1)
    """Share of the orders between 9:00 and 18:00 of a weekday that go to the workplace."""
    basket_yuan: float = quantity(30, "yuan", 1, 2000)
    """Mean price of a basket."""
    weekday: Curve = Field(default_factory=lambda: list(HOME_MEALS))
    """Weight of each hour of a weekday."""
    weekend: Curve = Field(default_factory=lambda: list(HOME_MEALS))
    """Weight of each hour of a weekend day."""


def _segments() -> dict[str, Segment]:
    campus, office, home = list(CAMPUS_MEALS), list(OFFICE_MEALS), list(HOME_MEALS)
    return {
        "student": Segment(share=0.35, intents_per_day=0.40, basket_yuan=22, at_work=0.1, weekday=campus),
        "office": Segment(share=0.25, intents_per_day=0.40, basket_yuan=32, at_work=0.9, weekday=office),
        "resident": Segment(share=0.20, intents_per_day=0.25, basket_yuan=38, weekday=home),
        "parent": Segment(share=0.12, intents_per_day=0.22, basket_yuan=55, weekday=home),
        "elder": Segment(share=0.08, intents_per_day=0.08, basket_yuan=30, weekday=home),
    }


class Population(Section):
    """The users of the platform."""

    users: int = quantity(12000, "users", 0, 1000000)
    """Registered users who live in the city."""
    taste_cv: float = quantity(0.8, "1", 0, 5)
    """Coefficient of variation of how often a user orders, within a segment (gamma)."""
    patience_min: float = quantity(30, "min", 1, 600)
    """Mean time a user waits for an assignment before cancelling."""
    patience_shape: float = quantity(4, "1", 0.1, 100)
    """Gamma shape of patience."""
    basket_cv: float = quantity(0.5, "1", 0, 3)
    """Coefficient of variation of a basket's price (lognormal)."""
    segments: dict[str, Segment] = Field(default_factory=_segments, min_length=1)
    """Segments by name: student, office, resident, parent, elder."""

    @model_validator(mode="after")
    def _shares(self) -> Population:
        total = sum(segment.share for segment in self.segments.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the segments' shares sum to {total:g}, expected 1")
        return self


class MerchantClass(Section):
    """A class of merchants, such as restaurants or shops."""

    count: int = quantity(..., "merchants", 0, 20000)
    """How many there are."""
    popularity: float = quantity(1.0, "1", 0, 100)
    """Weight of such a merchant in a user's choice."""
    stations: int = quantity(3, "1", 1, 1000)
    """Orders a merchant can prepare at once."""
    prep_min: float = quantity(10, "min", 0.1, 240)
    """Mean preparation time at a station."""
    prep_shape: float = quantity(2.12, "1", 0.1, 100, GRUBHUB_PREP)
    """Gamma shape of preparation time."""
    opens: Clock = "07:00"
    """Opening time."""
    closes: Clock = "22:30"
    """Closing time; after midnight as 24:00 to 48:00."""

    @model_validator(mode="after")
    def _hours(self) -> MerchantClass:
        if seconds(self.closes) <= seconds(self.opens):
            raise ValueError(f"closes at {self.closes}, which is not after opens at {self.opens}")
        return self


class Merchants(Section):
    """The merchants of the city."""

    classes: dict[str, MerchantClass] = Field(
        default_factory=lambda: {
            "restaurant": MerchantClass(count=140),
            "shop": MerchantClass(count=40, popularity=0.6, stations=2, prep_min=5, opens="08:00", closes="23:30"),
        },
        min_length=1,
    )
    """Classes of merchants by name."""
    choice_km: float = quantity(1.2, "km", 0.05, 50)
    """Distance over which a merchant's appeal falls to 1/e (straight line)."""
    radius_km: float = quantity(4.0, "km", 0.1, 100)
    """No merchant delivers farther than this (straight line)."""
    popularity_cv: float = quantity(1.0, "1", 0, 5)
    """Coefficient of variation of popularity within a class (gamma)."""


class ShiftTemplate(Section):
    """A shift that part of the fleet works."""

    start: Clock
    """On-time."""
    hours: float = quantity(..., "h", 0.25, 16)
    """Length of the shift."""
    share: float = quantity(..., "share of riders", 0, 1)
    """Share of the fleet on this shift."""


class Riders(Section):
    """The fleet."""

    count: int = quantity(420, "riders", 0, 50000)
    """Riders registered with the platform."""
    capacity: int = quantity(4, "orders", 1, 50)
    """Most orders a rider has on board at once."""
    attendance: float = quantity(0.9, "1", 0, 1)
    """Chance that a rider works on a day."""
    standby: float = quantity(0, "share of riders", 0, 1)
    """Riders called in addition when rain, heat or cold is forecast for the hour in which their shift begins."""
    vehicles: dict[str, Vehicle] = Field(default_factory=lambda: {"e-bike": Vehicle()}, min_length=1)
    """What they ride, by name; it says how much carbon dioxide their ways cost, and not how fast they are."""
    start_jitter_min: float = quantity(30, "min", 0, 240)
    """Riders come on shift evenly over this time after the shift's start."""
    choice: Choice | None = None
    """How riders answer an offer; without it they take every one."""
    late_start_min: float = quantity(0, "min", 0, 240)
    """Mean lateness at the start of a shift (exponential); the shift ends when it was to end."""
    no_show: float = quantity(0, "share of shifts", 0, 1)
    """Riders on the roster who do not come; nobody knows before the shift starts."""
    hours_cap: float | None = quantity(None, "h/shift", 0.25, 24, ANTI_FATIGUE)
    """Most hours on shift, after which a rider gets no new route; without it the whole shift."""
    breaks: MayRest = None
    """Breaks; without them riders rest when they are idle."""
    fatigue: MayTire = None
    """How riders slow down after long work; without it they do not."""
    skills: MayDiffer = None
    """What riders can do that others cannot; without it all of them can do everything."""
    shifts: dict[str, ShiftTemplate] = Field(
        default_factory=lambda: {
            "early": ShiftTemplate(start="06:30", hours=6, share=0.08),
            "day": ShiftTemplate(start="09:00", hours=9, share=0.15),
            "lunch": ShiftTemplate(start="10:15", hours=4, share=0.42),
            "dinner": ShiftTemplate(start="16:15", hours=5, share=0.25),
            "late": ShiftTemplate(start="17:30", hours=7, share=0.10),
        },
        min_length=1,
    )
    """Shifts by name."""

    @model_validator(mode="after")
    def _shares(self) -> Riders:
        for name, parts in (("shifts", self.shifts), ("vehicles", self.vehicles)):
            total = sum(part.share for part in parts.values())
            if abs(total - 1) > 1e-6:
                raise ValueError(f"the {name}' shares sum to {total:g}, expected 1")
        return self
