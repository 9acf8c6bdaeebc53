"""The error of forecasts as a gauge: of a made-up town, between what dice and what nothing learnt would make."""

from typing import Any

import pytest

from sim.city.build import build_city
from sim.scenario.schema import Scenario
from sim.twin.counts import city_counts
from sim.twin.forecast_error import FORECAST_ERROR, TESTED, forecast_error
from tests.twin.test_counts import SMALL


def town(days: int, users: int = 400, **changes: Any) -> Scenario:
    return Scenario.model_validate(SMALL | {"calendar": {"days": days}, "population": {"users": users}} | changes)


def error(scenario: Scenario, replication: int = 0) -> float:
    return forecast_error(build_city(scenario), scenario, replication)


def test_many_orders_are_forecast_better_than_few() -> None:
    few, many = error(town(25)), error(town(25, 6000))
    assert 0 < many < few / 2


def test_no_forecast_beats_the_dice() -> None:
    scenario = town(25, 3000)
    city = build_city(scenario)
    counts = city_counts(city, scenario, 24).hourly()
    assert counts.rates is not None
    tested = slice((24 - TESTED) * 24, 24 * 24)
    of_rates = abs(counts.values[tested] - counts.rates[tested]).sum() / counts.values[tested].sum()
    assert of_rates * 0.98 < forecast_error(city, scenario, 0) < 2 * of_rates


def test_it_is_of_one_replication() -> None:
    scenario = town(25)
    assert error(scenario) == error(scenario) != error(scenario, 1)


def test_a_calendar_that_is_too_short() -> None:
    with pytest.raises(ValueError, match=r"small town: expected calendar\.days of at least 23, got 22"):
        error(town(22))


def test_the_shortest_calendar_will_do() -> None:
    assert 0 < FORECAST_ERROR.value(build_city(town(23)), town(23), 0) < 2
