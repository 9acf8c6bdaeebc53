"""The Gini coefficient."""

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kpi.spread import gini


@pytest.mark.parametrize(
    ("values", "expected"),
    [([5], 0), ([3, 3, 3], 0), ([0, 1], 1 / 2), ([0, 0, 0, 8], 3 / 4), ([1, 2, 3, 4], 1 / 4), ([4, 1, 3, 2], 1 / 4)],
)
def test_gini_of_known_values(values: list[float], expected: float) -> None:
    assert gini(np.array(values, dtype=float)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("values", [[], [0], [0, 0]])
def test_gini_has_no_meaning_without_income(values: list[float]) -> None:
    assert gini(np.array(values, dtype=float)) == pytest.approx(nan, nan_ok=True)


incomes = st.lists(st.floats(0, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=40).filter(any)


@given(incomes, st.floats(0.01, 100))
def test_gini_is_a_share_free_of_scale_and_of_order(values: list[float], scale: float) -> None:
    array = np.array(values)
    value = gini(array)
    assert -1e-12 <= value < 1
    assert gini(array * scale) == pytest.approx(value, abs=1e-9)
    assert gini(array[::-1]) == value
    assert gini(np.repeat(array, 2)) == pytest.approx(value, abs=1e-9)


@given(incomes.filter(lambda values: len(values) > 1))
def test_gini_is_the_mean_difference_of_two_incomes(values: list[float]) -> None:
    array = np.array(values)
    difference = np.abs(array[:, None] - array).mean()
    assert gini(array) == pytest.approx(difference / 2 / array.mean(), abs=1e-9)
