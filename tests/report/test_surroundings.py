"""Weather and disruptions on the page: there when they are on, right where they are known, and else not a word."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.entities import Weather
from sim.events import Disrupted, Kind
from sim.experiment.run import RunResult
from sim.kpi.tables import Tables
from sim.report.plots.service import COLOURS, NAMES, plot_service, service
from sim.report.run import report_run
from sim.report.style import WORSE
from sim.report.surroundings import has_weather, is_disturbed, surroundings
from sim.report.time_axis import TimeAxis, time_axis
from tests.report.conftest import MANIFEST, event, order
from tests.report.page_reader import Page

STORM: dict[str, Any] = {"kind": "storm", "from": "12:00", "to": "13:00", "travel": 3.0, "turnout": 1.0}
RAINY = {"kind": "chain"}
Made = Callable[..., RunResult]


@pytest.fixture(scope="module")
def bad(made: Made) -> RunResult:
    """A town with weather, a storm and an outage."""
    outage = {"kind": "outage", "from": "12:30", "to": "12:50"}
    return made(weather=RAINY, disruptions=[STORM, outage])


def axis_of(result: RunResult) -> TimeAxis:
    return time_axis(result.tables, result.scenario.calendar.start, result.scenario.calendar.days)


def written(result: RunResult, folder: Path) -> Page:
    return Page(report_run(replace(result, folder=folder)))


def told(by_hand: RunResult, *more: np.ndarray) -> RunResult:
    """The run told by hand with more events."""
    rows = np.concatenate([by_hand.tables.events, *more])
    return replace(by_hand, tables=Tables(rows[np.argsort(rows["t"], kind="stable")]), manifest=MANIFEST)


def storm(begin: float, end: float) -> list[np.ndarray]:
    """A storm between two minutes."""
    minutes = ((begin, 1), (end, 0))
    return [event(at, Kind.DISRUPTION, amount=Disrupted.STORM, detail=begins) for at, begins in minutes]


def test_a_calm_run_says_nothing_of_it(town: RunResult, tmp_path: Path) -> None:
    assert not is_disturbed(town)
    assert surroundings(town).weather == ()
    assert surroundings(town).recovery == ""
    page = written(town, tmp_path)
    assert "Service under weather" not in page.text
    assert "On time by weather" not in page.text
    assert not (tmp_path / "figures" / "service.png").exists()


def test_weather_and_disruptions_are_on_the_page(bad: RunResult, tmp_path: Path) -> None:
    page = written(bad, tmp_path)
    assert "Service under weather and disruptions" in page.text
    assert "On time by weather" in page.text
    assert surroundings(bad).recovery in page.text
    assert (tmp_path / "figures" / "service.svg").is_file()


def test_disruptions_without_weather_have_no_table_of_weather(made: Made, tmp_path: Path) -> None:
    result = made(disruptions=[STORM])
    page = written(result, tmp_path)
    assert is_disturbed(result)
    assert not has_weather(result)
    assert "Service under weather and disruptions" in page.text
    assert "On time by weather" not in page.text


def test_the_table_of_weather_has_every_order_once(bad: RunResult) -> None:
    rows = surroundings(bad).weather
    assert sum(int(row.orders.replace(",", "")) for row in rows) == len(bad.tables.orders)
    assert {row.name for row in rows} <= {NAMES[weather.name.lower()] for weather in Weather}
    for row in rows:
        assert (row.on_time == "–") == (row.interval == "–") == (row.orders == "0")


def test_the_curves_are_those_of_the_log(by_hand: RunResult) -> None:
    """Orders at 11:10 (on time), 11:40 (late), 12:30 (cancelled) and 13:50 (open to the end)."""
    data = service(told(by_hand, *storm(720, 780)).tables, axis_of(by_hand), has_weather=False)

    def at(values: np.ndarray, hour: float) -> float:
        return float(values[np.searchsorted(data.edges, hour, side="right") - 1])

    assert at(data.on_time, 11) == 100
    assert at(data.on_time, 11.25) == 0
    assert np.isnan(at(data.on_time, 10))
    assert [at(data.open, hour) for hour in (10.5, 11.5, 11.7, 13.2)] == [0, 1, 1, 0]
    assert at(data.open, 11.67) > 0.9
    assert list(data.spans) == [("storm", 12, 13)]
    assert not data.spells


def test_the_figure_shows_each_disruption_and_the_weather(bad: RunResult) -> None:
    data = service(bad.tables, axis_of(bad), has_weather=True)
    assert data.lanes == ["storm", "outage", "weather"]
    drawn = Figure(figsize=(10, data.height))
    ax = drawn.add_axes((0.1, 0.1, 0.8, 0.7))
    plot_service(data, ax)
    share, _, lanes = ax.child_axes
    assert [text.get_text() for text in lanes.get_yticklabels()] == ["Storm", "Outage", "Weather"]
    bars = [(patch.get_x(), round(patch.get_width(), 2)) for patch in lanes.patches if _is(patch, WORSE)]  # type: ignore[attr-defined]
    assert bars == [(12, 1), (12.5, 0.33)]
    strip = sum(patch.get_width() for patch in lanes.patches if not _is(patch, WORSE))  # type: ignore[attr-defined]
    assert strip == pytest.approx(data.axis.end_h - data.axis.start_h)
    assert share.get_ylim() == (0, 105)


def _is(patch: Any, colour: str) -> bool:
    from matplotlib.colors import to_rgba

    return bool(patch.get_facecolor() == to_rgba(colour))


def test_the_end_of_recovery_is_told_and_marked(by_hand: RunResult) -> None:
    """On time before, late until 13:30: back half an hour after the storm, less two orders that chance explains."""
    rows = []
    for number in range(4, 300):
        at = 600 + number
        rows += order(number, at, 1, (1, 5, 1, 60 if 700 <= at < 810 else 5))
    result = told(by_hand, *rows, *storm(740, 780))
    words = surroundings(result).recovery
    assert words == "Service was back to the level of before, 96.1% on time, 28 minutes after the end."
    drawn = Figure(figsize=(10, 4))
    ax = drawn.add_axes((0.1, 0.1, 0.8, 0.7))
    plot_service(service(result.tables, axis_of(result), has_weather=False), ax)
    assert [text.get_text() for text in ax.child_axes[0].texts] == ["back after 28 min"]


def test_what_did_not_recover_is_told(by_hand: RunResult) -> None:
    never = told(by_hand, event(760, Kind.DISRUPTION, amount=Disrupted.OUTAGE, detail=1))
    assert surroundings(never).recovery == "It was not over by the end of the run."
    short = told(by_hand, *storm(760, 820))
    assert "Service was not back" in surroundings(short).recovery
    assert "it took longer" in surroundings(short).recovery
    early = told(by_hand, *storm(610, 620))
    assert surroundings(early).recovery.startswith("No order was promised before")


def test_every_weather_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == set(Weather)
    assert len(set(COLOURS.values())) == len(Weather)
