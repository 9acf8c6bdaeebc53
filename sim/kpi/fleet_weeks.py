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


def rider_weeks(events: Events) -> pd.DataFrame:
    """Whole weeks of the riders who came on shift in them; empty where the fleet does not respond.

    Returns
    -------
    DataFrame
        ``week`` (from 0), ``rider``; ``hours`` on shift; ``earned`` in fen, deductions taken off. A shift is of the
        week in which it began, with what is earned in it; what is paid at midnight to others is of the day before.
    """
    shifts, paid = spells(events, Kind.ON_SHIFT, Kind.OFF_SHIFT), of(events, Kind.PAID)
    paid = paid[np.isin(paid["detail"], (*WAGES, Purpose.DEDUCTION))]
    earned = np.where(paid["detail"] == Purpose.DEDUCTION, -paid["amount"], paid["amount"])
    wages = pd.DataFrame({"t": paid["t"], "rider": paid["rider"], "week": _night(paid), "earned": earned})
    hours = np.asarray(shifts["end"] - shifts["start"]) / HOUR
    by = ["week", "rider"]
    worked = pd.DataFrame({"week": week_of(shifts["start"]), "rider": shifts["rider"], "hours": hours})
    earned_in = _by_shift(wages, shifts).groupby(by)[["earned"]].sum()
    table = worked.groupby(by).sum().join(earned_in).fillna({"earned": 0}).reset_index()
    return table[table["week"] < _whole(events)].astype({"earned": np.int64})


def fleet_weeks(events: Events, worked: pd.DataFrame) -> pd.DataFrame:
    """Weeks of a fleet that responds, from the log and :func:`rider_weeks`; empty where it does not.

    Returns
    -------
    DataFrame
        ``week`` (from 0); ``riders`` registered at its end; ``hired`` and ``quit`` in it; ``at_risk`` of quitting:
        registered at its beginning or hired in it; ``working``: different riders who came on shift; ``hours`` on
        shift; ``earned`` in fen, deductions taken off; ``extra``: fen of it that are subsidies and bonuses;
        ``delivered`` orders; ``overtime``: riders with more than 48 hours.
    """
    weeks, paid = _whole(events), of(events, Kind.PAID)
    begin, end = (of(events, Kind.FLEET)["detail"][at::WEEK_DAYS][:weeks].astype(np.int64) for at in (0, WEEK_DAYS))
    wages, extra, taken = (
        paid[np.isin(paid["detail"], purposes)]
        for purposes in (WAGES, (Purpose.SUBSIDY, Purpose.BONUS), (Purpose.DEDUCTION,))
    )

    def summed(of_week: Ints | pd.Series, amount: Floats | Ints | pd.Series | None = None) -> Floats:
        return np.bincount(of_week, amount, weeks)[:weeks].astype(np.float64)

    hired = summed(_night(of(events, Kind.HIRED))).astype(np.int64)
    return pd.DataFrame(
        {
            "week": np.arange(weeks),
            "riders": end,
            "hired": hired,
            "at_risk": begin + hired,
            "quit": summed(_night(of(events, Kind.QUIT))).astype(np.int64),
            "working": summed(worked["week"]).astype(np.int64),
            "hours": summed(worked["week"], worked["hours"]),
            "earned": summed(_night(wages), wages["amount"]) - summed(_night(taken), taken["amount"]),
            "extra": summed(_night(extra), extra["amount"]),
            "delivered": summed(week_of(of(events, Kind.DELIVERED)["t"])).astype(np.int64),
            "overtime": summed(worked["week"][worked["hours"] > LONG_WEEK_H]).astype(np.int64),
        }
    )


def _by_shift(wages: pd.DataFrame, shifts: pd.DataFrame) -> pd.DataFrame:
    """Wages, those within a shift with the week in which it began."""
    begun = shifts.sort_values("start")
    near = pd.merge_asof(wages.sort_values("t"), begun, left_on="t", right_on="start", by="rider")
    within = near["t"] <= near["end"]
    return near.assign(week=near["week"].where(~within, week_of(near["start"].fillna(0.0))))


def week_of(t: Floats | pd.Series) -> Ints:
    """Week of each time in seconds."""
    return (np.asarray(t) // (WEEK_DAYS * DAY)).astype(np.int64)


def _night(rows: Events) -> Ints:
    """Week to which a night belongs: it ends the day before."""
    return week_of(np.maximum(rows["t"] - 1, 0))


def _whole(events: Events) -> int:
    """Whole weeks that a fleet that responds has lived, 0 where it does not."""
    return max(len(of(events, Kind.FLEET)) - 1, 0) // WEEK_DAYS
