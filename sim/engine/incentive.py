"""Extra pay: decided every quarter of an hour by zone; riders respond to it at once."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from simpy import Event

from sim.city.model import City
from sim.engine.answers import fault_of_extra
from sim.engine.consult import consult
from sim.engine.expectation import Planned
from sim.engine.pay import post
from sim.engine.run import Run
from sim.engine.surge import respond
from sim.policies.crew.incentive import Shortage


@dataclass(frozen=True, slots=True)
class Payer:
    """Asks the incentive policy, and tells the riders.

    Parameters
    ----------
    expectation
        Expects the pickups of the next quarter of an hour.
    """

    expectation: Planned

    @classmethod
    def of(cls, city: City, reach_m: float) -> Payer:
        """That of a city; `reach_m` is how far orders go, in metres."""
        return cls(Planned.of(city, reach_m))

    def beats(self, run: Run) -> Generator[Event, None, None]:
        """Decide at every beat of the clock until the drain ends."""
        assert run.hiring is not None
        every, end = run.hiring.every_s, run.terms.horizon_s + run.terms.drain_s
        yield run.env.timeout(-run.env.now % every)
        while run.env.now < end:
            self._decide(run)
            yield run.env.timeout(every)

    def _decide(self, run: Run) -> None:
        hiring, careers = run.hiring, run.world.careers
        assert hiring is not None
        assert careers is not None
        seen = self._seen(run)
        rng = run.streams.generator("policy.incentive", int(run.env.now))
        zones = len(run.city.zones)
        answer = consult(
            run, "incentive.policy", lambda s: hiring.incentive(s, rng), seen, lambda a: _fits(a, zones), by_day=True
        )
        post(run, careers, np.asarray(answer, np.int64))
        respond(run, hiring, careers, careers.surcharge)

    def _seen(self, run: Run) -> Shortage:
        fleet, zone, zones = run.world.fleet, run.city.places.zone, len(run.city.zones)
        careers, hiring = run.world.careers, run.hiring
        assert careers is not None
        assert hiring is not None
        pickups = [order.pickup for order in run.world.open.values()]
        waiting = np.bincount(zone[pickups], minlength=zones) if pickups else np.zeros(zones, np.int64)
        idle = np.bincount(zone[fleet.at[fleet.idle]], minlength=zones)
        return Shortage(run.env.now, waiting, idle, self.expectation(run)[:, 0], careers.paid, hiring.budget)


def _fits(answer: object, zones: int) -> bool | str:
    return fault_of_extra(answer, zones) or True
