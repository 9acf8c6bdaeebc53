"""The demand block: spans of hours, places and bursts that make sense; the rest refused in words."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.scenario.demand import Burst, BurstPlace, Demand, Holiday, Rule, quarters
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved, scenario_hash
from sim.scenario.schema import Scenario

CONCERT: dict[str, Any] = {"name": "concert", "place": {"zone": "B2"}, "at": "21:30", "orders": 100}


@given(st.integers(0, 95), st.integers(1, 96))
def test_a_span_is_its_quarters(begin: int, end: int) -> None:
    text = "-".join(f"{q // 4:02d}:{q % 4 * 15:02d}" for q in (begin, end))
    if end > begin:
        assert quarters(text) == slice(begin, end)
    else:
        with pytest.raises(ValueError, match="takes two rules"):
            quarters(text)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("11:00", "no span of hours such as"),
        ("11 to 13", "no span"),
        ("11:00-13:10", "quarter of an hour"),
        ("22:00-26:00", "ends after midnight"),
        ("11:00-11:00", "before it begins"),
        ("eleven-13:00", "not a clock time"),
    ],
)
def test_what_is_no_span_is_refused(hours: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Rule(hours=hours, factor=2)


def test_by_default_there_is_nothing() -> None:
    assert Scenario().demand == Demand() == Demand(rules=(), holidays=(), bursts=())
    rule = Rule(factor=1.5)
    assert (rule.zones, rule.segments, rule.hours, rule.days) == ((), (), "00:00-24:00", ("all",))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "expected a zone, a use, or x_m and y_m"),
        ({"radius_m": 300.0}, "expected a zone"),
        ({"x_m": 300.0}, "both x_m and y_m"),
        ({"zone": "A1", "y_m": 3.0}, "both x_m and y_m"),
        ({"use": "stadium"}, "dormitory"),
        ({"x_m": -1.0, "y_m": 0.0}, "greater than or equal to 0"),
        ({"x_m": 1.0, "y_m": 0.0, "radius_m": 0.0}, "greater than or equal to 1"),
    ],
)
def test_a_burst_is_somewhere(place: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        BurstPlace(**place)


@pytest.mark.parametrize("place", [{"zone": "A1"}, {"use": "office"}, {"x_m": 3.0, "y_m": 4.0}])
def test_one_way_to_say_where_is_enough(place: dict[str, Any]) -> None:
    assert BurstPlace(**place).radius_m == 400


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": "23:30", "minutes": 40.0}, "ends 10 min past midnight"),
        ({"at": "24:30"}, "past midnight"),
        ({"at": "half past nine"}, "not a clock time"),
        ({"orders": -5.0}, "greater than or equal to 0"),
        ({"minutes": 0.0}, "greater than or equal to 1"),
        ({"chance": 1.1}, "less than or equal to 1"),
        ({"shape": "sawtooth"}, "'triangle' or 'even'"),
        ({"segments": {"student": 0.0}}, "all weights are zero"),
        ({"segments": {"student": -1.0}}, "greater than or equal to 0"),
        ({"name": ""}, "at least 1 character"),
        ({"days": "someday"}, "expected all"),
        ({"size": 3}, "Extra inputs"),
    ],
)
def test_a_burst_that_makes_no_sense_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Burst.model_validate(CONCERT | change)


def test_a_burst_may_end_at_midnight() -> None:
    assert Burst.model_validate(CONCERT | {"at": "23:00", "minutes": 60}).minutes == 60


def test_bursts_go_by_their_names() -> None:
    with pytest.raises(ValidationError, match="two bursts share the name 'concert'"):
        Demand.model_validate({"bursts": [CONCERT, CONCERT]})
    assert len(Demand.model_validate({"bursts": [CONCERT, CONCERT | {"name": "encore"}]}).bursts) == 2


def test_a_holiday_has_dates_and_factors_within_bounds() -> None:
    assert Holiday(name="new year", dates="2026-01-01").curve == "weekend"  # type: ignore[arg-type]
    for change in ({"factors": {"student": 11.0}}, {"factors": {"student": -0.1}}, {"dates": "friday"}, {"curve": "x"}):
        with pytest.raises(ValidationError):
            Holiday.model_validate({"name": "new year", "dates": "2026-01-01"} | change)


WRITTEN = """\
demand:
  rules:
    - {zones: [A1], segments: [student], hours: "11:00-13:00", days: weekday, factor: 1.5}
  holidays:
    - {name: golden week, dates: 2026-10-01 to 2026-10-07, factors: {student: 0.3}}
  bursts:
    - {name: concert, place: {x_m: 100, y_m: 200}, at: 21:30, orders: 100}
"""


def test_a_file_is_read_with_plain_dates_and_times_and_reads_back(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRITTEN, encoding="utf-8")
    scenario = load(tmp_path / "a.yaml", Scenario)
    assert scenario.demand.rules[0].days == ("weekday",)
    assert scenario.demand.bursts[0].at == "21:30"
    (tmp_path / "b.yaml").write_text(resolved(scenario), encoding="utf-8")
    again = load(tmp_path / "b.yaml", Scenario)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    off = load(tmp_path / "a.yaml", Scenario, ["demand.bursts=[]", "demand.rules.0.factor=2"])
    assert (off.demand.bursts, off.demand.rules[0].factor) == ((), 2)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("factor: 1.5", "factor: 15", 3, "demand.rules.0.factor: expected a number >= 0 and <= 10, got 15"),
        ("days: weekday", "days: [weekdy]", 3, "got 'weekdy' (did you mean 'weekday'?)"),
        ("segments:", "segment:", 3, "unknown key (did you mean 'segments'?)"),
        ("orders: 100", "orders: -1", 7, "demand.bursts.0.orders: expected a number >= 0 and <= 100000, got -1"),
        ("at: 21:30", "at: 23:45", 7, "demand.bursts.0: ends 30 min past midnight; begin it earlier"),
        (", orders: 100", "", 7, "demand.bursts.0.orders: missing key"),
    ],
)
def test_an_error_names_file_line_and_key(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRITTEN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        load(tmp_path / "a.yaml", Scenario)
    assert f"a.yaml:{line}:" in str(caught.value)
