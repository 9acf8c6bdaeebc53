"""The contract of every forecaster: pure, deterministic, picklable, quick, and no look at what is to come."""

import pickle
import time
from collections.abc import Callable

import numpy as np
import pytest

from sim.entities import Floats
from sim.forecast.forecaster import Fitted, Forecast, overdispersion
from sim.forecast.known import Known
from sim.forecast.registry import FORECASTERS, find_forecasters
from tests.forecast.made import STEPS, calendar, drawn, rates

DAYS, ZONES = 15, 3
MEANS = rates(DAYS + 2, ZONES)
VALUES = drawn(MEANS)
NOW = DAYS * STEPS + 48
MAKERS: dict[str, Callable] = {**FORECASTERS, "oracle": lambda: Known(MEANS)}


@pytest.fixture(scope="module", params=MAKERS)
def fitted(request: pytest.FixtureRequest) -> Fitted:
    return MAKERS[request.param]().fit(VALUES[: DAYS * STEPS], calendar(DAYS + 2))


def recent(now: int, steps: int = STEPS) -> Floats:
    return VALUES[now - steps : now]


def same(one: Forecast, other: Forecast) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("mean", "rate", "shape"))


def test_answers_have_the_shape_asked_for(fitted: Fitted) -> None:
    for horizon in (1, 8, 12):
        made = fitted.predict(recent(NOW), NOW, horizon)
        assert made.mean.shape == made.rate.shape == made.shape.shape == (horizon, ZONES)
        assert (made.mean >= 0).all()
        assert (made.shape > 0).all()
        quantiles = made.quantiles(np.array([0.1, 0.5, 0.9]))
        assert quantiles.shape == (3, horizon, ZONES)
        assert (np.diff(quantiles, axis=0) >= 0).all()


def test_nothing_recent_is_enough(fitted: Fitted) -> None:
    at_dawn = fitted.predict(VALUES[:0], DAYS * STEPS)
    assert np.isfinite(at_dawn.mean).all()


def test_equal_questions_have_equal_answers_and_nothing_is_changed(fitted: Fitted) -> None:
    given = recent(NOW).copy()
    first = fitted.predict(given, NOW)
    fitted.predict(recent(NOW + 5), NOW + 5)
    assert same(first, fitted.predict(given, NOW))
    assert (given == recent(NOW)).all()


def test_a_forecaster_survives_pickling(fitted: Fitted) -> None:
    again = pickle.loads(pickle.dumps(fitted))
    assert same(again.predict(recent(NOW), NOW), fitted.predict(recent(NOW), NOW))


def test_forecasts_run_over_midnight(fitted: Fitted) -> None:
    late = (DAYS + 1) * STEPS - 2
    noon = fitted.predict(recent(NOW), NOW).mean.sum()
    assert fitted.predict(recent(late), late).mean.sum() < noon / 3


def test_a_forecast_takes_less_than_five_milliseconds(fitted: Fitted) -> None:
    took = []
    for _ in range(30):
        begin = time.perf_counter()
        fitted.predict(recent(NOW), NOW)
        took.append(time.perf_counter() - begin)
    assert min(took) < 0.005


@pytest.mark.parametrize("name", FORECASTERS)
def test_two_fits_are_one(name: str) -> None:
    make = FORECASTERS[name]
    one, other = (make().fit(VALUES[: DAYS * STEPS], calendar(DAYS + 2)).predict(recent(NOW), NOW) for _ in range(2))
    assert same(one, other)


@pytest.mark.parametrize("name", FORECASTERS)
@pytest.mark.parametrize(
    ("history", "complaint"),
    [
        (np.zeros((0, 2)), "expected a history of whole days of 96 steps"),
        (np.zeros((100, 2)), "expected a history of whole days of 96 steps"),
        (np.zeros(96), "expected a history of whole days of 96 steps"),
        (np.zeros((5 * 96, 2)), "the history has 5 days, the calendar 4"),
        (np.full((96, 2), -1.0), "a history holds counts"),
        (np.full((96, 2), np.nan), "a history holds counts"),
    ],
)
def test_what_is_no_history_is_refused(name: str, history: Floats, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        FORECASTERS[name]().fit(history, calendar(4))


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_city_without_orders_is_forecast_to_have_next_to_none(name: str) -> None:
    fitted = FORECASTERS[name]().fit(np.zeros((10 * STEPS, 2)), calendar(12))
    made = fitted.predict(np.zeros((STEPS, 2)), 10 * STEPS + 40)
    assert made.mean.max() < 1e-3
    assert np.isfinite(made.quantiles(np.array([0.1, 0.9]))).all()


def test_known_rates_end_somewhere() -> None:
    with pytest.raises(ValueError, match="rates are known for 96 steps, asked for step 97"):
        Known(np.ones((96, 1))).predict(np.zeros((0, 1)), 90)


def test_quantiles_are_negative_binomial_and_poisson_in_the_limit() -> None:
    rng = np.random.default_rng(3)
    drawn_rates = rng.poisson(rng.gamma(4.0, 10 / 4.0, 200_000))
    levels = np.array([0.1, 0.5, 0.9])
    made = Forecast(np.full((1, 1), 10.0), np.full((1, 1), 10.0), np.full((1, 1), 4.0))
    assert np.abs(made.quantiles(levels).ravel() - np.quantile(drawn_rates, levels)).max() <= 1
    sure = Forecast(made.mean, made.rate, np.full((1, 1), np.inf))
    assert sure.quantiles(levels).ravel().tolist() == np.quantile(rng.poisson(10, 200_000), levels).tolist()


def test_overdispersion_is_zero_for_poisson_counts_and_found_for_others() -> None:
    rng = np.random.default_rng(4)
    mean = np.full(100_000, 20.0)
    assert overdispersion(rng.poisson(mean).astype(float), mean) < 0.002
    assert overdispersion(rng.poisson(rng.gamma(10, 2, len(mean))).astype(float), mean) == pytest.approx(0.1, rel=0.1)


def test_an_unknown_forecaster() -> None:
    with pytest.raises(ValueError, match=r"unknown forecaster 'smoothin' \(did you mean 'smoothing'"):
        find_forecasters(["naive", "smoothin"])
    with pytest.raises(ValueError, match="there are: naive, average, smoothing, boosted"):
        find_forecasters(["x"])
