"""The larder by hand: portions are sold once, kept for those who told, and given back on the day they were made."""

from typing import Any

import numpy as np
import pytest

from sim.engine.larder import Larder
from sim.entities import Order

ORDER: dict[str, Any] = {
    "user": 0, "pickup": 0, "dropoff": 1, "ready_at": 0.0, "promised_at": 0.0, "basket": 2000, "fee": 0, "priority": 0,
}  # fmt: skip


def order(number: int, merchant: int = 0, placed_at: float = 100.0) -> Order:
    return Order(id=number, merchant=merchant, placed_at=placed_at, **ORDER)


def larder(left: int = 2, waiting: tuple[int, ...] = ()) -> Larder:
    """Merchant 0 makes ahead, merchant 1 does not."""
    made = Larder.empty(np.array([True, False]))
    made.left[0], made.kept[0], made.waiting = left, len(waiting), set(waiting)
    return made


def test_each_order_takes_a_portion_until_none_is_left() -> None:
    of = larder(2)
    assert not of.short(1, 0)
    of.take(order(1))
    of.take(order(2))
    assert of.short(3, 0)
    assert of.left.tolist() == [0, 0]


def test_a_portion_is_kept_for_who_told_and_for_nobody_else() -> None:
    of = larder(2, waiting=(7,))
    of.take(order(1))
    assert of.short(2, 0)
    assert not of.short(7, 0)
    of.take(order(7))
    assert (of.left[0], of.kept[0], of.came[0], of.waiting) == (0, 0, 1, set())


def test_no_more_is_kept_than_are_expected_to_come() -> None:
    of = larder(2, waiting=(7, 8))
    of.kept[0] = 1
    of.take(order(1))
    assert of.short(2, 0)
    of.take(order(7))
    assert (of.kept[0], of.came[0], of.waiting) == (0, 1, {8})
    of.left[0] = 1
    of.take(order(8))
    assert (of.kept[0], of.came[0]) == (0, 2), "nothing is kept for fewer than nobody"


def test_where_more_was_told_than_made_the_first_to_come_are_served() -> None:
    of = larder(1, waiting=(7, 8))
    assert not of.short(8, 0)
    of.take(order(8))
    assert of.short(7, 0)


def test_who_makes_nothing_ahead_is_never_short() -> None:
    of = larder(0)
    assert not of.short(1, 1)
    of.take(order(1, merchant=1))
    of.put_back(order(1, merchant=1))
    of.take(order(2, merchant=-1))
    of.put_back(order(2, merchant=-1))
    assert of.left.tolist() == [0, 0]


@pytest.mark.parametrize(("placed_at", "back"), [(99.9, 0), (100.0, 1), (5000.0, 1)])
def test_what_was_made_for_another_day_cannot_be_sold_again(placed_at: float, back: int) -> None:
    of = larder(2)
    of.since = 100.0
    of.take(order(1))
    of.put_back(order(1, placed_at=placed_at))
    assert of.left[0] == 1 + back
