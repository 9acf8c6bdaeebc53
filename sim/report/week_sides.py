"""The week of each side of the market in a sentence: users, riders and merchants, where they respond."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from sim.kpi.fleet import inequality, mean, p10, weekly_incomes
from sim.kpi.tables import Tables
from sim.kpi.trading import merchant_weeks
from sim.report.wording import MISSING, count, number, share


def sides(tables: Tables, week: int) -> Iterator[tuple[str, str]]:
    """Name and sentence of each side that responds.

    Parameters
    ----------
    tables
        Of a run.
    week
        From 0; a whole week.
    """
    if tables.days:
        yield "Users", _users(tables.weeks.to_dict("records")[week])
    if len(tables.fleet):
        yield "Riders", _riders(tables, week)
    if len(merchants := merchant_weeks(tables)):
        yield "Merchants", _merchants(merchants.to_dict("records")[week])


def _users(row: dict[Any, Any]) -> str:
    return (
        f"{count(row['active'], 'user')} placed {count(row['orders'], 'order')}; {count(row['joined'], 'account')} "
        f"{_was(row['joined'])} opened, {count(row['dropped_out'], 'user')} dropped out and "
        f"{number(row['came_back'])} came back."
    )


def _riders(tables: Tables, week: int) -> str:
    row = tables.fleet.to_dict("records")[week]
    came = f"{row['working']:,} of {count(row['at_risk'], 'rider')} came and worked {number(row['hours'])} hours"
    usual, low, unequal = (weekly_incomes(tables, statistic)[week] for statistic in (mean, p10, inequality))
    return (
        f"{came}; they earned {_yuan(usual)} on average, a tenth of them less than {_yuan(low)} (Gini "
        f"{number(unequal, 2)}); {row['hired']:,} {_was(row['hired'])} hired and {row['quit']:,} quit."
    )


def _merchants(row: dict[Any, Any]) -> str:
    left = row["margin"] / row["gmv"] if row["gmv"] else float("nan")
    return (
        f"{row['active']:,} on the platform at the end, {row['joined']:,} joined and {row['left']:,} left; "
        f"{count(row['orders'], 'order')}, baskets of {_yuan(row['gmv'] / 100)}, of which {_yuan(row['margin'] / 100)} "
        f"({share(left)}) {_was(2)} left to them after commission and their costs; prices {_prices(row['price'])}."
    )


def _prices(price: float) -> str:
    if not isfinite(price):
        return MISSING
    change = 100 * (price - 1)
    if abs(change) < 0.05:
        return "as they usually are"
    return f"{number(abs(change), 1)}% {'above' if change > 0 else 'below'} the usual"


def _yuan(value: float) -> str:
    return f"{number(value)} yuan"


def _was(many: int) -> str:
    return "was" if many == 1 else "were"
