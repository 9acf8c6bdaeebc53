"""A run that stands on its first eve, with people whose state a test may set by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sim.city.model import City, Day, Places, Users
from sim.engine.log import Log
from sim.engine.people import People
from sim.engine.run import Run
from sim.engine.simulate import begin
from sim.entities import Grants, Night
from sim.events import Kind
from sim.policies.membership.rule import Clause
from sim.policies.nearest import Nearest
from sim.streams import Streams
from tests.engine.toy import XS, Row, toy_city, toy_scenario, want

Answer = Callable[[Night, np.random.Generator], Grants]
ZONES = ("A1", "A2")


def peopled(users: int = 12, wishes: tuple[Row, ...] = (want(100),), wanting: float = 0.0, daily: bool = True) -> City:
    """The toy city with users who live by turns in two zones, each of whom wants to order as much as `wanting` says."""
    city = toy_city(wishes, daily=daily)
    home = np.where(np.arange(users) % 2, 4, 3)
    zone = np.array([0, 0, 0, 0, 1, 1])
    places = Places(np.array(XS), np.zeros(len(XS)), zone, np.zeros(len(XS), np.int64))
    inside = city.day

    def day(number: int, streams: Streams) -> Day:
        drawn = inside(number, streams)
        return replace(drawn, intents=replace(drawn.intents, want=np.full(len(drawn.intents), wanting)))

    people = Users(np.zeros(users, np.int64), home, home, np.ones(users))
    return replace(city, users=people, places=places, zones=ZONES, day=day)


def standing(
    *rules: Answer, users: int = 12, arms: tuple[Any, ...] = (), city: City | None = None, **response: Any
) -> tuple[Run, People]:
    """A run on its eve whose programme are these rules, and its people."""
    scenario = toy_scenario(response={"on": True, **response})
    run = begin(scenario, city or peopled(users), Nearest(), Log())
    assert run.crowd is not None
    assert run.world.people is not None
    arms = arms or (None,) * len(rules)
    keys = (f"membership.rules.rule {number}" for number in range(len(rules)))
    clauses = tuple(map(Clause, keys, rules, arms))  # type: ignore[arg-type]
    run.crowd = replace(run.crowd, clauses=clauses)
    return run, run.world.people


def says(**grants: Any) -> Answer:
    """A rule that gives the same every night."""
    return lambda night, rng: Grants(**grants)


def rows(run: Run, kind: Kind) -> np.ndarray:
    events = run.log.events()
    return events[events["kind"] == kind]


def paid(run: Run, purpose: int) -> int:
    """Sum of the payments for a purpose in fen."""
    payments = rows(run, Kind.PAID)
    return int(payments["amount"][payments["detail"] == purpose].sum())
