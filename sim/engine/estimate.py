"""When and where a rider will be free, by the platform's estimate."""

from __future__ import annotations

from sim.engine.run import Run
from sim.engine.world import ARRIVED, IDLE, LEAVING, TRAVELLING
from sim.routes import PICKUP, plan


def refresh(run: Run, rider: int) -> None:
    """Bring `Fleet.at` and `Fleet.free_at` up to date after a change of the rider's route."""
    fleet = run.world.fleet
    route = fleet.route[rider]
    place, start = outlook(run, rider)
    if not route:
        fleet.at[rider], fleet.free_at[rider] = place, start
        return
    live = run.world.live
    _, end = plan(route, place, start, lambda order: live[order].order.ready_at, run.city.travel, run.rules)
    fleet.at[rider], fleet.free_at[rider] = route[-1].place, end


def outlook(run: Run, rider: int) -> tuple[int, float]:
    """Place and time (s) from which a plan of the rider's route must start, whatever he is doing."""
    fleet, now = run.world.fleet, run.env.now
    phase, until = fleet.phase[rider], fleet.until[rider]
    if phase == IDLE:
        return fleet.here[rider], now
    if phase == LEAVING:
        return fleet.here[rider], until
    stop = fleet.route[rider][0]
    if phase == TRAVELLING:
        return stop.place, until
    half = (run.rules.pickup_s if stop.kind == PICKUP else run.rules.dropoff_s) / 2
    return stop.place, (until if phase == ARRIVED else now) - half
