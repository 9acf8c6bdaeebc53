"""Exponential smoothing: what it finds on demand whose making is known."""

import numpy as np
import pytest

from sim.entities import Floats
from sim.forecast.level import Level, discounted
from sim.forecast.profile import Usual, blurred, deviance
from sim.forecast.smoothing import STILL, FittedSmoothing, Smoothing
from tests.forecast.made import STEPS, calendar, drawn, rates

DAYS = 21


def fit(values: Floats) -> FittedSmoothing:
    return Smoothing().fit(values[: DAYS * STEPS], calendar(DAYS + 2))


def test_discounted_sums_are_those_of_the_loop() -> None:
    values = np.random.default_rng(1).random((250, 3))
    loop, last = [np.zeros(3)], np.zeros(3)
    for value in values:
        last = 0.8 * last + value
        loop.append(last)
    assert np.allclose(discounted(0.8, values), loop)
    assert discounted(0.8, values[:0]).shape == (1, 3)


def test_the_level_trusts_the_usual_until_orders_tell_otherwise() -> None:
    level = Level(0.9, 10.0, 0.5)
    twice = level.path(np.full((200, 1), 4.0), np.full((200, 1), 2.0))
    assert twice[0] == 1
    assert (np.diff(twice.ravel()) > 0).all()
    assert twice[-1] == pytest.approx((10 + 40) / (10 + 20), rel=1e-6)
    assert level.ahead(np.array(3.0), 2) == pytest.approx(1.5)
    assert (STILL.path(np.ones((5, 2)), np.ones((5, 2))) == 1).all()


def test_the_usual_day_is_made_of_earlier_days_of_its_kind() -> None:
    days = np.arange(1.0, 11.0)[:, None, None] * np.ones((10, 4, 1))
    off = np.arange(10) % 7 >= 5
    path = Usual(1.0, 0.0, 0).path(days, off)
    assert path[:, 0, 0].tolist() == pytest.approx([1e-6, 1, 1.5, 2, 2.5, 3, 6, 3, 23 / 6, 32 / 7, 42 / 8, 6.5])
    changed = days.copy()
    changed[6:] = 99
    assert (Usual(1.0, 0.0, 0).path(changed, off)[:7] == path[:7]).all()


def test_a_zone_with_few_orders_borrows_the_citys_day() -> None:
    days = np.zeros((5, 4, 2))
    days[:, :, 0], days[0, 2, 1] = [10, 20, 30, 40], 5
    alone, pooled = (Usual(1.0, weight, 0).path(days, np.zeros(5, np.bool_))[-2] for weight in (0.0, 1e9))
    assert alone[0, 1] < 1e-5
    assert pooled[:, 1] == pytest.approx(pooled[:, 0] / 100, rel=1e-4)


def test_blurring_keeps_the_day_and_goes_round_midnight() -> None:
    day = np.zeros((6, 1))
    day[0] = 9
    assert blurred(day, 2).ravel().tolist() == [3, 2, 1, 0, 1, 2]
    assert (blurred(day, 0) == day).all()


def test_deviance_is_least_at_the_truth() -> None:
    means = rates(7)
    values = drawn(means)
    assert deviance(values, means) < min(deviance(values, 1.1 * means), deviance(values, 0.9 * means))


def test_steady_demand_needs_no_level() -> None:
    fitted = fit(drawn(rates(DAYS)))
    ahead = fitted.predict(drawn(3 * rates(1)), DAYS * STEPS + 48).mean
    assert ahead.sum() < 1.5 * rates(1)[48:56].sum()
    assert fitted.excess < 0.05


def test_days_that_differ_are_followed_within_the_day() -> None:
    """Each day has a level of its own, as rain makes it: by noon the forecast has found it."""
    means = rates(DAYS + 1, orders=2000)
    level = np.random.default_rng(5).gamma(4, 0.25, DAYS + 1)
    level[-1] = 2.0
    values = drawn(means * np.repeat(level, STEPS)[:, None])
    fitted, now = fit(values), DAYS * STEPS + 48
    found = fitted.predict(values[now - 48 : now], now).mean.sum() / means[now : now + 8].sum()
    unseen = fitted.predict(values[:0], now).mean.sum() / means[now : now + 8].sum()
    assert found == pytest.approx(2.0, rel=0.15)
    assert unseen == pytest.approx(level[:-1].mean(), rel=0.4)


def test_a_zone_of_its_own_is_followed_apart() -> None:
    """Each zone has its own level every day, the city about the same: only the zones' levels tell."""
    rng = np.random.default_rng(6)
    means = rates(DAYS + 1, 6, orders=6000)
    level = rng.gamma(4, 0.25, (DAYS + 1, 6))
    level[-1] = [0.5, 2.0, 1, 1, 1, 1]
    values = drawn(means * np.repeat(level, STEPS, axis=0))
    now = DAYS * STEPS + 52
    found = fit(values).predict(values[now - 52 : now], now).mean.sum(axis=0) / means[now : now + 8].sum(axis=0)
    assert found[1] / found[0] == pytest.approx(4.0, rel=0.35)


@pytest.mark.filterwarnings("ignore")
def test_it_errs_less_than_holt_winters_on_counts_and_no_more_than_the_noise() -> None:
    """Why the library's smoothing is not used: seasons of 96 steps, each seen through a few noisy counts."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    means = rates(DAYS + 2, 1, 200)
    values, now = drawn(means), DAYS * STEPS
    actual = values[now : now + STEPS, 0]
    library = ExponentialSmoothing(values[:now, 0], seasonal="add", seasonal_periods=STEPS).fit().forecast(STEPS)
    own = fit(values).predict(values[:0], now, STEPS).mean[:, 0]
    noise, ours, theirs = (
        np.abs(actual - np.maximum(each, 0)).sum() for each in (means[now : now + STEPS, 0], own, library)
    )
    assert ours < 1.1 * noise
    assert theirs > 1.3 * noise
