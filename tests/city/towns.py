"""A small plane with three segments and two classes of merchants, which several tests of demand live in."""

from functools import cache
from typing import Any

from sim.city.build import build_city
from sim.city.demand import Demand
from sim.city.model import City
from sim.scenario.schema import Scenario

PEAKED = [0.0] * 7 + [1, 2, 1, 3, 14, 12, 4, 2, 2, 3, 9, 8, 3, 1, 1, 0.5, 0.0]
SEGMENTS: dict[str, Any] = {
    "student": {"share": 0.5, "intents_per_day": 0.8, "weekday": PEAKED, "weekend_factor": 0.5, "basket_yuan": 20},
    "office": {"share": 0.3, "intents_per_day": 0.5, "at_work": 0.9, "weekend_factor": 2, "basket_yuan": 40},
    "resident": {"share": 0.2, "intents_per_day": 0.2, "basket_yuan": 60},
}
BLOCKS: dict[str, Any] = {
    "city": {"kind": "plane", "places": 120, "width_m": 4000, "height_m": 4000},
    "population": {"users": 600, "segments": SEGMENTS, "patience_min": 20, "patience_shape": 3},
    "merchants": {
        "radius_km": 1.5,
        "classes": {
            "lunch": {"count": 12, "opens": "10:00", "closes": "15:00", "prep_min": 12, "prep_shape": 2},
            "late": {"count": 8, "opens": "17:00", "closes": "26:00", "prep_min": 6, "prep_shape": 5},
        },
    },
}


@cache
def city(seed: int = 1) -> City:
    return build_city(Scenario.model_validate({**BLOCKS, "seed": seed}))


def built(**demand: Any) -> City:
    """The same city with a demand block."""
    return build_city(Scenario.model_validate({**BLOCKS, "seed": 1, "demand": demand}))


def demand_of(town: City) -> Demand:
    return town.day.demand  # type: ignore[attr-defined]
