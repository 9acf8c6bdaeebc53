"""The benchmark's performance measures, by the definitions of its own evaluator.

Means and percentiles of times are over delivered orders. Percentiles interpolate linearly between order
statistics, as the official evaluator's pandas ``describe`` does (and as published values such as a 90th
percentile of 45.2 min over whole minutes need).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.city.model import City
from sim.entities import Floats, Ints
from sim.events import Kind
from sim.kpi.tables import Tables
from sim.scenario.schema import Scenario
from sim.units import HOUR, MINUTE

COLUMNS = (
    *("instance", "dispatch", "orders", "delivered", "undelivered_pct", "ctd_mean", "ctd_p90", "ctd_overage"),
    *("rtp_mean", "rtp_p90", "utilisation", "cost_per_order", "orders_per_bundle"),
    *("wave_ms_median", "wave_ms_p99", "cpu_s"),
)
"""Columns of ``mdrp.csv``."""


def score(tables: Tables, city: City, scenario: Scenario) -> dict[str, float]:
    """Performance measures of one run of an instance.

    Returns
    -------
    dict
        ``orders``, ``delivered``; ``undelivered_pct`` (%); in minutes, over delivered orders: ``ctd_*``
        (click-to-door; ``ctd_overage`` is the mean of the part over the target), ``rtp_*``
        (ready-to-pickup), ``rtd_mean`` (ready-to-door); ``utilisation``: (driving + pickup and drop-off
        service) / shift length, mean over couriers; ``cost_per_order``: the couriers' compensation
        max(pay per order x orders, pay per hour x hours) per delivered order; ``guarantee_share``: couriers
        who earn less than their guarantee; ``orders_per_bundle``; ``ctd_bound``: mean preparation + mean
        travel + half a service at either end, which no solution can beat.
    """
    moments = _Moments(tables)
    return (
        _order_figures(moments) | _courier_figures(moments, scenario) | {"ctd_bound": _bound(moments, city, scenario)}
    )


class _Moments:
    """The log's rows by kind, as columns."""

    def __init__(self, tables: Tables) -> None:
        self._events = tables.events
        self._kind = np.ascontiguousarray(self._events["kind"])
        self._at: dict[Kind, NDArray[np.intp]] = {}
        self.ids = self.whole(Kind.PLACED, "order")
        self._size = int(self.ids.max()) + 1 if len(self.ids) else 0

    def column(self, kind: Kind, name: str) -> Floats:
        """One column of the rows of a kind."""
        if kind not in self._at:
            self._at[kind] = np.flatnonzero(self._kind == kind)
        return np.asarray(self._events[name][self._at[kind]])

    def whole(self, kind: Kind, name: str) -> Ints:
        """The same for a column of whole numbers."""
        return self.column(kind, name).astype(np.int64)

    def by_order(self, kind: Kind) -> Floats:
        """Minute of each order's event of that kind, in order of placement; NaN where it has none."""
        times = np.full(self._size, np.nan)
        times[self.column(kind, "order")] = self.column(kind, "t")
        minutes: Floats = times[self.ids] / MINUTE
        return minutes


def _order_figures(moments: _Moments) -> dict[str, float]:
    times = {kind: moments.by_order(kind) for kind in (Kind.PLACED, Kind.READY, Kind.PICKED_UP, Kind.DELIVERED)}
    done = np.isfinite(times[Kind.DELIVERED])
    placed, ready, picked, dropped = (column[done] for column in times.values())
    promise = moments.column(Kind.PLACED, "detail")[done] / MINUTE
    ctd, rtp = dropped - placed, picked - ready
    return {
        "orders": len(done),
        "delivered": len(ctd),
        "undelivered_pct": 100 * (1 - _mean(done)),
        "ctd_mean": _mean(ctd),
        "ctd_p90": _p90(ctd),
        "ctd_overage": _mean(np.maximum(ctd - promise, 0)),
        "rtp_mean": _mean(rtp),
        "rtp_p90": _p90(rtp),
        "rtd_mean": _mean(dropped - ready),
    }


def _courier_figures(moments: _Moments, scenario: Scenario) -> dict[str, float]:
    service, pay = scenario.service, scenario.pay
    couriers = moments.whole(Kind.ON_SHIFT, "rider")
    total = _Totals(int(couriers.max()) + 1 if len(couriers) else 0, couriers)
    shift_s = moments.column(Kind.ON_SHIFT, "amount")
    drops, trips = total.count(moments.whole(Kind.DELIVERED, "rider")), total.count(_trips(moments))
    driving_s = total.sum(moments, Kind.ARRIVED) - total.sum(moments, Kind.DEPARTED)
    busy_s = driving_s + (service.pickup_min * trips + service.dropoff_min * drops) * MINUTE
    earned, guaranteed = pay.per_order_yuan * drops, pay.guarantee_yuan_per_hour * shift_s / HOUR
    delivered = drops.sum()
    return {
        "utilisation": _mean(busy_s / shift_s),
        "cost_per_order": float(np.maximum(earned, guaranteed).sum() / delivered) if delivered else np.nan,
        "orders_per_bundle": float(delivered / trips.sum()) if delivered else np.nan,
        "guarantee_share": _mean(earned < guaranteed),
    }


class _Totals:
    """Sums by courier."""

    def __init__(self, size: int, couriers: Ints) -> None:
        self._size, self._couriers = size, couriers

    def count(self, couriers: Ints) -> Floats:
        counts: Floats = np.bincount(couriers, minlength=self._size)[self._couriers].astype(np.float64)
        return counts

    def sum(self, moments: _Moments, kind: Kind) -> Floats:
        """Sum of the times (s) of a kind of event."""
        rider, t = moments.whole(kind, "rider"), moments.column(kind, "t")
        sums: Floats = np.bincount(rider, t, self._size)[self._couriers].astype(np.float64)
        return sums


def _trips(moments: _Moments) -> Ints:
    """The courier of each bundle: what he picks up at one moment."""
    rider, t = moments.whole(Kind.PICKED_UP, "rider"), moments.column(Kind.PICKED_UP, "t")
    row = np.lexsort((t, rider))
    again = (np.diff(rider[row]) == 0) & (np.diff(t[row]) == 0)
    couriers: Ints = rider[row][np.r_[True, ~again][: len(row)]]
    return couriers


def _bound(moments: _Moments, city: City, scenario: Scenario) -> float:
    """Mean preparation, ride and half a service at either end (min): the least click-to-door there can be."""
    kitchen = city.merchants.place[moments.whole(Kind.PLACED, "merchant")]
    ride = city.travel.times(kitchen, moments.whole(Kind.PLACED, "place")) / MINUTE
    service = (scenario.service.pickup_min + scenario.service.dropoff_min) / 2
    return _mean(moments.by_order(Kind.READY) - moments.by_order(Kind.PLACED)) + _mean(ride) + service


def _mean(values: NDArray[np.generic]) -> float:
    return float(np.asarray(values, dtype=np.float64).mean()) if len(values) else float("nan")


def _p90(values: Floats) -> float:
    return float(np.quantile(values, 0.9)) if len(values) else float("nan")
