"""Forecast against actual, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.entities import Floats
from sim.report.style import GOOD, GOOD_LIGHT, INK, KeyEntry, heading, horizontal_grid
from sim.report.time_axis import TimeAxis
from sim.report.wording import number
from sim.twin.backtest_forecast import Grain
from sim.twin.trial import LEVELS

BAND = "#e3f0ee"
MOST_DAYS = 2


@dataclass(frozen=True, slots=True)
class ForecastPath:
    """One zone's counts and what was forecast of them two hours before.

    Parameters
    ----------
    axis
        The hours shown, from midnight of the first one.
    actual
        Counts by step.
    forecast
        Mean and quantiles, shape (1 + levels, steps).
    forecaster, what
        Who forecast, and what was counted.
    """

    axis: TimeAxis
    actual: Floats
    forecast: Floats
    forecaster: str
    what: str

    @property
    def within(self) -> float:
        """Share of the counts inside the 80% interval."""
        return float(((self.actual >= self.forecast[2]) & (self.actual <= self.forecast[-2])).mean())

    @property
    def alt(self) -> str:
        """The figure in words."""
        return (
            f"{self.what}: {number(self.actual.sum())} orders as dots, {number(self.forecast[0].sum())} forecast two "
            f"hours ahead by {self.forecaster} as a line; {self.within:.0%} of the dots lie within the 80% band."
        )


def forecast_path(grain: Grain, zone: int, what: str) -> ForecastPath:
    """The last tested days of one zone, as the best forecaster saw them two hours before."""
    steps, trial = grain.counts.calendar.steps, grain.trials[grain.best]
    shown = min(MOST_DAYS, len(trial.actual)) * steps
    first_h = 24.0 * grain.counts.days - 24.0 * shown / steps
    axis = TimeAxis(first_h, 24.0 * grain.counts.days, 24 / steps, grain.counts.first)
    return ForecastPath(axis, grain.counts.values[-shown:, zone], trial.path[:, -shown:, zone], grain.best, what)


def plot_forecast_path(data: ForecastPath, ax: Axes) -> None:
    """Dots for the counts, a line for the forecast, bands for its intervals."""
    assert LEVELS[0] == 0.025
    key: list[KeyEntry] = [("orders", INK, "."), ("forecast", GOOD, "_"), ("80% interval", GOOD_LIGHT), ("95%", BAND)]
    heading(ax, data.what, key)
    horizontal_grid(ax)
    data.axis.show(ax)
    edges = data.axis.edges[: len(data.actual) + 1]
    mean, quantiles = data.forecast[0], data.forecast[1:]
    for low, high, colour in ((0, -1, BAND), (1, -2, GOOD_LIGHT)):
        ax.stairs(quantiles[high] + 0.5, edges, baseline=np.maximum(quantiles[low] - 0.5, 0), fill=True, color=colour)
    ax.stairs(mean, edges, baseline=None, color=GOOD, linewidth=1.4)
    ax.plot(edges[:-1] + data.axis.bin_h / 2, data.actual, ".", color=INK, markersize=2.5)
    ax.set_ylim(0, 1.06 * max(float(data.actual.max()), float(quantiles[-1].max())) + 0.5)
