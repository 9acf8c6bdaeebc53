"""How many riders stand on which star level, day by day, read off the log."""

from __future__ import annotations

from math import nan

import numpy as np

from sim.entities import Ints
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.span import WEEK_DAYS

GONE = -1
"""Level of who is not registered."""


def star_mix(events: Events) -> Ints:
    """Riders registered by star level, on the eve and after every day.

    Returns
    -------
    array of shape (days + 1, levels)
        Column 0: without a star. Empty where riders do not respond, or no level was ever given.
    """
    moves = of(events, Kind.HIRED, Kind.QUIT, Kind.LEVEL, Kind.FLEET)
    census, given = of(events, Kind.FLEET), of(events, Kind.LEVEL)["amount"]
    if not len(census) or not len(given):
        return np.empty((0, 1), np.int64)
    levels, first = int(given.max()) + 1, int(census["detail"][0])
    now = np.full(max(first, int(moves["rider"].max()) + 1), GONE)
    now[:first] = 0
    rows = []
    for kind, rider, amount in zip(*(moves[name].tolist() for name in ("kind", "rider", "amount")), strict=True):
        if kind == Kind.FLEET:
            rows.append(np.bincount(now[now > GONE], minlength=levels))
        else:
            now[rider] = {Kind.HIRED: 0, Kind.QUIT: GONE}.get(kind, amount)
    return np.array(rows, np.int64)


def star_weeks(events: Events) -> Ints:
    """The same at the end of each whole week."""
    return star_mix(events)[WEEK_DAYS::WEEK_DAYS]


def star_share(events: Events) -> float:
    """Share of the riders registered at the end who have a star."""
    mix = star_mix(events)
    return 1 - float(mix[-1, 0] / mix[-1].sum()) if len(mix) and mix[-1].any() else nan
