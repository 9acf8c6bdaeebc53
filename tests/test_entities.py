"""The nouns: columns of a wave's orders equal its rows, and nothing can be changed."""

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import FrozenInstanceError, fields
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Assignment, Order, Orders, Riders, Rules, Stop, StopKind, Wave

COLUMNS = [name for name, value in vars(Orders).items() if isinstance(value, property)]
WHOLE = st.integers(-(2**63), 2**63 - 1)
TIME = st.floats(allow_nan=False, width=64)
ORDER = st.builds(Order, **{n: TIME if n.endswith("_at") else WHOLE for n in Order._fields})


@given(st.lists(ORDER, min_size=1, max_size=20))
def test_columns_equal_rows(rows: list[Order]) -> None:
    orders = Orders(rows)
    assert len(orders) == len(rows)
    for name in COLUMNS:
        column = getattr(orders, name)
        assert column.tolist() == [getattr(row, name) for row in rows]
        assert column.dtype == (np.float64 if name.endswith("_at") else np.int64)
    assert [orders[i] for i in range(len(rows))] == list(cast("Iterable[Order]", orders)) == rows


def test_every_column_is_a_field_of_an_order() -> None:
    assert set(COLUMNS) <= set(Order._fields)
    assert {"id", "merchant", "pickup", "dropoff", "placed_at", "ready_at", "promised_at", "priority"} <= set(COLUMNS)


@pytest.mark.parametrize("rows", [(), []], ids=["tuple", "list"])
@pytest.mark.parametrize("name", COLUMNS)
def test_no_orders_have_empty_columns(rows: Sequence[Order], name: str) -> None:
    orders = Orders(rows)
    assert getattr(orders, name).shape == (0,)
    assert len(orders) == 0


def test_columns_cannot_be_written() -> None:
    orders = Orders([Order(*range(11))])
    with pytest.raises(ValueError, match="read-only"):
        orders.ready_at[0] = 1
    with pytest.raises(FrozenInstanceError):
        orders.rows = []  # type: ignore[misc]


def test_an_index_out_of_range_is_an_error() -> None:
    with pytest.raises(IndexError):
        Orders([Order(*range(11))])[1]


def test_numpy_numbers_may_stand_in_a_row() -> None:
    order = Order(*np.arange(11))
    assert Orders([order]).placed_at.tolist() == [order.placed_at]


def riders(n: int = 2) -> Riders:
    ones, empty = np.ones(n, np.int64), np.zeros(n)
    none = np.empty(n, object)
    return Riders(np.arange(n), ones, empty, ones > 0, ones, ones, empty, none, none, ones > 0)


def test_riders_count_their_rows() -> None:
    assert [len(riders(n)) for n in (0, 1, 5)] == [0, 1, 5]


def test_the_nouns_are_frozen_and_picklable() -> None:
    wave = Wave(0, 1.0, Orders([]), Orders([]), riders(), None, Rules(1, 2, True, False, False))  # type: ignore[arg-type]
    assignment = Assignment(3, (Stop(StopKind.PICKUP, 1, 2),))
    for noun in (wave, wave.riders, wave.rules):
        name = fields(noun)[0].name
        with pytest.raises(FrozenInstanceError):
            setattr(noun, name, 9)
    with pytest.raises(AttributeError):
        assignment.rider = 9  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(assignment)) == assignment
    assert pickle.loads(pickle.dumps(wave)).rules == wave.rules


def test_equal_assignments_are_equal() -> None:
    route = (Stop(StopKind.DROPOFF, 1, 2),)
    assert Assignment(1, route) == Assignment(1, route) != Assignment(2, route)
    assert hash(Assignment(1, route)) == hash(Assignment(1, route))


def test_pickup_comes_before_dropoff_before_reposition() -> None:
    assert list(StopKind) == [StopKind.PICKUP, StopKind.DROPOFF, StopKind.REPOSITION]
    assert list(map(int, StopKind)) == [0, 1, 2]
