"""Plans: when the platform expects an order at its door, for those who compare it with what happens."""

from __future__ import annotations

from collections.abc import Collection

from sim.engine.run import Run
from sim.events import Kind
from sim.routes import DROPOFF


def write_plans(run: Run, rider: int, orders: Collection[int]) -> None:
    """Write down the planned drop-off times of orders that a rider has just been given."""
    fleet, now = run.world.fleet, run.env.now
    for stop, at in zip(fleet.route[rider], fleet.times[rider], strict=True):
        if stop.kind == DROPOFF and stop.order in orders:
            run.log.record(now, Kind.PLANNED, stop.order, rider, amount=round(at - now))
