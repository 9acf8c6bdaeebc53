"""Repositioning: at every quarter of an hour or so, idle riders are sent to where they will be needed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sim.city.model import City
from sim.engine.clock import Moment
from sim.engine.consult import consult
from sim.engine.expectation import Expectation, Forecasted, Planned
from sim.engine.referee import PolicyError, is_whole
from sim.engine.rider import set_off
from sim.engine.run import Run
from sim.engine.tick import AFTERWARDS
from sim.entities import Ints, Stop
from sim.events import NONE
from sim.policies.registry import load_policy
from sim.policies.reposition import REPOSITION as POLICIES
from sim.policies.reposition import Move, RepositionPolicy, Scene
from sim.routes import REPOSITION
from sim.scenario.schema import Scenario
from sim.units import MINUTE, QUARTER


@dataclass(frozen=True, slots=True)
class Planner:
    """Asks a reposition policy at every beat of its clock.

    Parameters
    ----------
    policy, name
        Who is asked, and what he is called in an error.
    every_s
        Time between two questions in seconds.
    expectation
        Expects the pickups of the next hour.
    anchor
        Place of each zone's most popular merchant, -1 where there is none.
    """

    policy: RepositionPolicy
    name: str
    every_s: float
    expectation: Expectation
    anchor: Ints

    @classmethod
    def of(cls, scenario: Scenario, city: City) -> Planner | None:
        """The planner of a scenario; None when idle riders stay.

        Raises
        ------
        ValueError
            When there is no such policy or forecaster.
        """
        spec = scenario.reposition
        if spec.policy == "none":
            return None
        policy = load_policy(POLICIES, spec.policy, spec.params, ("reposition", "policy"))
        expectation: Expectation = Planned.of(city, scenario.merchants.choice_km * 1000)
        if spec.forecast != "planned":
            expectation = Forecasted.of(scenario, city, spec.forecast)
        return cls(policy, spec.policy, spec.every_min * MINUTE, expectation, _anchors(city))

    def start(self, run: Run) -> None:
        """Set the clock: its next beat is the next multiple of the time between decisions."""
        self._wait(run, ceil(run.env.now / self.every_s) * self.every_s)

    def _wait(self, run: Run, at: float) -> None:
        Moment(run.env, at - run.env.now, None, AFTERWARDS).callbacks.append(lambda _: self._decide(run))

    def _decide(self, run: Run) -> None:
        self._wait(run, run.env.now + self.every_s)
        scene = self._look(run)
        if not len(scene.rider) or run.outage:
            return
        rng = run.streams.generator("policy.reposition", int(run.env.now))
        for move in consult(run, self.name, lambda seen: list(self.policy(seen, rng)), scene, _are_moves):
            _send(run, self.name, move)

    def _look(self, run: Run) -> Scene:
        fleet, now, zone = run.world.fleet, run.env.now, run.city.places.zone
        idle = (fleet.idle & (fleet.off_at > now)).nonzero()[0]
        soon = fleet.on_duty & ~fleet.idle & (fleet.free_at <= now + QUARTER) & (fleet.off_at > now + QUARTER)
        pickup = np.array([order.pickup for order in run.world.open.values()], np.int64)
        count = len(self.anchor)
        return Scene(
            now=now,
            rider=idle,
            at=fleet.at[idle],
            home=run.city.riders.start[idle],
            zone=zone,
            anchor=self.anchor,
            expected=self.expectation(run),
            coming=np.bincount(zone[fleet.at[soon]], minlength=count),
            waiting=np.bincount(zone[pickup], minlength=count),
            travel=run.known,
        )


def _are_moves(answer: list[object]) -> bool:
    """Whether all of it are pairs of whole numbers."""
    return all(isinstance(move, tuple) and len(move) == 2 and all(map(is_whole, move)) for move in answer)


def _send(run: Run, name: str, move: Move) -> None:
    fleet = run.world.fleet
    rider, place = move
    if not 0 <= rider < len(fleet.here) or not fleet.idle[rider] or fleet.off_at[rider] <= run.env.now:
        raise PolicyError(name, run.world.wave, "only an idle rider on shift can be sent somewhere", rider)
    if not 0 <= place < len(run.city.places.x):
        raise PolicyError(name, run.world.wave, f"there is no place {place}", rider)
    if place == fleet.here[rider]:
        return
    there = run.env.now + run.known.time(fleet.here[rider], place)
    fleet.route[rider], fleet.times[rider] = (Stop(REPOSITION, NONE, place),), [there]
    fleet.at[rider], fleet.free_at[rider] = place, there
    set_off(run, rider)


def _anchors(city: City) -> Ints:
    anchor, best = np.full(len(city.zones), -1), np.zeros(len(city.zones))
    zone = city.places.zone[city.merchants.place]
    for at, where, appeal in zip(city.merchants.place, zone, city.merchants.popularity, strict=True):
        if appeal > best[where]:
            anchor[where], best[where] = at, appeal
    return anchor
