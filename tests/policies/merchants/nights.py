"""Nights made by hand, as deals see them."""

from dataclasses import fields
from typing import Any

import numpy as np

from sim.entities import Customers, Ledger, TradeNight
from sim.entities.market import TRADE_DAYS


def ledger(size: int, **columns: Any) -> Ledger:
    """Merchants on the platform of whom nothing else is known."""
    flat = {"active": np.ones(size, np.bool_), "ranked": np.zeros(size, np.bool_), "commission": np.full(size, 0.18)}
    windows = {name: np.zeros((TRADE_DAYS, size), np.int64) for name in ("recent_orders", "recent_gmv")}
    whole = {name: np.zeros(size, np.int64) for name in ("kind", "zone", "since")}
    given = flat | windows | whole | columns
    return Ledger(**{column.name: given.get(column.name, np.zeros(size)) for column in fields(Ledger)})


def night(day: int = 27, merchants: Ledger | None = None, last_order: list[int] | None = None) -> TradeNight:
    """The night after a day."""
    last = np.array(last_order if last_order is not None else [day] * 5)
    flat = np.zeros(len(last), np.int64)
    customers = Customers(flat, flat, (last >= 0).astype(np.int64), last)
    return TradeNight(day, merchants or ledger(3), customers, 0.18)


def daily(per_day: list[float], days: int = TRADE_DAYS) -> np.ndarray:
    """A window in which each merchant has done the same on each of the last days."""
    window = np.zeros((TRADE_DAYS, len(per_day)), np.int64)
    window[:days] = np.array(per_day)
    return window
