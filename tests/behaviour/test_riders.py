"""A rider's answer: calibrated to the share it names, and falling with everything that costs him."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.riders import Choosing, chance, chances

MEITUAN = Choosing(0.87, reference_pay=0.3, reference_km=1.0, pay=4.0, km=0.5, load=0.2, weather=0.5, taste_sd=0.7)


@pytest.mark.parametrize("accept", [0.3, 0.5, 0.87, 0.97])
@pytest.mark.parametrize("taste_sd", [0.0, 0.7, 2.0])
def test_the_reference_offer_is_accepted_as_often_as_it_says(accept: float, taste_sd: float) -> None:
    """Over riders of all tastes, to the half point of the approximation it documents."""
    choosing = Choosing(accept, 0.3, 1.0, 4.0, 0.5, 0.2, 0.5, taste_sd)
    tastes = np.random.default_rng(1).standard_normal(200_000)
    share = chances(choosing.utility(np.full(1, 0.3), np.full(1, 1.0), np.zeros(1), False, tastes)).mean()
    assert share == pytest.approx(accept, abs=0.01)


@given(st.floats(0, 3), st.floats(0, 10), st.floats(0, 5), st.floats(-3, 3), st.floats(0.01, 2))
def test_better_pay_helps_and_all_else_hurts(pay: float, km: float, load: float, taste: float, more: float) -> None:
    def utility(pay: float, km: float, load: float, harsh: bool = False) -> float:
        return MEITUAN.utility(pay, km, load, harsh, taste)

    base = utility(pay, km, load)
    assert utility(pay + more, km, load) > base
    assert max(utility(pay, km + more, load), utility(pay, km, load + more), utility(pay, km, load, True)) < base


@given(st.floats(-1e4, 1e4), st.floats(0.001, 50))
def test_a_chance_grows_with_utility(utility: float, more: float) -> None:
    assert 0 <= chance(utility) <= chance(utility + more) <= 1


def test_arrays_and_numbers_agree() -> None:
    u = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(chances(u), [chance(x) for x in u.tolist()], rtol=1e-12)
    assert chance(0.0) == 0.5
