"""Levers: absolute and relative values, what they need, and the shipped ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.levers import Lever, Levers, lacking, settings_of, shipped, value_at
from sim.scenario.load import load
from sim.scenario.schema import Scenario

PLAIN = Scenario()
CLASSES = Scenario.model_validate({"merchants": {"classes": {"restaurant": {"count": 10}}}})


def lever(**settings: object) -> Lever:
    return Lever(settings={path.replace("__", "."): value for path, value in settings.items()})


@given(st.floats(0.5, 2))
def test_a_value_is_taken_times_something(by: float) -> None:
    found = settings_of("x", lever(riders__count={"times": by}, platform__promise_min={"times": by}), PLAIN)
    assert found["riders.count"] == round(PLAIN.riders.count * by)
    assert isinstance(found["riders.count"], int)
    assert found["platform.promise_min"] == PLAIN.platform.promise_min * by


def test_parameters_stay_whole_and_the_seed_too() -> None:
    base = Scenario.model_validate({"dispatch": {"policy": "rolling_horizon", "params": {"trip_size": 3}}})
    found = settings_of("x", lever(dispatch__params__trip_size={"times": 1.4}, seed={"plus": 2}), base)
    assert found == {"dispatch.params.trip_size": 4, "seed": 3}


@given(st.integers(-5, 5))
def test_something_is_added_to_a_value(by: int) -> None:
    found = settings_of("x", lever(merchants__classes__restaurant__count={"plus": by}), CLASSES)
    assert found == {"merchants.classes.restaurant.count": 10 + by}


def test_other_values_stand_as_they_are() -> None:
    own = {"rule": "tiers", "params": {"times": 2}}
    asked = lever(dispatch__policy="nearest", membership__rules__mine=own, dispatch__params={})
    assert settings_of("x", asked, PLAIN) == asked.settings


@pytest.mark.parametrize("path", ["dispatch.policy", "dispatch.diversion", "nowhere.at_all", "crew"])
def test_relative_values_need_a_number(path: str) -> None:
    with pytest.raises(ScenarioError, match=f"lever mine: {path}: times 2 needs a number to start from"):
        settings_of("mine", Lever(settings={path: {"times": 2}}), PLAIN)


def test_what_a_lever_needs() -> None:
    asked = Lever(settings={"pay.per_order_yuan": 6.0}, needs=["response.on", "supply.on", "no.where"])
    on = Scenario.model_validate({"supply": {"on": True}})
    assert lacking(asked, PLAIN) == asked.needs
    assert lacking(asked, on) == ["response.on", "no.where"]
    assert value_at(on, "supply.on") is True


def test_the_shipped_levers_fit_a_scenario_in_which_everything_is_on() -> None:
    on = ["response.on=true", "supply.on=true", "market.on=true"]
    base = load("campus_lunch", Scenario, on)
    asked = load(shipped(), Levers)
    assert len(asked.levers) >= 6
    for name, each in asked.levers.items():
        assert not lacking(each, base)
        settings = [f"{path}={json.dumps(value)}" for path, value in settings_of(name, each, base).items()]
        assert load("campus_lunch", Scenario, [*on, *settings]) != base
