"""Terms of levels and paid plans: who had them when he ordered, and what they took off."""

import numpy as np

from sim.events import Kind, Purpose
from sim.kpi.flows import programme_cost
from sim.kpi.privileges import covered_at, level_at, terms_table
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR
from tests.kpi.hand_made import Row, pay
from tests.kpi.weeks_made import order, tables


def test_a_level_holds_until_the_next() -> None:
    moves = [Row(n * DAY, Kind.TIER, user=u, amount=level) for n, u, level in ((1, 3, 1), (2, 5, 2), (4, 3, 3))]
    told = tables(7, *moves)
    users, at = np.array([3, 3, 3, 5, 4]), np.array([0.5, 1.5, 6, 1.9, 6]) * DAY
    assert level_at(told.events, users, at).tolist() == [0, 1, 3, 0, 0]
    assert level_at(tables(7).events, users, at).tolist() == [0] * 5


def test_a_plan_covers_its_days_and_no_more() -> None:
    sold = [Row(day * DAY, Kind.PLAN, user=user, amount=1500, detail=3) for user, day in ((2, 1), (2, 5), (4, 2))]
    users = np.array([2, 2, 2, 2, 4, 3])
    at = np.array([0.9, 1.1, 4, 5.5, 1.5, 2.5]) * DAY
    assert covered_at(tables(7, *sold).events, users, at).tolist() == [False, True, False, True, False, False]
    assert not covered_at(tables(7).events, users, at).any()


PLAN = [Row(DAY, Kind.PLAN, user=1, amount=1500, detail=2), Row(2 * DAY, Kind.TIER, user=1, amount=1, detail=0)]
"""User 1 holds a plan on days 1 and 2, and a level from day 2 on."""
OFF = [pay(day * DAY + 12 * HOUR, Purpose.DISCOUNT, fen, number, user=1) for number, day, fen in
       ((1, 1, 200), (2, 2, 300), (3, 4, 50))]  # fmt: skip


def test_discounts_are_told_by_what_the_user_had() -> None:
    placed = [row for number, day in enumerate((0, 1, 2, 4)) for row in order(number, 1, day)]
    told = tables(7, *PLAN, *placed, *order(4, 2, 4), *OFF)
    table = terms_table(told.flows, told.orders, told.events).set_index(["level", "plan"])
    assert table["discount"].to_dict() == {(0, False): 0, (0, True): 200, (1, False): 50, (1, True): 300}
    assert table["orders"].to_dict() == {(0, False): 2, (0, True): 1, (1, False): 1, (1, True): 1}
    assert table["discounted"].tolist() == [0, 1, 1, 1]
    assert table["on_time"].tolist() == [2, 1, 1, 1]  # half an hour, with a promise of 40 minutes


def test_a_discount_that_was_given_back_is_no_use() -> None:
    cancelled = [row for row in order(1, 1, 1) if row.kind != Kind.DELIVERED]
    told = tables(7, *PLAN, *cancelled, Row(1.9 * DAY, Kind.CANCELLED, 1, user=1, detail=1), OFF[0])
    assert len(terms_table(told.flows, told.orders, told.events)) == 0


def test_every_discount_of_a_lived_city_has_its_row(city_of_weeks: Tables) -> None:
    table = terms_table(city_of_weeks.flows, city_of_weeks.orders, city_of_weeks.events)
    assert table["discount"].sum() == programme_cost(city_of_weeks.flows)[Purpose.DISCOUNT] > 0
    assert table["orders"].sum() == (city_of_weeks.orders["state"] == "delivered").sum()
    assert (table["discounted"] <= table["orders"]).all()
