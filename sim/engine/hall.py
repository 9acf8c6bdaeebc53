"""The grab hall: fresh orders are posted, and idle riders pick what suits them best."""

from __future__ import annotations

import numpy as np

from sim.behaviour.riders import chances
from sim.engine.offer import harsh
from sim.engine.pay import pay_of
from sim.engine.run import Run
from sim.engine.skills import fit
from sim.entities import Assignment, Floats, Ints, Order
from sim.events import NONE
from sim.routes import errand
from sim.units import MINUTE


def posted(run: Run) -> list[Order]:
    """Open orders that are still in the hall."""
    since = run.env.now - run.terms.hall_s
    return [order for order in run.world.open.values() if order.placed_at > since]


def grab(run: Run, orders: list[Order]) -> list[Assignment]:
    """What idle riders pick, the quickest first; each takes the best of those left that he would accept."""
    fleet, now = run.world.fleet, run.env.now
    riders = (fleet.idle & (fleet.off_at > now)).nonzero()[0]
    if not orders or not len(riders):
        return []
    appeal = _appeal(run, orders, riders)
    picks: list[Assignment] = []
    for row in np.argsort(run.streams.uniforms("rider.reaction", np.array([run.world.wave]), riders), kind="stable"):
        best = int(appeal[row].argmax())
        if appeal[row, best] > -np.inf:
            picks.append(Assignment(riders.item(row), errand(orders[best])))
            appeal[:, best] = -np.inf
    return picks


def _appeal(run: Run, orders: list[Order], riders: Ints) -> Floats:
    """Utility of each order to each rider, shape (riders, orders); minus infinity where he would not take it."""
    assert run.choosing is not None
    km = np.array([[run.known.distance(at, o.pickup) for o in orders] for at in run.world.fleet.at[riders].tolist()])
    km = km / 1000
    whose = riders.tolist() if run.hiring is not None and run.hiring.rules else [NONE]  # rules may pay by the rider
    pay = np.array([[pay_of(run, order, rider) for order in orders] for rider in whose]) / 100
    tastes = run.tastes[riders][:, None]
    utility = run.choosing.utility(pay / _minutes(run, orders, riders), km, np.zeros(1), harsh(run), tastes)
    ids = np.array([order.id for order in orders])
    suited = fit(run, orders, riders) if run.rules.match_skills else True
    willing = suited & (run.streams.uniforms("rider.accept", ids, riders[:, None]) < chances(utility))
    return np.where(willing & (km <= run.terms.hall_km), utility, -np.inf)


def _minutes(run: Run, orders: list[Order], riders: Ints) -> Floats:
    """How long each order would keep each rider, in minutes and at least one."""
    pickup, dropoff = np.array([order.pickup for order in orders]), np.array([order.dropoff for order in orders])
    ready = np.array([order.ready_at for order in orders]) - run.env.now
    there = run.known.times(run.world.fleet.at[riders][:, None], pickup) + run.rules.pickup_s / 2
    door = run.rules.dropoff_s + np.array([order.door_s for order in orders])
    handling = np.array([order.handling_s for order in orders])
    rest = run.rules.pickup_s / 2 + run.known.times(pickup, dropoff) + door
    return np.maximum((np.maximum(there + handling, ready) + rest) / MINUTE, 1.0)
