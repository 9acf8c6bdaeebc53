"""How many orders were on time in each weather."""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd

from sim.entities import Floats, Ints, Weather
from sim.events import Kind
from sim.kpi.diagnosis import wilson
from sim.kpi.events import Events, of
from sim.units import HOUR

WET = (Weather.RAIN, Weather.HEAVY_RAIN)


def weather_table(events: Events, orders: pd.DataFrame) -> pd.DataFrame:
    """Weather by weather, what became of the orders placed in it; no row where nothing changed in the run.

    Orders of one hour share riders and roads, so they are not independent and the interval is too short where the
    weather came in few spells.

    Returns
    -------
    DataFrame
        ``weather`` (its name); ``hours`` in which it was so; ``orders`` placed; share ``on_time`` of them with the
        Wilson interval ``low, high`` (95%; NaN: no order); ``pace`` (mean factor on travel times).
    """
    changes = of(events, Kind.CONDITIONS)
    if not len(changes):
        return pd.DataFrame(columns=COLUMNS)
    state, hours = changes["detail"], np.diff(np.r_[changes["t"], events["t"].max()]) / HOUR
    of_order, on_time = _weather_of(changes, orders), _on_time(orders)
    rows = []
    for weather in Weather:
        here, mine = state == weather, of_order == weather
        if here.any():
            n, good = float(mine.sum()), float(on_time[mine].sum())
            share, low, high = _share(good, n)
            spent = float(hours[here].sum())
            pace = float((hours * changes["amount"])[here].sum()) / 1000 / spent if spent else nan
            rows.append((weather.name.lower(), spent, int(n), share, low, high, pace))
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = ["weather", "hours", "orders", "on_time", "low", "high", "pace"]


def wet_on_time(events: Events, orders: pd.DataFrame) -> Floats:
    """Whether each order placed in rain was on time (1) or not (0)."""
    changes = of(events, Kind.CONDITIONS)
    return _on_time(orders)[np.isin(_weather_of(changes, orders), WET)] if len(changes) else np.empty(0)


def _weather_of(changes: Events, orders: pd.DataFrame) -> Ints:
    """Weather in which each order was placed."""
    last = np.searchsorted(changes["t"], np.asarray(orders["placed_at"], dtype=np.float64), side="right") - 1
    return np.asarray(np.where(last >= 0, changes["detail"][np.maximum(last, 0)], Weather.DRY), dtype=np.int64)


def _on_time(orders: pd.DataFrame) -> Floats:
    return np.asarray(orders["delivered_at"] <= orders["promised_at"], dtype=np.float64)


def _share(good: float, n: float) -> tuple[float, float, float]:
    if not n:
        return nan, nan, nan
    low, high = wilson(np.array([good]), np.array([n]))
    return good / n, float(low[0]), float(high[0])
