"""Small generated cities with all their rules, and the logs that some policies leave in them."""

from functools import cache
from typing import Any

import numpy as np

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.policies.matching import Matching
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario
from tests.engine.strangers import Bundler, Gambler, Reshuffler, Roamer

SMALL: dict[str, Any] = {
    "population": {"users": 500},
    "merchants": {"classes": {"restaurant": {"count": 12, "stations": 2}}},
    "riders": {"count": 14},
    "calendar": {"drain_min": 120},
}
RULES: dict[str, dict[str, Any]] = {
    "district": {"city": {"kind": "district", "width_m": 3000, "height_m": 2500}},
    "benchmark": {
        "city": {"kind": "plane", "places": 150, "metric": "manhattan"},
        "travel": {"whole_minutes": True},
        "platform": {"exact_ready": True},
        "dispatch": {"every_s": 60, "diversion": False, "single_merchant": True, "pickup_by_off": True},
    },
    "events": {"city": {"kind": "plane", "places": 150}, "dispatch": {"every_s": 0}},
    "scarce": {
        "city": {"kind": "plane", "places": 150},
        "riders": {"count": 5, "capacity": 2, "attendance": 1},
        "population": {"users": 900, "patience_min": 25},
        "pay": {"guarantee_yuan_per_hour": 30},
    },
    "labour": {
        "city": {"kind": "plane", "places": 150},
        "riders": {
            "late_start_min": 5.0,
            "no_show": 0.1,
            "hours_cap": 6.0,
            "breaks": {"after_h": 0.75, "minutes": 25.0},
            "fatigue": {"after_h": 1.0, "per_hour": 0.1},
            "skills": {"battery_km": 8.0, "long_way_km": 2.0},
        },
        "platform": {"road_reports": {}, "log_plans": True},
        "disruptions": [{"kind": "storm", "from": "11:30", "to": "13:30", "travel": 1.4}],
    },
    "two days": {"city": {"kind": "plane", "places": 150}, "calendar": {"days": 2, "drain_min": 30}},
}
POLICIES: dict[str, Any] = {
    "nearest": Nearest(),
    "matching": Matching(),
    "bundler": Bundler(),
    "reshuffler": Reshuffler(),
    "roamer": Roamer(),
    "gambler": Gambler(Matching()),
}
CASES = [
    *((town, policy) for town in RULES for policy in ("nearest", "matching")),
    ("district", "bundler"),
    ("scarce", "bundler"),
    ("district", "reshuffler"),
    ("two days", "reshuffler"),
    ("scarce", "roamer"),
    ("events", "roamer"),
    ("scarce", "gambler"),
]


def town(name: str, /, **more: Any) -> Scenario:
    merged: dict[str, Any] = {key: dict(value) for key, value in SMALL.items()}
    for blocks in (RULES[name], more):
        for key, value in blocks.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return Scenario.model_validate(merged)


@cache
def city_of(name: str, seed: int = 1) -> City:
    return build_city(town(name, seed=seed))


@cache
def log_of(name: str, policy: str = "matching", seed: int = 1, replication: int = 0) -> np.ndarray:
    log = Log()
    simulate(town(name, seed=seed), city_of(name, seed), POLICIES[policy], log, replication)
    return log.events()
