"""The page of the forecasts: words, pictures and bytes."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from sim.forecast.registry import find_forecasters
from sim.forecast.score import relative_noise
from sim.report.forecast import block, lead, report_forecast
from sim.report.plots.forecast_floor import floor_dots, plot_floor
from sim.report.plots.forecast_leads import lead_errors, plot_leads
from sim.report.plots.forecast_path import forecast_path, plot_forecast_path
from sim.report.style import settings
from sim.twin.backtest_forecast import Backtest, backtest_forecasts
from tests.report.page_reader import Page
from tests.twin.demand_made import made_counts

GRAINS = ["zone, 15 min", "city, 15 min"]
PAST = find_forecasters(["naive", "average"])


@pytest.fixture(scope="module")
def known() -> Backtest:
    return backtest_forecasts(made_counts(14), PAST, 3, GRAINS)


@pytest.fixture(scope="module")
def real() -> Backtest:
    return backtest_forecasts(made_counts(14, known=False), PAST, 2, GRAINS)


def test_the_page_says_what_came_out(known: Backtest, tmp_path: Path) -> None:
    page = Page(report_forecast(known, tmp_path))
    assert page.source == Page(report_forecast(known, tmp_path)).source
    for words in ("made", "An error of 8% takes 100 expected orders", "oracle", "planner", "Learnt from 11 days"):
        assert words in page.text
    assert page.tags["figure"] == 5
    assert all(image["alt"] for image in page.all("img"))
    assert {file.name for file in (tmp_path / "figures").glob("*.svg")} == {
        "floor.svg", "leads_zone.svg", "leads_city.svg", "path_zone.svg", "path_city.svg"
    }  # fmt: skip


def test_no_zone_of_real_people_is_drawn(real: Backtest, tmp_path: Path) -> None:
    page = Page(report_forecast(real, tmp_path))
    assert not (tmp_path / "figures" / "path_zone.svg").exists()
    assert (tmp_path / "figures" / "path_city.svg").exists()
    assert "floor, estimated" in page.text
    assert "knows the scenario" not in page.text
    assert "Z0" not in page.text


def test_the_lead_names_what_can_be_had(known: Backtest) -> None:
    text = lead(known)
    assert "it cannot be had at any grain tested here" in text
    assert "about" in lead(Backtest(made_counts(14, known=False), known.train, known.grains))
    full = backtest_forecasts(made_counts(10, orders=40_000), find_forecasters(["naive"]), 2, ["city, hour"])
    assert "it can be had for city, hour" in lead(full)


def test_a_grain_in_words(known: Backtest) -> None:
    shown = block(known.grains[0])
    assert [row.name for row in shown.rows] == ["naive", "average", "oracle", "planner"]
    assert [row.name for row in shown.rows if row.best] == [known.grains[0].best]
    assert known.grains[0].best in ("naive", "average")
    assert [row.knows for row in shown.rows] == [False, False, True, True]
    assert shown.full_share == "0.0%"
    assert all(row.wape.endswith("%") and " to " in row.interval for row in shown.rows)


def test_the_path_is_the_last_days_two_hours_ahead(known: Backtest) -> None:
    grain = known.grains[1]
    path = forecast_path(grain, 0, "Orders")
    assert (path.actual == grain.counts.values[-192:, 0]).all()
    assert (path.forecast == grain.trials[grain.best].path[:, -192:, 0]).all()
    assert (path.axis.start_h, path.axis.end_h) == (12 * 24, 14 * 24)
    assert 0.6 < path.within <= 1
    assert f"{path.actual.sum():.0f} orders as dots" in path.alt


def test_dots_lie_about_the_floor(known: Backtest) -> None:
    dots = floor_dots(known)
    x, y = dots.dots["zone, 15 min"]
    assert (np.diff(x) >= 0).all()
    full = x > 1
    assert full.any()
    assert (np.abs(np.log(y[full] / relative_noise(x[full]))) < np.log(2.2)).all()
    assert dots.needed == pytest.approx(99.55, rel=1e-3)
    assert "100 orders" in dots.alt


def test_figures_show_what_they_are_given(known: Backtest) -> None:
    errors = lead_errors(known.grains[0])
    with rc_context(settings()):
        axes = [Figure(figsize=(6, 4)).add_axes((0.1, 0.1, 0.8, 0.7)) for _ in range(3)]
        plot_leads(errors, axes[0])
        plot_floor(floor_dots(known), axes[1])
        plot_forecast_path(forecast_path(known.grains[1], 0, "Orders"), axes[2])
    lines = {line.get_label(): line for line in axes[0].lines}
    assert np.array_equal(np.asarray(lines["naive"].get_ydata()), errors.errors["naive"])
    assert errors.minutes.tolist() == [15, 30, 45, 60, 75, 90, 105, 120]
    assert {"naive", "average"} <= set(lines)
    assert axes[1].get_xscale() == axes[1].get_yscale() == "log"
    assert axes[2].get_ylim()[1] > known.grains[1].counts.values[-192:].max()
