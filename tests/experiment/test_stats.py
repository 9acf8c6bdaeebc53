"""Paired statistics: against scipy, by hand, at the edges, and the coverage that an interval promises."""

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator
from scipy import stats as scipy_stats

from sim.experiment.stats import Difference, difference, estimate, holm, ratio

NAN = math.nan
Draw = Callable[[Generator, int], np.ndarray]

REPETITIONS = 1000
A, B = [5.1, 4.8, 6.0, 5.5, 4.9], [4.0, 4.1, 4.9, 4.0, 4.4]


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("size", [2, 3, 20, 400])
def test_an_estimate_is_scipys(size: int, confidence: float) -> None:
    x = np.random.default_rng(size).gamma(2, 3, size)
    found = estimate(x, confidence)
    low, high = scipy_stats.ttest_1samp(x, 0).confidence_interval(confidence)
    assert (found.mean, found.low, found.high) == pytest.approx((x.mean(), low, high))
    assert found.half_width == pytest.approx((high - low) / 2)
    assert found.replications == size


def test_an_estimate_by_hand() -> None:
    found = estimate([1.0, 2.0, 3.0])  # sd 1, t(2) at 97.5% is 4.302653
    assert found.half_width == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)


def test_replications_without_a_value_do_not_count() -> None:
    assert estimate([1.0, NAN, 2.0, math.inf, 4.0]) == estimate([1.0, 2.0, 4.0])


@pytest.mark.parametrize(("values", "mean"), [([], NAN), ([NAN], NAN), ([3.0], 3.0), ([NAN, 3.0], 3.0)])
def test_fewer_than_two_values_have_no_interval(values: list[float], mean: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = estimate(values)
    assert found.mean == pytest.approx(mean, nan_ok=True)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.replications == int(not math.isnan(mean))


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert (estimate([2.0, 2.0]).low, estimate([2.0, 2.0]).high) == (2.0, 2.0)


def test_a_difference_is_the_paired_t_test() -> None:
    found, told = difference(A, B), scipy_stats.ttest_rel(A, B)
    low, high = told.confidence_interval(0.95)
    assert found.p == pytest.approx(told.pvalue)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((low, high))
    assert found.estimate.mean == pytest.approx(0.98)  # by hand: 1.1, 0.7, 1.1, 1.5, 0.5
    assert found.percent == pytest.approx(100 * 0.98 / 4.28)
    assert found.variance_reduction == pytest.approx((np.var(A) + np.var(B)) / np.var([1.1, 0.7, 1.1, 1.5, 0.5]))


def test_the_other_way_round_only_the_signs_change() -> None:
    one, two = difference(A, B), difference(B, A)
    assert two.p == pytest.approx(one.p)
    assert two.variance_reduction == pytest.approx(one.variance_reduction)
    assert (two.estimate.low, two.estimate.high) == pytest.approx((-one.estimate.high, -one.estimate.low))


def test_percent_of_a_negative_baseline_keeps_the_direction() -> None:
    assert difference([-1.0, -3.0], [-4.0, -4.0]).percent == pytest.approx(50)
    assert math.isnan(difference([1.0, 3.0], [1.0, -1.0]).percent)  # baseline 0


def test_a_pair_counts_only_when_both_have_a_value() -> None:
    found = difference([1.0, NAN, 3.0, 4.0, 9.0], [0.5, 1.0, NAN, 1.0, 7.0])
    assert found == difference([1.0, 4.0, 9.0], [0.5, 1.0, 7.0])
    assert found.estimate.replications == 3


@pytest.mark.parametrize("size", [0, 1])
def test_fewer_than_two_pairs_tell_nothing(size: int) -> None:
    found = difference([2.0] * size, [1.0] * size)
    assert math.isnan(found.p)
    assert math.isnan(found.variance_reduction)
    assert math.isnan(found.percent) == (size == 0)


def test_equal_columns_do_not_differ() -> None:
    found = difference(A, A)
    assert (found.estimate.mean, found.estimate.half_width, found.p) == (0, 0, 1)
    assert found.variance_reduction == math.inf


@pytest.mark.parametrize("fee", [1.0, 0.1, -1e-3])
def test_a_constant_shift_is_certain_and_pairing_removes_all_variance(fee: float) -> None:
    """Also where the shift is equal in every replication but for rounding, and without a warning of scipy's."""
    b = np.random.default_rng(1).normal(3.4, 0.07, 12)
    found = difference(b + fee, b)
    assert found.p == 0
    assert found.estimate.mean == pytest.approx(fee)
    assert found.estimate.half_width == 0
    assert found.variance_reduction == math.inf


def test_constants_have_no_variance_to_reduce() -> None:
    assert math.isnan(difference([2.0, 2.0], [1.0, 1.0]).variance_reduction)
    assert math.isnan(difference([0.0, 0.0], [0.0, 0.0]).variance_reduction)


def test_a_small_but_real_variation_is_not_taken_for_rounding() -> None:
    assert 0 < difference([1e6, 1e6 + 1e-4, 1e6], [1e6, 1e6, 1e6]).estimate.half_width < 1


def test_variance_reduction_of_independent_columns_is_about_one() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 4000))
    assert difference(a, b).variance_reduction == pytest.approx(1, abs=0.1)
    both = rng.normal(size=4000) * 3
    assert difference(a + both, b + both).variance_reduction == pytest.approx(10, rel=0.15)  # (10 + 10) / 2


def test_holm_by_hand() -> None:
    # ordered 0.01, 0.02, 0.03, 0.04: times 4, 3, 2, 1, never falling
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, 0.9, 0.001]) == pytest.approx([1.0, 1.0, 0.003])
    assert holm([0.04]) == pytest.approx([0.04])


def test_holm_leaves_out_what_has_no_p_value() -> None:
    adjusted = holm([0.02, NAN, 0.01])
    assert adjusted[0] == pytest.approx(0.02)
    assert adjusted[2] == pytest.approx(0.02)
    assert math.isnan(adjusted[1])
    assert holm([]) == []
    assert math.isnan(holm([NAN])[0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_between_the_p_value_and_bonferroni(p: list[float]) -> None:
    adjusted = holm(p)
    assert all(raw <= new + 1e-12 and new <= min(1, raw * len(p)) + 1e-12 for raw, new in zip(p, adjusted, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= -1e-12).all()


def normal(rng: Generator, size: int) -> np.ndarray:
    return rng.normal(0.4, 1, size)


def skewed(rng: Generator, size: int) -> np.ndarray:
    return rng.gamma(4, 0.1, size)  # mean 0.4, skewness 1


def covered(draw: Draw, size: int, seed: int) -> list[Difference]:
    """Differences of columns that share the load of their day, which is much larger than what differs."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(REPETITIONS):
        day = rng.normal(26, 5, size)
        found.append(difference(day + draw(rng, size), day))
    return found


@pytest.mark.parametrize(("draw", "size"), [(normal, 5), (normal, 20), (skewed, 30)])
def test_the_interval_covers_the_truth_as_often_as_it_says(draw: Draw, size: int) -> None:
    found = covered(draw, size, seed=11)
    inside = np.mean([d.estimate.low <= 0.4 <= d.estimate.high for d in found])
    assert 0.93 <= inside <= 0.97


def test_the_p_value_is_uniform_when_nothing_differs() -> None:
    rng = np.random.default_rng(5)
    p = [difference(*(rng.normal(size=12) + 3 * rng.normal(size=(2, 12)))).p for _ in range(REPETITIONS)]
    assert scipy_stats.kstest(p, "uniform").pvalue > 0.01


def test_holm_keeps_the_chance_of_any_false_alarm() -> None:
    rng = np.random.default_rng(8)
    alarms = [min(holm(rng.random(18).tolist())) < 0.05 for _ in range(REPETITIONS)]
    assert 0.03 <= np.mean(alarms) <= 0.065


@given(st.floats(-3, 3), st.lists(st.floats(5, 6), min_size=3, max_size=9))
def test_a_fixed_return_is_found_exactly(value: float, costs: list[float]) -> None:
    found = ratio(value * np.array(costs), np.array(costs))
    assert [found.mean, found.low, found.high] == pytest.approx([value] * 3, abs=1e-5)


def test_the_interval_of_a_ratio_covers_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(400, 2, 8))
    found = [ratio(5 + a + b, 10 + b) for a, b in noise]
    assert 0.92 < np.mean([e.low <= 0.5 <= e.high for e in found]) < 0.98


def test_one_replication_has_no_interval() -> None:
    found = ratio(np.array([4.0]), np.array([2.0]))
    assert found.mean == 2
    assert np.isnan(found.low)


def test_replications_without_a_value_are_left_out_of_a_ratio() -> None:
    nan = float("nan")
    full = ratio(np.array([2.0, 3.0, 4.0]), np.array([4.0, 5.0, 6.0]))
    assert ratio(np.array([2.0, nan, 3.0, 4.0, 9.0]), np.array([4.0, 7.0, 5.0, 6.0, nan])) == full
    assert np.isnan(ratio(np.array([nan]), np.array([1.0])).mean)
