"""Disruptions in a scenario: windows run forward, each kind has its keys, and what is written reads back."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.report.assumptions import blocks
from sim.scenario.disruptions import Disruptions, MerchantClosed, RidersAbsent, RoadClosed, Storm
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario

SPAN = {"from": "0 11:00", "to": "0 12:30"}
ONE_OF_EACH: list[dict[str, Any]] = [
    {"kind": "storm", **SPAN, "travel": 1.8, "demand": 1.2, "turnout": 0.5},
    {"kind": "outage", **SPAN},
    {"kind": "merchant_closed", **SPAN, "merchant_class": "shop", "zone": "B2", "share": 0.5},
    {"kind": "road_closed", **SPAN, "bridges": [1, 3]},
    {"kind": "road_closed", **SPAN, "box": [0, 0, 500, 400]},
    {"kind": "road_closed", **SPAN, "streets": ["Main Street"]},
    {"kind": "riders_absent", **SPAN, "share": 0.3},
]
READ: TypeAdapter[Any] = TypeAdapter(Disruptions)


def scenario(*disruptions: dict[str, Any]) -> Scenario:
    return Scenario.model_validate({"disruptions": list(disruptions)})


def test_every_kind_is_read() -> None:
    read = scenario(*ONE_OF_EACH).disruptions
    kinds = [Storm, MerchantClosed, RoadClosed, RidersAbsent]
    assert [type(read[i]) for i in (0, 2, 3, 6)] == kinds
    assert all((spec.start, spec.end) == ("0 11:00", "0 12:30") for spec in read)


def test_what_is_written_reads_back_by_file_and_by_dump(tmp_path: Path) -> None:
    one = scenario(*ONE_OF_EACH)
    path = tmp_path / "again.yaml"
    path.write_text(resolved(one))
    assert load(path, Scenario) == one
    assert Scenario.model_validate(one.model_dump(mode="json")) == one
    assert "from: 0 11:00" in path.read_text()


def test_a_setting_reaches_into_the_list(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(resolved(scenario(*ONE_OF_EACH)))
    assert load(path, Scenario, ["disruptions.0.to=1 03:00"]).disruptions[0].end == "1 03:00"


def test_every_number_has_a_unit_a_source_and_a_sentence() -> None:
    for kind in (Storm, MerchantClosed, RidersAbsent):
        for name, field in kind.model_json_schema()["properties"].items():
            assert field["description"].endswith("."), name
            if field.get("type") == "number":
                assert field["unit"], name
                assert field["source"], name


@pytest.mark.parametrize(
    ("begin", "end", "fits"),
    [
        ("11:00", "12:00", True),
        ("day 1 11:00", "2 01:00", True),
        ("0 23:00", "0 26:00", True),
        ("11:00", "11:00", False),
        ("1 11:00", "12:00", False),
        ("11:00", "noon", False),
        (11, "12:00", False),
        ("11:00", None, False),
    ],
)
def test_a_window_runs_forward(begin: Any, end: Any, fits: bool) -> None:
    text = [{"kind": "outage", "from": begin, "to": end}]
    if fits:
        assert READ.validate_python(text)[0].start == begin
    else:
        with pytest.raises(ValidationError):
            READ.validate_python(text)


@pytest.mark.parametrize(
    "roads",
    [
        {},
        {"bridges": []},
        {"bridges": [0]},
        {"bridges": [1.5]},
        {"bridges": [1], "box": [0, 0, 1, 1]},
        {"box": [0, 0, 1, 1], "streets": ["A"]},
        {"box": [0, 0, 1]},
        {"box": [5, 0, 1, 1]},
        {"box": [0, 5, 1, 1]},
        {"box": [0, 0, float("inf"), 1]},
        {"streets": [""]},
        {"streets": "Main Street"},
    ],
)
def test_closed_roads_are_said_in_one_way(roads: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python([{"kind": "road_closed", **SPAN, **roads}])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("disruptions: storm\n", ["disruptions", "a list"]),
        ("disruptions:\n- {kind: strom, from: '1:00', to: '2:00'}\n", [":2:", "did you mean 'storm'?"]),
        ("disruptions:\n- {from: '1:00', to: '2:00'}\n", [":2:", "disruptions.0.kind", "missing key"]),
        ("disruptions:\n- {kind: outage, to: '2:00'}\n", [":2:", "disruptions.0.from", "missing key"]),
        ("disruptions:\n- {kind: outage, from: '3:00', to: '2:00'}\n", ["to: 2:00 is not after from: 3:00"]),
        ("disruptions:\n- {kind: outage, from: '3:00', to: 5 o'clock}\n", ["disruptions.0.to", "'2 18:30'"]),
        ("disruptions:\n- {kind: outage, form: '3:00', from: '1:00', to: '2:00'}\n", ["form", "'from'"]),
        ("disruptions:\n- {kind: outage, start: '1:00', from: '1:00', to: '2:00'}\n", ["start: unknown key"]),
        ("disruptions:\n- {kind: storm, from: '1:00', to: '2:00', travel: 0.5}\n", ["disruptions.0.travel", ">= 1"]),
        ("disruptions:\n- {kind: storm, from: '1:00', to: '2:00', turnout: 2}\n", ["disruptions.0.turnout", "<= 1"]),
        ("disruptions:\n- {kind: riders_absent, from: '1:00', to: '2:00'}\n", ["disruptions.0.share", "missing"]),
        ("disruptions:\n- {kind: road_closed, from: '1:00', to: '2:00'}\n", ["one of bridges, box and streets"]),
        ("disruptions:\n- {kind: merchant_closed, from: '1:00', to: '2:00', share: -1}\n", ["share", ">= 0"]),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        load(path, Scenario)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{path}:")
    assert all(word in line for word in words), line


def test_there_may_be_a_hundred_and_no_more() -> None:
    outage = {"kind": "outage", **SPAN}
    assert len(scenario(*[outage] * 100).disruptions) == 100
    with pytest.raises(ValidationError):
        scenario(*[outage] * 101)


def test_the_report_lists_them_by_the_keys_people_write() -> None:
    listed = {f"{block.path}.{row.name}": row.value for block in blocks(scenario(*ONE_OF_EACH)) for row in block.rows}
    assert listed["disruptions.1.from"] == "0 11:00"
    assert listed["disruptions.7.share"] == "0.3"
    assert "disruptions.1.start" not in listed
