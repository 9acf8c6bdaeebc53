"""How merchants trade over weeks, read off the log."""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.events import Kind, Purpose, Reason
from sim.kpi.events import Events, of
from sim.kpi.span import WEEK_DAYS
from sim.kpi.tables import Tables
from sim.units import DAY


def trading_table(events: Events) -> pd.DataFrame:
    """Days of merchants on the platform: ``day``, ``merchant``, ``orders`` picked up, ``margin`` in fen.

    It is empty where merchants do not respond.
    """
    rows = of(events, Kind.TRADED)
    day = np.rint(rows["t"] / DAY).astype(np.int64) - 1
    return pd.DataFrame({"day": day, "merchant": rows["merchant"], "orders": rows["detail"], "margin": rows["amount"]})


def merchant_weeks(events: Events) -> pd.DataFrame:
    """Whole weeks: ``week``, merchants ``active`` at its end, who ``joined`` and ``left`` in it."""
    trading = trading_table(events)
    weeks = int(trading["day"].max() + 1) // WEEK_DAYS if len(trading) else 0
    last = trading[trading["day"] % WEEK_DAYS == WEEK_DAYS - 1]
    active = last.groupby(last["day"] // WEEK_DAYS).size().reindex(range(weeks), fill_value=0)

    def counted(kind: Kind) -> np.typing.NDArray[np.int64]:
        week = np.rint(of(events, kind)["t"] / DAY).astype(np.int64) - 1
        return np.bincount(week // WEEK_DAYS, minlength=weeks)[:weeks]

    columns = {"active": active.to_numpy(), "joined": counted(Kind.ENLISTED), "left": counted(Kind.WITHDRAWN)}
    return pd.DataFrame({"week": np.arange(weeks)} | columns)


def turnover(tables: Tables) -> Floats:
    """Baskets delivered by merchant in yuan, ascending: merchants who had an order."""
    orders = tables.orders[(tables.orders["state"] == "delivered") & (tables.orders["merchant"] >= 0)]
    return np.sort(orders.groupby("merchant")["basket"].sum().to_numpy(dtype=np.float64) / 100)


def daily_margins(events: Events) -> Floats:
    """Margin of each merchant in yuan a day, mean over his days on the platform."""
    by_merchant = trading_table(events).groupby("merchant")["margin"].mean()
    return by_merchant.to_numpy(dtype=np.float64) / 100


def paid_for(tables: Tables, purpose: Purpose, delivered: bool = True) -> float:
    """Yuan paid for something, of delivered orders only or at all."""
    payments = tables.payments[tables.payments["purpose"] == purpose.name.lower()]
    if delivered:
        done = tables.orders[tables.orders["state"] == "delivered"]["order"]
        payments = payments[payments["order"].isin(done)]
    return float(payments["amount"].sum()) / 100


def promoted(tables: Tables) -> Floats:
    """Whether something was taken off each delivered order by a promotion, as 0 or 1."""
    done = tables.orders[tables.orders["state"] == "delivered"]["order"]
    payments = tables.payments
    off = payments[payments["purpose"] == Purpose.PROMOTION.name.lower()]["order"]
    return np.asarray(done.isin(off), dtype=np.float64)


def stock_outs(tables: Tables) -> float:
    """Share of wishes that failed because the merchant had run out of it."""
    lost = int((of(tables.events, Kind.LOST)["detail"] == Reason.STOCK).sum())
    wishes = lost + len(tables.orders)
    return lost / wishes if wishes else nan


def fulfilled(tables: Tables) -> Floats:
    """Whether each errand was delivered, as 0 or 1."""
    errands = of(tables.events, Kind.SUPPLIED)["order"]
    delivered = of(tables.events, Kind.DELIVERED)["order"]
    return np.isin(errands, delivered).astype(np.float64)


def uplift(with_them: Tables, without: Tables) -> float:
    """How many more orders were placed with promotions than without, as a share of those without.

    Both runs must be the same replication of the same city.
    """
    return len(with_them.orders) / len(without.orders) - 1 if len(without.orders) else nan


def cannibalised(with_them: Tables, without: Tables) -> float:
    """Share of the orders with a promotion whose users order as well where there is none.

    Both runs must be the same replication of the same city: then an Intent has the same number in both, and it is
    seen what became of it. One run alone cannot tell.
    """
    payments = with_them.payments
    off = payments[payments["purpose"] == Purpose.PROMOTION.name.lower()]["order"].unique()
    return float(np.isin(off, without.orders["order"]).mean()) if len(off) else nan
