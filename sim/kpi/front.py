"""What became of wishes before they were orders, what users were told, and what broken promises cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats
from sim.events import Kind, Purpose, Reason, Stage, Trouble
from sim.kpi.events import Events, of
from sim.units import MINUTE, QUARTER

FEWEST_USERS = 10
"""A quarter of an hour in which fewer users wished for something says nothing about the peak."""
GRACE_S = 3 * MINUTE
"""The articles' on-time guarantee: within 3 minutes of the promise."""
NAN = float("nan")


def wishes_table(events: Events) -> pd.DataFrame:
    """Wishes that a merchant was open for, in order of their numbers.

    Returns
    -------
    DataFrame
        ``order, user``; ``wished_at`` in seconds (where wishes are orders at once, when that was); ``reason``
        (why it was lost, -1 when it was not); ``placed``; ``delivered``; ``declined`` (a payment failed).
    """
    births = of(events, Kind.ASKED, Kind.PLACED, Kind.LOST)
    births = births[(births["kind"] != Kind.LOST) | (births["detail"] != Reason.CLOSED)]
    number, first = np.unique(births["order"], return_index=True)
    lost = of(events, Kind.LOST)
    reason = np.full(len(number), -1, np.int64)
    mine = np.isin(lost["order"], number)
    reason[np.searchsorted(number, lost["order"][mine])] = lost["detail"][mine]
    return pd.DataFrame(
        {
            "order": number,
            "user": births["user"][first],
            "wished_at": births["t"][first],
            "reason": reason,
            **{name: np.isin(number, of(events, kind)["order"]) for name, kind in ENDS.items()},
        }
    )


ENDS = {"placed": Kind.PLACED, "delivered": Kind.DELIVERED, "declined": Kind.DECLINED}


def lost_table(events: Events) -> pd.DataFrame:
    """Wishes lost and orders cancelled by ``reason``: how many (``wishes``), and their share of all wishes."""
    ended = of(events, Kind.LOST, Kind.CANCELLED)
    wished = len(np.unique(of(events, Kind.ASKED, Kind.PLACED, Kind.LOST)["order"]))
    counts = np.bincount(ended["detail"], minlength=len(Reason)) if len(ended) else np.zeros(len(Reason), np.int64)
    rows = [(reason.name.lower(), int(counts[reason])) for reason in Reason if counts[reason]]
    table = pd.DataFrame(rows, columns=["reason", "wishes"]).astype({"reason": "str", "wishes": np.int64})
    return table.assign(share=table["wishes"] / max(wished, 1))


def worst_quarter(wishes: pd.DataFrame, end: str) -> float:
    """Least share of users with a wish that came to an `end` (a column of the wishes), over quarters of an hour."""
    if not len(wishes):
        return NAN
    quarter = (wishes["wished_at"] // QUARTER).astype(np.int64)
    served = wishes.groupby([quarter, wishes["user"]])[end].any().groupby(level=0).agg(["mean", "size"])
    peaks = served[served["size"] >= FEWEST_USERS]
    return float(peaks["mean"].min()) if len(peaks) else NAN


def lost_share(wishes: pd.DataFrame) -> float:
    """Share of the wishes that a merchant was open for which did not become orders."""
    return float((wishes["reason"] >= 0).mean()) if len(wishes) else NAN


def false_alarm_share(events: Events) -> float:
    """Honest wishes refused as suspicious, of all wishes that were placed or refused so."""
    reasons = of(events, Kind.LOST)["detail"]
    honest, false = (int((reasons == reason).sum()) for reason in (Reason.SCREENED, Reason.FRAUD))
    return honest / (honest + false + len(of(events, Kind.PLACED))) if honest + false else NAN


def payment_recovery_share(wishes: pd.DataFrame) -> float:
    """Wishes placed after a payment had failed, of all whose payment failed."""
    failed = wishes[wishes["declined"]]
    return float(failed["placed"].mean()) if len(failed) else NAN


def nobody_share(events: Events) -> float:
    """Orders for which the rider found nobody, of all placed."""
    placed, asked = len(of(events, Kind.PLACED)), len(of(events, Kind.ASKED))
    return len(of(events, Kind.NOBODY)) / placed if placed and asked else NAN


def fraud_loss(events: Events, payments: pd.DataFrame) -> float:
    """Yuan that the platform loses on fraudulent orders, per order placed."""
    placed, doors = len(of(events, Kind.PLACED)), of(events, Kind.NOBODY)
    if not placed or not len(of(events, Kind.ASKED)):
        return NAN
    mine = payments[payments["order"].isin(doors["order"][doors["detail"] == Trouble.FRAUD])]
    spent, kept = (mine["amount"][mine[side] == "platform"].sum() for side in ("payer", "payee"))
    return float(spent - kept) / 100 / placed


def status_delays(events: Events) -> Floats:
    """Minutes until the platform heard of each report of a rider."""
    return np.asarray(of(events, Kind.STATUS)["amount"] / MINUTE, dtype=np.float64)


def eta_errors(events: Events, stage: Stage) -> Floats:
    """Minutes by which delivered orders came later than was told at a stage (negative: earlier)."""
    told, done = of(events, Kind.ETA), of(events, Kind.DELIVERED)
    told = told[told["detail"] == stage]
    last = {int(row["order"]): float(row["t"] + row["amount"]) for row in told}
    pairs = [(float(row["t"]), last[int(row["order"])]) for row in done if int(row["order"]) in last]
    return np.array([at - expected for at, expected in pairs]) / MINUTE


def compensation(events: Events) -> float:
    """Yuan paid for broken promises, per delivered order."""
    paid, delivered = of(events, Kind.PAID), len(of(events, Kind.DELIVERED))
    total = paid["amount"][paid["detail"] == Purpose.COMPENSATION].sum()
    return float(total) / 100 / delivered if delivered else NAN


def in_grace(orders: pd.DataFrame) -> Floats:
    """1 for each order delivered not later than 3 minutes after its promise, 0 for the others."""
    return np.asarray(orders["delivered_at"] <= orders["promised_at"] + GRACE_S, dtype=np.float64)


def flash(events: Events, orders: pd.DataFrame) -> Bools:
    """Whether each order paid the surcharge of the flash product."""
    paid = of(events, Kind.PAID)
    return np.isin(orders["order"], paid["order"][paid["detail"] == Purpose.SURCHARGE])


def flash_share(events: Events, orders: pd.DataFrame, on_time: bool) -> float:
    """Share of the flash product in all orders, or of its orders in time (with the grace); NaN without it."""
    chosen = flash(events, orders)
    if not chosen.any():
        return NAN
    return float(in_grace(orders[chosen]).mean() if on_time else chosen.mean())
