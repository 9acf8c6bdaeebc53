"""What changed in a week against the week before, in units of how much weeks usually differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
import pandas as pd

from sim.entities import Floats
from sim.experiment.run import RunResult
from sim.kpi.books import LINES
from sim.kpi.cut import week_of
from sim.kpi.fleet import inequality, p10, weekly_incomes
from sim.kpi.kpi import Direction, Kpi
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.kpi.trading import merchant_weeks

OF_A_WEEK = ("orders", "on_time_share", "click_to_door_mean", "click_to_door_p90", "cancelled_share",
             "ready_to_pickup_mean", "utilisation", "empty_km_share", "income_per_hour_mean",
             "rider_cost_per_order")  # fmt: skip
"""KPIs computed from the orders and riders of one week alone."""
UNUSUAL = 2.0
"""A change is unusual from so many times the usual one."""
FEWEST = 2
"""Changes between earlier weeks that it takes to say what is usual."""

NAMES = {"active": "users_active", "joined": "accounts_opened", "dropped_out": "users_dropped_out",
         "trust": "trust_mean"}  # fmt: skip
"""Columns of the weeks table as names of figures."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure by week.

    Parameters
    ----------
    kpi
        Its name, unit and direction.
    values
        From the first week to the one reported on.
    side
        What it tells of: the service, money, or one side of the market.
    """

    kpi: Kpi
    values: Floats
    side: str = "Service"

    @property
    def now(self) -> float:
        """In the week reported on."""
        return float(self.values[-1])

    @property
    def before(self) -> float:
        """In the week before; NaN in the first."""
        return float(self.values[-2]) if len(self.values) > 1 else nan

    @property
    def difference(self) -> float:
        """The week reported on less the one before."""
        return self.now - self.before

    @property
    def usual(self) -> float:
        """Root mean square of the changes between earlier weeks; NaN where there are fewer than two."""
        earlier = np.diff(self.values[:-1])
        earlier = earlier[np.isfinite(earlier)]
        return float(np.sqrt(np.mean(earlier**2))) if len(earlier) >= FEWEST else nan

    @property
    def times(self) -> float:
        """The change in usual changes; NaN where none is known, or weeks never differed."""
        return self.difference / self.usual if self.usual > 0 else nan

    @property
    def is_unusual(self) -> bool:
        """Whether it is larger than weeks usually differ."""
        return isfinite(self.times) and abs(self.times) >= UNUSUAL

    @property
    def is_good(self) -> bool | None:
        """Whether it goes the right way; None where neither is better, or nothing changed."""
        if self.kpi.better == "none" or not self.difference or not isfinite(self.difference):
            return None
        return (self.difference > 0) == (self.kpi.better == "higher")


def changes(result: RunResult, week: int) -> list[Change]:
    """Service, money and, where they respond, users, riders and merchants, week by week.

    Parameters
    ----------
    result
        A run.
    week
        From 0; all weeks up to it are told.
    """
    tables = result.tables
    cut = [week_of(tables, number) for number in range(week + 1)]
    told = [Change(KPIS[name], np.array([KPIS[name].value(own) for own in cut], np.float64)) for name in OF_A_WEEK]
    sides = {"Money": _money, "Users": _users, "Riders": _fleet, "Merchants": _merchants}
    told += [Change(kpi, values[: week + 1], name) for name, side in sides.items() for kpi, values in side(tables)]
    return [change for change in told if np.isfinite(change.values[-2:]).all()]


def lines_changed(tables: Tables, week: int) -> pd.DataFrame:
    """The books of a week beside the week before: ``line``, ``now``, ``before`` and ``change`` in yuan, cash only.

    The changes add up to the change of the contribution.
    """
    books = tables.books
    table = books[books["cash"]].pivot_table(index="line", columns="week", values="amount", sort=False) / 100
    table = table.reindex(list(LINES))
    before = table[week - 1] if week else table[week] * nan
    rows = pd.DataFrame({"line": table.index, "now": table[week].to_numpy(), "before": before.to_numpy()})
    rows = rows[(rows["now"] != 0) | (rows["before"].fillna(0) != 0)]
    return rows.assign(change=rows["now"] - rows["before"])


def _named(name: str, unit: str, better: Direction, definition: str) -> Kpi:
    return Kpi(name, unit, better, definition, lambda tables: nan)


def _money(tables: Tables) -> Iterator[tuple[Kpi, Floats]]:
    kept = tables.contribution
    yield (_named("contribution", "yuan", "higher", "All that the platform took less all that it paid."),
           kept["contribution"].to_numpy(dtype=np.float64) / 100)  # fmt: skip
    yield KPIS["contribution_per_order"], kept["per_order"].to_numpy(dtype=np.float64) / 100


def _users(tables: Tables) -> Iterator[tuple[Kpi, Floats]]:
    if not tables.days:
        return
    columns: dict[str, tuple[str, Direction, str]] = {
        "active": ("users", "higher", "Users who placed an order in the week."),
        "joined": ("accounts", "higher", "Accounts opened in the week."),
        "dropped_out": ("users", "lower", "Users who dropped out in the week."),
        "trust": ("1", "higher", "Trust from -1 to 1 at the week's end, mean over accounts that have not dropped out."),
    }
    for name, (unit, better, definition) in columns.items():
        yield _named(NAMES[name], unit, better, definition), tables.weeks[name].to_numpy(dtype=np.float64)


def _fleet(tables: Tables) -> Iterator[tuple[Kpi, Floats]]:
    weeks = tables.fleet
    if not len(weeks):
        return
    columns: dict[str, tuple[Direction, str]] = {
        "working": ("none", "Riders who came on shift in the week."),
        "hired": ("none", "Riders hired in the week."),
        "quit": ("lower", "Riders who quit in the week."),
    }
    for name, (better, definition) in columns.items():
        yield _named(f"riders_{name}", "riders", better, definition), weeks[name].to_numpy(dtype=np.float64)
    yield _named("rider_hours", "h", "none", "Hours on shift of all riders."), weeks["hours"].to_numpy(dtype=np.float64)
    worked = weeks["working"].where(weeks["working"] > 0)
    yield (_named("rider_income", "yuan", "higher", "Earnings of a rider who came, mean."),
           (weeks["earned"] / 100 / worked).to_numpy(dtype=np.float64))  # fmt: skip
    yield (_named("rider_income_p10", "yuan", "higher", "Earnings that a tenth of the riders who came stay below."),
           weekly_incomes(tables, p10))  # fmt: skip
    yield (_named("rider_income_gini", "1", "lower", "Gini coefficient of the earnings of riders who came."),
           weekly_incomes(tables, inequality))  # fmt: skip


def _merchants(tables: Tables) -> Iterator[tuple[Kpi, Floats]]:
    weeks = merchant_weeks(tables)
    if not len(weeks):
        return
    columns: dict[str, tuple[str, str, Direction, str]] = {
        "active": ("merchants_active", "merchants", "higher", "Merchants on the platform at the end of the week."),
        "joined": ("merchants_joined", "merchants", "higher", "Merchants who joined in the week."),
        "left": ("merchants_left", "merchants", "lower", "Merchants who left in the week."),
        "orders": ("merchant_orders", "orders", "higher", "Orders picked up at merchants."),
        "price": ("merchant_prices", "1", "none", "Prices of those on the platform, of their usual ones, mean."),
    }
    for column, (name, unit, better, definition) in columns.items():
        yield _named(name, unit, better, definition), weeks[column].to_numpy(dtype=np.float64)
    yield (_named("merchant_sales", "yuan", "higher", "Baskets of merchants delivered."),
           weeks["gmv"].to_numpy(dtype=np.float64) / 100)  # fmt: skip
    there = weeks["merchant_days"].where(weeks["merchant_days"] > 0)
    yield KPIS["merchant_margin"], (weeks["margin"] / 100 / there).to_numpy(dtype=np.float64)
    yield KPIS["merchant_margin_share"], (weeks["margin"] / weeks["gmv"].where(weeks["gmv"] > 0)).to_numpy(np.float64)
