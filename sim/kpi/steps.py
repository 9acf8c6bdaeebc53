"""The steps of a delivered order from the click to the door, read off the log.

A meal and its rider are under way at the same time, so the time from placement to door is not a sum of all
that happened but the length of the longer of two paths, and then of one::

    placed ── kitchen ──────────────> ready ┐
    placed ── assigned, set off ──> counter ┴> picked up ── way ──> door ──> delivered

that is ``max(kitchen, wait for a rider + approach + counter) + way + door``, as Swiggy is reported to quote a
delivery time (parameters.md 3.2); the Meal Delivery Routing Problem has the same precedences (Reyes et al. 2018).
Steps along the critical path add up (Kelley and Walker 1959; for logs of many paths Zhang et al. 2022, CRISP). A
rider's step before the pickup is on it only as far as the meal stood ready.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Floats, Ints
from sim.events import Kind
from sim.kpi.events import Events, by_rider
from sim.units import MINUTE

PATH = ("kitchen", "stood", "companion", "leave", "way", "door")
"""Steps that add up to click-to-door."""
CHAIN = ("set_off", "approach", "counter")
"""What the rider did before the pickup: these explain ``stood`` and are no part of the sum."""


def steps_table(events: Events, orders: pd.DataFrame) -> pd.DataFrame:
    """Minutes of each step of the delivered orders, one row each, in order of placement.

    Parameters
    ----------
    events
        The log.
    orders
        Its orders table.

    Returns
    -------
    DataFrame
        ``order``; ``kitchen`` (placement to ready, or as long as the rider shops or queues), ``stood`` (ready, and
        the rider not at the counter), ``companion`` (rider and meal there, another meal of the visit not), ``leave``
        (from the counter back to the vehicle), ``way`` (to the customer's door, stops for other orders on board
        included), ``door`` (at the customer's), which add up to click-to-door; and of the rider's way to the pickup
        ``set_off`` (minutes from the meal being ready until he set off for it, with the order given to him;
        negative: before), ``approach`` (ride) and ``counter`` (arrival to counter).
    """
    done = orders[orders["state"] == "delivered"]
    order, placed, picked, delivered = (_column(done, name) for name in ("order", *ENDS))
    ready = np.fmin(_column(done, "ready_at"), picked)
    met = _Rides(events).milestones(order.astype(np.int64))
    start = np.minimum(np.fmax(_column(done, "assigned_at"), met["set_off"]), picked)
    reached = np.clip(np.where(np.isnan(met["reached"]), picked, met["reached"]), start, picked)
    work = _rider_prepares(done, reached, picked - ready, met["waited"])
    ready = np.where(work > 0, placed + work, ready)
    counter = np.clip(picked - met["waited"], reached, picked)
    left = np.clip(np.where(np.isnan(met["left"]), picked, met["left"]), picked, delivered)
    at_door = np.clip(np.where(np.isnan(met["at_door"]), delivered, met["at_door"]), left, delivered)
    steps = {
        "kitchen": ready - placed,
        "stood": np.maximum(counter - ready, 0),
        "companion": picked - np.maximum(counter, ready),
        "leave": left - picked,
        "way": at_door - left,
        "door": delivered - at_door,
        "set_off": start - ready,
        "approach": reached - start,
        "counter": np.maximum(counter - reached - work, 0),
    }
    return pd.DataFrame({"order": order.astype(np.int64)} | {name: s / MINUTE for name, s in steps.items()})


ENDS = ("placed_at", "picked_up_at", "delivered_at")


def _rider_prepares(done: pd.DataFrame, reached: Floats, stood: Floats, waited: Floats) -> Floats:
    """Seconds of preparation that began when the rider had come (he shopped, he queued), else 0.

    The log says that he did not wait for it: his wait is only as long as it stood ready beside another order.
    """
    cooking = _column(done, "cooking_at")
    his = (cooking >= reached) & (np.abs(waited - stood) <= 1)
    return np.where(his, np.maximum(_column(done, "ready_at") - cooking, 0), 0)


def _column(orders: pd.DataFrame, name: str) -> Floats:
    return np.asarray(orders[name], dtype=np.float64)


class _Rides:
    """Every rider's moves, in order, to look back and ahead from a pickup or a drop-off."""

    def __init__(self, events: Events) -> None:
        self._moves = by_rider(events, Kind.DEPARTED, Kind.ARRIVED, Kind.PICKED_UP, Kind.DELIVERED)
        self._at = np.arange(len(self._moves))

    def milestones(self, orders: Ints) -> dict[str, Floats]:
        """Times in seconds around the pickup and drop-off of delivered orders; NaN where the log has none."""
        pickup, dropoff = self._rows(Kind.PICKED_UP, orders), self._rows(Kind.DELIVERED, orders)
        arrival = self._before(Kind.ARRIVED, pickup)
        return {
            "set_off": self._t(self._before(Kind.DEPARTED, arrival)),
            "reached": self._t(arrival),
            "waited": self._moves["amount"][pickup].astype(np.float64),
            "left": self._t(self._after(Kind.DEPARTED, pickup)),
            "at_door": self._t(self._before(Kind.ARRIVED, dropoff)),
        }

    def _rows(self, kind: Kind, orders: Ints) -> Ints:
        rows = np.flatnonzero(self._moves["kind"] == kind)
        ids = self._moves["order"][rows]
        by_id = np.argsort(ids, kind="stable")
        return np.asarray(rows[by_id[np.searchsorted(ids[by_id], orders)]] if len(orders) else rows[:0])

    def _before(self, kind: Kind, rows: Ints) -> Ints:
        """The rider's last move of a kind before some rows (-1: none)."""
        last = np.maximum.accumulate(np.where(self._moves["kind"] == kind, self._at, -1))
        return self._same_rider(rows, last[rows])

    def _after(self, kind: Kind, rows: Ints) -> Ints:
        """The rider's next move of a kind after some rows (-1: none)."""
        none = len(self._at)
        following = np.minimum.accumulate(np.where(self._moves["kind"] == kind, self._at, none)[::-1])[::-1]
        found = following[rows]
        return self._same_rider(rows, np.where(found < none, found, -1))

    def _same_rider(self, rows: Ints, found: Ints) -> Ints:
        same = (rows >= 0) & (found >= 0) & (self._moves["rider"][found] == self._moves["rider"][rows])
        return np.asarray(np.where(same, found, -1))

    def _t(self, rows: Ints) -> Floats:
        return np.where(rows >= 0, self._moves["t"][rows], np.nan)
