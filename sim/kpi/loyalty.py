"""KPIs of users and their programme over weeks; without a value where nobody responds."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.events import Kind, Purpose
from sim.kpi.cohorts import BACK_DAYS, day_retention, intervals, repurchase_share, week_retention
from sim.kpi.events import of
from sim.kpi.flows import programme_cost
from sim.kpi.kpi import Direction, Kpi
from sim.kpi.members import accounts
from sim.kpi.span import WEEK_DAYS
from sim.kpi.standing import ASLEEP_DAYS, HIGH_VALUE, SEGMENTS
from sim.kpi.tables import Tables
from sim.units import DAY, MINUTE

WATCHED = 4
"""Whole weeks over which users are called active."""
RENEWAL_DAYS = 14
"""Days after the end of a paid plan within which another one counts as its renewal."""
PROMOTER, DETRACTOR = 9, 6
"""From and up to which answer, of 0 to 10, a user promotes or detracts."""


def active_users(tables: Tables) -> float:
    """Users who order in a week, mean of the last four whole weeks."""
    whole = tables.weeks[tables.weeks["days"] == WEEK_DAYS]
    return mean(whole["active"][-WATCHED:])


def orders_per_active(tables: Tables) -> float:
    """Orders in 30 days of a user who ordered in the last four whole weeks; NaN in a shorter run."""
    end = tables.days // WEEK_DAYS * WEEK_DAYS * DAY
    since = end - WATCHED * WEEK_DAYS * DAY
    orders = tables.orders[tables.orders["placed_at"].between(since, end)]
    if since < 0 or not len(orders):
        return nan
    return len(orders) / orders["user"].nunique() * 30 / (WATCHED * WEEK_DAYS)


def drop_out_rate(tables: Tables) -> float:
    """Drop-outs per week and account that has not dropped out."""
    census = of(tables.events, Kind.CENSUS)["detail"][:-1]  # the last one stands at the end of the last day
    return ratio(len(of(tables.events, Kind.DROPPED_OUT)) * WEEK_DAYS, float(census.sum()))


def promoters(tables: Tables) -> Floats:
    """100 for each answer that promotes, -100 for each that detracts, 0 for the others."""
    answers = of(tables.events, Kind.SURVEYED)["amount"]
    return 100.0 * (answers >= PROMOTER) - 100.0 * (answers <= DETRACTOR)


def liability(tables: Tables) -> float:
    """Yuan that the points left are worth, at what points burnt in the run took off; NaN where none was burnt."""
    paid = tables.flows[np.isin(tables.flows["purpose"], (Purpose.POINTS, Purpose.REWARD)) & ~tables.flows["undone"]]
    burnt = of(tables.events, Kind.BURNT)["amount"].sum()
    return ratio(-float(paid["amount"].sum()) / 100 * float(tables.members["points"].sum()), float(burnt))


def renewals(tables: Tables) -> Floats:
    """Whether each paid plan that ended in time for it was followed by another within 14 days, as 0 or 1."""
    plans = of(tables.events, Kind.PLAN)
    table = pd.DataFrame({"user": plans["user"], "begin": plans["t"] / DAY, "end": plans["t"] / DAY + plans["detail"]})
    following = table.groupby("user")["begin"].shift(-1)
    ended = table["end"] + RENEWAL_DAYS <= tables.days
    return np.asarray((following <= table["end"] + RENEWAL_DAYS)[ended], dtype=np.float64)


def acquisition(tables: Tables, payback: bool) -> float:
    """Yuan for an account won by a rule, or days in which it pays back at its contribution so far.

    NaN where nobody was won, or where it never pays back. Channels that cost nothing are left out.
    """
    paid = tables.channels[tables.channels["cost"] > 0]
    per_account = ratio(float(paid["cost"].sum()), float(paid["accounts"].sum()))
    daily = ratio(float((paid["daily"] * paid["lived"]).sum()), float(paid["lived"].sum()))
    return (per_account / daily if daily > 0 else nan) if payback else per_account / 100


def standing_share(tables: Tables, *among: str) -> float:
    """Share of some segments in all accounts at the end."""
    last = tables.segments[-1]
    return mean(np.isin(last[last >= 0], [SEGMENTS.index(name) for name in among]).astype(np.float64))


def mean(values: Floats | pd.Series) -> float:
    """Mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else nan


def ratio(over: float, under: float) -> float:
    """Quotient, NaN where there is nothing to divide by."""
    return over / under if under else nan


def _of_members(name: str, unit: str, better: Direction, definition: str, value: Callable[[Tables], float]) -> Kpi:
    return Kpi(name, unit, better, definition, lambda t: value(t) if t.days else nan, "weeks")


def _back(after: int) -> Kpi:
    text = f"Users who open the app on day {after} after their first order of the run, of all for whom it lies in it."
    return _of_members(f"retention_day_{after}", "1", "higher", text,
                       lambda t: day_retention(t.openings, t.orders, t.days, after))  # fmt: skip


def _kept(week: int) -> Kpi:
    text = f"Users who order in calendar week {week} from that of their first order, of all whose week {week} is over."
    return _of_members(f"retention_week_{week}", "1", "higher", text, lambda t: week_retention(t.cohorts, week))


def _total(column: str) -> Callable[[Tables], float]:
    return lambda tables: float(tables.members[column].sum())


def _cost_per_order(tables: Tables) -> float:
    delivered = int((tables.orders["state"] == "delivered").sum())
    return ratio(float(programme_cost(tables.flows).sum()) / 100, delivered)


LOYALTY = (
    *map(_back, BACK_DAYS), _kept(4), _kept(8), _kept(12),
    _of_members("repurchase_share", "1", "higher",
                "Users who order again within 30 days of their first order of the run, of all watched so long.",
                lambda t: repurchase_share(t.orders, t.days)),
    _of_members("repurchase_interval", "days", "lower",
                "Mean time from an order to the next of each user who orders again in the run, median over them; gaps "
                "that end after the run are not seen, so a short run tells too little.",
                lambda t: float(np.median(intervals(t.orders))) if len(intervals(t.orders)) else nan),
    _of_members("active_users", "users", "higher", "Users who order in a week, mean of the last four whole weeks.",
                active_users),
    _of_members("orders_per_active_user", "orders/month", "higher",
                "Orders in 30 days of a user who ordered in the last four whole weeks.", orders_per_active),
    _of_members("conversion", "1", "higher", "Orders placed, of all openings of the app.",
                lambda t: ratio(len(t.orders), len(t.openings))),
    _of_members("drop_out_rate", "1", "lower", "Users who drop out in a week, of those who have not.", drop_out_rate),
    _of_members("new_accounts", "accounts", "higher", "Accounts opened in the run.",
                lambda t: float(t.weeks["joined"].sum())),
    _of_members("clv", "yuan", "higher",
                "What the platform kept of a user within the run, discounted by 10% a year to its beginning, mean over "
                "all accounts; guarantees and acquisition (talking to people without an account) are not in it, and "
                "nothing is extrapolated.",
                lambda t: ratio(float(t.members["value"].sum()) / 100, accounts(t.events))),
    _of_members("nps", "points", "higher",
                "Answers of 9 and 10 less those up to 6, in per cent of all asked; who has dropped out is not asked.",
                lambda t: mean(promoters(t))),
    _of_members("trust_mean", "1", "higher",
                "Trust from -1 to 1, mean over accounts that have not dropped out, each night, and over the nights.",
                lambda t: mean(of(t.events, Kind.CENSUS)["amount"][1:] / 1e6)),
    _of_members("complaint_rate", "1", "lower", "Complaints, of all orders placed.",
                lambda t: ratio(len(of(t.events, Kind.COMPLAINED)), len(t.orders))),
    _of_members("answer_time_mean", "min", "lower", "Time until a complaint is answered, mean over complaints.",
                lambda t: mean(of(t.events, Kind.COMPLAINED)["amount"] / MINUTE)),
    _of_members("high_value_share", "1", "higher", "Accounts with three orders in the last 30 days, at the end.",
                lambda t: standing_share(t, *HIGH_VALUE)),
    _of_members("big_spender_share", "1", "higher",
                "Of them those who paid 200 yuan for delivered orders in these 30 days; a share of all accounts.",
                lambda t: standing_share(t, HIGH_VALUE[0])),
    _of_members("asleep_share", "1", "lower",
                "Accounts without an order in the last 60 days, at the end of a run of 60 days and more.",
                lambda t: standing_share(t, "asleep") if t.days >= ASLEEP_DAYS else nan),
    _of_members("tier_share", "1", "none", "Accounts with a tier at the end.",
                lambda t: ratio(float((t.members["tier"] > 0).sum()), accounts(t.events))),
    _of_members("points_issued", "points", "none", "Points credited in the run.", _total("earned")),
    _of_members("points_burnt", "points", "none", "Points exchanged in the run.", _total("burnt")),
    _of_members("points_expired", "points", "none", "Points that lapsed in the run.", _total("expired")),
    _of_members("points_liability", "yuan", "lower",
                "Points left at the end, at what a point burnt in the run took off.", liability),
    _of_members("points_inflation", "1", "none", "Points issued for each point burnt.",
                lambda t: ratio(_total("earned")(t), _total("burnt")(t))),
    _of_members("coupon_redemption", "1", "higher",
                "Coupons used on delivered orders, of all given; a price promised to a team is a coupon of each who "
                "agrees, used only where enough of them order.",
                lambda t: ratio(float(t.members["redeemed"].sum()), float(t.members["coupons"].sum()))),
    _of_members("plan_renewal", "1", "higher",
                "Paid plans followed by another within 14 days, of all that ended in time for it.",
                lambda t: mean(renewals(t))),
    _of_members("programme_cost_per_order", "yuan", "lower",
                "What the programme gives and complaints cost, less fees of plans, per delivered order.",
                _cost_per_order),
    _of_members("acquisition_cost", "yuan", "lower",
                "All that rules cost which won accounts or paid to have people talked to, per account that they won; "
                "coupons and rewards of those who had an account are in it, rules that cost nothing are left out.",
                lambda t: acquisition(t, payback=False)),
    _of_members("payback_days", "days", "lower",
                "Days in which such an account brings in its cost, at its contribution per day so far, before its own "
                "coupons of the rule; without a value where it never does: means over runs are of the others only.",
                lambda t: acquisition(t, payback=True)),
)  # fmt: skip
"""KPIs over weeks, in the order in which they are told."""
