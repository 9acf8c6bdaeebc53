"""The orders table: one row an order, whatever became of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats, Ints
from sim.events import Kind, Purpose
from sim.kpi.events import UNLOADED, Events, by_rider, of
from sim.kpi.flows import OFF

TAKEAWAY = "takeaway"
STATES = ("open", "delivered", "cancelled", "failed")
TIMES = {
    "cooking_at": Kind.COOKING,
    "ready_at": Kind.READY,
    "assigned_at": Kind.ASSIGNED,
    "picked_up_at": Kind.PICKED_UP,
    "delivered_at": Kind.DELIVERED,
    "cancelled_at": Kind.CANCELLED,
}
CHARGED = Purpose.BASKET, Purpose.DELIVERY_FEE, Purpose.SURCHARGE, Purpose.WAITING
TAKEN_OFF = *OFF, Purpose.PROMOTION


def orders_table(events: Events, kinds: Sequence[str] = ()) -> pd.DataFrame:
    """Orders, in order of placement.

    Returns
    -------
    DataFrame
        ``order, user, merchant, rider`` (-1: none), ``place`` of drop-off; times in seconds (NaN: did not
        happen) ``placed_at, cooking_at, ready_at, assigned_at`` (the last time)``, picked_up_at,
        delivered_at, cancelled_at, promised_at``; ``state`` (open, delivered, cancelled; failed: nobody was at
        the door); ``basket``, ``fee``, ``pay`` (the rider's) and ``charged`` (to the user, less what was taken
        off) in fen; ``offers`` (times assigned) and ``refused`` (times a rider said no); ``bundled`` (another order
        was on board at some moment of the ride); ``kind`` (its name, takeaway where there are no kinds) and
        ``people`` (who ordered together); ``locker`` (it was left in one), ``stars`` (0: not rated).
    """
    placed = of(events, Kind.PLACED)
    ids = placed["order"]
    index = _Index(ids)
    table: dict[str, object] = {
        "order": ids,
        "user": placed["user"],
        "merchant": placed["merchant"],
        "rider": index.last(of(events, Kind.PICKED_UP), "rider", -1),
        "place": placed["place"],
        "placed_at": placed["t"],
        "promised_at": placed["t"] + placed["detail"],
    }
    for name, kind in TIMES.items():
        table[name] = index.last(of(events, kind), "t", np.nan)
    paid = of(events, Kind.PAID)
    table["basket"] = placed["amount"]
    table["fee"] = index.last(paid[paid["detail"] == Purpose.DELIVERY_FEE], "amount", 0)
    table["pay"] = index.last(paid[paid["detail"] == Purpose.RIDER_PAY], "amount", 0)
    table["charged"] = index.total(paid, CHARGED) - index.total(paid, TAKEN_OFF)
    table["offers"] = index.count(of(events, Kind.ASSIGNED))
    table["refused"] = index.count(of(events, Kind.REFUSED))
    table["bundled"] = index.flag(_bundled(events))
    specified = of(events, Kind.SPECIFIED)
    table["kind"] = _named(index.last(specified, "detail", 0), kinds)
    table["people"] = index.last(specified, "amount", 1)
    table["locker"] = index.flag(of(events, Kind.STORED)["order"])
    table["stars"] = index.last(of(events, Kind.RATED), "amount", 0)
    table["state"] = _state(table, index.flag(of(events, Kind.NOBODY)["order"]))
    return pd.DataFrame(table)


class _Index:
    """Rows of the orders table by order id."""

    def __init__(self, ids: Ints) -> None:
        self._rows = len(ids)
        self._row = np.full(int(ids.max()) + 1 if len(ids) else 0, -1, dtype=np.int64)
        self._row[ids] = np.arange(len(ids))

    def last(self, events: Events, column: str, missing: float) -> Floats | Ints:
        values = np.full(self._rows, missing, dtype=events[column].dtype)
        values[self._row[events["order"]]] = events[column]
        return values

    def total(self, paid: Events, purposes: Sequence[Purpose]) -> Ints:
        rows = paid[np.isin(paid["detail"], purposes)]
        return np.rint(np.bincount(self._row[rows["order"]], rows["amount"], self._rows)).astype(np.int64)

    def count(self, events: Events) -> Ints:
        return np.bincount(self._row[events["order"]], minlength=self._rows)

    def flag(self, orders: Ints) -> Bools:
        values = np.zeros(self._rows, dtype=bool)
        values[self._row[orders]] = True
        return values


def _named(codes: Floats | Ints, kinds: Sequence[str]) -> pd.Categorical[str]:
    """Kinds by name; a log read without its scenario knows only their numbers."""
    unnamed = range(len(kinds), int(codes.max(initial=0)) + 1)
    names = [*kinds, *(f"kind {number}" if number else TAKEAWAY for number in unnamed)]
    return pd.Categorical.from_codes(np.asarray(codes, dtype=np.int64), categories=pd.Index(names))


def _state(table: dict[str, object], failed: Bools) -> pd.Categorical[str]:
    code = np.where(np.isfinite(np.asarray(table["delivered_at"])), 1, 0)
    code = np.where(np.isfinite(np.asarray(table["cancelled_at"])), 2, code)
    return pd.Categorical.from_codes(np.where(failed, 3, code), categories=pd.Index(STATES))


def _bundled(events: Events) -> Ints:
    """Orders that shared the rider's box: from empty box to empty box he picked up more than one."""
    moves = by_rider(events, Kind.PICKED_UP, *UNLOADED)
    picked = moves["kind"] == Kind.PICKED_UP
    load = np.cumsum(np.where(picked, 1, -1))
    first = np.r_[True, moves["rider"][1:] != moves["rider"][:-1]][: len(moves)]
    before = np.r_[0, load[:-1]][: len(moves)]
    base = before[np.maximum.accumulate(np.where(first, np.arange(len(moves)), 0))]
    trip = np.cumsum(before == base) - 1
    crowded = np.bincount(trip[picked]) >= 2 if len(moves) else np.empty(0, dtype=bool)
    return np.asarray(moves["order"][picked][crowded[trip[picked]]], dtype=np.int64)
