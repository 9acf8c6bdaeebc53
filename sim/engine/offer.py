"""An offer: the rider answers before an assignment takes effect."""

from __future__ import annotations

from sim.behaviour.riders import chance
from sim.engine.estimate import foresee
from sim.engine.pay import pay_of
from sim.engine.referee import Ruling
from sim.engine.run import Run
from sim.entities import Assignment, Order, Weather
from sim.events import Kind
from sim.routes import PICKUP
from sim.units import MINUTE


def propose(run: Run, ruling: Ruling) -> tuple[Ruling, bool]:
    """What becomes of an assignment when the rider has answered.

    He takes or refuses all the orders together that would be new to him; the rest of the route is his
    already, and stands.

    Returns
    -------
    ruling, again
        What is carried out, and whether an order was refused that the platform can now offer to another.
    """
    rider = int(ruling.assignment.rider)
    new = _new_orders(run, rider, ruling)
    if not new or _accepts(run, rider, new, ruling):
        return ruling, False
    again = False
    for order in new:
        live = run.world.live[order.id]
        if run.world.careers is not None:
            run.world.careers.crew.refused[0, rider] += 1
        run.log.record(run.env.now, Kind.REFUSED, order.id, rider, detail=run.world.wave)
        again |= rider not in live.refused
        live.refused |= {rider}
    dropped = {order.id for order in new}
    route = tuple(stop for stop in ruling.assignment.route if stop.order not in dropped)
    return Ruling(Assignment(rider, route), *foresee(run, rider, route)), again


def harsh(run: Run) -> bool:
    """Whether a rider would rather stay inside."""
    return bool(run.conditions.weather[run.piece] != Weather.DRY)


def _new_orders(run: Run, rider: int, ruling: Ruling) -> list[Order]:
    fleet, live = run.world.fleet, run.world.live
    had = {stop.order for stop in fleet.route[rider]}
    return [live[s.order].order for s in ruling.assignment.route if s.kind == PICKUP and s.order not in had]


def _accepts(run: Run, rider: int, new: list[Order], ruling: Ruling) -> bool:
    assert run.choosing is not None
    fleet = run.world.fleet
    minutes = (ruling.end - max(fleet.free_at[rider], run.env.now)) / MINUTE
    pay_per_min = sum(pay_of(run, order, rider) for order in new) / 100 / max(minutes, 1.0)
    km = run.known.distance(fleet.at.item(rider), new[0].pickup) / 1000
    load, taste = float(fleet.load[rider]), run.tastes.item(rider)
    utility = run.choosing.utility(pay_per_min, km, load, harsh(run), taste)
    return run.streams.uniform("rider.accept", min(order.id for order in new), rider) < chance(utility)
