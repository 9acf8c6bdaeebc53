"""A block knows where its keys were written; that is kept in copies, and counts for nothing else."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import load, resolved, scenario_hash
from sim.scenario.schema import Scenario
from sim.scenario.yaml12 import Loc

PARENT = """
name: town
seed: 5
dispatch:
  policy: nearest
  params: {lead_min: 3}
crew:
  cup:
    rule: stars
"""
CHILD = """
extends: parent.yaml
dispatch:
  params:
    lead_min: 4
disruptions:
  - {kind: outage, from: "0 12:00", to: "0 12:10"}
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    monkeypatch.chdir(tmp_path)
    Path("parent.yaml").write_text(PARENT)
    Path("child.yaml").write_text(CHILD)
    return load("child.yaml", Scenario, ["pay.rules={rain: {rule: weather}}", "calendar.days=2"])


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("dispatch", "policy"), "parent.yaml:5:3"),
        (("dispatch", "params", "lead_min"), "child.yaml:5:5"),
        (("crew", "cup", "rule"), "parent.yaml:9:5"),
        (("crew", "cup", "params", "share"), "parent.yaml:8:3"),
        (("disruptions", 0, "from"), "child.yaml:7:20"),
        (("pay", "rules", "rain", "rule"), "--set pay.rules={rain: {rule: weather}}"),
        (("calendar", "days"), "--set calendar.days=2"),
        (("membership", "policy"), "child.yaml:2:1"),
        ((), "child.yaml:2:1"),
    ],
)
def test_a_key_or_the_closest_block_around_it_has_a_place(town: Scenario, loc: Loc, place: str) -> None:
    assert town.place(loc) == place


def test_places_below_a_block_are_told_by_the_path_from_there(town: Scenario) -> None:
    assert town.places(("crew", "cup")) == {("rule",): "parent.yaml:9:5"}
    assert town.places(("crew",)) == {("cup",): "parent.yaml:8:3", ("cup", "rule"): "parent.yaml:9:5"}
    assert town.places(("crew", "cup", "rule")) == town.places(("crow",)) == {}


def test_what_python_made_stands_nowhere() -> None:
    made = Scenario(seed=3)
    assert (made.place(("seed",)), made.places(())) == ("", {})


def test_where_it_was_written_does_not_change_what_it_says(town: Scenario, tmp_path: Path) -> None:
    (tmp_path / "flat.yaml").write_text(resolved(town))
    flat = load(tmp_path / "flat.yaml", Scenario)
    assert flat == town == Scenario.model_validate(town.model_dump(by_alias=True))
    assert flat.place(("seed",)) != town.place(("seed",))
    assert scenario_hash(flat) == scenario_hash(town)
    assert resolved(flat) == resolved(town)


def test_places_travel_to_other_processes(town: Scenario) -> None:
    there = pickle.loads(pickle.dumps(town))
    assert there.places(()) == town.places(())


@pytest.mark.parametrize(
    ("update", "gone", "kept"),
    [
        ({"seed": 6}, [("seed",), ()], [("crew", "cup", "rule"), ("calendar", "days")]),
        ({"seed": 5}, [], [("seed",), ()]),
        ({"crew": {}}, [("crew",), ("crew", "cup"), ("crew", "cup", "rule")], [("seed",)]),
    ],
)
def test_what_a_copy_changes_stands_nowhere(town: Scenario, update: dict[str, Any], gone: list, kept: list) -> None:
    copy = town.model_copy(update=update)
    assert [copy.place(loc) for loc in gone] == [""] * len(gone)
    assert [copy.place(loc) for loc in kept] == [town.place(loc) for loc in kept]


def test_a_change_inside_a_block_leaves_its_other_keys_where_they_are(town: Scenario) -> None:
    other = town.dispatch.model_copy(update={"policy": "fair"})
    copy = town.model_copy(update={"dispatch": other})
    assert copy.place(("dispatch", "policy")) == ""
    assert copy.place(("dispatch", "params", "lead_min")) == "child.yaml:5:5"
    assert town.place(("dispatch", "policy")) == "parent.yaml:5:3", "the original keeps its own"


@given(st.integers(1, 30), st.integers(0, 9))
def test_a_copy_never_tells_a_place_of_another_value(days: int, seed: int) -> None:
    read = Scenario.model_validate(
        {"seed": 5, "calendar": {"days": 2}},
        context={"places": {("seed",): "a", ("calendar",): "b", ("calendar", "days"): "c"}},
    )
    copy = read.model_copy(update={"seed": seed, "calendar": read.calendar.model_copy(update={"days": days})})
    assert copy.place(("seed",)) == ("a" if seed == 5 else "")
    assert copy.place(("calendar", "days")) == ("c" if days == 2 else "")
