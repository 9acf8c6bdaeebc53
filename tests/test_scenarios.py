"""The shipped scenarios: each loads, says what it assumes and why, and runs when scaled down."""

from pathlib import Path
from typing import Any

import pytest

from sim.city.files import find_data
from sim.experiment.run import run
from sim.kpi.others import balances
from sim.scenario import yaml12
from sim.scenario.load import find, load, resolved, scenario_hash
from sim.scenario.roads import Osm
from sim.scenario.schema import Scenario

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
SMALL = [
    "population.users=300",
    "riders.count=15",
    "merchants.classes={restaurant: {count: 10}, shop: {count: 4, stations: 2, prep_min: 5}, "
    "pharmacy: {count: 2}, counter: {count: 2}}",
    "calendar.drain_min=60",
    "demand.bursts=[]",  # their size does not shrink with the population
]
LONGEST = 8
"""Days of a scenario that is scaled down: a week, and a night after it."""
CHOICES = {("seed",), ("calendar", "days")}
"""Numbers that are a choice of experiment and need no source."""

each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def numbers(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], float]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in numbers(item, (*at, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in numbers(item, (*at, index))]
    return [(at, value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def default(at: tuple[str | int, ...]) -> Any:
    value: Any = Scenario().model_dump(mode="json")
    for key in at:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def skip_without_its_map(scenario: Scenario) -> None:
    """No map is shipped; see SOURCE.txt beside the extracts."""
    if isinstance(scenario.city, Osm):
        try:
            find_data(scenario.city.file)
        except ValueError as error:
            pytest.skip(str(error))


def test_the_two_promised_scenarios_are_shipped() -> None:
    assert {path.stem for path in FILES} >= {"campus_lunch", "district_week"}


@each
def test_it_loads_by_path_and_by_name(path: Path) -> None:
    scenario = load(path, Scenario)
    assert scenario == load(path.stem, Scenario)
    assert find(path.stem) == path
    assert scenario.name == path.stem
    assert len(scenario.description.split()) > 10
    assert scenario.description.endswith(".")


@each
def test_it_is_found_from_anywhere(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(path.stem, Scenario).name == path.stem


@each
def test_every_number_has_a_source(path: Path) -> None:
    """In a comment on its line, unless it is the schema's default (whose source the schema tells)."""
    document, lines = yaml12.read(path), path.read_text(encoding="utf-8").splitlines()
    silent = [
        f"line {document.marks[at][0]}: {'.'.join(map(str, at))} = {value}"
        for at, value in numbers(document.data)
        if at not in CHOICES and default(at) != value and "#" not in lines[document.marks[at][0] - 1]
    ]
    assert silent == []


@each
def test_it_begins_with_a_sentence_for_the_reader(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert len(first.split()) > 5


@each
def test_it_extends_one_level_at_most(path: Path) -> None:
    parent = yaml12.read(path).data.get("extends")
    if parent is not None:
        assert "extends" not in yaml12.read(find(str(path.parent / parent))).data


@each
def test_it_reads_back_from_its_resolved_text(path: Path, tmp_path: Path) -> None:
    scenario = load(path, Scenario)
    (tmp_path / "resolved.yaml").write_text(resolved(scenario), encoding="utf-8")
    again = load(tmp_path / "resolved.yaml", Scenario)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


@each
def test_it_runs_scaled_down(path: Path) -> None:
    days = min(load(path, Scenario).calendar.days, LONGEST)
    scenario = load(path, Scenario, [*SMALL, f"calendar.days={days}"])
    skip_without_its_map(scenario)
    result = run(scenario)
    lived = result.tables.orders["placed_at"].to_numpy() // 86400
    assert set(lived.astype(int)) == set(range(days))
    assert result.kpis["delivered_share"] > 0.6
    assert result.kpis["orders"] > 40 * days
    assert balances(result.tables.payments).sum() == 0


def test_the_week_has_five_working_days_and_a_weekend() -> None:
    week = load("district_week", Scenario)
    assert (week.calendar.days, week.calendar.start.weekday()) == (7, 0)
    parent = load("campus_lunch", Scenario)
    assert week.population.segments == parent.population.segments
    assert week.population.users > parent.population.users


def test_the_fleets_fit_the_demand() -> None:
    """Neither scenario is a trivial one: riders are neither idle all day nor overrun (orders per rider and day)."""
    for path in FILES:
        scenario = load(path, Scenario)
        intents = sum(
            scenario.population.users * segment.share * segment.intents_per_day
            for segment in scenario.population.segments.values()
        )
        assert 3 < intents / (scenario.riders.count * scenario.riders.attendance) < 20
