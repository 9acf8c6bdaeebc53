"""Who comes back, by hand and against a plain reading."""

from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kpi.cohorts import (
    cohorts_table,
    day_retention,
    intervals,
    repurchase_share,
    returns_table,
    week_retention,
)
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR
from tests.kpi.weeks_made import FORTNIGHT

PLACED = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 29)), max_size=60)


def orders(*placed: tuple[int, float]) -> pd.DataFrame:
    """Orders of ``(user, day)`` at ten in the morning, in order of placement."""
    rows = sorted(placed, key=lambda row: row[1])
    table = {"user": [user for user, _ in rows], "placed_at": [day * DAY + 10 * HOUR for _, day in rows]}
    return pd.DataFrame(table).astype({"user": np.int64, "placed_at": np.float64})


def test_cohorts_of_a_fortnight() -> None:
    table = FORTNIGHT.cohorts
    assert table.to_dict("list") == {
        "cohort": [0, 0, 1],
        "week": [1, 2, 1],
        "users": [2, 2, 1],
        "active": [2, 1, 1],
    }
    assert (week_retention(table, 1), week_retention(table, 2)) == (1, 1 / 2)
    assert isnan(week_retention(table, 3))


@given(PLACED)
def test_cohorts_are_those_of_a_plain_reading(placed: list[tuple[int, int]]) -> None:
    weeks: dict[int, set[int]] = {}
    for user, day in placed:
        if day < 28:
            weeks.setdefault(user, set()).add(day // 7)
    table = cohorts_table(orders(*placed), 30)
    assert len(table) == sum(4 - cohort for cohort in {min(seen) for seen in weeks.values()})
    for cohort, week, users, active in table.itertuples(index=False):
        mine = [seen for seen in weeks.values() if min(seen) == cohort]
        assert users == len(mine)
        assert active == sum(cohort + week - 1 in seen for seen in mine)


def test_a_run_without_a_whole_week_has_no_cohort() -> None:
    assert list(cohorts_table(orders((1, 0)), 6).columns) == ["cohort", "week", "users", "active"]
    assert len(cohorts_table(orders((1, 0)), 6)) == len(cohorts_table(orders(), 28)) == 0


def test_a_day_is_counted_exactly_and_only_when_it_lies_in_the_run() -> None:
    first = orders((1, 0), (2, 0), (3, 12))
    opened = pd.DataFrame({"user": [1, 2, 2], "t": [7.5 * DAY, 6.5 * DAY, 8.5 * DAY]})
    assert day_retention(opened, first, 14, 7) == 1 / 2
    assert day_retention(opened, first, 14, 1) == 0
    assert isnan(day_retention(opened, first, 14, 30))
    assert isnan(day_retention(opened, orders(), 14, 1))


def test_repurchase_counts_those_who_were_watched() -> None:
    placed = orders((1, 0), (1, 29), (2, 5), (2, 36), (3, 20), (3, 21), (4, 1))
    assert repurchase_share(placed, 40) == 1 / 3  # the third was watched for 20 days only
    assert isnan(repurchase_share(placed, 20))
    assert isnan(repurchase_share(orders(), 40))


def test_intervals_are_one_mean_for_each_user_who_orders_again() -> None:
    assert intervals(orders((1, 0), (2, 1), (1, 3), (1, 4), (3, 1), (3, 8))).tolist() == pytest.approx([2, 7])
    assert len(intervals(orders((1, 0), (2, 1)))) == 0


def test_who_orders_every_day_does_not_drown_the_others() -> None:
    """Of the gaps 29 in 31 are a day long; of the users two in three wait for two weeks."""
    daily = [(1, day) for day in range(30)]
    assert np.median(intervals(orders(*daily, (2, 0), (2, 14), (3, 1), (3, 15)))) == pytest.approx(14)


def test_returns_are_told_cohort_by_cohort() -> None:
    first = orders((1, 0), (2, 0), (3, 8), (4, 8), (5, 12))
    opened = pd.DataFrame({"user": [1, 2, 3, 3, 5], "t": np.array([1.5, 7.5, 9.5, 13.5, 13.5]) * DAY})
    table = returns_table(opened, first, 14).set_index(["cohort", "day"])
    assert table["users"].to_dict() == {(0, 1): 2, (0, 7): 2, (0, 30): 0, (1, 1): 3, (1, 7): 0, (1, 30): 0}
    assert table["back"].to_dict() == {(0, 1): 1, (0, 7): 1, (0, 30): 0, (1, 1): 2, (1, 7): 0, (1, 30): 0}
    assert len(returns_table(opened, orders(), 14)) == 0


def test_cohorts_together_are_the_pooled_retention(city_of_weeks: Tables) -> None:
    for after, mine in city_of_weeks.returns.groupby("day"):
        pooled = day_retention(city_of_weeks.openings, city_of_weeks.orders, city_of_weeks.days, int(str(after)))
        assert mine["back"].sum() / mine["users"].sum() == pytest.approx(pooled)


def test_retention_of_a_lived_city(city_of_weeks: Tables) -> None:
    table = city_of_weeks.cohorts
    assert (table["active"] <= table["users"]).all()
    assert (table["active"][table["week"] == 1] == table["users"][table["week"] == 1]).all()
    assert table[table["week"] == 1]["users"].sum() == (city_of_weeks.members["first_order"] >= 0).sum()
    assert 0 < week_retention(table, 4) < 1
