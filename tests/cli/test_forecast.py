"""``paotui forecast``."""

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import Paotui

SMALL = """name: small
population: {users: 600}
city: {kind: plane, width_m: 2000, height_m: 1500, places: 40, zone_m: 1000}
merchants: {classes: {kitchen: {count: 8}}}
"""
QUICK = ("--forecasters", "naive,average")


def orders(folder: Path, days: int) -> Path:
    times = [f"2026-03-{day + 1:02d} {8 + n % 12:02d}:{n % 60:02d}:00" for day in range(days) for n in range(60)]
    rows = [f"{time},{'east' if n % 3 else 'west'}" for n, time in enumerate(times)]
    path = folder / "mine.csv"
    path.write_text("at,area\n" + "\n".join(rows) + "\n")
    return path


def test_a_scenario_is_forecast(here: Path, paotui: Paotui) -> None:
    (here / "small.yaml").write_text(SMALL)
    answer = paotui("forecast", "small.yaml", "--learn", 9, "--test", 2, *QUICK)
    assert answer.code == 0, answer.err
    for words in ("zone, 15 min: 2 tested days", "oracle", "floor", "An error of 8% takes 100 expected orders"):
        assert words in answer.words
    assert "page: reports/forecast-small/forecast.html" in answer.words
    table = pd.read_csv(here / "reports/forecast-small/forecast.csv")
    assert set(table.forecaster) == {"naive", "average", "oracle", "planner"}
    assert set(table.grain) == {"zone, 15 min", "zone, hour", "city, 15 min", "city, hour"}


def test_a_file_of_orders_is_forecast(here: Path, paotui: Paotui) -> None:
    orders(here, 12)
    answer = paotui("forecast", "mine.csv", "--time", "at", "--zone", "area", "--out", "found", *QUICK)
    assert answer.code == 0, answer.err
    assert "city, hour: 4 tested days" in answer.words
    assert "floor, estimated" in answer.words
    assert "oracle" not in answer.words
    assert (here / "found/forecast.html").is_file()


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("mine.csv",), "no column 'TIMESTAMP'"),
        (("none.csv",), "none.csv:1:"),
        (("mine.csv", "--time", "at", "--zone", "area"), "6 days: expected 8 to learn from before 2 tested ones"),
        (("campus_lunch", "--forecasters", "nave"), "unknown forecaster 'nave' (did you mean 'naive'?)"),
        (("campus_lnch",), "did you mean"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(args: tuple[str, ...], reason: str, here: Path, paotui: Paotui) -> None:
    orders(here, 6)
    answer = paotui("forecast", *args)
    assert (answer.code, answer.out) == (2, "")
    assert reason in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert not (here / "reports").exists()
