"""As on the last days like this one."""

import numpy as np
import pytest

from sim.forecast.seasonal import Seasonal
from tests.forecast.made import STEPS, calendar, drawn, rates

VALUES = drawn(rates(22, 2))


def test_the_naive_forecast_is_last_weeks_count() -> None:
    now = 21 * STEPS + 50
    made = Seasonal().fit(VALUES[: 21 * STEPS], calendar(23)).predict(VALUES[now - 5 : now], now)
    assert (made.mean == VALUES[now - 7 * STEPS : now - 7 * STEPS + 8]).all()


def test_the_average_is_over_the_last_days_alike() -> None:
    now = 21 * STEPS + 50
    made = Seasonal(last=2).fit(VALUES[: 21 * STEPS], calendar(23)).predict(VALUES[:0], now, 1)
    weeks = [VALUES[now - 7 * k * STEPS] for k in (1, 2)]
    assert (made.mean[0] == np.mean(weeks, axis=0)).all()
    assert (made.shape[0] == np.sum(weeks, axis=0) + 0.5).all()


@pytest.mark.parametrize("last", [1, 4, 20])
def test_its_intervals_are_as_wide_as_its_ignorance(last: int) -> None:
    """Counts about a rate seen on `last` days: the 80% interval holds 80% or little more, whatever `last`."""
    rng = np.random.default_rng(last)
    days = rng.poisson(30.0, (last + 1, 24, 2000)).astype(float)
    from sim.forecast.calendar import Calendar

    alike = Calendar(24, np.zeros(last + 1, np.int64), np.zeros(last + 1, np.bool_))
    fitted = Seasonal(last).fit(days[:-1].reshape(-1, 2000), alike)
    low, high = fitted.predict(days[0, :0], last * 24, 24).quantiles(np.array([0.1, 0.9]))
    assert 0.79 < ((days[-1] >= low) & (days[-1] <= high)).mean() < 0.86
