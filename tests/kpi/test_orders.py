"""The orders table: who, where, when and what became of it; bundles told apart by the rider's box."""

from math import nan

import numpy as np
import pytest

from sim.events import Kind
from sim.kpi.orders import STATES, TIMES, orders_table
from tests.kpi.hand_made import NOTHING, STORY, Row, delivered, log, on_shift, picked_up, placed

TABLE = orders_table(STORY)

EXPECTED = {
    "order": [0, 1, 2, 3, 5],
    "user": [10, 11, 10, 12, 12],
    "merchant": [2, 2, 5, 5, 2],
    "rider": [3, 3, -1, 3, -1],
    "place": [20, 21, 20, 22, 22],
    "placed_at": [100, 160, 220, 3000, 3500],
    "promised_at": [2500, 2560, 2620, 5400, 5900],
    "cooking_at": [100, 220, 220, 3000, 7000],
    "ready_at": [400, 500, 1200, 3300, 8000],
    "assigned_at": [200, 230, nan, 3000, nan],
    "picked_up_at": [500, 500, nan, 3300, nan],
    "delivered_at": [1000, 2600, nan, nan, nan],
    "cancelled_at": [nan, nan, 1500, nan, nan],
    "basket": [3000, 5000, 2000, 4000, 1000],
    "fee": [400, 400, 400, 400, 400],
    "pay": [550, 600, 0, 0, 0],
    "charged": [3400, 5400, 2400, 4400, 1400],
    "offers": [1, 2, 0, 1, 0],
    "refused": [0, 0, 0, 0, 0],
    "bundled": [True, True, False, False, False],
    "kind": ["takeaway"] * 5,
    "people": [1, 1, 1, 1, 1],
    "locker": [False, True, False, False, False],
    "stars": [5, 2, 0, 0, 0],
    "state": ["delivered", "delivered", "cancelled", "open", "open"],
}


@pytest.mark.parametrize("column", EXPECTED)
def test_a_column_is_as_computed_by_hand(column: str) -> None:
    np.testing.assert_array_equal(TABLE[column].to_numpy(), np.array(EXPECTED[column]))


def test_the_columns_are_the_documented_ones() -> None:
    assert set(TABLE.columns) == set(EXPECTED)
    assert set(TIMES) <= set(TABLE.columns)
    assert tuple(TABLE["state"].cat.categories) == STATES


def test_no_orders_give_an_empty_table_of_the_same_columns() -> None:
    for events in (NOTHING, log(on_shift(0, 3, 1, 3600)), log(Row(5, Kind.LOST, 0, user=1, place=2, detail=0))):
        table = orders_table(events)
        assert len(table) == 0
        assert list(table.columns) == list(TABLE.columns)
        assert {name: table[name].dtype.kind for name in table} == {name: TABLE[name].dtype.kind for name in TABLE}


def test_refusals_are_counted_by_order() -> None:
    no = [Row(210 + t, Kind.REFUSED, order, 4, detail=0) for t, order in enumerate((1, 1, 5))]
    assert orders_table(np.sort(np.concatenate([STORY, log(*no)]), order="t"))["refused"].tolist() == [0, 2, 0, 0, 1]


def test_a_lost_intent_is_no_order() -> None:
    assert 4 not in TABLE["order"].tolist()


def test_order_numbers_may_have_gaps_and_the_last_assignment_counts() -> None:
    events = log(
        *placed(0, 1_000_000, merchant=1, user=1, basket=100),
        *(Row(t, Kind.ASSIGNED, 1_000_000, rider=r, detail=r) for t, r in [(10, 0), (20, 1), (30, 2)]),
    )
    table = orders_table(events)
    assert table[["order", "assigned_at", "offers", "rider"]].to_numpy().tolist() == [[1_000_000, 30, 3, -1]]


def rides(*moves: tuple[str, int], rider: int = 0) -> list[Row]:
    """``("+", 3)`` picks order 3 up, ``("-", 3)`` drops it off; a second apart."""
    return [
        picked_up(100.0 + i, order, rider) if sign == "+" else delivered(100.0 + i, order, rider)
        for i, (sign, order) in enumerate(moves)
    ]


@pytest.mark.parametrize(
    ("moves", "bundled"),
    [
        ([("+", 0), ("-", 0), ("+", 1), ("-", 1)], []),
        ([("+", 0), ("+", 1), ("-", 0), ("-", 1)], [0, 1]),
        ([("+", 0), ("+", 1), ("-", 1), ("-", 0), ("+", 2), ("-", 2)], [0, 1]),
        ([("+", 0), ("-", 0), ("+", 1), ("+", 2), ("-", 1), ("-", 2)], [1, 2]),
        ([("+", 0), ("+", 1), ("-", 0), ("+", 2), ("-", 1), ("-", 2)], [0, 1, 2]),  # a chain of three
        ([("+", 0), ("-", 0), ("+", 1)], []),  # ends with an order on board
        ([("+", 0), ("+", 1)], [0, 1]),  # ends with two
        ([("+", 0), ("+", 1), ("-", 1), ("-", 0), ("+", 2), ("+", 3), ("-", 3)], [0, 1, 2, 3]),
        ([], []),
    ],
)
def test_an_order_is_bundled_when_another_was_on_board(moves: list[tuple[str, int]], bundled: list[int]) -> None:
    events = log(*(row for order in range(4) for row in placed(0, order, 0, order, 100)), *rides(*moves))
    table = orders_table(events)
    assert table["order"][table["bundled"]].tolist() == bundled


def test_boxes_of_two_riders_are_not_mixed() -> None:
    """The first rider keeps two orders on board to the end; the second carries one at a time."""
    events = log(
        *(row for order in range(6) for row in placed(0, order, 0, order, 100)),
        *rides(("+", 0), ("-", 0), ("+", 1), ("+", 2), rider=4),
        *rides(("+", 3), ("-", 3), ("+", 4), ("-", 4), rider=5),
        *rides(("+", 5), rider=9),
    )
    table = orders_table(events)
    assert table["order"][table["bundled"]].tolist() == [1, 2]
    assert table["rider"].tolist() == [4, 4, 4, 5, 5, 9]


def test_kinds_go_by_the_scenarios_names_and_else_by_number() -> None:
    rows = [
        Row(101, Kind.SPECIFIED, 0, place=3, amount=4, detail=2),
        Row(161, Kind.SPECIFIED, 1, place=3, amount=1, detail=1),
    ]
    events = np.sort(np.concatenate([STORY, log(*rows)]), order="t")
    named, unnamed = orders_table(events, ("meal", "errand", "group")), orders_table(events)
    assert named["kind"].tolist() == ["group", "errand", "meal", "meal", "meal"]
    assert unnamed["kind"].tolist()[:3] == ["kind 2", "kind 1", "takeaway"]
    assert named["people"].tolist() == [4, 1, 1, 1, 1]
