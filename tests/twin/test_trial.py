"""A forecaster on trial: what is summed, over which steps, and from which past."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from sim.entities import Floats
from sim.forecast.calendar import Calendar
from sim.forecast.forecaster import Forecast
from sim.forecast.known import Known
from sim.forecast.seasonal import Seasonal
from sim.twin.trial import LEVELS, Trial, try_forecaster
from tests.twin.demand_made import made_counts

COUNTS = made_counts(12)


def test_errors_are_those_summed_by_hand() -> None:
    trial = try_forecaster(Seasonal(), COUNTS, 10)
    assert trial.error.shape == (2, 8)
    values = COUNTS.values
    last_week = values[3 * 96 : 5 * 96]
    by_hand = np.abs(values[10 * 96 :] - last_week).reshape(2, -1).sum(axis=1)
    for lead in range(8):
        assert trial.error[:, lead].tolist() == by_hand.tolist()
        assert trial.actual[:, lead].sum() == values[10 * 96 :].sum()
    assert trial.wape().mean == pytest.approx(by_hand.sum() / values[10 * 96 :].sum())
    assert (trial.path[0] == last_week).all()


@dataclass
class Spy:
    """Remembers what it was shown, and forecasts the moment it was asked at."""

    seen: list

    def fit(self, history: Floats, calendar: Calendar) -> Any:
        self.history = history
        return self

    def predict(self, recent: Floats, now: int, horizon: int = 8) -> Forecast:
        self.seen.append((len(self.history), now, recent))
        mean = np.full((horizon, 2), float(now))
        return Forecast(mean, mean, mean)


def test_no_forecaster_sees_what_is_to_come() -> None:
    spy = Spy([])
    trial = try_forecaster(spy, COUNTS, 10)
    assert [now for _, now, _ in spy.seen] == list(range(9 * 96, 12 * 96))
    for length, now, recent in spy.seen:
        assert length == now // 96 * 96
        assert (recent == COUNTS.values[now - 96 : now]).all()
    assert trial.path[0, :, 0].tolist() == list(range(10 * 96 - 7, 12 * 96 - 7))  # each told two hours before
    assert trial.expected[0, 0] == 2 * sum(range(10 * 96, 11 * 96))
    assert trial.expected[0, 7] == 2 * sum(range(10 * 96 - 7, 11 * 96 - 7))


def test_the_oracle_errs_as_much_as_the_floor() -> None:
    counts = made_counts(28, 4, 2000)
    assert counts.rates is not None
    trial = try_forecaster(Known(counts.rates), counts, 10)
    assert trial.wape().mean == pytest.approx(trial.floor(trial.noise), rel=0.02)
    assert trial.share(trial.loss).mean == pytest.approx(trial.floor(trial.noise_loss), rel=0.02)
    assert trial.dispersion == pytest.approx(1, abs=0.03)
    assert trial.floor(trial.least) < trial.floor(trial.noise)


def test_intervals_hold_what_they_say_where_counts_are_large() -> None:
    counts = made_counts(14, 1, 40_000)
    assert counts.rates is not None
    steps = np.arange(len(counts.values)) % 96
    busy = (steps >= 40) & (steps < 80)
    trial = try_forecaster(Known(counts.rates), counts, 10)
    path, actual = trial.path[:, busy[10 * 96 :]], counts.values[10 * 96 :][busy[10 * 96 :]]
    assert ((actual >= path[2]) & (actual <= path[-2])).mean() == pytest.approx(0.8, abs=0.1)
    assert (trial.within_95 >= trial.within_80).all()
    assert len(path) == 1 + len(LEVELS)


def trial_of(error: list[float], actual: list[float]) -> Trial:
    e, a = (np.array(each, dtype=float)[:, None] for each in (error, actual))
    return Trial(*[a, a, e, e, e, e, e, e, e, e, e])


def test_the_interval_is_over_the_days() -> None:
    trial = trial_of([10, 30, 20, 40], [100, 200, 100, 300])
    found = trial.wape()
    assert found.mean == pytest.approx(100 / 700)
    assert found.replications == 4
    residual = np.array([10, 30, 20, 40]) - 100 / 700 * np.array([100, 200, 100, 300])
    assert found.half_width == pytest.approx(3.1824 * residual.std(ddof=1) / 175 / 2, rel=1e-3)


def test_two_forecasters_are_compared_day_by_day() -> None:
    one, other = trial_of([10, 30, 20, 40], [100] * 4), trial_of([12, 32, 22, 42.1], [100] * 4)
    assert one.less(other).estimate.high < 0
    assert one.less(other).estimate.mean == pytest.approx(-8.1 / 400)
