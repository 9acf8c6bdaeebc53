"""One forecaster on trial: its errors by day and lead, beside those that dice alone would make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.entities import Floats
from sim.experiment.stats import Difference, Estimate, difference, estimate
from sim.forecast.forecaster import Forecast, Forecaster
from sim.forecast.score import expected_pinball, least_error, noise_error, pinball
from sim.twin.counts import Counts

LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
"""Quantiles that are scored; the outer pairs are the 95% and the 80% interval."""
ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Trial:
    """Sums over the steps and zones of each tested day, for each lead; shape (days, leads).

    Parameters
    ----------
    actual, expected
        Orders, and forecast orders.
    error, squared
        Absolute and squared errors of the mean forecast.
    loss
        Pinball losses: mean over :data:`LEVELS`, doubled, so that it compares with an absolute error.
    within_80, within_95
        Cells within the interval, per cell.
    noise, least, noise_loss
        Absolute error of the mean, of the median, and pinball loss to expect if counts were Poisson about the
        forecasts: the floors, where the forecasts are the true means.
    path
        Forecasts at the longest lead: mean and :data:`LEVELS`, shape (1 + levels, tested steps, zones).
    """

    actual: Floats
    expected: Floats
    error: Floats
    squared: Floats
    loss: Floats
    within_80: Floats
    within_95: Floats
    noise: Floats
    least: Floats
    noise_loss: Floats
    path: Floats

    def share(self, measure: Floats, leads: slice = ALL) -> Estimate:
        """A measure as a share of the orders, over some leads, with its 95% interval over the days."""
        return estimate(self._daily(measure, leads))

    def wape(self, leads: slice = ALL) -> Estimate:
        """Weighted absolute percentage error: absolute errors over orders."""
        return self.share(self.error, leads)

    def less(self, other: Trial, leads: slice = ALL) -> Difference:
        """Its WAPE less another's on the same days."""
        return difference(self._daily(self.error, leads), other._daily(other.error, leads))

    def floor(self, measure: Floats, leads: slice = ALL) -> float:
        """One of the expected measures as a share of the expected orders; it is exact, so it has no interval."""
        return float(measure[:, leads].sum() / self.expected[:, leads].sum())

    @property
    def dispersion(self) -> float:
        """Variance about the forecasts over their mean: 1 where forecasts are the true Poisson means."""
        return float(self.squared.sum() / self.expected.sum())

    def _daily(self, measure: Floats, leads: slice) -> Floats:
        """A value for each day: their mean is the ratio of the sums, and they scatter as it does (delta method)."""
        top, orders = measure[:, leads].sum(axis=1), self.actual[:, leads].sum(axis=1)
        ratio = top.sum() / orders.sum()
        return np.asarray(ratio + (top - ratio * orders) / orders.mean())


def try_forecaster(forecaster: Forecaster, counts: Counts, train: int) -> Trial:
    """Forecast from each step of each day, fitted anew each day on the days before it.

    Every lead is scored on the same steps, those of the days from `train` on, so that leads compare; the first
    of them are forecast late on the day before.
    """
    steps, leads, tested = counts.calendar.steps, counts.calendar.two_hours, counts.days - train
    sums = np.zeros((10, tested, leads))
    path = np.zeros((1 + len(LEVELS), tested * steps, len(counts.zones)))
    for day in range(train - 1, counts.days):
        forecast = _day(forecaster, counts, day)
        target = day * steps + np.arange(steps)[:, None] + np.arange(leads)
        scored = (target >= train * steps) & (target < len(counts.values))
        quantiles = forecast.quantiles(LEVELS)
        measures = _measures(counts.values[np.minimum(target, len(counts.values) - 1)], forecast, quantiles)
        for at in (day - train, day + 1 - train):
            own = scored & (target // steps - train == at)
            if own.any():
                sums[:, at] += (measures * own).sum(axis=1)
        shown = np.flatnonzero(scored[:, -1])
        last = np.concatenate([forecast.mean[None], quantiles])[:, shown, -1]
        path[:, target[shown, -1] - train * steps] = last
    sums[5:7] /= steps * len(counts.zones)
    return Trial(*[*sums, path])


def _day(forecaster: Forecaster, counts: Counts, day: int) -> Forecast:
    """Forecasts from all steps of a day; arrays of shape (steps, leads, zones)."""
    steps, leads = counts.calendar.steps, counts.calendar.two_hours
    fitted = forecaster.fit(counts.values[: day * steps], counts.calendar)
    nows = range(day * steps, (day + 1) * steps)
    made = [fitted.predict(counts.values[now - steps : now], now, leads) for now in nows]
    return Forecast(*(np.array([getattr(each, part) for each in made]) for part in ("mean", "rate", "shape")))


def _measures(actual: Floats, forecast: Forecast, quantiles: Floats) -> Floats:
    """The ten measures of :class:`Trial`, summed over zones, shape (10, steps, leads)."""
    missed = actual - forecast.mean
    cells = (
        actual,
        forecast.mean,
        np.abs(missed),
        missed**2,
        _doubled(pinball(actual, quantiles, _by_level(quantiles))),
        (actual >= quantiles[1]) & (actual <= quantiles[-2]),
        (actual >= quantiles[0]) & (actual <= quantiles[-1]),
        noise_error(forecast.mean),
        least_error(forecast.mean),
        _noise_loss(forecast.mean),
    )
    return np.array([cell.sum(axis=-1) for cell in cells], dtype=np.float64)


def _noise_loss(mean: Floats) -> Floats:
    quantiles = Forecast(mean, mean, np.full(mean.shape, np.inf)).quantiles(LEVELS)
    return _doubled(expected_pinball(mean, quantiles, _by_level(quantiles)))


def _doubled(losses: Floats) -> Floats:
    return np.asarray(2 * losses.mean(axis=0))


def _by_level(quantiles: Floats) -> Floats:
    return LEVELS.reshape(-1, *[1] * (quantiles.ndim - 1))
