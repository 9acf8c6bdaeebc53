"""Who comes back: cohorts by the week of the first order, and how long users wait for their next one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats, Ints
from sim.kpi.span import WEEK_DAYS, day_of, weeks_in
from sim.units import DAY

NAN = float("nan")
AGAIN_DAYS = 30
"""Days after a first order within which a second one counts as repurchase."""
BACK_DAYS = (1, 7, 30)
"""Days after a first order on which it is asked who is back."""


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
    _, back = _back(openings, _first(orders, days), days, after)
    return float(back.mean()) if len(back) else NAN


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
    """Mean days from an order to the next of each user who orders again in the run.

    One value a user: of all gaps most are those of the few who order every day.
    """
    placed = orders.groupby("user")["placed_at"].agg(["min", "max", "size"])
    again = placed[placed["size"] > 1]
    return np.asarray((again["max"] - again["min"]) / (again["size"] - 1) / DAY, dtype=np.float64)


def returns_table(openings: pd.DataFrame, orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """Users by the week of their first order of the run, and how many are back some days after it.

    Parameters
    ----------
    openings, orders, days
        As for :func:`day_retention`.

    Returns
    -------
    DataFrame
        ``cohort`` (week of the first order, from 0); ``day`` of :data:`BACK_DAYS` after that order; ``users`` of
        the cohort for whom it lies in the run; ``back`` of them, who open the app on it. Every cohort has a row
        for every day.
    """
    first = _first(orders, days)
    rows = []
    for after in BACK_DAYS:
        due, back = _back(openings, first, days, after)
        table = pd.DataFrame({"cohort": due // WEEK_DAYS, "back": back})
        counts = table.groupby("cohort")["back"].agg(["size", "sum"]).reindex(range(weeks_in(days)), fill_value=0)
        rows += [(cohort, after, int(users), int(back)) for cohort, users, back in counts.itertuples()]
    there = set((first // WEEK_DAYS).tolist())
    return pd.DataFrame([row for row in sorted(rows) if row[0] in there], columns=["cohort", "day", "users", "back"])


def _back(openings: pd.DataFrame, first: pd.Series, days: int, after: int) -> tuple[Ints, Bools]:
    """Day of the first order of all for whom that many days follow, and whether they open the app on the last."""
    first = first[first + after < days]
    opened = openings["user"].to_numpy(dtype=np.int64) * days + day_of(openings["t"], max(days, 1))
    day = first.to_numpy(dtype=np.int64)
    return day, np.isin(first.index.to_numpy(dtype=np.int64) * days + day + after, opened)


def _first(orders: pd.DataFrame, days: int) -> pd.Series:
    """Day of each user's first order."""
    day = pd.Series(day_of(orders["placed_at"], max(days, 1)), orders.index)
    return day.groupby(orders["user"]).min()
