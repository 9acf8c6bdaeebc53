"""The scenario's blocks about the last metres: doors, lockers, customers who need care, and ratings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.demand import Use
from sim.scenario.fields import Section, quantity

STAIRS = "Sheridan Lifts 2021: 2.3 to 2.8 steps a second upwards, some 18 steps a floor; and down again, loaded"
LOCKER = "Ranjbari et al. 2023: a locker halves the time inside the building (4 min at the door)"
OLIST = "Olist, 97,000 online orders: 4.28 stars on time, 2.55 late, mostly a step at the promise"


class Door(Section):
    """What a door of one land use costs on top of the usual drop-off; latent per place, drawn once."""

    stairs: float = quantity(0.0, "share of places", 0, 1)
    """Places with stairs and no lift."""
    floors: int = quantity(6, "floors", 1, 100)
    """Highest floor; a place's customers live on any floor from the first, each as likely."""
    floor_s: float = quantity(20.0, "s/floor", 0, 300, STAIRS)
    """Time for one floor of stairs, there and back."""
    lifts: float = quantity(0.0, "share of places", 0, 1)
    """Places with a lift; the rest of the places are at street level."""
    lift_s: float = quantity(60.0, "s", 0, 1800)
    """Mean time for waiting and riding, there and back (gamma with shape 2)."""
    gates: float = quantity(0.0, "share of places", 0, 1)
    """Places behind a gate where riders must sign in or ask."""
    gate_s: float = quantity(45.0, "s", 0, 1800)
    """Mean time at a gate (gamma with shape 2)."""
    walks: float = quantity(0.0, "share of places", 0, 1)
    """Places in a walking zone, outside of which vehicles stay."""
    walk_m: float = quantity(150.0, "m", 0, 3000)
    """Mean way on foot, one way (uniform from 0 to twice that)."""
    walk_m_per_s: float = quantity(1.3, "m/s", 0.3, 4)
    """Speed on foot."""

    @model_validator(mode="after")
    def _shares(self) -> Door:
        if self.stairs + self.lifts > 1 + 1e-9:
            raise ValueError(f"stairs and lifts are shares of the places, but sum to {self.stairs + self.lifts:g}")
        return self


class Doors(Section):
    """Stairs, lifts, gates and walking zones, by land use; nothing where a land use is silent."""

    housing: Door | None = None
    """Doors of housing."""
    dormitory: Door | None = None
    """Doors of dormitories."""
    teaching: Door | None = None
    """Doors of teaching buildings."""
    office: Door | None = None
    """Doors of offices."""
    shopfront: Door | None = None
    """Doors of shopfronts."""
    platform_knows: bool = True
    """Whether the platform reckons with each place's true time, or only with the land use's mean."""


class Lockers(Section):
    """Lockers at all places of a land use: a drop-off takes the locker's time, the user collects later."""

    use: Use = "dormitory"
    """Land use of the places that have one: housing, dormitory, teaching, office or shopfront."""
    slots: int = quantity(0, "slots", 0, 10000)
    """Compartments at each of them; 0: there are no lockers."""
    dropoff_s: float = quantity(60.0, "s", 0, 3600)
    """Service time of a drop-off into a locker, in place of the door's."""
    pickup_after_min: float = quantity(10.0, "min", 0.1, 1440)
    """Mean time until the user collects and the slot is free (exponential)."""
    accept: float = quantity(0.7, "share of users", 0, 1)
    """Share of the orders whose user agrees to a locker."""


class Care(Section):
    """Customers who ask for care: pregnant, ill, frail."""

    share: float = quantity(0.0, "share of Intents", 0, 1)
    """Share of the Intents; 0: nobody asks."""
    handled: bool = True
    """Whether the platform handles their orders with care; if not, the wish is only known."""
    pickup_s: float = quantity(30.0, "s", 0, 3600)
    """Extra time at the pickup: check, pack separately."""
    door_s: float = quantity(60.0, "s", 0, 3600)
    """Extra time at the door: ring softly, carry in."""
    lifts_stars: float = quantity(0.5, "logit", 0, 10)
    """How much care that is taken raises the odds of a better rating."""
    lowers_stars: float = quantity(1.0, "logit", 0, 10)
    """How much care that was asked for and not taken lowers them."""


class Ratings(Section):
    """Stars from 1 to 5, an ordered logit of what the delivery was like."""

    share: float = quantity(0.0, "share of users", 0, 1)
    """Share of the deliveries that are rated; 0: ratings are off."""
    stars: Annotated[tuple[float, ...], Field(min_length=5, max_length=5, strict=False)] = Field(
        default=(0.07, 0.025, 0.08, 0.205, 0.62),
        json_schema_extra={"unit": "share", "source": "Olist, orders on time: mean 4.28 (shape: assumption)"},
    )
    """Shares of 1, 2, 3, 4 and 5 stars when nothing went wrong."""
    late: float = quantity(1.7, "logit", 0, 10, f"{OLIST}; 2.55 stars at 10 minutes late")
    """What being late at all takes off."""
    late_per_min: float = quantity(0.05, "logit/min", 0, 5)
    """What each minute of lateness takes off besides."""
    warm_min: float = quantity(20.0, "min", 0, 600)
    """Time between pickup and door that leaves a meal warm."""
    cold_per_min: float = quantity(0.02, "logit/min", 0, 5)
    """What each minute beyond that takes off."""
    trust: float = quantity(1.0, "logit", 0, 10, "assumption: sign of a halo; less than being late")
    """What full trust in the platform before the order adds, and full distrust takes off, where people respond."""

    @model_validator(mode="after")
    def _whole(self) -> Ratings:
        if min(self.stars) < 0 or abs(sum(self.stars) - 1) > 1e-6:
            raise ValueError(f"stars: five shares that sum to 1, got a sum of {sum(self.stars):g}")
        return self
