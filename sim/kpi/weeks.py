"""The weeks table: one row a week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Ints
from sim.events import Kind, Purpose
from sim.kpi.events import Events, of
from sim.kpi.flows import PROGRAMME
from sim.kpi.span import WEEK_DAYS, day_of, weeks_in


def openings_table(events: Events) -> pd.DataFrame:
    """Openings of the app: ``order`` (its number, whether or not it became one), ``user`` and ``t`` in seconds."""
    births = of(events, Kind.BROWSED, Kind.ASKED, Kind.PLACED, Kind.LOST)
    number, first = np.unique(births["order"], return_index=True)
    return pd.DataFrame({"order": number, "user": births["user"][first], "t": births["t"][first]})


def weeks_table(
    events: Events, orders: pd.DataFrame, flows: pd.DataFrame, openings: pd.DataFrame, days: int
) -> pd.DataFrame:
    """Weeks from the first day, the last perhaps not whole.

    Returns
    -------
    DataFrame
        ``week`` (from 0), ``days`` it has; ``openings`` of the app, ``orders`` placed, ``active`` users who placed
        them; ``joined``, ``dropped_out``, ``came_back``; ``accounts`` that have not dropped out and mean ``trust``
        (-1 to 1) at its end; points ``issued``, ``burnt``, ``expired``, and ``liability``: points left at its end;
        fen that the programme cost, by purpose as ``cost_PURPOSE`` (below 0: fees of plans), those of orders that
        were not delivered left out; ``contribution`` (fen): all that the platform took less all that it paid, without
        what it holds for orders that are still open.
    """
    weeks = weeks_in(days)

    def summed(t: Ints, amount: Ints | pd.Series | None = None) -> Ints:
        week = day_of(t, max(days, 1)) // WEEK_DAYS
        return np.rint(np.bincount(week, amount, weeks)).astype(np.int64)[:weeks]

    def counted(kind: Kind) -> Ints:
        return summed(of(events, kind)["t"])

    issued, burnt, expired = (
        summed(rows["t"], rows["amount"]) for rows in (of(events, k) for k in (Kind.EARNED, Kind.BURNT, Kind.EXPIRED))
    )
    last = np.minimum(np.arange(1, weeks + 1) * WEEK_DAYS, days)
    census = of(events, Kind.CENSUS)[last]
    ordered = day_of(orders["placed_at"], max(days, 1)) // WEEK_DAYS
    seen = pd.DataFrame({"week": ordered, "user": orders["user"]}).drop_duplicates()
    table = {
        "week": np.arange(weeks),
        "days": np.diff(np.r_[0, last]),
        "openings": summed(openings["t"].to_numpy()),
        "orders": np.bincount(ordered, minlength=weeks)[:weeks],
        "active": np.bincount(seen["week"], minlength=weeks)[:weeks],
        "joined": counted(Kind.JOINED),
        "dropped_out": counted(Kind.DROPPED_OUT),
        "came_back": counted(Kind.CAME_BACK),
        "accounts": census["detail"].astype(np.int64),
        "trust": census["amount"] / 1e6,
        "issued": issued,
        "burnt": burnt,
        "expired": expired,
        "liability": np.cumsum(issued - burnt - expired),
    }
    return pd.DataFrame(table | _money(flows, weeks))


def _money(flows: pd.DataFrame, weeks: int) -> dict[str, Ints]:
    week, amount, purpose = (flows[name].to_numpy() for name in ("day", "amount", "purpose"))
    week = week // WEEK_DAYS
    kept = ~flows["undone"].to_numpy()
    cell = np.bincount(week[kept] * len(Purpose) + purpose[kept], amount[kept], weeks * len(Purpose))
    table = -np.rint(cell).astype(np.int64)[: weeks * len(Purpose)].reshape(weeks, len(Purpose))
    costs = {f"cost_{Purpose(p).name.lower()}": table[:, p] for p in PROGRAMME}
    ours = ~flows["held"].to_numpy()
    contribution = np.rint(np.bincount(week[ours], amount[ours], weeks)).astype(np.int64)[:weeks]
    return costs | {"contribution": contribution}
