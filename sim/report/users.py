"""The tables of users over weeks: where they stand and move, and where new ones come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, nan
from typing import Any

import pandas as pd

from sim.experiment.promises import promises
from sim.experiment.run import RunResult
from sim.kpi.programme import tiers_table
from sim.kpi.span import weeks_in
from sim.kpi.standing import SEGMENTS, Standing, level_names, levels, mix, moves
from sim.report.wording import MISSING, number, share
from sim.report.zones import FEWEST_PEOPLE

LAST_WEEKS = 4
"""Weeks over which moves are averaged."""
NEVER = "never"
"""The payback of accounts that bring in nothing."""
MEANING = {
    "big spender": "high value: three orders and more in 30 days, for 200 yuan and more",
    "frequent": "high value as well, for less",
    "new": "account not older than 30 days",
    "asleep": "no order in 60 days, dropped out or not",
    "others": "all others",
}


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One segment or level: accounts at the end, their share, and whither they move in a week."""

    name: str
    meaning: str
    accounts: str
    share: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level: who stands there and the privileges used from it, in yuan."""

    name: str
    accounts: str
    orders: str
    discount: str
    coupons: str
    points: str
    of_spent: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """Where new accounts came from, what they cost and bring in."""

    name: str
    accounts: str
    ordered: str
    cost: str
    per_account: str
    daily: str
    payback: str


@dataclass(frozen=True, slots=True)
class Users:
    """What the page tells of users; ``names`` and ``level_names`` are the columns of the moves."""

    segments: list[StandingRow]
    names: tuple[str, ...]
    levels: list[LevelRow]
    level_moves: list[StandingRow]
    level_names: tuple[str, ...]
    channels: list[ChannelRow]


def users(result: RunResult) -> Users | None:
    """Tables of a run in which people respond; None where they do not."""
    tables = result.tables
    if not tables.days or not len(tables.members):
        return None
    stand, on_level = result.tables.segments, _levels(result)
    names = level_names(on_level, promises(result.scenario).levels)
    table = tiers_table(tables.flows, tables.orders, tables.events, tables.members, tables.unseen)
    tiers = [_level(row, names) for row in table.to_dict("records")] if len(table) > 1 else []
    moved = _standing_rows(on_level, names) if len(table) > 1 else []
    channels = [_channel(row) for row in tables.channels.to_dict("records")]
    return Users(_standing_rows(stand, SEGMENTS), SEGMENTS, tiers, moved, names, channels)


def turns(days: int) -> str:
    """Over which turns of the week moves are averaged, in words; empty where there is none."""
    number = min(LAST_WEEKS, weeks_in(days) - 1)
    if number < 2:
        return "at the only turn of the week" if number else ""
    return f"mean over the last {number} turns of the week"


def segment_mix(result: RunResult) -> pd.DataFrame:
    """Accounts by week and segment."""
    return mix(result.tables.segments, SEGMENTS)


def level_mix(result: RunResult) -> pd.DataFrame:
    """Accounts by week and level."""
    stand = _levels(result)
    return mix(stand, level_names(stand, promises(result.scenario).levels))


def _levels(result: RunResult) -> Standing:
    tables = result.tables
    return levels(tables.events, tables.members, tables.days, tables.unseen)


def _standing_rows(stand: Standing, names: Sequence[str]) -> list[StandingRow]:
    now = mix(stand, names).iloc[-1]
    flows = moves(stand, names)
    recent = flows[flows["week"] > flows["week"].max() - LAST_WEEKS]
    weekly = recent.groupby(["from", "to"])["users"].sum() / max(recent["week"].nunique(), 1)
    return [_standing(name, now, [float(weekly.get((name, target), 0.0)) for target in names]) for name in names]


def _standing(name: str, now: pd.Series, to: list[float]) -> StandingRow:
    accounts, of = int(now[name]), int(now.sum())
    shown = tuple(MISSING if not users else number(users, 1 if users < 10 else 0) for users in to)
    return StandingRow(name, MEANING.get(name, ""), number(accounts), share(accounts / of if of else nan), shown)


def _level(row: dict[Any, Any], names: Sequence[str]) -> LevelRow:
    off = row["discount"] + row["coupon"] + row["points"]
    return LevelRow(
        name=names[row["level"]] if row["level"] < len(names) else f"level {row['level']}",
        accounts=number(row["accounts"]),
        orders=number(row["orders"]),
        discount=number(row["discount"] / 100),
        coupons=number(row["coupon"] / 100),
        points=number(row["points"] / 100),
        of_spent=share(off / row["spent"] if row["spent"] else nan),
    )


def _channel(row: dict[Any, Any]) -> ChannelRow:
    few, cost = row["accounts"] < FEWEST_PEOPLE, row["cost"]
    return ChannelRow(
        name=str(row["channel"]).replace("_", " "),
        accounts=number(row["accounts"]),
        ordered=MISSING if few else share(row["ordered"]),
        cost=number(cost / 100) if cost else MISSING,
        per_account=number(cost / row["accounts"] / 100, 2) if cost and row["accounts"] else MISSING,
        daily=MISSING if few else number(row["daily"] / 100, 2),
        payback=MISSING if few else NEVER if isinf(row["payback"]) else number(row["payback"]),
    )
