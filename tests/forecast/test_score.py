"""The noise floor, against sums over the Poisson distribution."""

import numpy as np
import pytest
from scipy.stats import poisson

from sim.forecast.score import (
    attainable_from,
    expected_error,
    expected_pinball,
    least_error,
    noise_error,
    pinball,
    relative_noise,
)

COUNTS = np.arange(2000.0)
MEANS = [0.01, 0.3, 1.0, 1.5, 7.0, 99.55, 800.0]


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("shift", [-3.0, -0.5, 0.0, 0.25, 2.0])
def test_expected_errors_are_sums_over_the_distribution(mean: float, shift: float) -> None:
    p, guess = poisson.pmf(COUNTS, mean), max(mean + shift, 0.0)
    summed = (np.abs(COUNTS - guess) * p).sum()
    assert expected_error(np.array(mean), np.array(guess)) == pytest.approx(summed, rel=1e-9)
    for level in (0.1, 0.5, 0.9):
        summed = (pinball(COUNTS, np.array(guess), np.array(level)) * p).sum()
        found = expected_pinball(np.array(mean), np.array(guess), np.array(level))
        assert found == pytest.approx(summed, rel=1e-9)


@pytest.mark.parametrize("mean", MEANS)
def test_no_guess_has_a_lower_expected_error_than_the_median(mean: float) -> None:
    guesses = np.arange(int(mean) + 5.0)
    least = float(least_error(np.array(mean)))
    assert least == pytest.approx(expected_error(np.full(len(guesses), mean), guesses).min())
    assert least <= float(noise_error(np.array(mean))) * (1 + 1e-12)


def test_the_true_mean_errs_more_than_zero_does_below_one_order() -> None:
    """Why the floor of the mean is not the least error where counts are small."""
    assert relative_noise(np.array(0.3)) == pytest.approx(2 * np.exp(-0.3))
    assert least_error(np.array(0.3)) == pytest.approx(0.3)


@pytest.mark.parametrize(("share", "count"), [(0.08, 99.55), (0.05, 254.7), (0.2, 15.8), (1.0, 0.6931), (1.9, 0.0513)])
def test_how_full_a_cell_must_be(share: float, count: float) -> None:
    found = attainable_from(share)
    assert found == pytest.approx(count, rel=0.01)
    assert relative_noise(np.array(found)) == pytest.approx(share)
    assert relative_noise(np.array(found * 0.99)) > share


@pytest.mark.parametrize("share", [0.0, 2.0, -1.0, float("nan")])
def test_a_share_that_no_count_has(share: float) -> None:
    with pytest.raises(ValueError, match="expected a share above 0 and below 2"):
        attainable_from(share)


def test_pinball_at_a_half_is_half_the_absolute_error() -> None:
    actual, guess = np.array([1.0, 5.0]), np.array([3.0, 4.0])
    assert (2 * pinball(actual, guess, np.array(0.5)) == [2, 1]).all()
    assert pinball(np.array(10.0), np.array(0.0), np.array(0.9)) == pytest.approx(9)
    assert pinball(np.array(0.0), np.array(10.0), np.array(0.9)) == pytest.approx(1)
