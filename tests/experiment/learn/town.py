"""A small town that is short of riders at noon."""

from sim.scenario.schema import Scenario

TOWN = Scenario.model_validate(
    {
        "name": "short of riders",
        "calendar": {"drain_min": 60},
        "city": {"kind": "plane", "places": 80, "width_m": 3000, "height_m": 3000},
        "population": {"users": 250, "patience_min": 20},
        "merchants": {"classes": {"restaurant": {"count": 8}}},
        "riders": {"count": 4},
    }
)
