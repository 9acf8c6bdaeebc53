"""The members table: one row an account."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.entities import Bools, Floats, Ints
from sim.events import Kind
from sim.kpi.events import Events, of
from sim.kpi.flows import OFF
from sim.kpi.span import day_of
from sim.units import DAY

TOLD = (Kind.BROWSED, Kind.ASKED, Kind.PLACED, Kind.LOST, Kind.JOINED, Kind.DROPPED_OUT, Kind.CAME_BACK, Kind.EARNED,
        Kind.BURNT, Kind.EXPIRED, Kind.TIER, Kind.COUPON, Kind.TOUCHED, Kind.SURVEYED, Kind.PLAN,
        Kind.PAID)  # fmt: skip
"""Events whose user, if they have any, has an account."""
DISCOUNT_RATE = 0.1
"""Yearly rate (assumption) at which a user's contribution is discounted to the beginning of the run."""
FRIEND, ITSELF = "friend", "by itself"
"""Channels that are no rule: a friend brought the user, or he came of his own accord."""


def members_table(
    events: Events, orders: pd.DataFrame, flows: pd.DataFrame, rules: Sequence[str], days: int
) -> pd.DataFrame:
    """Accounts to which something happens in the log, by user.

    An account from before the run whose user never opens the app, is never asked and gets nothing is only counted
    by the log, and not here: what happens to people must not decide who is averaged over, see :func:`accounts`.

    Returns
    -------
    DataFrame
        ``user``; ``joined`` (day, -1: before the run), ``channel`` (the rule that won him, ``friend``,
        ``by itself``; empty: before the run), ``inviter`` (-1: nobody); ``first_order`` and ``last_order`` placed in
        the run (days, -1: none); ``orders`` delivered and fen ``spent`` on them; ``dropped_out`` (day; -1: not, or
        back again), ``came_back`` (times); ``tier`` at the end; points ``earned, burnt, expired, points`` (left);
        ``coupons`` given and ``redeemed`` on delivered orders; ``complaints``; fen ``contribution`` that the
        platform kept of him, and the same discounted by 10% a year as ``value``; and for each rule that does not
        apply to everybody ``arm_NAME``.
    """
    user = np.unique(of(events, *TOLD)["user"])
    user = user[user >= 0]
    size = int(user.max(initial=-1)) + 1

    def total(kind: Kind, amount: bool = False) -> Ints:
        rows = of(events, kind)
        return _summed(rows["user"], rows["amount"] if amount else None, size)[user]

    earned, burnt, expired = (total(kind, amount=True) for kind in (Kind.EARNED, Kind.BURNT, Kind.EXPIRED))
    delivered = orders[orders["state"] == "delivered"]
    table: dict[str, object] = {"user": user, **_origin(events, rules, user, size)}
    table |= _spans(orders, user, size, days)
    table["orders"] = _summed(delivered["user"], None, size)[user]
    table["spent"] = _summed(orders["user"], spent_on(orders, flows), size)[user]
    table["dropped_out"] = _gone(events, size, days)[user]
    table["came_back"] = total(Kind.CAME_BACK)
    table["tier"] = _last(of(events, Kind.TIER), "amount", 0, size)[user]
    table |= {"earned": earned, "burnt": burnt, "expired": expired, "points": earned - burnt - expired}
    redeemed = of(events, Kind.REDEEMED)
    used = redeemed[np.isin(redeemed["order"], delivered["order"])]
    table |= {"coupons": total(Kind.COUPON), "redeemed": _summed(used["user"], None, size)[user]}
    table["complaints"] = total(Kind.COMPLAINED)
    table |= _worth(flows, user, size)
    arms = of(events, Kind.ARM)
    table |= {f"arm_{named(rules, rule)}": np.isin(user, arms["user"][arms["detail"] == rule])
              for rule in np.unique(arms["detail"]).tolist()}  # fmt: skip
    return pd.DataFrame(table)


def accounts(events: Events) -> int:
    """Accounts that there were in the run, dropped out or not: those of the eve, and those opened later."""
    census = of(events, Kind.CENSUS)
    return int(census["detail"][:1].sum()) + int((of(events, Kind.JOINED)["t"] > 0).sum())


def named(rules: Sequence[str], rule: int) -> str:
    """A rule's name; a log read without its scenario knows only its number."""
    return rules[rule] if 0 <= rule < len(rules) else f"rule {rule}"


def _origin(events: Events, rules: Sequence[str], user: Ints, size: int) -> dict[str, object]:
    joined = of(events, Kind.JOINED)
    day, rule, inviter = (np.full(size, -1) for _ in range(3))
    at = joined["user"]
    day[at], rule[at], inviter[at] = (joined["t"] / DAY).astype(np.int64), joined["detail"], joined["amount"]
    names = [named(rules, number) for number in range(max(int(rule.max(initial=-1)) + 1, len(rules)))]
    code = np.where(rule >= 0, rule + 3, np.where(inviter >= 0, 1, 2))
    channels = pd.Index(["", FRIEND, ITSELF, *names])
    channel = pd.Categorical.from_codes(np.where(day >= 0, code, 0)[user], categories=channels)
    return {"joined": day[user], "channel": channel, "inviter": inviter[user]}


def _spans(orders: pd.DataFrame, user: Ints, size: int, days: int) -> dict[str, object]:
    first, last = np.full(size, days), np.full(size, -1)
    day, of_user = day_of(orders["placed_at"], days), orders["user"].to_numpy()
    np.minimum.at(first, of_user, day)
    np.maximum.at(last, of_user, day)
    return {"first_order": np.where(last >= 0, first, -1)[user], "last_order": last[user]}


def spent_on(orders: pd.DataFrame, flows: pd.DataFrame) -> Ints:
    """Fen spent on each order: its basket and fee, less what was taken off; 0 where it was not delivered."""
    off = flows[np.isin(flows["purpose"], OFF) & (flows["order"] >= 0)]
    size = 1 + int(np.concatenate([orders["order"], off["order"]]).max(initial=-1))
    due = orders["basket"] + orders["fee"] + _summed(off["order"], off["amount"], size)[orders["order"]]
    return np.where(orders["state"] == "delivered", due, 0)


def _gone(events: Events, size: int, days: int) -> Ints:
    """Day of the last drop-out of those who have not come back since."""
    left, back = of(events, Kind.DROPPED_OUT), of(events, Kind.CAME_BACK)
    at, returned = _last(left, "t", np.nan, size), _last(back, "t", -np.inf, size)
    return np.where(np.nan_to_num(at, nan=-np.inf) > returned, day_of(np.nan_to_num(at), days), -1)


def _worth(flows: pd.DataFrame, user: Ints, size: int) -> dict[str, object]:
    mine = flows[(flows["user"] >= 0) & (flows["user"] < size)]
    discounted = mine["amount"] * (1 + DISCOUNT_RATE) ** (-mine["day"] / 365)
    contribution = _summed(mine["user"], mine["amount"], size)
    return {"contribution": contribution[user], "value": np.bincount(mine["user"], discounted, size)[user]}


def _last(rows: Events, column: str, missing: float, size: int) -> Floats | Ints:
    values = np.full(size, missing, dtype=rows[column].dtype if column != "t" else np.float64)
    values[rows["user"]] = rows[column]
    return values


def _summed(user: Ints | pd.Series, amount: Ints | pd.Series | None, size: int) -> Ints:
    return np.rint(np.bincount(user, amount, size)).astype(np.int64)


def arm(members: pd.DataFrame, name: str) -> Bools:
    """Which rows of the members table a rule applies to.

    Raises
    ------
    KeyError
        When the rule applies to everybody, or there is none of this name.
    """
    return np.asarray(members[f"arm_{name}"], dtype=np.bool_)
