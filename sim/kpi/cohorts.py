"""Who comes back: cohorts by the week of the first order, and how long users wait for their next one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.kpi.span import WEEK_DAYS, day_of
from sim.units import DAY

NAN = float("nan")
AGAIN_DAYS = 30
"""Days after a first order within which a second one counts as repurchase."""


def cohorts_table(orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """Users by the week of their first order of the run, and how many of them order in the weeks after.

    Orders placed count, whatever became of them. The first cohort of a platform that has users already is mostly
    made of these, and not of new ones.

    Parameters
    ----------
    orders
        The orders table.
    days
        Days of the run; a last week that is not whole is left out.

    Returns
    -------
    DataFrame
        ``cohort`` (week of the first order, from 0); ``week`` (1: that of the first order); ``users`` in the
        cohort; ``active`` of them, who order in that week.
    """
    weeks = days // WEEK_DAYS
    week = day_of(orders["placed_at"], max(days, 1)) // WEEK_DAYS
    whole = week < weeks
    seen = orders[whole].assign(week=week[whole])[["user", "week"]].drop_duplicates()
    cohort = seen.groupby("user")["week"].transform("min").to_numpy(dtype=np.int64)
    age = seen["week"].to_numpy(dtype=np.int64) - cohort
    active = np.bincount(cohort * weeks + age, minlength=weeks * weeks).reshape(weeks, weeks)
    users = active[:, :1].sum(axis=1)
    watched = np.arange(weeks)[:, None] + np.arange(weeks) < weeks
    rows, columns = np.nonzero(watched & (users > 0)[:, None])
    return pd.DataFrame({"cohort": rows, "week": columns + 1, "users": users[rows], "active": active[rows, columns]})


def week_retention(cohorts: pd.DataFrame, week: int) -> float:
    """Share of the users of all cohorts that were watched for so many weeks who order in that week of theirs."""
    then = cohorts[cohorts["week"] == week]
    return float(then["active"].sum() / then["users"].sum()) if len(then) else NAN


def day_retention(openings: pd.DataFrame, orders: pd.DataFrame, days: int, after: int) -> float:
    """Share of users who open the app on one day after that of their first order of the run.

    Parameters
    ----------
    openings
        Openings of the app: ``user`` and ``t`` in seconds.
    orders
        The orders table.
    days
        Days of the run.
    after
        Which day: 1 is the next one. Users for whom it lies behind the run are left out.
    """
    first = _first(orders, days)
    first = first[first + after < days]
    if not len(first):
        return NAN
    opened = openings["user"].to_numpy(dtype=np.int64) * days + day_of(openings["t"], days)
    due = first.index.to_numpy(dtype=np.int64) * days + first.to_numpy(dtype=np.int64) + after
    return float(np.isin(due, opened).mean())


def repurchase_share(orders: pd.DataFrame, days: int) -> float:
    """Share of users who order again within 30 days of their first order of the run.

    Users for whom fewer than 30 days followed are left out.
    """
    ranked = orders.groupby("user").cumcount()
    begin = orders[ranked == 0].set_index("user")["placed_at"]
    again = orders[ranked == 1].set_index("user")["placed_at"].reindex(begin.index)
    watched = begin + AGAIN_DAYS * DAY <= days * DAY
    returned = (again - begin <= AGAIN_DAYS * DAY)[watched]
    return float(returned.mean()) if len(returned) else NAN


def intervals(orders: pd.DataFrame) -> Floats:
    """Days from each order to the same user's next one in the run."""
    gap = orders.groupby("user")["placed_at"].diff().dropna() / DAY
    return np.asarray(gap, dtype=np.float64)


def _first(orders: pd.DataFrame, days: int) -> pd.Series:
    """Day of each user's first order."""
    day = pd.Series(day_of(orders["placed_at"], max(days, 1)), orders.index)
    return day.groupby(orders["user"]).min()
