"""What a rider earns."""

from __future__ import annotations

from sim.engine.run import Run
from sim.entities import Order


def pay_of(run: Run, order: Order) -> int:
    """What a rider earns with an order, in fen."""
    pay = run.terms.per_order
    if run.terms.per_km:
        pay += round(run.city.travel.distance(order.pickup, order.dropoff) / 1000 * run.terms.per_km)
    return pay
