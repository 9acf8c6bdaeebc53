"""The report's figures of merchants: there when they respond, and right about what they show."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.run import RunResult, run
from sim.kpi.trading import merchant_weeks
from sim.report.merchants import of_merchants, week_rows
from sim.report.plots.merchants import Traders, plot_margins, plot_spread, plot_traders
from sim.report.run import report_run
from sim.report.style import settings
from tests.engine.markets import BRISK, scenario

MONDAY = date(2026, 3, 2)
FOUR = np.array([-10.0, 0.0, 20.0, 500.0])
TOLD = Traders(MONDAY, np.array([12, 11]), np.array([0, 1]), np.array([0, 2]), FOUR, np.array([0.0, 100.0, 300.0]))
NOTHING = Traders(MONDAY, *(np.empty(0, np.int64),) * 3, np.empty(0), np.empty(0))


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(settings()):
        yield Figure(figsize=(4, 3)).add_axes((0.15, 0.2, 0.8, 0.6))


def test_the_words_tell_what_the_bars_show() -> None:
    assert TOLD.alt == "Bars of merchants by week, from 12 to 11; 1 joined and 2 left."
    assert "median 10 yuan, 25% below zero" in TOLD.margin_alt
    assert "the largest tenth has 75% of it" in TOLD.spread_alt


def test_who_left_stands_below_the_line(ax: Axes) -> None:
    plot_traders(TOLD, ax)
    heights = [patch.get_height() for patch in ax.patches]  # type: ignore[attr-defined]
    assert heights == [12, 11, 0, 1, 0, -2]


def test_no_merchant_is_left_out_of_the_histogram(ax: Axes) -> None:
    plot_margins(TOLD, ax)
    assert sum(patch.get_height() for patch in ax.patches) == 4  # type: ignore[attr-defined]


def test_the_curve_goes_from_nothing_to_all(ax: Axes) -> None:
    plot_spread(TOLD, ax)
    rank, share = ax.lines[1].get_data()
    assert np.asarray(rank)[[0, -1]].tolist() == [0, 1]
    np.testing.assert_allclose(np.asarray(share), [0, 0, 0.25, 1])


@pytest.mark.parametrize("plot", [plot_traders, plot_margins, plot_spread])
def test_nothing_to_see_is_said(ax: Axes, plot: object) -> None:
    assert callable(plot)
    plot(NOTHING, ax)
    assert not ax.axison


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    spec = scenario({"conduct": BRISK, "pool": 0.5}, dispatch={"policy": "nearest"})
    return run(spec, tmp_path_factory.mktemp("market") / "run")


def test_the_page_has_the_section(lived: RunResult) -> None:
    assert [plot.name for plot in of_merchants(lived)] == ["traders", "margins", "spread"]
    page = report_run(lived).read_text(encoding="utf-8")
    assert '<h2 id="merchants">' in page
    assert "Week by week" in page
    assert "gmv_hhi" in page
    assert "errand_fulfilment" not in page  # there are none
    assert "waste_share" not in page  # nothing spoils


def test_weeks_are_told_in_words(lived: RunResult) -> None:
    (row,), week = week_rows(lived), merchant_weeks(lived.tables).iloc[0]
    assert row.week == "2 Mar"
    assert row.orders == f"{week['orders']:,.0f}"
    assert row.sales == f"{week['gmv'] / 100:,.0f}"
    assert row.left == f"{week['margin'] / week['gmv']:.1%}".replace("-", "−")
    assert row.prices == f"{week['price']:.1%}"


def test_the_page_tells_of_waste_where_goods_spoil(tmp_path: Path) -> None:
    spec = scenario({"fresh": {"classes": ["shop"]}}, calendar={"days": 1}, dispatch={"policy": "nearest"})
    page = report_run(run(spec, tmp_path / "run")).read_text(encoding="utf-8")
    assert "waste_share" in page
    assert "preorder_share" in page


def test_no_section_where_merchants_do_not_respond(tmp_path: Path) -> None:
    result = run(scenario(calendar={"days": 1}, dispatch={"policy": "nearest"}), tmp_path / "run")
    assert list(of_merchants(result)) == []
    assert 'id="merchants"' not in report_run(result).read_text(encoding="utf-8")
