"""Kinds of order side by side, and what the users say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.units import MINUTE

GOOD = 4
"""Stars of a good review."""


def kinds_table(orders: pd.DataFrame) -> pd.DataFrame:
    """Each kind of order that there was: one row a kind, in the scenario's order.

    Parameters
    ----------
    orders
        The orders table.

    Returns
    -------
    DataFrame
        ``kind``; ``orders`` placed; ``people`` (mean); ``delivered`` and ``on_time`` (shares of those placed);
        minutes ``click_to_door`` (mean over delivered orders) and ``preparation`` (cooking, shopping or queueing,
        mean over those that were ready); ``basket`` and ``fee`` (mean, yuan).
    """
    door, ready = orders["delivered_at"], orders["ready_at"]
    each = orders.assign(
        orders=1,
        delivered=orders["state"] == "delivered",
        on_time=door <= orders["promised_at"],
        click_to_door=(door - orders["placed_at"]).where(orders["state"] == "delivered") / MINUTE,
        preparation=(ready - orders["cooking_at"]) / MINUTE,
        basket=orders["basket"] / 100,
        fee=orders["fee"] / 100,
    )
    means = {name: (name, "mean") for name in COLUMNS}
    groups = each.groupby("kind", observed=True, sort=True)
    return groups.agg(orders=("orders", "sum"), **means).reset_index()


COLUMNS = ("people", "delivered", "on_time", "click_to_door", "preparation", "basket", "fee")


def stars(events: Events) -> Floats:
    """Stars of all ratings."""
    return of(events, Kind.RATED)["amount"].astype(np.float64)


def good(events: Events, cared: bool = False) -> Floats:
    """Whether each rating is a good one (1) or not (0); only those of customers who asked for care if `cared`."""
    rated = of(events, Kind.RATED)
    return np.asarray((rated[rated["detail"] == 1] if cared else rated)["amount"] >= GOOD, dtype=np.float64)


def in_locker(orders: pd.DataFrame) -> Floats:
    """Whether each delivered order was left in a locker (1) or not (0); nothing where there was no such order."""
    delivered = orders[orders["state"] == "delivered"]["locker"]
    return np.asarray(delivered if delivered.any() else [], dtype=np.float64)
