"""One week cut out of a log, as if it were a run of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.events import Kind
from sim.kpi.span import WEEK_DAYS, day_of
from sim.kpi.tables import Tables
from sim.units import DAY

NIGHTLY = (Kind.CENSUS, Kind.FLEET, Kind.TRADED)
"""What is told once a night counts the days of a run; a week cut out has no eve, so it has none of these."""


def week_of(tables: Tables, week: int) -> Tables:
    """Tables of what was begun in a week.

    Parameters
    ----------
    tables
        Of a run.
    week
        From 0.

    Returns
    -------
    Tables
        Orders wished for in the week, with all that became of them; what concerns no order, by its time, and what is
        paid at midnight with the day that has ended. Without :data:`NIGHTLY`, so nothing in it tells of days and weeks.
    """
    events, born = tables.events, tables.openings
    span = week * WEEK_DAYS * DAY, (week + 1) * WEEK_DAYS * DAY
    ours = born["order"][(born["t"] >= span[0]) & (born["t"] < span[1])]
    of_order = np.isin(events["order"], ours)
    ended = day_of(events["t"], (week + 1) * WEEK_DAYS + 1)  # what comes later is cut off, not the last day's
    day = np.where(events["kind"] == Kind.PAID, ended, events["t"] // DAY)
    of_time = (events["order"] < 0) & (day // WEEK_DAYS == week)
    return replace(tables, events=events[(of_order | of_time) & ~np.isin(events["kind"], NIGHTLY)])
