"""Runs to report on: one told by hand, so that every number is known, and small simulated ones."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.log import Log
from sim.engine.simulate import simulate
from sim.events import FIELDS, NONE, ROW, Kind, Purpose
from sim.experiment.run import RunResult
from sim.kpi.kpis import compute
from sim.kpi.tables import Tables
from sim.policies.dispatch import DISPATCH
from sim.policies.registry import load_policy
from sim.scenario.schema import Scenario

SMALL: dict[str, Any] = {
    "name": "small town",
    "city": {"kind": "plane", "width_m": 2000, "height_m": 1500, "places": 60, "zone_m": 500},
    "population": {"users": 400},
    "merchants": {"classes": {"kitchen": {"count": 12}}},
    "riders": {"count": 14},
}
MANIFEST = {"seed": 1, "replication": 0, "scenario hash": "0" * 64, "versions": {"paotui": "0.1.0"}, "policy": None}
HAND = SMALL | {"name": "by hand"}


def run(**changes: Any) -> RunResult:
    scenario = Scenario.model_validate(SMALL | changes)
    city, log = build_city(scenario), Log()
    simulate(scenario, city, load_policy(DISPATCH, scenario.dispatch.policy), log)
    return report_of(scenario, city, Tables(log.events()))


def report_of(scenario: Scenario, city: City, tables: Tables) -> RunResult:
    return RunResult(scenario, city, tables, compute(tables), MANIFEST)


def event(t_min: float, kind: Kind, **columns: int) -> np.ndarray:
    assert set(columns) <= set(FIELDS[kind])
    row = np.zeros(1, dtype=ROW)
    for name in FIELDS[kind]:
        row[name] = NONE
    row["t"], row["kind"] = 60 * t_min, kind
    for name, value in columns.items():
        row[name] = value
    return row


def order(number: int, at: float, place: int, phases: tuple[float, ...], promise_min: float = 40) -> list[np.ndarray]:
    """An order of rider 0: minutes in the queue, cooking, waiting and riding; no phases: cancelled after 30 minutes."""
    told = [event(at, Kind.PLACED, order=number, user=number, merchant=0, place=place, amount=3000,
                  detail=int(60 * promise_min))]  # fmt: skip
    if not phases:
        return [*told, event(at + 30, Kind.CANCELLED, order=number, user=number)]
    cooking, ready, picked, door = (at + np.cumsum(phases)).tolist()
    pay = event(door, Kind.PAID, order=number, rider=0, amount=600, detail=Purpose.RIDER_PAY)
    return [
        *told,
        event(at + 1, Kind.ASSIGNED, order=number, rider=0, detail=0),
        event(cooking, Kind.COOKING, order=number, merchant=0),
        event(ready, Kind.READY, order=number, merchant=0),
        event(picked, Kind.PICKED_UP, order=number, rider=0, merchant=0, amount=0),
        event(door, Kind.DELIVERED, order=number, rider=0, place=place),
        pay,
    ]


def told_by_hand() -> list[np.ndarray]:
    """11:10 on time after 30 min; 11:40 late after 50 min; 12:30 cancelled; 13:50 open. Idle 10:00 to 11:30."""
    return [
        event(600, Kind.ON_SHIFT, rider=0, place=3, amount=4 * 3600),
        event(600, Kind.IDLE, rider=0, place=3),
        *order(0, 670, 1, (1, 9, 5, 15)),
        event(690, Kind.DEPARTED, order=0, rider=0, place=3, amount=1000),
        *order(1, 700, 2, (4, 16, 10, 20)),
        *order(2, 750, 2, ()),
        event(830, Kind.PLACED, order=3, user=3, merchant=0, place=4, amount=2000, detail=2400),
        event(840, Kind.OFF_SHIFT, rider=0, place=3),
    ]


@pytest.fixture(scope="session")
def by_hand() -> RunResult:
    rows = np.concatenate(told_by_hand())
    scenario = Scenario.model_validate(HAND)
    return report_of(scenario, build_city(scenario), Tables(rows[np.argsort(rows["t"], kind="stable")]))


@pytest.fixture(scope="session")
def town() -> RunResult:
    return run()


@pytest.fixture(scope="session")
def week() -> RunResult:
    return run(calendar={"days": 7}, population={"users": 60}, riders={"count": 6})


@pytest.fixture(scope="session")
def month() -> RunResult:
    responding = {"on": True, "registered": 0.8}
    return run(calendar={"days": 28}, population={"users": 60}, riders={"count": 5}, response=responding)


@pytest.fixture(scope="session")
def nobody() -> RunResult:
    return run(population={"users": 0}, riders={"count": 0})


@pytest.fixture(scope="session")
def no_riders() -> RunResult:
    return run(riders={"count": 0})


@pytest.fixture(scope="session")
def made() -> Callable[..., RunResult]:
    return run
