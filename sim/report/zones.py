"""The table of zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.experiment.run import RunResult
from sim.report.plots.city_map import idle_hours
from sim.report.wording import count, number, share
from sim.units import MINUTE

MOST = 24
"""Zones shown; the rest stand in one row."""
FEWEST_PEOPLE = 5
"""A zone in which fewer users ordered is not shown by itself."""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone, or those left over, in words; ``bar`` is its orders in per cent of the busiest zone's."""

    name: str
    orders: str
    bar: float
    on_time: str
    median: str
    idle: str


def zone_rows(result: RunResult) -> list[ZoneRow]:
    """Zones by their orders, most first; small zones and those beyond the first are put together."""
    orders, idle = _orders(result), _idle(result)
    sizes = orders.groupby("zone").agg(orders=("late", "size"), users=("user", "nunique"))
    sizes = sizes.sort_values("orders", ascending=False, kind="stable")
    shown = sizes.index[sizes["users"] >= FEWEST_PEOPLE][:MOST]
    most = int(sizes["orders"].max()) if len(sizes) else 1
    rows = [_row(result.city.zones[z], orders[orders["zone"] == z], float(idle[z]), most) for z in shown]
    rest, left = orders[~orders["zone"].isin(shown)], len(result.city.zones) - len(shown)
    if left:
        idle_rest = float(np.delete(idle, shown.to_numpy(dtype=np.int64)).sum())
        name = count(left, "other zone") if len(shown) else f"all {count(left, 'zone')}"
        rows.append(_row(name, rest, idle_rest, 0))
    return rows


def _orders(result: RunResult) -> pd.DataFrame:
    orders = result.tables.orders
    return pd.DataFrame(
        {
            "zone": result.city.places.zone[orders["place"].to_numpy(dtype=np.int64)],
            "user": orders["user"],
            "late": ~(orders["delivered_at"] <= orders["promised_at"]),
            "minutes": (orders["delivered_at"] - orders["placed_at"]) / MINUTE,
        }
    )


def _idle(result: RunResult) -> Floats:
    place, hours = idle_hours(result.tables)
    zone = result.city.places.zone[place]
    return np.asarray(np.bincount(zone, hours, minlength=len(result.city.zones)), dtype=np.float64)


def _row(name: str, orders: pd.DataFrame, idle: float, most: int) -> ZoneRow:
    on_time = 1 - float(orders["late"].mean()) if len(orders) else float("nan")
    median = float(orders["minutes"].median()) if orders["minutes"].notna().any() else float("nan")
    bar = 100 * len(orders) / most if most else 0.0
    return ZoneRow(name, number(len(orders)), round(bar, 1), share(on_time), number(median, 1), number(idle, 1))
