"""The report's figures of riders: there when they respond, and right about what they show."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.events import Kind
from sim.experiment.run import run
from sim.kpi.tables import Tables
from sim.report.fleet import of_fleet
from sim.report.kpi_rows import kpi_rows
from sim.report.plots.fleet import Fleet, fleet, plot_fleet, plot_staying, plot_wage, plot_worked
from sim.report.plots.stars import Stars, plot_stars
from sim.report.run import report_run
from sim.report.style import settings
from sim.units import DAY
from tests.engine.test_careers import ALL, scenario
from tests.kpi.hand_made import Row, log

MONDAY = date(2026, 3, 2)
TOLD = Fleet(
    MONDAY,
    *(np.array(column) for column in ([20, 18], [0, 1], [0, 3], [9.0, 10.0], [1.0, 0.0])),
    *(np.array(column) for column in ([0.0, 9.0, 14.0], [1.0, 0.9, 0.9], [10.0, 40.0], [100.0, 380.0])),
)
NOTHING = Fleet(
    MONDAY, *(np.empty(0, np.int64),) * 3, *(np.empty(0),) * 2, np.zeros(1), np.ones(1), *(np.empty(0),) * 2
)


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(settings()):
        yield Figure(figsize=(4, 3)).add_axes((0.15, 0.2, 0.8, 0.6))


def test_the_words_tell_what_the_figures_show() -> None:
    assert TOLD.alt == "Bars of riders by week, from 20 to 18; 1 were hired and 3 quit."
    assert TOLD.wage_alt == "Bars of income per hour on shift by week, from 10.0 to 10.0 yuan."
    assert TOLD.staying_alt == "Curve of riders who have not quit: 90% after 14 days."
    assert "2 riders" in TOLD.worked_alt


def test_who_quit_stands_below_the_line(ax: Axes) -> None:
    plot_fleet(TOLD, ax)
    assert [patch.get_height() for patch in ax.patches] == [20, 18, 0, 1, 0, -3]  # type: ignore[attr-defined]


def test_extra_pay_stands_on_the_pay(ax: Axes) -> None:
    plot_wage(TOLD, ax)
    assert [patch.get_y() for patch in ax.patches] == [0, 0, 9, 10]  # type: ignore[attr-defined]


def test_weeks_without_anybody_have_no_wage(ax: Axes) -> None:
    some = replace(TOLD, base=np.array([9.0, np.nan]), extra=np.array([1.0, np.nan]))
    assert some.wage_alt.endswith("from 10.0 to 10.0 yuan.")
    plot_wage(some, ax)
    assert [patch.get_height() for patch in ax.patches] == [9, 1]  # type: ignore[attr-defined]
    idle = fleet(Tables(log(*[Row(day * DAY, Kind.FLEET, amount=900, detail=2) for day in range(8)])), MONDAY)
    assert idle.wage_alt == "No rider came on shift in a whole week."


def test_the_curve_and_the_points_are_drawn(ax: Axes) -> None:
    plot_staying(TOLD, ax)
    assert np.asarray(ax.lines[0].get_ydata()).tolist() == [1.0, 0.9, 0.9]
    ax.clear()
    plot_worked(TOLD, ax)
    assert len(ax.collections[0].get_offsets()) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("plot", [plot_fleet, plot_wage, plot_worked])
def test_nothing_to_see_is_said(ax: Axes, plot: object) -> None:
    assert callable(plot)
    plot(NOTHING, ax)
    assert not ax.axison


def test_stars_stand_on_each_other_the_highest_below(ax: Axes) -> None:
    told = Stars(MONDAY, np.array([[20, 0, 0], [12, 5, 2]]))
    plot_stars(told, ax)
    heights = [(patch.get_y(), patch.get_height()) for patch in ax.patches]  # type: ignore[attr-defined]
    assert heights == [(0, 0), (0, 2), (0, 0), (2, 5), (0, 20), (7, 12)]
    assert told.alt == (
        "Stacked bars by week of riders; at the end of the last of 2 weeks: no star 12, 1 star 5, 2 stars 2."
    )
    ax.clear()
    plot_stars(Stars(MONDAY, np.empty((0, 2), np.int64)), ax)
    assert not ax.axison


def test_the_page_has_the_section_where_riders_respond(tmp_path: Path) -> None:
    spec = scenario(**ALL, calendar={"days": 7, "drain_min": 60})
    result = run(spec, tmp_path / "run")
    assert [plot.name for plot in of_fleet(result)] == ["fleet", "wage", "staying", "worked", "stars"]
    page = report_run(result).read_text(encoding="utf-8")
    for words in ("Riders over the weeks", "Quitting by tenure", "Star mix at the end"):
        assert words in page
    over = {row.name: row.over for row in kpi_rows(result)}
    assert over["rider_income_per_week_p10"] == f"{len(result.tables.riders)} riders"
    plain = run(scenario(calendar={"days": 1, "drain_min": 60}))
    assert not list(of_fleet(plain))
