"""The tables of the programme: what the platform took and paid, and what each rule did and cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from sim.events import Kind
from sim.experiment.promises import promises
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.flows import ledger_table
from sim.kpi.programme import COUNTS, PLANS
from sim.report.privileges import POOLED, plans_sold
from sim.report.wording import MISSING, number, share

WORDS = {
    "basket": "baskets",
    "delivery_fee": "delivery fees",
    "merchant_share": "merchants’ share",
    "rider_pay": "riders’ pay",
    "guarantee": "guarantees to riders",
    "compensation": "broken promises",
    "discount": "discounts",
    "coupon": "coupons",
    "points": "points at the checkout",
    "reward": "rewards for points",
    "contact": "contacts",
    "gift": "gifts",
    "plan_fee": "fees of plans",
    "apology": "compensated complaints",
    "service": "answering complaints",
    "undelivered": "orders not delivered, net",
    "open orders": "held for orders still open",
}
"""Lines in words, where they are not their own name."""
TERMS_ALONE = ("burn", "holders", "checkout")
"""Rules that only set terms: the log does not tell whose terms an order had."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account: yuan to the fen, yuan per delivered order, and whether it sums up those above."""

    name: str
    amount: str
    per_order: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a rule did and cost, in words."""

    name: str
    points: str
    reached: str
    touched: str
    coupons: str
    redeemed: str
    accounts: str
    sold: str
    cost: str


def account(result: RunResult) -> list[Line]:
    """What the platform took and paid, with a sum for orders, for the programme and for both; to the fen.

    What it holds for orders that are still open stands below its contribution, and the balance below that.
    """
    ledger = ledger_table(result.tables.flows)
    delivered = int((result.tables.orders["state"] == "delivered").sum())
    lines: list[Line] = []
    held = ledger["group"] == "held"
    for group, words in (("orders", "Orders"), ("programme", "Programme")):
        mine = ledger[ledger["group"] == group]
        lines += [*_lines(mine, delivered), _line(words, int(mine["amount"].sum()), delivered, total=True)]
    lines.append(_line("Contribution", int(ledger["amount"][~held].sum()), delivered, total=True))
    if held.any():
        balance = _line("Balance", int(ledger["amount"].sum()), delivered, total=True)
        lines += [*_lines(ledger[held], delivered), balance]
    return lines


def rule_rows(result: RunResult) -> list[RuleRow]:
    """The rules in the order in which they act, and below them what no single rule costs.

    The fees of plans stand with the rule that sells them, those of plans that several rules sell alike below.
    """
    table, sales = result.tables.by_rule, plans_sold(result)
    own = sales.index.isin(table["rule"])
    others, sales = int(sales["sold"][~own].sum()), sales[own]
    sold = table["rule"].map(sales["sold"]).fillna(0).astype(np.int64) + others * (table["rule"] == PLANS)
    cost = table["cost"] - table["rule"].map(sales["fees"]).fillna(0).astype(np.int64)
    cost += (table["rule"] == PLANS) * sales["fees"].sum()
    shown = table.assign(sold=sold, cost=cost)[(table["rule"] != PLANS) | (cost != 0)]
    return [_rule(row) for row in shown.to_dict("records")]


def never_acted(result: RunResult) -> str:
    """Names of the rules that did nothing in the run, though the log would tell it; empty where there are none."""
    tables, spec = result.tables, result.scenario.membership
    kinds = {name: rule.rule for name, rule in spec.rules.items()} if spec.policy == "composed" else {}
    kinds.setdefault("programme", spec.policy)
    taken = of(tables.events, Kind.EXPIRED, Kind.BURNT)
    table = tables.by_rule[: len(tables.rules)]
    sold, plans = plans_sold(result).index, promises(result.scenario).plans.values()
    sellers = {name for names in plans if POOLED.join(names) in sold for name in names}
    acted = (table[[*COUNTS, "cost"]] != 0).any(axis=1) | table["rule"].isin(sellers)
    acted |= table.index.isin(taken["detail"][taken["order"] < 0])
    quiet = {str(name): kinds.get(str(name), str(name)) for name in table["rule"][~acted]}
    told = (name for name, kind in quiet.items() if kind not in TERMS_ALONE and ":" not in kind)
    return ", ".join(told).replace("_", " ")


def _lines(ledger: pd.DataFrame, delivered: int) -> list[Line]:
    pairs = zip(ledger["line"], ledger["amount"], strict=True)
    return [_line(WORDS.get(name, str(name).replace("_", " ")), fen, delivered) for name, fen in pairs]


def _line(name: str, fen: int, delivered: int, total: bool = False) -> Line:
    return Line(name, number(fen / 100, 2), number(fen / 100 / delivered if delivered else nan, 2), total)


def _rule(row: dict[Any, Any]) -> RuleRow:
    coupons, redeemed, came = row["coupons"], row["redeemed"], row["won"] + row["returned"]
    rate = f" ({share(redeemed / coupons)})" if coupons else ""
    return RuleRow(
        name=str(row["rule"]).replace("_", " "),
        points=_count(row["points"]),
        reached=_count(row["reached"]),
        touched=_count(row["touched"]),
        coupons=_count(coupons),
        redeemed=_count(redeemed) + rate,
        accounts=_count(came),
        sold=_count(row["sold"]),
        cost=number(row["cost"] / 100, 2) if row["cost"] else MISSING,
    )


def _count(value: int) -> str:
    return number(value) if value else MISSING


def cost_total(table: pd.DataFrame) -> str:
    """What all rules cost together, in yuan."""
    return number(int(table["cost"].sum()) / 100, 2)
