"""Whom the platform asks for an errand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Errands
from sim.policies.merchants.suppliers import SUPPLIERS, Best, nearest, user

RIDES = np.array([[600.0, 300.0], [60.0, 900.0]])


def errands(prep_s: float = 0, price: float = 3000, stock_out: float = 0) -> Errands:
    """Two errands and two merchants, of whom the second differs."""
    other = np.array([0.0, 1.0]) * np.ones((2, 1))
    return Errands(RIDES, prep_s * other, 3000 + (price - 3000) * other, stock_out * other)


def test_the_nearest_is_asked_first() -> None:
    assert nearest(errands(prep_s=1e6, price=1e6)).argmin(axis=1).tolist() == [1, 0]


def test_the_best_is_the_nearest_where_all_else_is_equal() -> None:
    assert Best()(errands()).argmin(axis=1).tolist() == [1, 0]


@pytest.mark.parametrize("name", ["minute_yuan", "miss_yuan"])
def test_what_makes_no_sense_is_refused_before_the_run(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be 0 to"):
        Best(**{name: -1.0})


@pytest.mark.parametrize("worse", [{"prep_s": 3600.0}, {"price": 9000.0}, {"stock_out": 0.9}])
def test_the_best_is_not_slow_dear_or_without_stock(worse: dict[str, float]) -> None:
    assert Best()(errands(**worse)).argmin(axis=1).tolist() == [0, 0]


@given(st.floats(0, 3600), st.floats(0, 10_000), st.floats(0, 1), st.floats(0, 1))
def test_whoever_is_worse_never_costs_less(prep_s: float, more: float, empty: float, emptier: float) -> None:
    better = Best()(errands(prep_s, 3000 + more, min(empty, emptier)))
    worse = Best()(errands(prep_s + 60, 3000 + 2 * more, max(empty, emptier)))
    assert (worse[:, 1] >= better[:, 1]).all()


def test_a_minute_costs_what_it_is_said_to_cost() -> None:
    cost = Best(minute_yuan=2.0, miss_yuan=0.0)(errands())
    assert cost[0, 0] - cost[0, 1] == pytest.approx(10)


def test_the_user_is_never_asked_by_the_platform() -> None:
    assert set(SUPPLIERS) == {"user", "nearest", "best"}
    with pytest.raises(NotImplementedError):
        user(errands())
