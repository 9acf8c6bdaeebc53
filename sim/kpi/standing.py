"""Where users stand at the end of each week, by recency, frequency and money or by tier, and how they move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.entities import Floats, Ints
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.members import spent_on
from sim.kpi.span import WEEK_DAYS, day_of, weeks_in

HIGH_VALUE = ("big spender", "frequent")
"""Both are of high value; who pays much for his orders is the first."""
SEGMENTS = (*HIGH_VALUE, "new", "asleep", "others")
"""In this order: who is of high value is not new, who is new is not asleep."""
HIGH_ORDERS, HIGH_DAYS, ASLEEP_DAYS, NEW_DAYS = 3, 30, 60, 30
"""The articles' segments: 3 orders and more in 30 days; none in 60 days; and an account of 30 days at most."""
HIGH_FEN = 200_00
"""Assumption, for the articles name no sum: paid in these 30 days, about what six orders cost."""

Standing = NDArray[np.int8]
"""A small number for each week (rows) and account (columns), -1 for who has none yet.

Columns are the rows of the members table, and then the accounts that the log only counts.
"""


def segments(members: pd.DataFrame, orders: pd.DataFrame, flows: pd.DataFrame, days: int, unseen: int = 0) -> Standing:
    """Index into :data:`SEGMENTS` of each account at the end of each week.

    Orders placed count, and what was paid for those of them that were delivered. What was before the run is not known:
    nobody is asleep before its sixtieth day.

    Parameters
    ----------
    members, orders, flows
        The tables of these names.
    days
        Days of the run.
    unseen
        Accounts that are not in the members table, see :attr:`sim.kpi.tables.Tables.unseen`.
    """
    user, joined = _everybody(members, unseen)
    size = max(int(user.max(initial=-1)), int(orders["user"].max()) if len(orders) else -1) + 1
    day, of_user = day_of(orders["placed_at"], max(days, 1)), orders["user"].to_numpy()
    ones, spent = np.ones(len(orders)), spent_on(orders, flows)
    answer = np.empty((weeks_in(days), len(user)), np.int8)
    for week in range(len(answer)):
        end = min((week + 1) * WEEK_DAYS, days)

        def recent(window: int, what: Floats | Ints = ones, end: int = end) -> Floats | Ints:
            there = (day >= end - window) & (day < end)
            return np.bincount(of_user[there], what[there], size + 1)[user]  # the last one, -1, is nobody's

        old = end - np.maximum(joined, 0)
        often = recent(HIGH_DAYS) >= HIGH_ORDERS
        chosen = [joined >= end, often & (recent(HIGH_DAYS, spent) >= HIGH_FEN), often]
        chosen += [(joined >= 0) & (old <= NEW_DAYS), (recent(ASLEEP_DAYS) == 0) & (old >= ASLEEP_DAYS)]
        answer[week] = np.select(chosen, [-1, 0, 1, 2, 3], 4)
    return answer


def levels(events: Events, members: pd.DataFrame, days: int, unseen: int = 0) -> Standing:
    """Level of each account at the end of each week, 0 for none; the parameters are those of :func:`segments`."""
    moves, (user, joined) = of(events, Kind.TIER), _everybody(members, unseen)
    week = day_of(moves["t"], max(days, 1)) // WEEK_DAYS
    now = np.zeros(max(int(user.max(initial=-1)), int(moves["user"].max(initial=-1))) + 2, np.int8)
    answer = np.empty((weeks_in(days), len(user)), np.int8)
    for at in range(len(answer)):
        here = moves[week == at]
        now[here["user"]] = here["amount"]
        end = min((at + 1) * WEEK_DAYS, days)
        answer[at] = np.where(joined >= end, -1, now[user])
    return answer


def _everybody(members: pd.DataFrame, unseen: int) -> tuple[Ints, Ints]:
    """User and day of joining of every account; of those that are only counted, -1: nobody, and before the run."""
    return np.r_[members["user"], np.full(unseen, -1)], np.r_[members["joined"], np.full(unseen, -1)]


def mix(standing: Standing, names: Sequence[str]) -> pd.DataFrame:
    """How many accounts stand where: one row a week, one column a name."""
    counts = [np.bincount(row[row >= 0], minlength=len(names)) for row in standing]
    return pd.DataFrame(np.array(counts, np.int64).reshape(-1, len(names)), columns=list(names))


def moves(standing: Standing, names: Sequence[str]) -> pd.DataFrame:
    """Accounts that moved from one week to the next: ``week`` (of arrival), ``from``, ``to`` and ``users``.

    Who stays is a row too; ``joined`` is where new accounts come from.
    """
    size, rows = len(names) + 1, []
    for week in range(1, len(standing)):
        before, after = standing[week - 1].astype(np.int64) + 1, standing[week].astype(np.int64) + 1
        cells = np.bincount(before * size + after, minlength=size * size)
        rows += [(week, *divmod(cell, size), int(cells[cell])) for cell in np.flatnonzero(cells).tolist()]
    table = pd.DataFrame(rows, columns=["week", "from", "to", "users"])
    named = dict(enumerate(["joined", *names]))
    seen = table[table["to"] > 0]
    return seen.assign(**{side: seen[side].map(named) for side in ("from", "to")}).reset_index(drop=True)


def level_names(standing: Standing, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of the levels that were reached, the first one above none; a number where there is no name."""
    reached = range(1, int(standing.max(initial=0)) + 1)
    return ("none", *(names[at - 1] if at <= len(names) else f"level {at}" for at in reached))
