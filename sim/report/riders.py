"""The tables of riders over weeks: when in their time they quit, and on which star level they stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import pandas as pd

from sim.experiment.run import RunResult
from sim.kpi.star_mix import star_mix
from sim.kpi.tenure import tenure_table
from sim.report.plots.stars import star_name
from sim.report.wording import MISSING, number, share
from sim.report.zones import FEWEST_PEOPLE

SINGLE = 4
"""Weeks that have a row of their own; later ones are put together by as many."""


@dataclass(frozen=True, slots=True)
class TenureRow:
    """Weeks since riders came: who was at risk at their beginning, who quit, and the part that quits in a week.

    Each is told of those hired in the run and of those who were there before.
    """

    name: str
    hired: tuple[str, str, str]
    before: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StarRow:
    """One star level at the end of the run: riders registered, and their share of all."""

    name: str
    riders: str
    share: str


def tenure_rows(result: RunResult) -> list[TenureRow]:
    """Week by week and then by four; empty where riders do not respond."""
    table = tenure_table(result.tables.events)
    groups = table.assign(row=table["week"].where(table["week"] < SINGLE, table["week"] // SINGLE * SINGLE))
    rows = sorted(groups["row"].unique().tolist())
    return [_tenure(int(row), groups[groups["row"] == row], int(table["week"].max())) for row in rows]


def star_rows(result: RunResult) -> list[StarRow]:
    """From no star upwards; empty where no star was ever given."""
    mix = star_mix(result.tables.events)
    last = mix[-1].tolist() if len(mix) else []
    return [StarRow(star_name(level), number(riders), share(riders / sum(last) if sum(last) else nan))
            for level, riders in enumerate(last)]  # fmt: skip


def _tenure(first: int, weeks: pd.DataFrame, last: int) -> TenureRow:
    upto = first if first < SINGLE else min(first + SINGLE - 1, last)
    name = f"week {first + 1}" if first == upto else f"weeks {first + 1} to {upto + 1}"
    return TenureRow(name, _told(weeks[weeks["hired"]]), _told(weeks[~weeks["hired"]]))


def _told(weeks: pd.DataFrame) -> tuple[str, str, str]:
    if not len(weeks):
        return MISSING, MISSING, MISSING
    at_risk, gone, seen = int(weeks["at_risk"].iloc[0]), int(weeks["quit"].sum()), float(weeks["rider_weeks"].sum())
    return number(at_risk), number(gone), share(gone / seen) if seen >= FEWEST_PEOPLE else MISSING
