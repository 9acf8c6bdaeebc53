"""When and where a rider will be free, by the platform's estimate."""

from __future__ import annotations

from sim.engine.run import Run
from sim.engine.world import ARRIVED, IDLE, LEAVING, PAUSED, TRAVELLING
from sim.entities import Order, Route, Stop
from sim.routes import PICKUP, plan, plan_errand


def foresee(run: Run, rider: int, route: Route) -> tuple[list[float], float]:
    """Times (s) of a route's stops if the rider had it now, and when he would be free."""
    place, start = outlook(run, rider)
    return plan(route, place, start, run.world.order_of, run.known, run.rules)


def foresee_errand(run: Run, rider: int, order: Order) -> tuple[list[float], float]:
    """What :func:`foresee` says of an order's errand: most routes are one, and need no walk through their stops."""
    place, start = outlook(run, rider)
    return plan_errand(order, place, start, run.known, run.rules)


def refresh(run: Run, rider: int) -> None:
    """Bring a rider's planned times and `Fleet.free_at` up to date: something came otherwise than foreseen."""
    fleet = run.world.fleet
    fleet.times[rider], fleet.free_at[rider] = foresee(run, rider, fleet.route[rider])


def outlook(run: Run, rider: int) -> tuple[int, float]:
    """Place and time (s) from which a plan of the rider's route must start, whatever he is doing."""
    fleet, now = run.world.fleet, run.env.now
    phase, until = fleet.phase[rider], fleet.until[rider]
    if phase is IDLE:
        return fleet.here[rider], now
    if phase is LEAVING or phase is PAUSED:
        return fleet.here[rider], until
    stop = fleet.route[rider][0]
    if phase is TRAVELLING:
        return stop.place, until
    half = service_s(run, stop) / 2
    return stop.place, (until if phase is ARRIVED else now) - half


def service_s(run: Run, stop: Stop) -> float:
    """Expected time in seconds at a stop with an order; half before the pickup or drop-off, half after."""
    if stop.kind == PICKUP:
        return run.rules.pickup_s
    return run.rules.dropoff_s + run.world.live[stop.order].order.door_s
