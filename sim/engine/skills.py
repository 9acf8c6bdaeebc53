"""Skills: what an order needs of a rider, and what it costs when it goes to one who cannot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.run import Run
from sim.entities import Bools, Ints, Need, Order, Stop
from sim.events import Kind
from sim.routes import DROPOFF

LACKING = {
    Need.BOX: "an insulated box",
    Need.STAIRS: "the fitness for stairs",
    Need.RANGE: "a vehicle for long ways",
}


def with_needs(run: Run, order: Order) -> Order:
    """The order, with the need of a vehicle for long ways if its way is long."""
    assert run.skills is not None
    metres = run.city.travel.distance(order.pickup, order.dropoff)
    return order._replace(needs=order.needs | Need.RANGE) if metres > run.skills.long_way_m else order


def lacking(run: Run, rider: int, order: Order) -> Need:
    """What the order needs and the rider does not offer."""
    assert run.skills is not None
    return Need(order.needs & ~run.skills.offered.item(rider))


def fit(run: Run, orders: Sequence[Order], riders: Ints) -> Bools:
    """Whether each rider offers all that each order needs, shape (riders, orders)."""
    if run.skills is None:
        return np.ones((len(riders), len(orders)), np.bool_)
    needs = np.array([order.needs for order in orders])
    return np.asarray((needs & ~run.skills.offered[riders][:, None]) == 0)


def complaint(lacks: Need) -> str:
    """What a rider lacks, in words."""
    return "the rider lacks " + " and ".join(LACKING[need] for need in lacks)


def note_fit(run: Run, rider: int, order: Order) -> None:
    """Write down what an order that is picked up needs, and what of it the rider lacks."""
    if order.needs:
        lacks = int(lacking(run, rider, order))
        run.log.record(run.env.now, Kind.FIT, order.id, rider, amount=lacks, detail=int(order.needs))


def climb_s(run: Run, rider: int, stop: Stop) -> float:
    """Extra service time of a stop for a rider who is not fit for stairs, in seconds."""
    assert run.skills is not None
    live = run.world.live[stop.order]
    spared = stop.kind != DROPOFF or (live.own is not None and live.own.in_locker)
    return 0.0 if spared or Need.STAIRS not in lacking(run, rider, live.order) else run.skills.stairs_s


def swap_s(run: Run, rider: int, metres: float) -> float:
    """Time in seconds that the next leg takes longer because the battery would not last for it."""
    assert run.skills is not None
    if run.skills.offered.item(rider) & Need.RANGE:
        return 0.0
    ridden = run.world.ridden.get(rider, 0.0) + metres
    empty = ridden > run.skills.battery_m
    run.world.ridden[rider] = metres if empty else ridden
    if not empty:
        return 0.0
    here = run.world.fleet.here[rider]
    run.log.record(run.env.now, Kind.SWAPPED, rider=rider, place=here, amount=round(run.skills.swap_s))
    return run.skills.swap_s
