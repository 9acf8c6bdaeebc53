"""A run's log as the three files that the benchmark's official evaluator reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.city.instance import Instance
from sim.entities import Ints
from sim.events import Kind
from sim.kpi.events import Events, by_rider, of
from sim.units import MINUTE

ASSIGNMENTS, ORDERS, COURIERS = (f"solution_info_{name}.txt" for name in ("assignments", "orders", "couriers"))
"""Names of the three files."""


def export_solution(events: Events, instance: Instance, folder: Path) -> None:
    """Write ``solution_info_{assignments,orders,couriers}.txt``; every figure comes from the log.

    Parameters
    ----------
    events
        Log of a run of the instance.
    instance
        Gives the names of orders, restaurants and couriers.
    folder
        Receives the files; made when it is missing.

    Raises
    ------
    ValueError
        When an event does not lie on a whole minute, or the folder cannot be written.
    """
    files = {
        ASSIGNMENTS: ["assignment_time pickup_time courier order...", *_assignments(events, instance)],
        ORDERS: ["order placement_time ready_time pickup_time dropoff_time courier", *_orders(events, instance)],
        COURIERS: ["courier departure_time origin destination", *_moves(events, instance)],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in files.items():
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{folder}: cannot be written ({error.strerror})") from None


def _assignments(events: Events, instance: Instance) -> list[str]:
    """One line a bundle: what one courier picked up at one moment, in the sequence of delivery."""
    assigned, picked = _minute_of(events, Kind.ASSIGNED), _minute_of(events, Kind.PICKED_UP)
    name = _order_names(events, instance)
    bundles: dict[tuple[int, int], list[int]] = {}
    for event in of(events, Kind.DELIVERED):
        order = int(event["order"])
        bundles.setdefault((picked[order], int(event["rider"])), []).append(order)
    lines = [
        (assigned[orders[0]], pickup, courier, " ".join(name[order] for order in orders))
        for (pickup, courier), orders in bundles.items()
    ]
    return [f"{at} {pickup} {instance.couriers[courier]} {names}" for at, pickup, courier, names in sorted(lines)]


def _orders(events: Events, instance: Instance) -> list[str]:
    """One line a delivered order, in order of placement."""
    moments = [_minute_of(events, kind) for kind in (Kind.PLACED, Kind.READY, Kind.PICKED_UP, Kind.DELIVERED)]
    delivered = of(events, Kind.DELIVERED)
    courier = dict(zip(delivered["order"].tolist(), delivered["rider"].tolist(), strict=True))
    return [
        f"{name} {' '.join(str(minute[order]) for minute in moments)} {instance.couriers[courier[order]]}"
        for order, name in _order_names(events, instance).items()
        if order in courier
    ]


def _moves(events: Events, instance: Instance) -> list[str]:
    """One line a leg, courier by courier."""
    rows = by_rider(events, Kind.DEPARTED, Kind.ARRIVED)
    start, end = rows[rows["kind"] == Kind.DEPARTED], rows[rows["kind"] == Kind.ARRIVED]
    if not np.array_equal(start["rider"], end["rider"]):
        raise ValueError(f"{instance.name}: a courier is still under way at the end of the log")
    places = (*instance.restaurants, *instance.orders, *["0"] * len(instance.couriers))
    legs = zip(start["rider"].tolist(), _minutes(start), start["place"].tolist(), end["place"].tolist(), strict=True)
    return [f"{instance.couriers[rider]} {minute} {places[a]} {places[b]}" for rider, minute, a, b in legs]


def _order_names(events: Events, instance: Instance) -> dict[int, str]:
    """Name of each order by its id in the log; users are numbered as the lines of ``orders.txt``."""
    placed = of(events, Kind.PLACED)
    pairs = zip(placed["order"].tolist(), placed["user"].tolist(), strict=True)
    return {order: instance.orders[row] for order, row in pairs}


def _minute_of(events: Events, kind: Kind) -> dict[int, int]:
    rows = of(events, kind)
    return dict(zip(rows["order"].tolist(), _minutes(rows).tolist(), strict=True))


def _minutes(rows: Events) -> Ints:
    minutes = np.rint(rows["t"] / MINUTE)
    broken = np.flatnonzero(minutes * MINUTE != rows["t"])
    if len(broken):
        kind = Kind(int(rows["kind"][broken[0]])).name.lower()
        raise ValueError(f"order {rows['order'][broken[0]]}: {kind} at {rows['t'][broken[0]]:g} s, not a whole minute")
    return minutes.astype(np.int64)
