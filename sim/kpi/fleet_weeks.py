"""Riders over weeks as a table: who works, what they earn, who comes and who quits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Floats, Ints
from sim.events import Kind, Purpose
from sim.kpi.events import Events, of
from sim.kpi.riders import WAGES, spells
from sim.kpi.span import WEEK_DAYS
from sim.units import DAY, HOUR

LONG_WEEK_H = 48.0
"""Hours of a week beyond which work is overtime."""


def fleet_weeks(events: Events) -> pd.DataFrame:
    """Weeks of a fleet that responds; empty where it does not.

    Returns
    -------
    DataFrame
        ``week`` (from 0); ``riders`` registered at its end; ``hired`` and ``quit`` in it; ``working``: different
        riders who came on shift; ``hours`` on shift; ``earned`` in fen, deductions taken off; ``extra``: fen of it
        that are subsidies and bonuses; ``delivered`` orders; ``overtime``: riders with more than 48 hours.
    """
    census = of(events, Kind.FLEET)
    weeks = (len(census) - 1) // WEEK_DAYS if len(census) else 0
    shifts = spells(events, Kind.ON_SHIFT, Kind.OFF_SHIFT)
    week, hours = week_of(shifts["start"]), np.asarray(shifts["end"] - shifts["start"]) / HOUR
    paid = of(events, Kind.PAID)
    wages, extra, taken = (
        paid[np.isin(paid["detail"], purposes)]
        for purposes in (WAGES, (Purpose.SUBSIDY, Purpose.BONUS), (Purpose.DEDUCTION,))
    )
    by_rider = pd.DataFrame({"week": week, "rider": shifts["rider"], "hours": hours}).groupby(["week", "rider"]).sum()
    worked = by_rider.reset_index()

    def summed(of_week: Ints, amount: Floats | Ints | None = None) -> Floats:
        return np.bincount(of_week, amount, weeks)[:weeks].astype(np.float64)

    return pd.DataFrame(
        {
            "week": np.arange(weeks),
            "riders": census["detail"][WEEK_DAYS::WEEK_DAYS][:weeks].astype(np.int64),
            "hired": summed(_night(of(events, Kind.HIRED))).astype(np.int64),
            "quit": summed(_night(of(events, Kind.QUIT))).astype(np.int64),
            "working": summed(worked["week"].to_numpy()).astype(np.int64),
            "hours": summed(week, hours),
            "earned": summed(week_of(wages["t"]), wages["amount"]) - summed(week_of(taken["t"]), taken["amount"]),
            "extra": summed(week_of(extra["t"]), extra["amount"]),
            "delivered": summed(week_of(of(events, Kind.DELIVERED)["t"])).astype(np.int64),
            "overtime": summed(worked["week"].to_numpy()[worked["hours"] > LONG_WEEK_H]).astype(np.int64),
        }
    )


def week_of(t: Floats | pd.Series) -> Ints:
    """Week of each time in seconds."""
    return (np.asarray(t) // (WEEK_DAYS * DAY)).astype(np.int64)


def _night(rows: Events) -> Ints:
    """Week to which a night belongs: it ends the day before."""
    return week_of(np.maximum(rows["t"] - 1, 0))
