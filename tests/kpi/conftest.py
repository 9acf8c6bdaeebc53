"""One lived day with bundles, diversions and repositions, for what must hold on any log."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.random import Generator

from sim.city.build import build_city
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.entities import Assignment, Stop, StopKind, Wave
from sim.kpi.events import Events
from sim.kpi.tables import Tables
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario

CITY = {
    "seed": 5,
    "calendar": {"days": 2, "drain_min": 30},
    "city": {"kind": "plane", "places": 60, "width_m": 3000, "height_m": 3000},
    "population": {"users": 400, "patience_min": 20},
    "merchants": {"classes": {"restaurant": {"count": 6, "stations": 2}}},
    "riders": {"count": 12},
    "pay": {"guarantee_yuan_per_hour": 12},
}


def bundling(wave: Wave, rng: Generator) -> Sequence[Assignment]:
    """Up to three open orders for each idle rider; some of the others are sent anywhere."""
    answer, waiting = [], list(wave.orders)
    for row in np.flatnonzero(wave.riders.available & [not route for route in wave.riders.route]):
        taken, waiting = waiting[:3], waiting[3:]
        route = [Stop(StopKind.PICKUP, order.id, order.pickup) for order in taken]
        route += [Stop(StopKind.DROPOFF, order.id, order.dropoff) for order in taken]
        if not taken and rng.random() < 0.2:
            route = [Stop(StopKind.REPOSITION, -1, int(rng.integers(60)))]
        if route:
            answer.append(Assignment(int(wave.riders.id[row]), tuple(route)))
    return answer


@pytest.fixture(scope="session")
def lived() -> Events:
    """The log of two days of a small city under a policy that bundles."""
    scenario = Scenario.model_validate(CITY)
    log = Log()
    simulate(scenario, build_city(scenario), bundling, log)
    return log.events()


WEEKS = CITY | {
    "calendar": {"days": 42},
    "population": {"users": 250, "patience_min": 20},
    "response": {"on": True, "registered": 0.6, "spreading": {"organic": 0.003}},
    "membership": {
        "rules": {
            "tiers": {"rule": "tiers"},
            "earn": {"rule": "earn"},
            "burn": {"rule": "burn"},
            "expiry": {"rule": "expiry", "params": {"months": 1}},
            "box": {"rule": "mystery_box", "share": 0.5},
            "streak": {"rule": "streak"},
        }
    },
}


@pytest.fixture(scope="session")
def city_of_weeks() -> Tables:
    """Six weeks of a small city in which people respond to a programme."""
    scenario = Scenario.model_validate(WEEKS)
    log = Log()
    simulate(scenario, build_city(scenario), load_policy(DISPATCH, "nearest"), log)
    return Tables(log.events(), rules=tuple(scenario.membership.rules))
