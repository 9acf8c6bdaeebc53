"""Days and weeks of a run in which people respond."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.entities import Ints
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.units import DAY

WEEK_DAYS = 7


def days_of(events: Events) -> int:
    """Days that the run covers, 0 where nobody responds: a census is taken on the eve and after every day."""
    return max(len(of(events, Kind.CENSUS)) - 1, 0)


def days_lived(events: Events) -> int:
    """Days of any run, at least 1: where nobody responds, up to the last on which somebody wished for something."""
    if days := days_of(events):
        return days
    wishes = of(events, Kind.BROWSED, Kind.ASKED, Kind.PLACED, Kind.LOST)
    _, first = np.unique(wishes["order"], return_index=True)
    return max(int(np.ceil(wishes["t"][first].max(initial=0) / DAY)), 1)


def day_of(t: ArrayLike, days: int) -> Ints:
    """Day, from 0, to which each moment belongs.

    What happens at midnight belongs to the day that has just ended, the eve to the first day, and the drain to
    the last one.

    Parameters
    ----------
    t
        Moments in seconds.
    days
        Days of the run, at least 1.
    """
    return np.clip(np.ceil(np.asarray(t) / DAY).astype(np.int64) - 1, 0, days - 1)


def weeks_in(days: int) -> int:
    """Weeks of a run, the last one perhaps not whole."""
    return -(-days // WEEK_DAYS)
