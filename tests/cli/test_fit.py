"""``paotui fit weather``: what it prints is a scenario, and broken records are refused in a line."""

from pathlib import Path

import pytest

from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.weather import ChainWeather
from tests.cli.command import Paotui


@pytest.fixture
def record(here: Path) -> Path:
    """Ten days in March: rain every afternoon, 12 deg C."""
    hours = (f"2024-03-{1 + h // 24:02d}T{h % 24:02d}:00,12,{3 if h % 24 > 14 else 0}" for h in range(240))
    path = here / "record.csv"
    path.write_text("\n".join(["time,temp_c,precip_mm", *hours]) + "\n")
    return path


def rain(scenario: str) -> ChainWeather:
    weather = load(scenario, Scenario).weather
    assert isinstance(weather, ChainWeather)
    return weather


def test_what_is_printed_is_a_scenario(here: Path, paotui: Paotui, record: Path) -> None:
    answer = paotui("fit", "weather", record)
    assert (answer.code, answer.err) == (0, "")
    (here / "sky.yaml").write_text(answer.out)
    counts = [part.counts for part in rain("sky.yaml").parts.values()]
    assert sum(sum(map(sum, matrix)) for matrix in counts) == 239


def test_what_is_written_is_what_is_printed_and_is_extended(here: Path, paotui: Paotui, record: Path) -> None:
    answer = paotui("fit", "weather", record, "--out", "sky.yaml")
    assert (answer.code, answer.err) == (0, "")
    assert "wrote sky.yaml" in answer.out
    assert (here / "sky.yaml").read_text() == paotui("fit", "weather", record).out
    (here / "mine.yaml").write_text("extends: sky.yaml\nname: mine\n")
    assert rain("mine.yaml").parts == rain("sky.yaml").parts


def test_thresholds_are_options(paotui: Paotui, record: Path) -> None:
    heavy = paotui("fit", "weather", record, "--heavy-mm", "3", "--cold-c", "12").out
    assert "heavy rain from 3 mm/h" in heavy
    assert "cold up to 12 deg C" in heavy
    assert "heavy_rain: heavy_rain" in heavy
    assert "rain: never left here" in heavy


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("none.csv",), "none.csv: cannot be read"),
        (("record.csv", "--heavy-mm", "0.05"), "thresholds: expected heavy_mm above rain_mm"),
        (("record.csv", "--heat-c", "nan"), "thresholds: heat_c"),
        (("record.csv", "--station", "JFK"), "no station 'JFK'"),
        (("record.csv", "--out", "record.csv"), "record.csv: exists already; choose another name"),
        (("record.csv", "--out", "no/such/folder.yaml"), "no/such/folder.yaml"),
        ((".",), "cannot be read"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    here: Path, paotui: Paotui, record: Path, args: tuple[str, ...], words: str
) -> None:
    before = record.read_bytes()
    answer = paotui("fit", "weather", *args)
    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("paotui: ")
    assert words in line
    assert record.read_bytes() == before


def test_a_record_of_one_hour_has_no_transitions(here: Path, paotui: Paotui) -> None:
    (here / "short.csv").write_text("time,temp_c,precip_mm\n2024-03-01T00:00,1,0\n")
    answer = paotui("fit", "weather", "short.csv")
    assert answer.code == 2
    assert "short.csv: no two hours in a row with known weather" in answer.err
