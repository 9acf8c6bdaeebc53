"""Money as the platform sees it: whose order or favour it was for, when, and whether it was undone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Ints
from sim.events import PARTIES, Kind, Purpose
from sim.kpi.events import Events, of
from sim.kpi.span import day_of

OFF = (Purpose.DISCOUNT, Purpose.COUPON, Purpose.POINTS)
"""What is taken off an order; given back when the order is cancelled."""
DIRECT = (Purpose.REWARD, Purpose.CONTACT, Purpose.ACQUISITION, Purpose.GIFT)
"""What rules pay of their own accord."""
ON_COMPLAINT = (Purpose.APOLOGY, Purpose.SERVICE)
"""What complaints cost."""
PROGRAMME = (*OFF, *DIRECT, *ON_COMPLAINT, Purpose.PLAN_FEE)
"""Everything that a programme gives, and what it takes for a paid plan."""
SIGN = np.array([(PARTIES[p][1] == "platform") - (PARTIES[p][0] == "platform") for p in Purpose])
"""1 where the platform receives, -1 where it pays, 0 where it does neither."""


def flows_table(events: Events, orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """Every payment from or to the platform.

    Parameters
    ----------
    events
        The log.
    orders
        The orders table.
    days
        Days of the run.

    Returns
    -------
    DataFrame
        ``day``; ``order`` and ``user`` it was for (-1: none); ``purpose`` (a number of
        :class:`~sim.events.Purpose`); ``amount`` in fen, below 0 where the platform pays; ``undone``: it belongs to
        an order that was not delivered, and is not what a complaint costs. What is undone is not always balanced,
        for an order may be open or have failed at the door. ``held``: it belongs to an order that is still open at
        the end of the run, so that the platform neither earned nor lost it.
    """
    paid = of(events, Kind.PAID)
    paid = paid[SIGN[paid["detail"]] != 0]
    order, purpose = paid["order"].astype(np.int64), paid["detail"].astype(np.int8)
    size = int(max(orders["order"].max(), order.max(initial=-1))) + 1 if len(orders) else int(order.max(initial=-1)) + 1
    user, delivered, pending = np.full(size + 1, -1), np.zeros(size + 1, np.bool_), np.zeros(size + 1, np.bool_)
    user[orders["order"]] = orders["user"]
    delivered[orders["order"]], pending[orders["order"]] = orders["state"] == "delivered", orders["state"] == "open"
    return pd.DataFrame(
        {
            "day": day_of(paid["t"], max(days, 1)).astype(np.int32),
            "order": order,
            "user": np.where(order >= 0, user[order], paid["user"]).astype(np.int32),
            "purpose": purpose,
            "amount": SIGN[purpose] * paid["amount"],
            "undone": (order >= 0) & ~delivered[order] & ~np.isin(purpose, ON_COMPLAINT),
            "held": (order >= 0) & pending[order],
        }
    )


def kept(flows: pd.DataFrame) -> pd.DataFrame:
    """What the platform's contribution is made of: everything but what it holds for orders that are still open."""
    return flows[~flows["held"]]


def programme_cost(flows: pd.DataFrame) -> Ints:
    """Fen that the programme costs by :class:`~sim.events.Purpose`, below 0 for the fees of plans."""
    ours = flows[np.isin(flows["purpose"], PROGRAMME) & ~flows["undone"]]
    return -_summed(ours["purpose"], ours["amount"], len(Purpose))


def ledger_table(flows: pd.DataFrame) -> pd.DataFrame:
    """What the platform took and paid, line by line; the amounts add up to its balance, to the fen.

    Returns
    -------
    DataFrame
        ``group`` (orders, programme; held: what users paid for orders that are still open), ``line`` (the purpose,
        or ``undelivered``: what was paid for orders that ended without a delivery, less what was given back) and
        ``amount`` in fen, below 0 where the platform pays. Lines without a payment are left out. All but what is
        held is the contribution.
    """
    done = flows[~flows["undone"]]
    sums = _summed(done["purpose"], done["amount"], len(Purpose))
    there = _summed(done["purpose"], np.ones(len(done), np.int64), len(Purpose))
    rows = [
        ("programme" if purpose in PROGRAMME else "orders", purpose.name.lower(), int(sums[purpose]))
        for purpose in Purpose
        if there[purpose]
    ]
    for group, line, mine in (("orders", "undelivered", flows["undone"] & ~flows["held"]),
                              ("held", "open orders", flows["undone"] & flows["held"])):  # fmt: skip
        if mine.any():
            rows.append((group, line, int(flows["amount"][mine].sum())))
    return pd.DataFrame(rows, columns=["group", "line", "amount"]).astype({"amount": np.int64})


def _summed(code: pd.Series | Ints, amount: pd.Series | Ints, size: int) -> Ints:
    """Exact sums by code: bincount adds floats, and these stay below 2**53."""
    return np.rint(np.bincount(code, amount, size)).astype(np.int64)
