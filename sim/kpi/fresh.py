"""Goods that are made ahead for the day and spoil at its end, read off the log."""

from __future__ import annotations

from math import nan

from sim.events import Kind
from sim.kpi.events import of
from sim.kpi.tables import Tables


def wasted(tables: Tables) -> float:
    """Share of the portions made that were thrown away."""
    days = of(tables.events, Kind.WASTED)
    made = int(days["detail"].sum())
    return int(days["amount"].sum()) / made if made else nan


def preordered(tables: Tables) -> float:
    """Share of the orders placed with merchants who make ahead that were told on the eve."""
    merchants = of(tables.events, Kind.WASTED)["merchant"]
    placed = int(tables.orders["merchant"].isin(merchants).sum())
    return int(of(tables.events, Kind.PREORDERED)["detail"].sum()) / placed if placed else nan
