"""A small town in which merchants respond, and the logs that it leaves under some deals."""

import json
from functools import cache
from typing import Any

import numpy as np

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import Outcome, simulate
from sim.kpi.tables import Tables
from sim.policies.nearest import Nearest
from sim.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "name": "market town",
    "city": {"kind": "plane", "places": 80, "width_m": 3000, "height_m": 3000},
    "population": {"users": 220},
    "merchants": {
        "classes": {
            "restaurant": {"count": 8, "stations": 2},
            "shop": {"count": 4, "stations": 1, "prep_min": 5},
        }
    },
    "riders": {"count": 14},
    "calendar": {"days": 10, "drain_min": 60},
}
BRISK: dict[str, Any] = {"leaves": 0.15, "joins": 0.3, "tries": 0.3}
"""Merchants who respond so fast that ten days show it."""
DEALS: dict[str, Any] = {
    "tiers": {"policy": "tiered", "params": {"least_yuan": [50, 150]}},
    "shared": {"policy": "shared"},
    "personal": {"policy": "personal", "params": {"asleep_days": 3}},
    "places": {"policy": "ranking", "params": {"yuan": 1.0}},
    "training": {"policy": "training", "params": {"every_days": 3}},
}
KINDS: dict[str, Any] = {
    "takeaway": {"share": 0.7, "classes": ["restaurant"]},
    "buy": {"share": 0.2, "starts": "arrival", "classes": ["shop"], "prep_min": 8, "advance": True},
    "send": {"share": 0.1, "pickup": "address", "prep_min": 3},
}


def scenario(market: dict[str, Any] | None = None, **blocks: Any) -> Scenario:
    """The town; merchants respond when a market is given."""
    return Scenario.model_validate(SMALL | blocks | ({"market": {"on": True} | market} if market is not None else {}))


def full() -> Scenario:
    """Everything of the market at once, beside users who respond and rate."""
    market = {"deals": DEALS, "conduct": BRISK, "stock_out": 0.1, "pool": 0.5, "supplier": {"policy": "best"}}
    return scenario(market, kinds=KINDS, response={"on": True}, ratings={"share": 0.5})


@cache
def _city(text: str) -> City:
    return build_city(Scenario.model_validate_json(text))


def city_of(spec: Scenario) -> City:
    """The city of a scenario, built once."""
    return _city(spec.model_dump_json())


def lived(spec: Scenario) -> tuple[np.ndarray, Outcome]:
    """The log of a town and what the run leaves behind."""
    log = Log()
    outcome = simulate(spec, city_of(spec), Nearest(), log)
    return log.events(), outcome


@cache
def _lived(market: str, blocks: str) -> np.ndarray:
    return lived(scenario(json.loads(market), **json.loads(blocks)))[0]


def log_of(market: dict[str, Any] | None = None, **blocks: Any) -> np.ndarray:
    """The log of a town, lived once."""
    return _lived(json.dumps(market), json.dumps(blocks))


def tables_of(market: dict[str, Any] | None = None, **blocks: Any) -> Tables:
    """Its tables."""
    return Tables(log_of(market, **blocks))
