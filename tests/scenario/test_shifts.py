"""Blocks about riders at work: short forms, and hostile values that are refused with the key."""

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, resolved
from sim.scenario.schema import Scenario
from sim.scenario.shifts import Breaks, Fatigue, RoadReports, Skills

SHORT = [("riders", "breaks", Breaks), ("riders", "fatigue", Fatigue), ("riders", "skills", Skills)]
SHORT += [("platform", "road_reports", RoadReports)]


def read(tmp_path: Path, text: str) -> Scenario:
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path / "scenario.yaml", Scenario)


@pytest.mark.parametrize(("block", "key", "kind"), SHORT)
def test_a_block_is_off_until_it_is_named(block: str, key: str, kind: Any, tmp_path: Path) -> None:
    def value(text: str) -> object:
        return getattr(getattr(read(tmp_path, f"{block}: {{{key}: {text}}}"), block), key)

    assert getattr(getattr(Scenario(), block), key) is None
    assert value("false") is value("null") is None
    assert value("true") == value("{}") == kind()


def test_it_reads_back_from_its_resolved_text(tmp_path: Path) -> None:
    text = "riders: {breaks: true, skills: {box: 0.5}, hours_cap: 10}\nplatform: {road_reports: true}"
    scenario = read(tmp_path, text)
    assert read(tmp_path, resolved(scenario)) == scenario


HOSTILE = [
    ("riders: {breaks: {after_h: 0}}", "riders.breaks.after_h"),
    ("riders: {breaks: {minutes: -20}}", "riders.breaks.minutes"),
    ("riders: {breaks: {minutes: .nan}}", "riders.breaks.minutes"),
    ("riders: {breaks: {spread: 1}}", "riders.breaks.spread"),
    ("riders: {breaks: {minuts: 20}}", "riders.breaks.minuts"),
    ("riders: {breaks: 20}", "riders.breaks"),
    ("riders: {breaks: [20]}", "riders.breaks"),
    ("riders: {fatigue: {per_hour: 3%}}", "riders.fatigue.per_hour"),
    ("riders: {fatigue: {after_h: -1}}", "riders.fatigue.after_h"),
    ("riders: {hours_cap: 0}", "riders.hours_cap"),
    ("riders: {hours_cap: twelve}", "riders.hours_cap"),
    ("riders: {late_start_min: -5}", "riders.late_start_min"),
    ("riders: {late_start_min: .inf}", "riders.late_start_min"),
    ("riders: {no_show: 1.01}", "riders.no_show"),
    ("riders: {skills: {box: 80}}", "riders.skills.box"),
    ("riders: {skills: {wings: 0.1}}", "riders.skills.wings"),
    ("riders: {skills: {battery_km: 0}}", "riders.skills.battery_km"),
    ("platform: {road_reports: {half_life_min: 0}}", "platform.road_reports.half_life_min"),
    ("platform: {road_reports: often}", "platform.road_reports"),
    ("platform: {log_plans: 2}", "platform.log_plans"),
    ("dispatch: {match_skills: true}", "riders.skills says nothing"),
]


@pytest.mark.parametrize(("text", "names"), HOSTILE)
def test_nonsense_is_refused_with_its_key(text: str, names: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text)
    assert names in str(caught.value)
    assert "Traceback" not in str(caught.value)
