"""The weeks table and the days of a run."""

import numpy as np
import pytest

from sim.kpi.flows import programme_cost
from sim.kpi.others import balances
from sim.kpi.span import day_of, weeks_in
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.weeks_made import FORTNIGHT, census, order, tables

WEEKS: dict[str, list[float]] = {
    "week": [0, 1],
    "days": [7, 7],
    "openings": [4, 2],
    "orders": [3, 2],
    "active": [2, 2],
    "joined": [2, 0],
    "dropped_out": [2, 0],
    "came_back": [1, 0],
    "accounts": [10, 10],
    "trust": [0.07, 0.14],
    "issued": [190, 0],
    "burnt": [0, 100],
    "expired": [0, 30],
    "liability": [190, 60],
    "cost_discount": [100, 0],
    "cost_coupon": [500, 0],
    "cost_points": [0, 500],
    "cost_acquisition": [800, 0],
    "cost_service": [300, 0],
    "contribution": [3 * 3400 - 100 - 50 - 3350 - 300 - 800 - 500, 2 * 3400 - 500],
}


@pytest.mark.parametrize("column", WEEKS)
def test_a_column_is_as_told(column: str) -> None:
    assert FORTNIGHT.weeks[column].tolist() == pytest.approx(WEEKS[column])


def test_other_costs_are_nothing() -> None:
    others = FORTNIGHT.weeks.drop(columns=list(WEEKS))
    assert all(column.startswith("cost_") for column in others)  # type: ignore[attr-defined]
    assert not others.to_numpy().any()


def test_midnight_belongs_to_the_day_that_ends_and_the_drain_to_the_last() -> None:
    assert day_of(np.array([0, 1, DAY, DAY + 1, 6.5 * DAY, 7 * DAY, 9 * DAY]), 7).tolist() == [0, 0, 0, 1, 6, 6, 6]
    assert [weeks_in(days) for days in (0, 1, 7, 8, 84)] == [0, 1, 1, 2, 12]


def test_a_last_week_may_be_short() -> None:
    weeks = tables(9, *order(0, 1, 8)).weeks
    assert weeks["days"].tolist() == [7, 2]
    assert weeks["orders"].tolist() == [0, 1]


def test_weeks_without_an_order() -> None:
    weeks = tables(14).weeks
    assert weeks[["orders", "active", "openings", "contribution"]].to_numpy().tolist() == [[0] * 4] * 2


def test_weeks_of_a_lived_city_add_up(city_of_weeks: Tables) -> None:
    weeks, members = city_of_weeks.weeks, city_of_weeks.members
    assert weeks["contribution"].sum() == balances(city_of_weeks.payments)["platform"]
    assert weeks["orders"].sum() == len(city_of_weeks.orders)
    assert weeks["liability"].iloc[-1] == members["points"].sum()
    assert (
        weeks[[c for c in weeks if c.startswith("cost_")]].to_numpy().sum() == programme_cost(city_of_weeks.flows).sum()  # type: ignore[attr-defined]
    )
    assert (weeks["active"] <= weeks["orders"]).all()
    assert len(census(3)) == 4
