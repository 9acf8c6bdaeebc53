"""How wrong demand forecasts of a city are, as a gauge for claims."""

from __future__ import annotations

from sim.city.model import City
from sim.experiment.claims.gauge import Gauge
from sim.forecast.smoothing import Smoothing
from sim.scenario.schema import Scenario
from sim.twin.counts import city_counts
from sim.twin.trial import try_forecaster

TESTED = 14
"""Days that are forecast, each from all days before it."""
SECOND = slice(1, 2)
"""The second hour from now: the one that ends two hours ahead."""


def forecast_error(city: City, scenario: Scenario, replication: int) -> float:
    """Absolute errors by zone and hour, two hours ahead, as a share of the orders.

    The last day of the calendar is only there for forecasts that are made late on the day before.

    Raises
    ------
    ValueError
        When the scenario has fewer than 23 days: a week to learn from, a day on which the first forecasts are
        made, two weeks to test, and the last day.
    """
    days = scenario.calendar.days - 1
    if days < 8 + TESTED:
        raise ValueError(f"{scenario.name}: expected calendar.days of at least {9 + TESTED}, got {days + 1}")
    counts = city_counts(city, scenario, days, replication).hourly()
    return try_forecaster(Smoothing(), counts, days - TESTED).wape(SECOND).mean


FORECAST_ERROR = Gauge(
    "forecast_error",
    "1",
    "Absolute errors of exponential smoothing by zone and hour, two hours ahead, over the orders of two weeks; each "
    "day is forecast from the days before it.",
    forecast_error,
)
