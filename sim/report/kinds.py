"""The table of kinds of order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.experiment.run import RunResult
from sim.kpi.kinds import kinds_table
from sim.report.wording import MISSING, number, share
from sim.report.zones import FEWEST_PEOPLE


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of order in words."""

    name: str
    orders: str
    delivered: str
    on_time: str
    door: str
    preparation: str
    basket: str
    fee: str


def kind_rows(result: RunResult) -> list[KindRow]:
    """The kinds in the scenario's order; none where every order is a takeaway, no figures of very few people."""
    if not result.scenario.kinds:
        return []
    orders = result.tables.orders
    people = orders.groupby("kind", observed=True)["user"].nunique()
    return [_row(row, int(people[row["kind"]])) for row in kinds_table(orders).to_dict("records")]


def _row(row: dict[Any, Any], people: int) -> KindRow:
    name, orders = row["kind"].replace("_", " "), number(row["orders"])
    if people < FEWEST_PEOPLE:
        return KindRow(name, orders, *[MISSING] * 6)
    minutes = number(row["click_to_door"], 1), number(row["preparation"], 1)
    shares = share(row["delivered"]), share(row["on_time"])
    return KindRow(name, orders, *shares, *minutes, number(row["basket"], 2), number(row["fee"], 2))
