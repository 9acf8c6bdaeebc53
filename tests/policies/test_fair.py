"""Fair matching: the poorer rider gets the order while the price is right."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Wave
from sim.policies.fair import Fair
from sim.policies.matching import Matching
from tests.policies.waves import RNG, order, pairs, wave

X = [0.0, 100.0, 400.0, 1000.0]
RICH_IS_NEAR: dict[str, Any] = {"earned": [9000, 1000], "worked_s": [7200.0, 7200.0]}
"""Rider 10 at 100 m has 45 yuan an hour, rider 11 at 400 m has 5."""


def two(**columns: Any) -> Wave:
    return wave([order(7, 0, 3)], [1, 2], X, **(RICH_IS_NEAR | columns))


@pytest.mark.parametrize(("price", "rider"), [(0.0, 10), (5.0, 10), (20.0, 11)])
def test_a_yuan_of_difference_has_its_price_in_seconds(price: float, rider: int) -> None:
    """300 s more of riding and of waiting are 600 s; 40 yuan an hour of difference pay for it from 15 s a yuan."""
    assert pairs(Fair(seconds_per_yuan=price)(two(), RNG)) == [(rider, 7)]


def test_the_turning_point_is_where_it_should_be() -> None:
    assert pairs(Fair(seconds_per_yuan=14.9)(two(), RNG)) == [(10, 7)]
    assert pairs(Fair(seconds_per_yuan=15.1)(two(), RNG)) == [(11, 7)]


def test_without_a_price_it_is_matching() -> None:
    many = wave(
        [order(n, n % 4, (n + 1) % 4) for n in range(5)], [0, 1, 2, 3], X, earned=[1, 2, 3, 4], worked_s=[9.0] * 4
    )
    assert Fair(seconds_per_yuan=0)(many, RNG) == Matching()(many, RNG)


def test_the_hours_are_capped() -> None:
    tired = two(worked_s=[13 * 3600.0, 3600.0])
    assert pairs(Fair(seconds_per_yuan=0)(tired, RNG)) == [(11, 7)]
    assert Fair(most_hours=0.5)(tired, RNG) == []


def test_a_first_minute_is_no_fortune() -> None:
    """Six yuan in the first minute are twelve an hour, not three hundred and sixty."""
    fresh = two(earned=[600, 1100], worked_s=[60.0, 3600.0])
    assert pairs(Fair(seconds_per_yuan=100)(fresh, RNG)) == [(10, 7)]


def test_nothing_in_nothing_out() -> None:
    nobody = wave([order(7)], [], X, earned=np.zeros(0), worked_s=np.zeros(0))
    assert Fair()(nobody, RNG) == []
    assert Fair()(wave([], [1, 2], X, **RICH_IS_NEAR), RNG) == []
