"""Who is back a day, a week and a month after the first order, cohort by cohort."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.experiment.run import RunResult
from sim.kpi.cohorts import BACK_DAYS
from sim.report.plots.week_axis import week_name
from sim.report.wording import MISSING, number, share
from sim.report.zones import FEWEST_PEOPLE

ALL = "all cohorts"


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One cohort: its week, its users, and the share of them back on each day; ``total``: all cohorts."""

    name: str
    users: str
    back: tuple[str, ...]
    total: bool = False


def return_rows(result: RunResult) -> list[ReturnRow]:
    """Cohorts in order, and all of them together as the KPIs tell them; days as in ``BACK_DAYS``."""
    table, first = result.tables.returns, result.scenario.calendar.start
    users = result.tables.members["first_order"]
    sizes = (users[users >= 0] // 7).value_counts()
    rows = [
        ReturnRow(week_name(first, int(str(cohort))), number(int(sizes[cohort])), _shares(mine))
        for cohort, mine in table.groupby("cohort")
    ]
    return [*rows, ReturnRow(ALL, number(int(sizes.sum())), _shares(table), total=True)] if rows else []


def _shares(table: pd.DataFrame) -> tuple[str, ...]:
    sums = table.groupby("day")[["users", "back"]].sum()
    pairs = sums.loc[list(BACK_DAYS)].to_numpy().tolist()
    return tuple(share(back / users) if users >= FEWEST_PEOPLE else MISSING for users, back in pairs)
