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
