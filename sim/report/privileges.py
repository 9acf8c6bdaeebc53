"""The table of privileges: how often each was used, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

import pandas as pd

from sim.events import Kind
from sim.experiment.promises import Promises, promises
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.privileges import terms_table
from sim.report.wording import MISSING, count, number, share

POOLED = " or "
"""Between the names of rules whose plans the log does not tell apart."""

UNTOLD = "cost: told by a comparison with and without it"
"""Of what falls on others, which no single run tells."""


@dataclass(frozen=True, slots=True)
class PrivilegeRow:
    """One privilege: what it is, how often it was used, and its cost in yuan, below 0 where it brings money in."""

    name: str
    meaning: str
    used: str
    cost: str
    per_use: str


def privilege_rows(result: RunResult) -> list[PrivilegeRow]:
    """Privileges of levels and of paid plans; none where there was neither."""
    tables, told = result.tables, promises(result.scenario)
    terms = terms_table(tables.flows, tables.orders, tables.events)
    rules = tables.by_rule.set_index("rule")
    plans = _plans(tables.by_rule, plans_sold(result), told)
    return [*_terms(terms), *_lane(terms, told), *_gifts(rules, told), *plans]


def plans_sold(result: RunResult) -> pd.DataFrame:
    """Paid plans by the rule that sells them at that price and for so long: ``sold``, and their ``fees`` in fen.

    Plans of one price and length are one row, named by all rules that sell them; a stranger's plan has no name.
    """
    rows, plans = of(result.tables.events, Kind.PLAN), promises(result.scenario).plans
    names = {pair: POOLED.join(sellers) for pair, sellers in plans.items()}
    pairs = zip(rows["amount"].tolist(), rows["detail"].tolist(), strict=True)
    table = pd.DataFrame({"rule": [names.get(pair, "") for pair in pairs], "fee": rows["amount"].astype("int64")})
    return table.groupby("rule").agg(sold=("fee", "size"), fees=("fee", "sum"))


def _terms(terms: pd.DataFrame) -> Iterator[PrivilegeRow]:
    level, plan = terms["level"] > 0, terms["plan"]
    groups = {
        "Discounts of levels": (level & ~plan, "users on a level"),
        "Discounts of plans": (plan & ~level, "users with a plan"),
        "Discounts of level or plan": (level & plan, "users with both, for whom the better discount holds"),
        "Other discounts": (~level & ~plan, "users with neither"),
    }
    for name, (mine, who) in groups.items():
        orders, used, fen = (int(total) for total in terms[mine][["orders", "discounted", "discount"]].sum())
        if used:
            yield _row(name, f"of {count(orders, 'order')} by {who}", used, "order", fen)


def _lane(terms: pd.DataFrame, told: Promises) -> Iterator[PrivilegeRow]:
    first = terms["level"].isin(told.lane) | (terms["plan"] & told.plan_lane)
    if not (told.lane or told.plan_lane):
        return
    mine, others = (terms[side][["orders", "on_time"]].sum() for side in (first, ~first))
    on_time = [share(part["on_time"] / part["orders"] if part["orders"] else nan) for part in (mine, others)]
    meaning = f"{told.served}; {on_time[0]} of them on time, {on_time[1]} of the other delivered orders; {UNTOLD}"
    yield _row("VIP lane", meaning, int(mine["orders"]), "order", 0)


def _gifts(rules: pd.DataFrame, told: Promises) -> Iterator[PrivilegeRow]:
    kinds = (
        (told.tiers, "coupons at a promotion", "redeemed", "coupon"),
        (told.services, "to high levels", "touched", "call"),
        (told.birthdays, "free orders", "redeemed", "order"),
    )
    for names, meaning, column, noun in kinds:
        for name in rules.index.intersection(list(names)):
            coupons, touched, used, fen = rules.loc[[name], ["coupons", "touched", column, "cost"]].iloc[0].tolist()
            if coupons or touched:
                given = f" ({number(coupons)} given)" if column == "redeemed" else ""
                yield _row(name, meaning + given, used, noun, fen)


def _plans(rules: pd.DataFrame, sold: pd.DataFrame, told: Promises) -> Iterator[PrivilegeRow]:
    sellers = {POOLED.join(names): names for names in told.plans.values()}
    for name, (plans, fees) in sold.iterrows():
        spent = int(rules["cost"][rules["rule"].isin(sellers.get(str(name), ()))].sum())
        meaning = "sold; the fees are income" + (f", reminders cost {number(spent / 100, 2)}" if spent else "")
        yield _row(str(name) or "paid plan", meaning, int(plans), "plan", spent - int(fees))


def _row(name: str, meaning: str, used: int, noun: str, fen: int) -> PrivilegeRow:
    cost = number(fen / 100, 2) if fen else MISSING
    per_use = number(fen / 100 / used, 2) if fen and used else MISSING
    return PrivilegeRow(name[:1].upper() + name[1:], meaning, count(used, noun), cost, per_use)
