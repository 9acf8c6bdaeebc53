"""Levels of the looks: against published values, against simulation, and their shape."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.experiment.gate.bounds import nominal_levels

QUARTERS = (0.25, 0.5, 0.75, 1.0)


@pytest.mark.parametrize("alpha", [0.05, 0.025, 0.001])
def test_one_look_spends_all(alpha: float) -> None:
    assert nominal_levels(alpha, (1.0,)) == pytest.approx((alpha,), rel=1e-6)


def test_the_first_look_spends_the_square_of_its_share() -> None:
    assert nominal_levels(0.05, QUARTERS)[0] == pytest.approx(0.05 / 16, rel=1e-6)


def test_published_bounds_of_the_power_family() -> None:
    """Two looks by hand: P(Z1 < b1, Z2 > b2) with correlation sqrt(1/2), as scipy integrates it."""
    from scipy.stats import multivariate_normal

    one, two = (norm.isf(level) for level in nominal_levels(0.025, (0.5, 1.0)))
    below = multivariate_normal.cdf([one, two], cov=[[1, 0.5**0.5], [0.5**0.5, 1]])
    assert 1 - below == pytest.approx(0.025, abs=2e-5)
    assert norm.sf(one) == pytest.approx(0.00625, rel=1e-6)


@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_all_looks_together_cross_with_probability_alpha(alpha: float) -> None:
    paths = np.random.default_rng(1).normal(size=(400_000, 4)).cumsum(axis=1) / np.sqrt([1, 2, 3, 4])
    crossed = (paths > norm.isf(nominal_levels(alpha, QUARTERS))).any(axis=1).mean()
    assert crossed == pytest.approx(alpha, abs=4 * np.sqrt(alpha / 400_000))


def test_without_correction_the_looks_would_cross_more_often() -> None:
    paths = np.random.default_rng(2).normal(size=(100_000, 4)).cumsum(axis=1) / np.sqrt([1, 2, 3, 4])
    assert (paths > norm.isf(0.05)).any(axis=1).mean() > 0.11


def test_levels_rise_with_the_looks_and_with_alpha() -> None:
    loose, tight = nominal_levels(0.05, QUARTERS), nominal_levels(0.05 / 12, QUARTERS)
    assert list(loose) == sorted(loose)
    assert all(a > b for a, b in zip(loose, tight, strict=True))
    assert loose[-1] < 0.05
