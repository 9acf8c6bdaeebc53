"""Figures of riders at work: hours, breaks, who is late, who lacks what an order needs, and plans against the facts."""

from __future__ import annotations

import numpy as np

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import Events, by_rider, of
from sim.kpi.tables import Tables
from sim.units import HOUR, MINUTE

LONG_H = 8.0
"""Hours on shift after which Meituan warns a rider (Dec 2024)."""


def hours(tables: Tables) -> Floats:
    """Hours on shift less breaks of each rider who worked."""
    return np.asarray((tables.riders["duty_s"] - tables.riders["break_s"]) / HOUR, dtype=np.float64)


def beyond(tables: Tables) -> Floats:
    """Whether each delivery came after more than :data:`LONG_H` hours on shift, as 0 or 1."""
    rows = by_rider(tables.events, Kind.ON_SHIFT, Kind.OFF_SHIFT, Kind.DELIVERED)
    kind, at = rows["kind"], np.arange(len(rows))
    fresh = np.r_[True, rows["rider"][1:] != rows["rider"][:-1]] | np.r_[True, kind[:-1] == Kind.OFF_SHIFT]
    begin = np.maximum.accumulate(np.where(fresh[: len(rows)], at, 0))
    return ((rows["t"] - rows["t"][begin]) > LONG_H * HOUR)[kind == Kind.DELIVERED].astype(np.float64)


def per_shift(tables: Tables, kind: Kind) -> float:
    """Events of a kind per shift; NaN where there are none."""
    count, shifts = len(of(tables.events, kind)), len(of(tables.events, Kind.ON_SHIFT))
    return count / shifts if count and shifts else float("nan")


def no_show(tables: Tables) -> Floats:
    """Whether each rider on a roster did not come, as 0 or 1."""
    return np.isnan(_late_s(tables.events)).astype(np.float64)


def lateness(tables: Tables) -> Floats:
    """Minutes by which each rider who came was late, where there is a roster."""
    late_s = _late_s(tables.events)
    return late_s[~np.isnan(late_s)] / MINUTE


def _late_s(events: Events) -> Floats:
    """Seconds from each row of the roster to the rider's coming; NaN when he did not come before its end."""
    rows = by_rider(events, Kind.ROSTERED, Kind.ON_SHIFT)
    due = np.flatnonzero(rows["kind"] == Kind.ROSTERED)
    following = np.minimum(due + 1, max(len(rows) - 1, 0))
    came = (rows["kind"][following] == Kind.ON_SHIFT) & (rows["rider"][following] == rows["rider"][due])
    late_s = rows["t"][following] - rows["t"][due]
    return np.where(came & (late_s <= rows["amount"][due]), late_s, np.nan)


def mismatch(tables: Tables) -> Floats:
    """Whether the rider lacked something that the order needed, as 0 or 1, for each pickup with a need."""
    return (of(tables.events, Kind.FIT)["amount"] > 0).astype(np.float64)


def plan_error(tables: Tables) -> Floats:
    """Minutes from the planned to the actual drop-off of delivered orders, by the plan of the last assignment."""
    plans, done = of(tables.events, Kind.PLANNED), of(tables.events, Kind.DELIVERED)
    if not len(plans) or not len(done):
        return np.empty(0)
    planned = np.full(int(max(plans["order"].max(), done["order"].max())) + 1, np.nan)
    planned[plans["order"]] = plans["t"] + plans["amount"]
    error = (done["t"] - planned[done["order"]]) / MINUTE
    return np.asarray(error[~np.isnan(error)])
