"""KPIs: pure functions of the tables, each with a unit, a direction and a definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.kpi.tables import Tables
from sim.units import HOUR, MINUTE

Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure of a run.

    Parameters
    ----------
    unit
        Its unit; ``"1"`` for a share.
    better
        Which direction is better, or none.
    definition
        One sentence.
    value
        Computes it from tables; NaN where it has no meaning, such as a mean over no orders.
    """

    name: str
    unit: str
    better: Direction
    definition: str
    value: Callable[[Tables], float]


def compute(tables: Tables) -> dict[str, float]:
    """All KPIs of a run by name."""
    return {name: kpi.value(tables) for name, kpi in KPIS.items()}


def gini(values: Floats) -> float:
    """Gini coefficient of non-negative values: 0 is equal, towards 1 one has it all."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if not len(ordered) or ordered.sum() <= 0:
        return float("nan")
    rank = np.arange(1, len(ordered) + 1)
    return float(2 * (rank * ordered).sum() / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered))


def _minutes(start: str, end: str) -> Callable[[Tables], Floats]:
    def between(tables: Tables) -> Floats:
        delivered = tables.orders[tables.orders["state"] == "delivered"]
        return np.asarray((delivered[end] - delivered[start]) / MINUTE, dtype=np.float64)

    return between


def _overage(tables: Tables) -> Floats:
    delivered = tables.orders[tables.orders["state"] == "delivered"]
    return np.maximum(np.asarray(delivered["delivered_at"] - delivered["promised_at"]) / MINUTE, 0)


def _mean(values: Callable[[Tables], Floats]) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(np.mean, values(tables))


def _quantile(values: Callable[[Tables], Floats], q: float) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(lambda v: np.quantile(v, q), values(tables))


def _or_nan(statistic: Callable[[Floats], np.floating], values: Floats) -> float:
    return float(statistic(values)) if len(values) else float("nan")


def _share(state: str) -> Callable[[Tables], float]:
    return lambda tables: _or_nan(np.mean, np.asarray(tables.orders["state"] == state, dtype=np.float64))


def _on_time(tables: Tables) -> float:
    orders = tables.orders
    return _or_nan(np.mean, np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=np.float64))


def _bundled(tables: Tables) -> float:
    delivered = tables.orders["state"] == "delivered"
    return _or_nan(np.mean, np.asarray(tables.orders["bundled"][delivered], dtype=np.float64))


def _acceptance(tables: Tables) -> float:
    accepted, refused = tables.orders["offers"].sum(), tables.orders["refused"].sum()
    return float(accepted / (accepted + refused)) if accepted + refused else float("nan")


def _ratio(over: str, under: str, scale: float = 1.0) -> Callable[[Tables], float]:
    def ratio(tables: Tables) -> float:
        bottom = float(tables.riders[under].sum())
        return float(tables.riders[over].sum()) * scale / bottom if bottom else float("nan")

    return ratio


def _income(tables: Tables) -> Floats:
    return np.asarray(tables.riders["income_per_hour"], dtype=np.float64)


def _contribution(tables: Tables) -> float:
    """Yuan that the platform keeps of delivered orders and pays in guarantees, per delivered order."""
    orders: pd.DataFrame = tables.orders[tables.orders["state"] == "delivered"]
    if not len(orders):
        return float("nan")
    payments = tables.payments
    of_delivered = payments["order"].isin(orders["order"]) | (payments["order"] < 0)
    kept = payments[of_delivered & (payments["payee"] == "platform")]["amount"].sum()
    spent = payments[of_delivered & (payments["payer"] == "platform")]["amount"].sum()
    return float(kept - spent) / 100 / len(orders)


CLICK_TO_DOOR = _minutes("placed_at", "delivered_at")
RESPONSE = _minutes("placed_at", "assigned_at")
READY_TO_PICKUP = _minutes("ready_at", "picked_up_at")

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        Kpi("orders", "orders", "none", "Orders placed in the horizon.", lambda t: float(len(t.orders))),
        Kpi("on_time_share", "1", "higher", "Orders delivered by the promised time, of all placed.", _on_time),
        Kpi("delivered_share", "1", "higher", "Orders delivered by the end of the drain, of all placed.",
            _share("delivered")),
        Kpi("cancelled_share", "1", "lower", "Orders cancelled before assignment, of all placed.",
            _share("cancelled")),
        Kpi("open_share", "1", "lower", "Orders neither delivered nor cancelled at the end, of all placed.",
            _share("open")),
        Kpi("click_to_door_mean", "min", "lower", "Placement to drop-off, mean over delivered orders.",
            _mean(CLICK_TO_DOOR)),
        Kpi("click_to_door_p90", "min", "lower", "Placement to drop-off, 90th percentile of delivered orders.",
            _quantile(CLICK_TO_DOOR, 0.9)),
        Kpi("response_mean", "min", "lower", "Placement to the last assignment, mean over delivered orders.",
            _mean(RESPONSE)),
        Kpi("overage_mean", "min", "lower", "Time past the promise, 0 if early, mean over delivered orders.",
            _mean(_overage)),
        Kpi("ready_to_pickup_mean", "min", "lower", "Meal ready to pickup, mean over delivered orders.",
            _mean(READY_TO_PICKUP)),
        Kpi("orders_per_rider_hour", "orders/h", "higher", "Delivered orders per planned hour of shift.",
            _ratio("delivered", "planned_s", HOUR)),
        Kpi("offer_acceptance", "1", "none", "Offers that riders accept, of all made.", _acceptance),
        Kpi("utilisation", "1", "none", "Riding and service, of the riders' time on shift.",
            _ratio("busy_s", "duty_s")),
        Kpi("empty_km_share", "1", "lower", "Distance ridden with nothing on board, of all distance.",
            _ratio("empty_m", "metres")),
        Kpi("bundle_share", "1", "none", "Delivered orders that shared the rider's box with another.", _bundled),
        Kpi("income_per_hour_mean", "yuan/h", "higher", "Earnings per planned hour, mean over riders.",
            _mean(_income)),
        Kpi("income_per_hour_p10", "yuan/h", "higher", "Earnings per planned hour, lowest tenth of the riders.",
            _quantile(_income, 0.1)),
        Kpi("income_gini", "1", "lower", "Gini coefficient of earnings per planned hour over riders.",
            lambda t: gini(_income(t))),
        Kpi("rider_cost_per_order", "yuan", "lower", "Riders' pay and guarantees, per delivered order.",
            _ratio("earned", "delivered", 0.01)),
        Kpi("contribution_per_order", "yuan", "higher",
            "Fees and commission less riders' pay and guarantees, per delivered order.", _contribution),
    )
}  # fmt: skip
"""All KPIs by name."""
