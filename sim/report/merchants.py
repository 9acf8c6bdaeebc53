"""The figures of merchants over weeks, and their weeks as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

from sim.events import Kind
from sim.experiment.run import RunResult
from sim.kpi.events import of
from sim.kpi.trading import merchant_weeks
from sim.report.pictures import Plot
from sim.report.plots.merchants import plot_margins, plot_spread, plot_traders, traders
from sim.report.plots.week_axis import week_name
from sim.report.wording import number, share


@dataclass(frozen=True, slots=True)
class MerchantWeek:
    """One whole week of all merchants together, in words."""

    week: str
    orders: str
    sales: str
    left: str
    prices: str


def of_merchants(result: RunResult) -> Iterator[Plot]:
    """Figures of a run in which merchants respond; none where they do not."""
    if not len(of(result.tables.events, Kind.TRADED)):
        return
    data = traders(result.tables, result.scenario.calendar.start)
    yield Plot("traders", data.alt, lambda ax: plot_traders(data, ax))
    yield Plot("margins", data.margin_alt, lambda ax: plot_margins(data, ax))
    yield Plot("spread", data.spread_alt, lambda ax: plot_spread(data, ax))


def week_rows(result: RunResult) -> list[MerchantWeek]:
    """Week by week; empty where merchants do not respond."""
    first = result.scenario.calendar.start
    return [
        MerchantWeek(
            week=week_name(first, row["week"]),
            orders=number(row["orders"]),
            sales=number(row["gmv"] / 100),
            left=share(row["margin"] / row["gmv"] if row["gmv"] else nan),
            prices=share(row["price"]),
        )
        for row in merchant_weeks(result.tables).to_dict("records")
    ]
