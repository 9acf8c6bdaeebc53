"""The platform's books: every fen that it took and paid, by week and line, and what it still owes for points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.entities import Ints
from sim.events import Kind, Purpose
from sim.kpi.events import Events, of
from sim.kpi.flows import kept
from sim.kpi.span import WEEK_DAYS, day_of, weeks_in

LINES: dict[str, tuple[Purpose, ...]] = {
    "fees": (Purpose.DELIVERY_FEE, Purpose.SURCHARGE, Purpose.WAITING),
    "commission": (Purpose.BASKET, Purpose.MERCHANT_SHARE, Purpose.ADVANCE, Purpose.REIMBURSEMENT),
    "advertising": (Purpose.ADVERTISING,),
    "paid_plans": (Purpose.PLAN_FEE,),
    "rider_pay": (Purpose.RIDER_PAY,),
    "rider_extras": (Purpose.GUARANTEE, Purpose.SUBSIDY, Purpose.BONUS, Purpose.DEDUCTION),
    "discounts": (Purpose.DISCOUNT, Purpose.COUPON, Purpose.POINTS),
    "promotions": (Purpose.PROMOTION, Purpose.PROMOTION_SHARE),
    "gifts": (Purpose.GIFT, Purpose.REWARD),
    "compensation": (Purpose.COMPENSATION, Purpose.APOLOGY),
    "acquisition": (Purpose.ACQUISITION,),
    "contact": (Purpose.CONTACT,),
    "service": (Purpose.SERVICE, Purpose.CREW_COST, Purpose.TRAINING),
    "undelivered": (Purpose.REFUND, Purpose.CHARGEBACK, Purpose.GOODS_BACK),
}
"""What each line of the contribution holds. `acquisition`: people without an account are talked to. `contact`:
users are called and written to. `undelivered`: whatever was paid for an order that failed, net."""
GIVEN = ("rider_extras", "discounts", "promotions", "gifts", "compensation", "acquisition", "contact", "service")
"""Lines on which campaigns are paid."""
OPEN = "open_orders"
"""The line of cash that is no contribution: what the platform holds for orders that are open when the run ends."""
POINTS_OWED = "points_liability"
"""The memo line: a level at the end of the week, and no cash."""


def line_of(purpose: Purpose) -> str:
    """The line that a purpose belongs to."""
    return next(line for line, purposes in LINES.items() if purpose in purposes)


def books_table(events: Events, flows: pd.DataFrame, days: int) -> pd.DataFrame:
    """The books, one row a week and line.

    Parameters
    ----------
    events
        The log.
    flows
        Payments from and to the platform, see :func:`sim.kpi.flows.flows_table`.
    days
        Days of the run, at least 1.

    Returns
    -------
    DataFrame
        ``week`` (from 0, the last perhaps not whole), ``line``, whether it is ``cash``, ``amount`` in fen, below 0
        where the platform pays. The cash of all weeks adds up to the platform's balance in the payments table, to
        the fen; all but that of ``open_orders`` is the contribution. ``points_liability`` is no cash: points left
        at the end of the week, at what a point burnt in the run took off; 0 where none was burnt, for then their
        worth is unknown.
    """
    lines = [*LINES, OPEN]
    weeks, size = weeks_in(days), len(lines)
    code = np.array([lines.index(line_of(purpose)) for purpose in Purpose])[flows["purpose"]]
    code = np.where(flows["undone"], lines.index("undelivered"), code)
    code = np.where(flows["held"], lines.index(OPEN), code)
    cash = _summed((flows["day"].to_numpy() // WEEK_DAYS) * size + code, flows["amount"].to_numpy(), weeks * size)
    amounts = np.column_stack([cash.reshape(weeks, size), -_points_owed(events, flows, days)])
    names = [*lines, POINTS_OWED]
    return pd.DataFrame(
        {
            "week": np.repeat(np.arange(weeks), len(names)),
            "line": np.tile(names, weeks),
            "cash": np.tile([name != POINTS_OWED for name in names], weeks),
            "amount": amounts.ravel(),
        }
    )


def contribution_table(flows: pd.DataFrame, orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """What is left of the cash: ``week``, orders ``delivered``, ``contribution`` and that ``per_order``, in fen.

    What users paid for orders that are still open at the end of the run is cash, and no contribution. An order
    counts in the week in which it arrived, on the last day what arrived after it; without one, ``per_order`` is NaN.
    """
    weeks, ours = weeks_in(days), kept(flows)
    contribution = _summed(ours["day"].to_numpy() // WEEK_DAYS, ours["amount"].to_numpy(), weeks)
    arrived = orders["delivered_at"][orders["state"] == "delivered"]
    delivered = np.bincount(day_of(arrived, weeks * WEEK_DAYS) // WEEK_DAYS, minlength=weeks)
    table = pd.DataFrame({"week": np.arange(weeks), "delivered": delivered, "contribution": contribution})
    per_order = table["contribution"] / table["delivered"]
    return table.assign(per_order=per_order.where(table["delivered"] > 0))


def line_totals(books: pd.DataFrame) -> dict[str, int]:
    """Fen of each line of the contribution over all weeks."""
    cash = books[books["cash"]].groupby("line")["amount"].sum()
    return {line: int(cash[line]) for line in LINES}


def _points_owed(events: Events, flows: pd.DataFrame, days: int) -> Ints:
    """Fen that the points left at the end of each week are worth."""
    left = np.zeros(weeks_in(days), np.int64)
    for kind, sign in ((Kind.EARNED, 1), (Kind.BURNT, -1), (Kind.EXPIRED, -1)):
        rows = of(events, kind)
        left += sign * _summed(day_of(rows["t"], days) // WEEK_DAYS, rows["amount"], len(left))
    paid = flows["amount"][np.isin(flows["purpose"], (Purpose.POINTS, Purpose.REWARD)) & ~flows["undone"]]
    burnt = int(of(events, Kind.BURNT)["amount"].sum())
    worth = -int(paid.sum()) / burnt if burnt else 0.0
    return np.rint(np.cumsum(left) * worth).astype(np.int64)


def _summed(code: Ints, amount: Ints, size: int) -> Ints:
    """Exact sums by code: bincount adds floats, and these stay below 2**53."""
    return np.rint(np.bincount(code, amount, size)).astype(np.int64)
