"""Repositioning: at every quarter of an hour or so, idle riders are sent to where they will be needed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sim.city.model import City
from sim.engine.referee import PolicyError
from sim.engine.rider import set_off
from sim.engine.run import Run
from sim.engine.tick import AFTERWARDS, Tick
from sim.entities import Floats, Ints, Stop
from sim.events import NONE
from sim.policies.registry import load_policy
from sim.policies.reposition import REPOSITION as POLICIES
from sim.policies.reposition import Move, RepositionPolicy, Scene
from sim.routes import REPOSITION
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, MINUTE

QUARTER = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Planner:
    """Asks a reposition policy at every beat of its clock.

    Parameters
    ----------
    pickups
        Share of an order from each zone (row) that is picked up in each zone (column).
    anchor
        Place of each zone's most popular merchant, -1 where there is none.
    """

    policy: RepositionPolicy
    name: str
    every_s: float
    pickups: Floats
    anchor: Ints

    @classmethod
    def of(cls, scenario: Scenario, city: City) -> Planner | None:
        """The planner of a scenario; None when idle riders stay.

        Raises
        ------
        PolicyNotFound
            When there is no such policy.
        """
        spec = scenario.reposition
        if spec.policy == "none":
            return None
        policy = load_policy(POLICIES, spec.policy, spec.params)
        anchor = _anchors(city)
        shares = _pickup_shares(city, scenario.merchants.choice_km * 1000)
        return cls(policy, spec.policy, spec.every_min * MINUTE, shares, anchor)

    def start(self, run: Run) -> None:
        """Set the clock: its next beat is the next multiple of the time between decisions."""
        self._wait(run, ceil(run.env.now / self.every_s) * self.every_s)

    def _wait(self, run: Run, at: float) -> None:
        Tick(run.env, at - run.env.now, AFTERWARDS).callbacks.append(lambda _: self._decide(run))

    def _decide(self, run: Run) -> None:
        self._wait(run, run.env.now + self.every_s)
        scene = self._look(run)
        if not len(scene.rider) or run.outage:
            return
        rng = Streams(run.streams.seed, run.streams.replication).generator("policy.reposition", int(run.env.now))
        for move in self.policy(scene, rng):
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
            expected=self.pickups.T @ _next_hour(run),
            coming=np.bincount(zone[fleet.at[soon]], minlength=count),
            waiting=np.bincount(zone[pickup], minlength=count),
            travel=run.known,
        )


def _next_hour(run: Run) -> Floats:
    """Orders that can be expected from each zone in the next four quarters of an hour."""
    zones = len(run.city.zones)
    if run.city.expected is None:
        return np.zeros((zones, 4))
    day, first = divmod(int(run.env.now // QUARTER), 96)
    days = [run.city.expected(d) for d in (day, day + 1) if d * DAY < run.terms.horizon_s]
    ahead = np.concatenate([*days, np.zeros((zones, 96))], axis=1)
    return ahead[:, first : first + 4]


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


def _pickup_shares(city: City, reach_m: float) -> Floats:
    """Where the orders of each zone are picked up: merchants by popularity, falling with distance from its middle."""
    places, shops, zones = city.places, city.merchants.place, len(city.zones)
    size = np.maximum(np.bincount(places.zone, minlength=zones), 1)
    x, y = (np.bincount(places.zone, column, zones) / size for column in (places.x, places.y))
    metres = np.hypot(x[:, None] - places.x[shops], y[:, None] - places.y[shops])
    weight = city.merchants.popularity * np.exp(-metres / reach_m)
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray(weight @ np.eye(zones)[places.zone[shops]])
