"""How long riders stay, and when in their time they quit, read off the log."""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.span import WEEK_DAYS
from sim.units import DAY

EARLY_DAYS = 28
"""Days after his hiring in which a rider quits early."""


def stays_table(events: Events) -> pd.DataFrame:
    """Every time that somebody was registered; empty where riders do not respond.

    Returns
    -------
    DataFrame
        ``hired``: in the run, else he was there before it; ``days`` that he was seen: since he was hired or the run
        began, until he quit or the run ended; ``quit``: whether he did.
    """
    census, moves = of(events, Kind.FLEET), of(events, Kind.HIRED, Kind.QUIT)
    begun = dict.fromkeys(range(int(census["detail"][0])), -1.0) if len(census) else {}
    last = float(census["t"][-1]) / DAY if len(census) else 0.0
    rows: list[tuple[bool, float, bool]] = []
    for t, kind, rider in zip(moves["t"] / DAY, moves["kind"], moves["rider"].tolist(), strict=True):
        if kind == Kind.HIRED:
            begun[rider] = float(t)
        else:
            rows.append(_stay(begun.pop(rider), float(t), True))
    rows += [_stay(since, last, False) for since in begun.values()]
    table = pd.DataFrame(rows, columns=["hired", "days", "quit"])
    return table.astype({"hired": np.bool_, "days": np.float64, "quit": np.bool_})


def staying(events: Events) -> tuple[Floats, Floats]:
    """Share of riders who have not quit by days since the run began or they were hired (Kaplan and Meier 1958).

    Returns
    -------
    days, share
        Steps of the curve, beginning with day 0 and ending with the last day anybody was seen.
    """
    table, census = stays_table(events), of(events, Kind.FLEET)
    if not len(census):
        return np.zeros(1), np.ones(1)
    days, share = kaplan_meier(table["days"].to_numpy(), table["quit"].to_numpy())
    return np.r_[days, float(census["t"][-1]) / DAY], np.r_[share, share[-1]]


def early_quits(events: Events) -> float:
    """Share of those hired in the run who quit within 28 days; NaN where nobody was watched so long."""
    table = stays_table(events)
    new = table[table["hired"]]
    if not (new["days"] >= EARLY_DAYS).any():
        return nan
    days, share = kaplan_meier(new["days"].to_numpy(), new["quit"].to_numpy())
    return float(1 - share[days <= EARLY_DAYS][-1])


def tenure_table(events: Events) -> pd.DataFrame:
    """Quitting by weeks since riders were hired, or, who was there before, since the run began.

    Returns
    -------
    DataFrame
        ``hired``: in the run; ``week`` (from 0) of those since then; riders ``at_risk``: seen at its beginning;
        who ``quit`` in it; ``rider_weeks`` seen in it, below the riders where some were not seen to its end.
    """
    table = stays_table(events)
    rows = [row for hired in (True, False) for row in _weeks(hired, table[table["hired"] == hired])]
    return pd.DataFrame(rows, columns=["hired", "week", "at_risk", "quit", "rider_weeks"])


def kaplan_meier(days: Floats, quits: Bools) -> tuple[Floats, Floats]:
    """Share who have not quit by the days since they came into view: from day 0, with a step where somebody quits."""
    steps = np.unique(days[quits])
    at_risk = (days[None, :] >= steps[:, None]).sum(axis=1)
    leaving = ((days[None, :] == steps[:, None]) & quits[None, :]).sum(axis=1)
    return np.r_[0.0, steps], np.r_[1.0, np.cumprod(1 - leaving / np.maximum(at_risk, 1))]


def _stay(since: float, until: float, has_quit: bool) -> tuple[bool, float, bool]:
    """Nights are counted from the eve of the first day, so nobody is hired before 0: that is who was there."""
    return since >= 0, until - max(since, 0.0), has_quit


def _weeks(hired: bool, stays: pd.DataFrame) -> list[tuple[bool, int, int, int, float]]:
    days, gone = stays["days"].to_numpy(), stays["quit"].to_numpy()
    ends = np.ceil(days / WEEK_DAYS).astype(np.int64) - 1  # who quits at the end of a week quits in it
    return [
        (hired, week, int((days > WEEK_DAYS * week).sum()), int((gone & (ends == week)).sum()),
         float(np.clip(days / WEEK_DAYS - week, 0, 1).sum()))
        for week in range(int(ends.max(initial=-1)) + 1)
    ]  # fmt: skip
