"""Riders over weeks, read off the log: who works, what they earn, who comes and who quits."""

from __future__ import annotations

from math import log, nan

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.fleet_weeks import week_of
from sim.kpi.kpi import Kpi
from sim.kpi.riders import WAGES
from sim.kpi.span import WEEK_DAYS
from sim.kpi.tables import Tables
from sim.units import DAY


def _of_weeks(tables: Tables, over: str, under: str) -> float:
    """Ratio of two columns over all whole weeks."""
    weeks = tables.fleet
    bottom = float(weeks[under].sum())
    return float(weeks[over].sum()) / bottom if bottom else nan


def kept_share(tables: Tables) -> float:
    """Share of the riders of the first day who have not quit by the end."""
    census = of(tables.events, Kind.FLEET)
    if not len(census):
        return nan
    first = int(census["detail"][0])
    before = of(tables.events, Kind.QUIT)["rider"]
    return 1 - len(np.unique(before[before < first])) / first if first else nan


def yearly_attrition(tables: Tables) -> float:
    """Share of riders who would quit within a year at the rate of the run."""
    weekly = _of_weeks(tables, "quit", "riders")
    return 1 - (1 - min(weekly, 1.0)) ** 52


def levels(tables: Tables) -> float:
    """Share of the riders registered at the end who have a star."""
    census, moves = of(tables.events, Kind.FLEET), of(tables.events, Kind.LEVEL)
    if not len(moves) or not len(census) or not census["detail"][-1]:
        return nan
    last = pd.Series(moves["amount"], moves["rider"]).groupby(level=0).last()
    gone = of(tables.events, Kind.QUIT)["rider"]
    return float((last[~last.index.isin(gone)] > 0).sum() / census["detail"][-1])


def extra_per_order(tables: Tables) -> float:
    """Yuan of subsidies and bonuses per delivered order; NaN where nothing of the kind is paid."""
    payments = tables.payments
    extra = payments[payments["purpose"].isin(["subsidy", "bonus"])]["amount"].sum()
    delivered = int((tables.orders["state"] == "delivered").sum())
    return float(extra) / 100 / delivered if extra and delivered else nan


def staying(events: Events) -> tuple[Floats, Floats]:
    """Share of riders who have not quit by days since the run began or they were hired (Kaplan and Meier 1958).

    Returns
    -------
    days, share
        Steps of the curve, beginning with day 0 and ending with the last day anybody was seen.
    """
    census = of(events, Kind.FLEET)
    if not len(census):
        return np.zeros(1), np.ones(1)
    moves = of(events, Kind.HIRED, Kind.QUIT)
    last = float(census["t"][-1]) / DAY
    begun = dict.fromkeys(range(int(census["detail"][0])), 0.0)
    spans: list[tuple[float, bool]] = []
    for t, kind, rider in zip(moves["t"] / DAY, moves["kind"], moves["rider"].tolist(), strict=True):
        if kind == Kind.HIRED:
            begun[rider] = float(t)
        else:
            spans.append((float(t) - begun.pop(rider), True))
    spans += [(last - since, False) for since in begun.values()]
    length, quits = np.array([span for span, _ in spans]), np.array([left for _, left in spans])
    days = np.unique(length[quits])
    at_risk = (length[None, :] >= days[:, None]).sum(axis=1)
    leaving = ((length[None, :] == days[:, None]) & quits[None, :]).sum(axis=1)
    share = np.cumprod(1 - leaving / np.maximum(at_risk, 1))
    return np.r_[0.0, days, last], np.r_[1.0, share, share[-1] if len(share) else 1.0]


def income_cv(tables: Tables) -> float:
    """Coefficient of variation of a rider's income over the whole weeks in which he worked, mean over riders."""
    weeks = (len(of(tables.events, Kind.FLEET)) - 1) // WEEK_DAYS
    if weeks < 2:
        return nan
    paid = of(tables.events, Kind.PAID)
    wages = paid[np.isin(paid["detail"], WAGES)]
    frame = pd.DataFrame({"rider": wages["rider"], "week": week_of(wages["t"]), "fen": wages["amount"]})
    frame = frame[frame["week"] < weeks]
    spread = frame.groupby(["rider", "week"])["fen"].sum().groupby("rider").agg(["mean", "std"]).dropna()
    return float((spread["std"] / spread["mean"]).mean()) if len(spread) else nan


def market_elasticity(before: Tables, after: Tables, fare_before: float, fare_after: float) -> float:
    """By how many percent hours of work rise when the fare rises by one, over all whole weeks of two runs.

    Parameters
    ----------
    before, after
        The same replication of the same city at two fares.
    fare_before, fare_after
        The fares, in the same unit, above 0.
    """
    hours = [float(tables.fleet["hours"].sum()) for tables in (before, after)]
    return log(hours[1] / hours[0]) / log(fare_after / fare_before)


FLEET: tuple[Kpi, ...] = (
    Kpi("rider_hours_per_week", "h", "none", "Hours on shift of a rider who came, mean over whole weeks.",
        lambda t: _of_weeks(t, "hours", "working"), "weeks"),
    Kpi("rider_income_per_week", "yuan", "higher", "Earnings of a rider who came, mean over whole weeks.",
        lambda t: _of_weeks(t, "earned", "working") / 100, "weeks"),
    Kpi("rider_income_cv", "1", "lower", "Spread of a rider's weekly income about its mean, mean over riders.",
        income_cv, "weeks"),
    Kpi("rider_kept_share", "1", "higher", "Riders of the first day who have not quit by the end, of all of them.",
        kept_share, "weeks"),
    Kpi("rider_attrition_weekly", "1", "lower", "Riders who quit in a week, of those registered.",
        lambda t: _of_weeks(t, "quit", "riders"), "weeks"),
    Kpi("rider_attrition_yearly", "1", "lower", "Riders who would quit within a year at the rate of the run.",
        yearly_attrition, "weeks"),
    Kpi("rider_entry_weekly", "1", "none", "People hired in a week, of the riders registered.",
        lambda t: _of_weeks(t, "hired", "riders"), "weeks"),
    Kpi("overtime_share", "1", "lower", "Rider-weeks with more than 48 hours on shift (fatigue: a proxy of accidents).",
        lambda t: _of_weeks(t, "overtime", "working"), "weeks"),
    Kpi("star_share", "1", "none", "Riders with a star at the end, of those registered.", levels, "weeks"),
    Kpi("extra_pay_per_order", "yuan", "lower", "Subsidies and bonuses, per delivered order.", extra_per_order,
        "weeks"),
)  # fmt: skip
"""KPIs of riders over weeks."""
