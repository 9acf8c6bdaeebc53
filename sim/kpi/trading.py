"""How merchants trade over weeks, read off the log."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pandas as pd

from sim.entities import Floats, Ints
from sim.events import Kind, Purpose, Reason
from sim.kpi.events import Events, of
from sim.kpi.span import WEEK_DAYS, day_of, days_lived
from sim.kpi.tables import Tables
from sim.units import DAY


def trading_table(events: Events) -> pd.DataFrame:
    """Days of merchants on the platform: ``day``, ``merchant``, ``orders`` picked up, ``margin`` in fen.

    It is empty where merchants do not respond.
    """
    rows = of(events, Kind.TRADED)
    day = np.rint(rows["t"] / DAY).astype(np.int64) - 1
    return pd.DataFrame({"day": day, "merchant": rows["merchant"], "orders": rows["detail"], "margin": rows["amount"]})


def there(events: Events, day: float = inf) -> Ints:
    """Merchants on the platform when the night after a day (from 0) is over, of the last day where none is given."""
    trading, moves = trading_table(events), of(events, Kind.ENLISTED, Kind.WITHDRAWN)
    found = set(trading["merchant"][trading["day"] == 0].tolist())
    for kind, merchant in moves[["kind", "merchant"]][_nights(moves) <= day].tolist():
        (found.add if kind == Kind.ENLISTED else found.discard)(merchant)
    return np.array(sorted(found), np.int64)


def merchant_weeks(tables: Tables) -> pd.DataFrame:
    """Whole weeks of merchants who respond, told to the end of the run even where all have left; else empty.

    Returns
    -------
    DataFrame
        ``week`` (from 0); merchants ``active`` when its last night is over, who ``joined`` and ``left`` in it;
        ``orders`` picked up; ``gmv``: baskets delivered, and ``margin`` of all merchants after commission and costs,
        in fen; ``merchant_days`` on the platform; ``price``: mean over those active of their prices, 1 as usual.
    """
    events, trading = tables.events, trading_table(tables.events)
    days = max(int(trading["day"].max()) + 1, days_lived(events)) if len(trading) else 0
    weeks, week, sold = days // WEEK_DAYS, trading["day"] // WEEK_DAYS, _sold(tables)
    present = [there(events, WEEK_DAYS * (number + 1) - 1) for number in range(weeks)]

    def summed(of_week: Ints | pd.Series, amount: pd.Series | None = None) -> Ints:
        return np.rint(np.bincount(of_week, amount, weeks)[:weeks]).astype(np.int64)

    columns = {
        "active": np.array([len(who) for who in present], np.int64),
        "joined": summed(_nights(of(events, Kind.ENLISTED)) // WEEK_DAYS),
        "left": summed(_nights(of(events, Kind.WITHDRAWN)) // WEEK_DAYS),
        "orders": summed(week, trading["orders"]),
        "gmv": summed(day_of(sold["delivered_at"], max(days, 1)) // WEEK_DAYS, sold["basket"]),
        "margin": summed(week, trading["margin"]),
        "merchant_days": summed(week),
        "price": _prices(events, present),
    }
    return pd.DataFrame({"week": np.arange(weeks)} | columns)


def _sold(tables: Tables) -> pd.DataFrame:
    """Orders of merchants that were delivered."""
    orders = tables.orders
    return orders[(orders["state"] == "delivered") & (orders["merchant"] >= 0)]


def _nights(rows: Events) -> Ints:
    """Day, from 0, that the night of each row has ended."""
    return np.rint(rows["t"] / DAY).astype(np.int64) - 1


def _prices(events: Events, present: list[Ints]) -> Floats:
    """Mean price of the merchants `present` at the end of each week."""
    told, now, means = of(events, Kind.PRICED), dict[int, float](), np.full(len(present), nan)
    for week, who in enumerate(present):
        ours = told[_nights(told) // WEEK_DAYS == week]
        now |= zip(ours["merchant"].tolist(), (ours["amount"] / 1000).tolist(), strict=True)
        means[week] = np.mean([now.get(merchant, 1.0) for merchant in who.tolist()]) if len(who) else nan
    return means


def by_merchant(tables: Tables) -> pd.DataFrame:
    """Delivered orders by ``merchant`` and ``week`` of the order: how many, ``delivered``, and ``promoted`` of them."""
    week = (tables.orders["placed_at"] // (WEEK_DAYS * DAY)).astype(np.int64)
    sold = _sold(tables).assign(promoted=_is_promoted(tables), week=week)
    groups = sold.groupby(["merchant", "week"], as_index=False)
    return groups.agg(delivered=("order", "size"), promoted=("promoted", "sum"))


def _is_promoted(tables: Tables) -> pd.Series:
    payments = tables.payments
    off = payments[payments["purpose"] == Purpose.PROMOTION.name.lower()]["order"]
    return tables.orders["order"].isin(off)


def turnover(tables: Tables) -> Floats:
    """Baskets delivered by merchant in yuan, ascending: merchants who had an order."""
    return np.sort(_sold(tables).groupby("merchant")["basket"].sum().to_numpy(dtype=np.float64) / 100)


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
    return np.asarray(_is_promoted(tables)[tables.orders["state"] == "delivered"], dtype=np.float64)


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
