"""What the programme gave and cost: by rule, by channel of acquisition, and by level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.entities import Ints
from sim.events import Kind, Purpose
from sim.kpi.events import Events, of
from sim.kpi.flows import OFF, ON_COMPLAINT, programme_cost
from sim.kpi.members import FRIEND, ITSELF, named
from sim.kpi.privileges import level_at

TERMS, CHECKOUT = "discounts of levels and plans", "points at the checkout"
DESK, PLANS = "complaints", "fees of plans"
WELCOME, OTHER = "coupons of invited friends", "other"
"""Costs that no single rule has: several set the terms, and the person decides at the checkout."""
COUNTS = ("points", "coupons", "redeemed", "touched", "reached", "won", "returned", "used")


def rules_table(events: Events, orders: pd.DataFrame, flows: pd.DataFrame, rules: Sequence[str]) -> pd.DataFrame:
    """What each rule did and cost; the last rows are what no single rule costs.

    What a rule brings in is not in one run: it takes a comparison with and without it.

    Returns
    -------
    DataFrame
        ``rule``; ``points`` issued; ``coupons`` given and ``redeemed`` on delivered orders; ``touched`` (times);
        ``reached``: different users who got points, a coupon or a touch, or came by it; ``won`` accounts and
        ``returned`` ones; fen ``used`` of its coupons and ``cost``, all that it paid with them. The costs of all
        rows add up to that of the programme.
    """
    size = max(len(rules), 1 + max(int(of(events, k)["detail"].max(initial=-1)) for k in BY_RULE))
    used = _used(events, orders)
    table = pd.DataFrame(
        {
            "rule": [named(rules, rule) for rule in range(size)],
            "points": _by_rule(of(events, Kind.EARNED), size, amount=True),
            "coupons": _by_rule(of(events, Kind.COUPON), size),
            "redeemed": _by_rule(used, size),
            "touched": _by_rule(of(events, Kind.TOUCHED), size),
            "reached": _reached(events, size),
            "won": _by_rule(of(events, Kind.JOINED), size),
            "returned": _by_rule(of(events, Kind.CAME_BACK), size),
            "used": _by_rule(used, size, amount=True),
        }
    )
    table["cost"] = table["used"] + _by_rule(of(events, Kind.SPENT), size, amount=True)
    rest: pd.DataFrame = _nobodys(flows, used, int(table["cost"].sum()))
    return pd.concat([table, rest], ignore_index=True)


BY_RULE = (Kind.EARNED, Kind.COUPON, Kind.REDEEMED, Kind.TOUCHED, Kind.JOINED, Kind.CAME_BACK, Kind.SPENT)


def _used(events: Events, orders: pd.DataFrame) -> Events:
    """Coupons used on delivered orders."""
    used = of(events, Kind.REDEEMED)
    return used[np.isin(used["order"], orders["order"][orders["state"] == "delivered"])]


def _reached(events: Events, size: int) -> Ints:
    rows = of(events, Kind.EARNED, Kind.COUPON, Kind.TOUCHED, Kind.JOINED)
    rows = rows[rows["detail"] >= 0]
    pairs = np.unique(rows["user"].astype(np.int64) * size + rows["detail"])
    return np.bincount(pairs % size, minlength=size)


def _nobodys(flows: pd.DataFrame, used: Events, of_rules: int) -> pd.DataFrame:
    """What no single rule costs; whatever is left, so that all rows add up to the cost of the programme, is `other`."""
    cost, of_desk = programme_cost(flows), np.isin(flows["purpose"], ON_COMPLAINT) & (flows["order"] >= 0)
    welcomed = used[used["detail"] < 0]
    parts = {
        TERMS: int(cost[Purpose.DISCOUNT]),
        CHECKOUT: int(cost[Purpose.POINTS]),
        DESK: -int(flows["amount"][of_desk].sum()),
        PLANS: int(cost[Purpose.PLAN_FEE]),
        WELCOME: int(welcomed["amount"].sum()),
    }
    parts[OTHER] = int(cost.sum()) - of_rules - sum(parts.values())
    table = pd.DataFrame({name: np.zeros(len(parts), np.int64) for name in COUNTS}, index=pd.Index(parts))
    table.loc[WELCOME, ["redeemed", "used"]] = len(welcomed), parts[WELCOME]
    table.insert(0, "rule", list(parts))
    table["cost"] = list(parts.values())
    return table[(table["cost"] != 0) | (table["redeemed"] != 0)]


def _by_rule(rows: Events, size: int, amount: bool = False) -> Ints:
    mine = rows[rows["detail"] >= 0]
    return np.rint(np.bincount(mine["detail"], mine["amount"] if amount else None, size)).astype(np.int64)


def channels_table(
    events: Events, orders: pd.DataFrame, members: pd.DataFrame, rules: pd.DataFrame, days: int
) -> pd.DataFrame:
    """Where the accounts of the run came from, what they cost and what they have brought in so far.

    A rule stands here if it won an account or paid for people to be talked to. Its cost is fully loaded: all that
    it paid, to whomever. Rewards of friends who invite are a cost of the rule that pays them, not of the channel
    `friend`, and stay taken off the contribution of those who got them.

    Parameters
    ----------
    events, orders, members, rules
        The log and the tables of these names; of `rules` that of :func:`rules_table`.
    days
        Days of the run.

    Returns
    -------
    DataFrame
        ``channel``; ``accounts``; ``ordered``: share of them with an order; ``lived``: days since they were opened,
        all together; ``cost`` in fen of the rule; ``daily`` (fen): contribution of an account and day since it was
        opened, before its own coupons of the rule; ``payback``: days in which an account brings in its share of the
        cost at that rate (inf: never, for it brings in nothing; NaN: it costs nothing, or nobody was won).
    """
    new = members[members["joined"] >= 0].astype({"channel": str})
    lived = days - np.minimum(new["joined"], days - 1)
    groups = new.assign(ordered=new["first_order"] >= 0, lived=lived).groupby("channel")
    won = groups.agg(accounts=("user", "size"), ordered=("ordered", "mean"), lived=("lived", "sum"),
                     contribution=("contribution", "sum"))  # fmt: skip
    costs = rules.drop_duplicates("rule").set_index("rule")["cost"]
    names = costs.index.tolist()
    told = {*won.index, *(names[rule] for rule in _approaching(events))}
    table = won.reindex(pd.Index([name for name in (FRIEND, ITSELF, *names) if name in told], name="channel"))
    table[["accounts", "lived", "contribution"]] = table[["accounts", "lived", "contribution"]].fillna(0)
    cost, own = (part.reindex(table.index).fillna(0) for part in (costs, _own(_used(events, orders), new, names)))
    daily = (table["contribution"] + own) / table["lived"]
    payback = (cost / table["accounts"] / daily).where(daily > 0, np.inf).where((cost > 0) & (table["accounts"] > 0))
    table = table.assign(cost=cost, daily=daily, payback=payback)
    table = table.astype({"accounts": np.int64, "lived": np.int64, "cost": np.int64})
    return table.reset_index()[["channel", "accounts", "ordered", "lived", "cost", "daily", "payback"]]


def _own(used: Events, new: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Fen of coupons of a rule that the accounts it won have used, by the rule's name."""
    used = used[used["detail"] >= 0]
    rule = np.array([names[number] for number in used["detail"].tolist()], dtype=object)
    own = rule == pd.Series(used["user"]).map(new.set_index("user")["channel"]).to_numpy(dtype=object)
    return pd.Series(used["amount"][own]).groupby(rule[own]).sum()


def _approaching(events: Events) -> list[int]:
    """Rules that paid for people to be talked to: what a rule spends in a night stands below its payments."""
    rows = of(events, Kind.PAID, Kind.SPENT)
    sums = np.flatnonzero(rows["kind"] == Kind.SPENT)
    paid = np.flatnonzero((rows["kind"] == Kind.PAID) & (rows["detail"] == Purpose.ACQUISITION))
    below = np.searchsorted(sums, paid)
    return np.unique(rows["detail"][sums[below[below < len(sums)]]]).tolist()


def tiers_table(
    flows: pd.DataFrame, orders: pd.DataFrame, events: Events, members: pd.DataFrame, unseen: int = 0
) -> pd.DataFrame:
    """Privileges used by level: who stands there at the end, and what was taken off orders placed from there.

    Parameters
    ----------
    flows, orders, events, members
        The log and the tables of these names.
    unseen
        Accounts that are not in the members table, see :attr:`sim.kpi.tables.Tables.unseen`; none has a level.

    Returns
    -------
    DataFrame
        ``level``; ``accounts`` there at the end; ``orders`` delivered; fen ``discount``, ``coupon`` and ``points``
        taken off them; ``spent``: baskets and fees before that.
    """
    done = orders[orders["state"] == "delivered"]
    level = level_at(events, done["user"].to_numpy(), done["placed_at"].to_numpy())
    size = 1 + max(int(level.max(initial=0)), int(members["tier"].max()) if len(members) else 0)
    table: dict[str, object] = {
        "level": np.arange(size),
        "accounts": np.bincount(members["tier"], minlength=size) + unseen * (np.arange(size) == 0),
        "orders": np.bincount(level, minlength=size),
    }
    of_order = pd.Series(level, done["order"].to_numpy())
    for purpose in OFF:
        mine = flows[(flows["purpose"] == purpose) & ~flows["undone"] & (flows["order"] >= 0)]
        sums = np.bincount(of_order.loc[mine["order"]], -mine["amount"], size)
        table[purpose.name.lower()] = np.rint(sums).astype(np.int64)
    table["spent"] = np.rint(np.bincount(level, done["basket"] + done["fee"], size)).astype(np.int64)
    return pd.DataFrame(table)
