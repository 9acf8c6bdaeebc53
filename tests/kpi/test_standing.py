"""Segments, levels and how users move between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.events import Kind, Purpose
from sim.kpi.standing import SEGMENTS, Standing, level_names, levels, mix, moves, segments
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.hand_made import Row, pay, placed
from tests.kpi.weeks_made import FORTNIGHT, order, tables

NONE = -1
STANDINGS = arrays(np.int8, st.tuples(st.integers(1, 5), st.integers(0, 30)), elements=st.integers(0, 3))


def stood(told: Tables) -> list[list[str]]:
    table = segments(told.members, told.orders, told.flows, told.days)
    return [["-" if at < 0 else SEGMENTS[at] for at in row] for row in table.tolist()]


def test_three_orders_make_high_value_for_thirty_days() -> None:
    told = tables(70, *(row for n, day in enumerate((0, 1, 20)) for row in order(n, 5, day)))
    week = [row[0] for row in stood(told)]
    assert week[:4] == ["others", "others", "frequent", "frequent"]
    assert week[4:] == ["others"] * 6  # day 0 has left the window at the end of week 4


@pytest.mark.parametrize(("off", "segment"), [(400, "big spender"), (401, "frequent")])
def test_who_has_paid_two_hundred_yuan_in_thirty_days_spends_much(off: int, segment: str) -> None:
    """Six orders of 34 yuan, less what was taken off; a seventh was cancelled and given back."""
    rows = [row for n in range(6) for row in order(n, 5, n)]
    gone = [*placed(6 * DAY, 6, merchant=0, user=5, basket=3000), Row(6 * DAY + 60, Kind.CANCELLED, 6, user=5)]
    told = tables(42, *rows, pay(DAY, Purpose.DISCOUNT, off, 1, user=5), *gone)
    week = [row[0] for row in stood(told)]
    assert week == [segment, segment, segment, segment, "others", "others"]


def test_who_has_not_ordered_for_sixty_days_is_asleep() -> None:
    week = [row[0] for row in stood(tables(84, *order(0, 5, 6)))]
    assert week == ["others"] * 9 + ["asleep"] * 3


def test_an_account_is_new_for_thirty_days_and_nothing_before() -> None:
    told = tables(49, Row(8 * DAY, Kind.JOINED, user=3, place=1, amount=-1, detail=-1))
    assert [row[0] for row in stood(told)] == ["-", "new", "new", "new", "new", "others", "others"]


def test_levels_are_those_of_the_last_change_in_the_week() -> None:
    table = levels(FORTNIGHT.events, FORTNIGHT.members, FORTNIGHT.days)
    assert table[:, 2].tolist() == [1, 0]
    assert level_names(table) == ("none", "level 1")
    assert level_names(np.array([[2, 0]], np.int8), ("silver",)) == ("none", "silver", "level 2")
    assert mix(table, level_names(table)).to_numpy().tolist() == [[3, 1], [4, 0]]
    assert moves(table, level_names(table)).to_dict("list") == {
        "week": [1, 1],
        "from": ["none", "level 1"],
        "to": ["none", "none"],
        "users": [3, 1],
    }


def test_accounts_that_are_only_counted_stand_too() -> None:
    told = tables(70, *order(0, 5, 66))
    table = segments(told.members, told.orders, told.flows, told.days, unseen=2)
    assert [SEGMENTS[at] for at in table[7]] == ["others"] * 3
    assert [SEGMENTS[at] for at in table[9]] == ["others", "asleep", "asleep"]
    assert levels(FORTNIGHT.events, FORTNIGHT.members, 14, unseen=2)[:, 4:].tolist() == [[0, 0], [0, 0]]


@given(STANDINGS)
def test_nobody_is_lost_between_weeks(standing: Standing) -> None:
    counts, flows = mix(standing, SEGMENTS), moves(standing, SEGMENTS)
    assert (counts.sum(axis=1) == standing.shape[1]).all()
    for week in range(1, len(standing)):
        came = flows[flows["week"] == week].groupby("to")["users"].sum().reindex(SEGMENTS).fillna(0)
        went = flows[flows["week"] == week].groupby("from")["users"].sum().reindex(SEGMENTS).fillna(0)
        assert came.tolist() == counts.loc[week].tolist()  # type: ignore[operator]
        assert went.tolist() == counts.loc[week - 1].tolist()  # type: ignore[operator]


def test_a_new_account_comes_from_nowhere() -> None:
    flows = moves(np.array([[NONE, 0], [2, NONE]], np.int8), SEGMENTS)
    assert flows[["from", "to", "users"]].to_numpy().tolist() == [["joined", "new", 1]]


@pytest.mark.parametrize("make", [segments, levels])
def test_a_lived_city_stands_somewhere(make: object, city_of_weeks: Tables) -> None:
    told = city_of_weeks
    of = (told.members, told.orders, told.flows) if make is segments else (told.events, told.members)
    table = make(*of, told.days)  # type: ignore[operator]
    assert table.shape == (6, len(city_of_weeks.members))
    assert (table[-1] >= 0).all()
    assert len(set(table[-1].tolist())) > 1
