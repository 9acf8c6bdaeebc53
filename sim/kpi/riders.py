"""The riders table, and the spells in which riders had nothing to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.entities import Floats, Ints
from sim.events import Kind, Purpose
from sim.kpi.events import UNLOADED, Events, by_rider, of
from sim.units import HOUR

WAGES = (Purpose.RIDER_PAY, Purpose.GUARANTEE, Purpose.SUBSIDY, Purpose.BONUS)
"""What a rider is paid for; deductions are taken off."""


def riders_table(events: Events) -> pd.DataFrame:
    """Riders who came on shift, by id.

    Returns
    -------
    DataFrame
        ``rider``; ``shifts``; seconds ``planned_s`` (length of the shifts), ``duty_s`` (on shift, overtime
        included), ``idle_s`` (without a route), ``wait_s`` (for meals), ``break_s`` (on break), ``busy_s`` (riding
        and service);
        ``delivered`` orders; ``metres`` ridden, ``empty_m`` of them with no order on board; ``earned`` in
        fen; ``income_per_hour`` in yuan per planned hour.
    """
    on, legs, waits = of(events, Kind.ON_SHIFT), of(events, Kind.DEPARTED), _waits(events)
    duty, idle = spells(events, Kind.ON_SHIFT, Kind.OFF_SHIFT), idle_spells(events)
    paid = of(events, Kind.PAID)
    wages, taken = (paid[np.isin(paid["detail"], purposes)] for purposes in (WAGES, (Purpose.DEDUCTION,)))
    rider = np.unique(on["rider"])

    def total(of_rider: ArrayLike, values: ArrayLike | None = None) -> Floats:
        size = int(rider[-1]) + 1 if len(rider) else 0
        return np.bincount(of_rider, values, minlength=size)[rider].astype(np.float64)

    breaks = of(events, Kind.BREAK)
    break_s = total(breaks["rider"], breaks["amount"])
    duty_s, idle_s = (total(s["rider"], s["end"] - s["start"]) for s in (duty, idle))
    wait_s = total(waits["rider"], waits["amount"])
    planned_s, earned = total(on["rider"], on["amount"]), total(wages["rider"], wages["amount"])
    earned, stayed = earned - total(taken["rider"], taken["amount"]), of(events, Kind.STAYED)
    planned_s += total(stayed["rider"], stayed["amount"])
    return pd.DataFrame(
        {
            "rider": rider,
            "shifts": total(on["rider"]).astype(np.int64),
            "planned_s": planned_s,
            "duty_s": duty_s,
            "idle_s": idle_s,
            "wait_s": wait_s,
            "break_s": break_s,
            "busy_s": duty_s - idle_s - wait_s - break_s,
            "delivered": total(of(events, Kind.DELIVERED)["rider"]).astype(np.int64),
            "metres": total(legs["rider"], legs["amount"]),
            "empty_m": total(*_empty_legs(events)),
            "earned": earned.astype(np.int64),
            "income_per_hour": earned / 100 / (planned_s / HOUR),
        }
    )


def idle_spells(events: Events) -> pd.DataFrame:
    """When and where riders had no route: ``rider, place, start, end`` in seconds."""
    return spells(events, Kind.IDLE, Kind.DEPARTED, Kind.BREAK, Kind.OFF_SHIFT)


def spells(events: Events, begin: Kind, *end: Kind) -> pd.DataFrame:
    """Time from an event of one kind to the rider's next event of other kinds, or to the end of the log."""
    moves = by_rider(events, begin, *end)
    begins = moves["kind"] == begin
    same = np.r_[False, moves["rider"][1:] == moves["rider"][:-1]][: len(moves)]
    start = np.flatnonzero(begins & ~(np.r_[False, begins[:-1]][: len(moves)] & same))
    ends = np.flatnonzero(~begins)
    follow = np.searchsorted(ends, start)
    closed = follow < len(ends)
    at = ends[np.minimum(follow, max(len(ends) - 1, 0))] if len(ends) else start
    closed &= moves["rider"][at] == moves["rider"][start]
    stop = np.where(closed, moves["t"][at], events["t"].max() if len(events) else 0.0)
    first = moves[start]
    return pd.DataFrame({"rider": first["rider"], "place": first["place"], "start": first["t"], "end": stop})


def _waits(events: Events) -> Events:
    """One row for each visit to a merchant: orders picked up together waited once."""
    picked = by_rider(events, Kind.PICKED_UP)
    again = (picked["rider"][1:] == picked["rider"][:-1]) & (picked["t"][1:] == picked["t"][:-1])
    return picked[np.r_[True, ~again][: len(picked)]]


def _empty_legs(events: Events) -> tuple[Ints, Ints]:
    """Rider and metres of the legs ridden with nothing on board."""
    moves = by_rider(events, Kind.PICKED_UP, *UNLOADED, Kind.DEPARTED)
    step = np.select([moves["kind"] == Kind.PICKED_UP, np.isin(moves["kind"], UNLOADED)], [1, -1], 0)
    load = np.cumsum(step)
    first = np.r_[True, moves["rider"][1:] != moves["rider"][:-1]][: len(moves)]
    base = np.maximum.accumulate(np.where(first, np.arange(len(moves)), 0))
    empty = (moves["kind"] == Kind.DEPARTED) & (load - step == (load - step)[base])
    return moves["rider"][empty], moves["amount"][empty]
