"""Weather and congestion in a scenario: every number explained, every hour covered, nonsense refused by its key."""

import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario
from sim.scenario.weather import (
    STATES,
    ChainPart,
    ChainWeather,
    Congestion,
    DemandFactor,
    Effects,
    Forecast,
    NoWeather,
    ServiceFactor,
    Thresholds,
    TraceWeather,
    TravelFactor,
    TurnoutFactor,
)

STAY: list[list[float]] = [[1.0, 0, 0, 0, 0], [1, 1.0, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 1]]
FACTORS = [DemandFactor, TravelFactor, TurnoutFactor, ServiceFactor]


def refused(folder: Path, text: str, *words: str) -> None:
    """The file is refused in one line, which names the file and says all the words."""
    path = folder / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        load(path, Scenario)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{path}:")
    for word in words:
        assert word in line


@pytest.mark.parametrize("block", [*FACTORS, Forecast, Thresholds])
def test_every_number_has_a_unit_a_source_a_range_and_a_sentence(block: Any) -> None:
    for name, field in block.model_json_schema()["properties"].items():
        assert field["unit"], name
        assert field["source"], name
        assert field["description"].endswith("."), name
        assert field["minimum"] <= field["default"] <= field["maximum"], name


@pytest.mark.parametrize("block", FACTORS)
def test_every_state_has_a_factor_and_dry_weather_is_the_reference(block: Any) -> None:
    assert tuple(block.model_fields) == STATES
    assert block().dry == 1


def test_defaults_are_no_better_than_dry_weather_for_those_outside() -> None:
    effects = Effects()
    for state in STATES:
        assert getattr(effects.travel, state) >= 1
        assert getattr(effects.service, state) >= 1
        assert getattr(effects.turnout, state) <= 1
        assert getattr(effects.demand, state) >= 1


def test_everything_is_off_by_default() -> None:
    scenario = Scenario()
    assert scenario.weather == NoWeather()
    assert scenario.congestion.weekday == scenario.congestion.weekend == [1.0] * 24
    assert scenario.disruptions == []
    assert "parts" not in resolved(scenario)


def test_a_scenario_with_weather_reads_back_equal(tmp_path: Path) -> None:
    scenario = Scenario.model_validate({"weather": {"kind": "chain", "effects": {"demand": {"rain": 1.3}}}})
    path = tmp_path / "again.yaml"
    path.write_text(resolved(scenario))
    assert load(path, Scenario) == scenario
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario
    assert load("campus_lunch", Scenario, ["weather.kind=chain"]).weather == ChainWeather()


def test_the_shipped_chain_covers_the_year_and_never_gets_stuck() -> None:
    parts = ChainWeather().parts
    assert len(parts) == 8
    assert sum(len(part.months) * len(part.hours()) for part in parts.values()) == 12 * 24
    for state in range(5):
        rows = [part.counts[state] for part in parts.values()]
        assert sum(map(sum, rows)) > sum(row[state] for row in rows) > 0


def test_a_part_may_hold_over_midnight() -> None:
    assert ChainPart(first_hour=22, last_hour=1, counts=STAY).hours() == [22, 23, 0, 1]
    assert ChainPart(counts=STAY).hours() == list(range(24))
    assert ChainPart(first_hour=5, last_hour=5, counts=STAY).hours() == [5]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"a": {"months": [1, 2], "counts": STAY}}, "month 3 hour 0 is in no part"),
        ({"a": {"counts": STAY}, "b": {"months": [7], "counts": STAY}}, "month 7 hour 0 is in parts 'a' and 'b'"),
        ({"a": {"last_hour": 22, "counts": STAY}}, "month 1 hour 23 is in no part"),
        ({"a": {"counts": [[0] * 5] * 5}}, "every count is zero"),
        ({"a": {"counts": [[1, 1, 0, 0, 0], *[[0] * 5] * 4]}}, "rain is entered, but its row is zero"),
        ({}, "at least 1 item"),
    ],
)
def test_a_chain_that_leaves_a_hole_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ChainWeather.model_validate({"parts": parts})


def test_a_state_that_is_never_entered_needs_no_row() -> None:
    cloudless = ChainWeather.model_validate({"parts": {"a": {"counts": [[1, 0, 0, 0, 0], *[[0] * 5] * 4]}}})
    assert list(cloudless.parts) == ["a"]


@pytest.mark.parametrize(
    "counts",
    [STAY[:4], [*STAY, STAY[0]], [row[:4] for row in STAY], [[-1.0, 1, 0, 0, 0], *STAY[1:]], "many", None, [[]] * 5,
     [[math.nan] * 5, *STAY[1:]], [[math.inf] * 5, *STAY[1:]], [[1e10] * 5, *STAY[1:]]],
)  # fmt: skip
def test_counts_are_five_by_five_and_not_negative(counts: Any) -> None:
    with pytest.raises(ValidationError):
        ChainPart.model_validate({"counts": counts})


@pytest.mark.parametrize("months", [[], [0], [13], ["may"], 5])
def test_months_are_1_to_12(months: Any) -> None:
    with pytest.raises(ValidationError):
        ChainPart.model_validate({"counts": STAY, "months": months})


@pytest.mark.parametrize("limits", [{"rain_mm": 5}, {"heat_c": -3}, {"cold_c": 30}, {"heavy_mm": 0.05}])
def test_thresholds_stand_in_order(limits: dict[str, float]) -> None:
    with pytest.raises(ScenarioError, match="thresholds: expected heavy_mm above rain_mm and heat_c above cold_c"):
        Thresholds.given(**limits)


def test_a_threshold_out_of_range_names_its_key() -> None:
    with pytest.raises(ScenarioError, match=r"thresholds: rain_mm: expected a number >= 0\.01"):
        Thresholds.given(rain_mm=0)


@pytest.mark.parametrize(
    "curve", [[1.0] * 23, [1.0] * 25, [0.0] * 24, [1.0] * 23 + [0.1], [1.0] * 23 + [11.0], ["slow"] * 24, None]
)
def test_congestion_is_24_multipliers_that_let_riders_move(curve: Any) -> None:
    for day in ("weekday", "weekend"):
        with pytest.raises(ValidationError):
            Congestion.model_validate({day: curve})


def test_a_trace_has_a_file() -> None:
    for file in (None, "", 5):
        with pytest.raises(ValidationError):
            TraceWeather.model_validate({"file": file})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("weather: rain\n", [":1:1", "weather"]),
        ("weather: {kind: chian}\n", [":1:11", "weather.kind", "did you mean 'chain'?"]),
        ("weather: {kind: off, effects: {}}\n", ["weather.effects", "unknown key"]),
        ("weather:\n  kind: chain\n  effects: {demand: {rian: 1}}\n", [":3:", "effects.demand.rian", "'rain'"]),
        ("weather:\n  kind: chain\n  effects: {turnout: {rain: 1.1}}\n", [":3:", "turnout.rain", "<= 1"]),
        ("weather:\n  kind: chain\n  forecast: {skill: -0.1}\n", [":3:", "weather.forecast.skill", ">= 0"]),
        ("weather:\n  kind: chain\n  parts: {a: {months: [1], counts: []}}\n", [":3:", "parts.a.counts"]),
        ("weather:\n  kind: trace\n", [":1:1", "weather.file", "missing key"]),
        ("congestion: {weekday: [1]}\n", ["congestion.weekday", "24"]),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, text: str, words: list[str]) -> None:
    refused(tmp_path, text, *words)
