"""The floor of the speed bench: the least that a SimPy model of the same orders costs.

One process per rider, five waits per order, a log row per event, and no decision at all: orders go to
riders in turn, nobody looks at a map, no kitchen has a queue.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from simpy import Environment, Event

from sim.city.model import City
from sim.engine.log import Log
from sim.events import Kind
from sim.streams import Streams

LEG_S = 300.0
DOOR_S = 120.0
PLACED = (Kind.PLACED, Kind.PAID, Kind.PAID, Kind.COOKING, Kind.ASSIGNED, Kind.DEPARTED)
FETCHED = (Kind.ARRIVED, Kind.READY, Kind.PICKED_UP, Kind.PAID)
BROUGHT = (Kind.DELIVERED, Kind.PAID)


def simulate_floor(city: City, log: Log, streams: Streams, riders: int = 400) -> int:
    """Run the bare model over the first day of a city; returns the number of orders."""
    intents = city.day(0, streams).intents
    env = Environment()
    queue = iter(zip(intents.t.tolist(), range(len(intents)), strict=True))
    for rider in range(riders):
        env.process(_rider(env, log, queue, rider))
    env.run()
    return len(intents)


def _rider(env: Environment, log: Log, queue: Iterator[tuple[float, int]], rider: int) -> Generator[Event, None, None]:
    for t, order in queue:
        yield env.timeout(max(t - env.now, 0.0))
        _record(env, log, PLACED, order, rider)
        yield env.timeout(LEG_S)
        _record(env, log, FETCHED, order, rider)
        yield env.timeout(DOOR_S)
        log.record(env.now, Kind.DEPARTED, order, rider)
        yield env.timeout(LEG_S)
        log.record(env.now, Kind.ARRIVED, order, rider)
        yield env.timeout(DOOR_S)
        _record(env, log, BROUGHT, order, rider)


def _record(env: Environment, log: Log, kinds: tuple[Kind, ...], order: int, rider: int) -> None:
    for kind in kinds:
        log.record(env.now, kind, order, rider)
