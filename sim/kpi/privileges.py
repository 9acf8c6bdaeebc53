"""What the terms of levels and paid plans did for orders: who had them, and what they took off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats, Ints
from sim.events import Kind, Purpose
from sim.kpi.events import Events, of
from sim.units import DAY


def terms_table(flows: pd.DataFrame, orders: pd.DataFrame, events: Events) -> pd.DataFrame:
    """Delivered orders by what their users had when they ordered.

    The log tells what was taken off an order, and not by which rule: of two terms the better one holds. It does
    tell who stood on which level, and who held a paid plan.

    Returns
    -------
    DataFrame
        ``level``; whether a ``plan`` was held; ``orders``; how many of these were ``on_time``, and from how many
        something was taken off, ``discounted``; fen ``discount``. Only what there was.
    """
    done = orders[orders["state"] == "delivered"]
    user, placed_at = done["user"].to_numpy(), done["placed_at"].to_numpy()
    off = flows[(flows["purpose"] == Purpose.DISCOUNT) & ~flows["undone"]].groupby("order")["amount"].sum()
    table = pd.DataFrame(
        {
            "level": level_at(events, user, placed_at),
            "plan": covered_at(events, user, placed_at),
            "on_time": (done["delivered_at"] <= done["promised_at"]).to_numpy(),
            "discount": -off.reindex(done["order"]).fillna(0).to_numpy(dtype=np.int64),
        }
    )
    groups = table.assign(discounted=table["discount"] > 0).groupby(["level", "plan"])
    totals = groups.agg(orders=("on_time", "size"), on_time=("on_time", "sum"), discounted=("discounted", "sum"),
                        discount=("discount", "sum"))  # fmt: skip
    return totals.reset_index()


def level_at(events: Events, user: Ints, t: Floats) -> Ints:
    """Level of users at moments in time, 0 before they had any."""
    moves, at = _last_before(events, Kind.TIER, user, t)
    return np.where(at >= 0, moves["amount"][at] if len(moves) else 0, 0)


def covered_at(events: Events, user: Ints, t: Floats) -> Bools:
    """Whether users hold a paid plan at moments in time."""
    plans, at = _last_before(events, Kind.PLAN, user, t)
    if not len(plans):
        return np.zeros(len(t), np.bool_)
    return np.asarray((at >= 0) & (t < plans["t"][at] + plans["detail"][at] * DAY))


def _last_before(events: Events, kind: Kind, user: Ints, t: Floats) -> tuple[Events, Ints]:
    """Rows of a kind, and which of them each user met last at a moment in time, -1 for none."""
    rows = of(events, kind)
    rows = rows[np.argsort(rows["user"], kind="stable")]
    span = (int(events["t"].max()) if len(events) else 0) + DAY  # keeps users apart on one axis
    at = np.searchsorted(rows["user"] * span + rows["t"], user * span + t, side="right") - 1
    met = (at >= 0) & (rows["user"][at] == user) if len(rows) else np.zeros(len(t), np.bool_)
    return rows, np.where(met, at, -1)
