"""What the platform expects of the next hour: the plan's total, and a forecast that is not far from the truth."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.city.build import build_city
from sim.city.model import City
from sim.engine.expectation import Forecasted, Planned, pickups_of
from sim.scenario.schema import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, QUARTER


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.model_validate({"population": {"users": 3000}, "calendar": {"days": 2}})


@pytest.fixture(scope="module")
def city(scenario: Scenario) -> City:
    return build_city(scenario)


def at(city: City, now: float) -> Any:
    """As much of a run as an expectation needs."""
    today = city.day(int(now // DAY), Streams(1))
    terms = SimpleNamespace(horizon_s=2 * DAY, days=2)
    return SimpleNamespace(city=city, env=SimpleNamespace(now=now), terms=terms, today=today)


def test_the_plan_loses_no_order(city: City) -> None:
    planned = Planned.of(city, 1200.0)
    assert planned.pickups.sum(axis=1) == pytest.approx(np.ones(len(city.zones)))
    assert city.expected is not None
    noon = int(12 * HOUR // QUARTER)
    assert planned(at(city, 12 * HOUR)).sum() == pytest.approx(city.expected(0)[:, noon : noon + 4].sum())


def test_the_plan_looks_over_midnight_and_no_further_than_the_last_day(city: City) -> None:
    planned, zones = Planned.of(city, 1200.0), len(city.zones)
    assert planned(at(city, DAY - 2 * QUARTER)).shape == (zones, 4)
    assert planned(at(city, DAY - 2 * QUARTER)).sum() > 0
    assert planned(at(city, 2 * DAY + QUARTER)).sum() == 0


def test_wishes_are_counted_where_they_are_picked_up(city: City) -> None:
    intents = city.day(1, Streams(1)).intents
    counts = pickups_of(intents, city, 1)
    assert counts.shape == (96, len(city.zones))
    assert counts.sum() == (intents.merchant >= 0).sum()
    first = int(np.flatnonzero(intents.merchant >= 0)[0])
    zone = city.places.zone[city.merchants.place[intents.merchant[first]]]
    assert counts[int((intents.t[first] - DAY) // QUARTER), zone] >= 1


@pytest.mark.parametrize("name", ["average", "smoothing"])
def test_a_forecast_is_near_the_truth_at_noon(scenario: Scenario, city: City, name: str) -> None:
    told = Forecasted.of(scenario, city, name)(at(city, 12 * HOUR))
    truth = np.mean([pickups_of(city.day(0, Streams(1, r)).intents, city, 0)[48:52] for r in range(30)], axis=0)
    assert told.shape == (len(city.zones), 4)
    assert told.sum() == pytest.approx(truth.sum(), rel=0.15)
    assert np.corrcoef(told.sum(axis=1), truth.sum(axis=0))[0, 1] > 0.95


def test_a_forecaster_does_not_see_the_rest_of_the_day(scenario: Scenario, city: City) -> None:
    forecasted, run = Forecasted.of(scenario, city, "smoothing"), at(city, 12 * HOUR)
    before = forecasted(run)
    run.today = SimpleNamespace(intents=run.today.intents.take(np.flatnonzero(run.today.intents.t < 12 * HOUR)))
    np.testing.assert_array_equal(forecasted(run), before)


def test_in_the_drain_a_forecaster_goes_on(scenario: Scenario, city: City) -> None:
    run = at(city, 2 * DAY - QUARTER)
    run.env.now = 2 * DAY + 3 * QUARTER
    assert Forecasted.of(scenario, city, "smoothing")(run).shape == (len(city.zones), 4)


def test_an_unknown_forecaster_is_told(scenario: Scenario, city: City) -> None:
    with pytest.raises(ValueError, match="smoothing"):
        Forecasted.of(scenario, city, "smoothng")
