"""Riders over weeks, read off the log: who works, what they earn, who comes and who quits."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np

from sim.entities import Floats
from sim.events import Kind
from sim.kpi.events import of
from sim.kpi.kpi import Kpi
from sim.kpi.spread import gini
from sim.kpi.star_mix import star_share
from sim.kpi.tables import Tables
from sim.kpi.tenure import early_quits


def _of_weeks(tables: Tables, over: str, under: str) -> float:
    """Ratio of two columns over all whole weeks."""
    weeks = tables.fleet
    bottom = float(weeks[under].sum())
    return float(weeks[over].sum()) / bottom if bottom else nan


def fleet_hours(tables: Tables) -> float:
    """Hours on shift of all riders in a week, mean over whole weeks."""
    return float(tables.fleet["hours"].mean()) if len(tables.fleet) else nan


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
    weekly = _of_weeks(tables, "quit", "at_risk")
    return 1 - (1 - min(weekly, 1.0)) ** 52


def extra_per_order(tables: Tables) -> float:
    """Yuan of subsidies and bonuses per delivered order; NaN where nothing of the kind is paid."""
    payments = tables.payments
    extra = payments[payments["purpose"].isin(["subsidy", "bonus"])]["amount"].sum()
    delivered = int((tables.orders["state"] == "delivered").sum())
    return float(extra) / 100 / delivered if extra and delivered else nan


def income_cv(tables: Tables) -> float:
    """Coefficient of variation of a rider's income over the whole weeks in which he came, mean over riders."""
    if len(tables.fleet) < 2:
        return nan
    spread = tables.rider_weeks.groupby("rider")["earned"].agg(["mean", "std"]).dropna()
    spread = spread[spread["mean"] > 0]
    return float((spread["std"] / spread["mean"]).mean()) if len(spread) else nan


def weekly_incomes(tables: Tables, statistic: Callable[[Floats], float]) -> Floats:
    """A statistic of what each rider who came earned in a week, in yuan, one value for each whole week."""
    own = tables.rider_weeks.groupby("week")["earned"]
    found = {week: statistic(fen.to_numpy(dtype=np.float64) / 100) for week, fen in own}
    return np.array([found.get(week, nan) for week in range(len(tables.fleet))])


def mean(yuan: Floats) -> float:
    """What they earn on average, in yuan."""
    return float(yuan.mean())


def p10(yuan: Floats) -> float:
    """What a tenth of the riders stay below, in yuan."""
    return float(np.quantile(yuan, 0.1))


def inequality(yuan: Floats) -> float:
    """Gini coefficient; who owes more than he earned counts as having nothing."""
    return gini(np.maximum(yuan, 0))


def _mean_of(statistic: Callable[[Floats], float]) -> Callable[[Tables], float]:
    def value(tables: Tables) -> float:
        known = weekly_incomes(tables, statistic)
        known = known[np.isfinite(known)]
        return float(known.mean()) if len(known) else nan

    return value


FLEET: tuple[Kpi, ...] = (
    Kpi("fleet_hours_per_week", "h", "none", "Hours on shift of all riders together in a week, mean over whole weeks.",
        fleet_hours, "weeks"),
    Kpi("rider_hours_per_week", "h", "none",
        "Hours on shift in a whole week of a rider who came, mean over riders and weeks.",
        lambda t: _of_weeks(t, "hours", "working"), "weeks"),
    Kpi("rider_income_per_week", "yuan", "higher",
        "Earnings in a week, mean over the riders who came in it, mean over whole weeks.", _mean_of(mean), "weeks"),
    Kpi("rider_income_per_week_p10", "yuan", "higher",
        "Earnings that a tenth of the riders who came stay below in a week, mean over whole weeks.",
        _mean_of(p10), "weeks"),
    Kpi("rider_income_per_week_gini", "1", "lower",
        "Gini coefficient of the week's earnings over the riders who came, mean over whole weeks; debts count as 0.",
        _mean_of(inequality), "weeks"),
    Kpi("rider_income_cv", "1", "lower", "Spread of a rider's weekly income about its mean, mean over riders.",
        income_cv, "weeks"),
    Kpi("rider_kept_share", "1", "higher", "Riders of the first day who have not quit by the end, of all of them.",
        kept_share, "weeks"),
    Kpi("rider_attrition_weekly", "1", "lower",
        "Riders who quit in a week, of those registered at its beginning or hired in it.",
        lambda t: _of_weeks(t, "quit", "at_risk"), "weeks"),
    Kpi("rider_attrition_yearly", "1", "lower", "Riders who would quit within a year at the rate of the run.",
        yearly_attrition, "weeks"),
    Kpi("rider_early_quits", "1", "lower",
        "Riders hired in the run who quit within four weeks (Kaplan and Meier's estimate); no value where nobody was "
        "watched so long.", lambda t: early_quits(t.events), "weeks"),
    Kpi("rider_entry_weekly", "1", "none", "People hired in a week, of the riders registered at its end.",
        lambda t: _of_weeks(t, "hired", "riders"), "weeks"),
    Kpi("overtime_share", "1", "lower", "Rider-weeks with more than 48 hours on shift (fatigue: a proxy of accidents).",
        lambda t: _of_weeks(t, "overtime", "working"), "weeks"),
    Kpi("star_share", "1", "none", "Riders with a star at the end, of those registered.",
        lambda t: star_share(t.events), "weeks"),
    Kpi("extra_pay_per_order", "yuan", "lower", "Subsidies and bonuses, per delivered order.", extra_per_order,
        "weeks"),
)  # fmt: skip
"""KPIs of riders over weeks."""
