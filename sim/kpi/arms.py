"""A/B of the rules of a programme inside one run: the users to whom a rule applies against all the others.

Everybody who lives in the city is counted, with an account or without one, so that nobody comes into an arm or
leaves it by what the rule does to him.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats
from sim.events import Kind
from sim.kpi.events import of
from sim.kpi.members import named
from sim.kpi.tables import Tables
from sim.units import DAY

LAST_DAYS = 28
"""Who has a delivered order within so many days of the end, or in the last third of a shorter run, is retained."""
NO_HALVES = 0.001
"""A sample-ratio check below this says that something is wrong with the assignment."""
METRICS = {
    "orders": "delivered orders",
    "spend": "yuan",
    "retained": "share",
    "contribution": "yuan",
}
"""What is compared, each a mean over users, with its unit."""


class Gap(NamedTuple):
    """Users to whom a rule applies less the others: mean difference, its standard error and 95% interval."""

    mean: float
    error: float
    low: float
    high: float


def per_user(tables: Tables, users: int) -> dict[str, Floats]:
    """What became of each user, by metric.

    Parameters
    ----------
    tables
        Of a run in which people respond.
    users
        Everybody who lives in the city.

    Returns
    -------
    dict
        For each of :data:`METRICS` a column of shape (users,): orders delivered; yuan paid for them; 1 where one
        of them was placed near the end, else 0; and yuan that the platform kept of the user.
    """
    members, orders = tables.members, tables.orders
    done = orders[orders["state"] == "delivered"]
    late = done["user"][done["placed_at"] >= (tables.days - min(LAST_DAYS, tables.days / 3)) * DAY]
    who = members["user"]
    return {
        "orders": _summed(who, members["orders"], users),
        "spend": _summed(who, members["spent"], users) / 100,
        "retained": np.where(np.bincount(late, minlength=users) > 0, 1.0, 0.0),
        "contribution": _summed(who, members["contribution"], users) / 100,
    }


def arm_of(tables: Tables, rule: int, users: int) -> Bools:
    """To which users a rule applies that does not apply to all, shape (users,)."""
    rows = of(tables.events, Kind.ARM)
    inside = np.zeros(users, np.bool_)
    inside[rows["user"][rows["detail"] == rule]] = True
    return inside


def gap(values: Floats, arm: Bools) -> Gap:
    """Compare two arms by Welch's t: their variances may differ, and so may their sizes.

    Parameters
    ----------
    values
        One for each user.
    arm
        To whom the rule applies.
    """
    a, b = values[arm], values[~arm]
    if min(len(a), len(b)) < 2:
        return Gap(nan, nan, nan, nan)
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    mean, error = float(a.mean() - b.mean()), float(np.sqrt(va + vb))
    half = _quantile(va, vb, len(a), len(b)) * error if error else 0.0
    return Gap(mean, error, mean - half, mean + half)


def sample_ratio_p(inside: int, users: int, share: float) -> float:
    """Exact two-sided p value of so many users in an arm that is meant to have this share of them.

    It is small where something is wrong with the assignment, and then nothing else of the test is to be trusted.
    """
    from scipy.stats import binomtest

    return float(binomtest(inside, users, share).pvalue) if users else nan


def arms_table(tables: Tables, users: int, shares: Mapping[str, float]) -> pd.DataFrame:
    """Every rule that applies to a part of the users, and what became of them and of the others.

    Parameters
    ----------
    tables
        Of a run.
    users
        Everybody who lives in the city.
    shares
        Part of the users to whom each rule is to apply, by name.

    Returns
    -------
    DataFrame
        ``rule``, ``users`` to whom it applies and ``others``; ``ratio_p``: sample-ratio check; ``metric`` of
        :data:`METRICS`; its mean over them, ``inside``, and over the others, ``outside``; ``difference`` with its
        95% interval from ``low`` to ``high``. Empty where no rule is tried on a part.
    """
    rules = np.unique(of(tables.events, Kind.ARM)["detail"]).tolist()
    values = per_user(tables, users) if rules else {}
    rows = []
    for rule in rules:
        name, arm = named(tables.rules, rule), arm_of(tables, rule, users)
        count = int(arm.sum())
        p = sample_ratio_p(count, users, shares[name]) if name in shares else nan
        for metric, column in values.items():
            found = gap(column, arm)
            means = (float(column[side].mean()) if side.any() else nan for side in (arm, ~arm))
            rows.append((name, count, users - count, p, metric, *means, found.mean, found.low, found.high))
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = ["rule", "users", "others", "ratio_p", "metric", "inside", "outside", "difference", "low", "high"]


def _summed(user: pd.Series, amount: pd.Series, users: int) -> Floats:
    return np.asarray(np.bincount(user, amount, users), dtype=np.float64)


def _quantile(va: float, vb: float, a: int, b: int) -> float:
    """Of Student's t at 97.5% with the degrees of freedom of Welch and Satterthwaite."""
    from scipy.stats import t

    freedom = (va + vb) ** 2 / (va**2 / (a - 1) + vb**2 / (b - 1))
    return float(t.ppf(0.975, freedom))
