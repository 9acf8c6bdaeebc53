"""The weekly report: its words, its figures, and a page that needs no network."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.run import RunResult
from sim.kpi.kpis import KPIS
from sim.report.plots.week import Moves, gains, judged, moves, plot_gains, plot_moves
from sim.report.style import settings
from sim.report.week import report_week, whole_week
from sim.report.week_changes import Change, changes
from sim.report.week_words import change_rows, heads, lever_rows, opening, verdict_of, written
from tests.report.levers_made import OUTCOMES, SETTINGS, trials
from tests.report.page_reader import Page

FELL = Change(KPIS["on_time_share"], np.array([0.80, 0.82, 0.80, 0.70]))
STEADY = Change(KPIS["click_to_door_mean"], np.array([30.0, 31.0, 30.0, 30.5]))
GREW = Change(KPIS["orders"], np.array([100.0, 110.0, 100.0, 200.0]))
SHORT = Change(KPIS["on_time_share"], np.array([0.8, 0.7]))


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(settings()):
        yield Figure(figsize=(8, 3)).add_axes((0.2, 0.2, 0.7, 0.6))


@pytest.fixture(scope="module")
def file(month: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_week(replace(month, folder=tmp_path_factory.mktemp("month")), 3, trials(3))


def test_the_sentence_names_what_is_unusual_the_largest_first() -> None:
    text = opening([STEADY, FELL, GREW])
    assert text == (
        "Orders rose from 100 orders to 200 orders, 10.0 times the usual change; "
        "On time share fell from 80.0% to 70.0%, 5.0 times the usual change."
    )
    assert opening([STEADY]) == "Nothing changed by more than weeks usually differ."
    assert "too few earlier weeks" in opening([SHORT])
    assert "first week" in opening([])


def test_rows_of_changes() -> None:
    fell, steady, grew, short = change_rows([FELL, STEADY, GREW, SHORT])
    assert (fell.before, fell.now, fell.change, fell.times, fell.verdict) == (
        "80.0%", "70.0%", "−10.00", "5.0", "worse")  # fmt: skip
    assert (steady.change, steady.unit, steady.verdict) == ("+0.50", "min", "undecided")
    assert grew.verdict == judged(GREW) == "changed"
    assert short.times == "–"


def test_rows_of_levers_with_the_favoured_first() -> None:
    rows = lever_rows(trials())
    assert [row.name for row in rows] == ["more riders", "nothing", "dear <b>"]
    best = rows[0]
    assert best.rank == 1
    assert best.settings == "riders.count: 33"
    assert best.note == "hiring is not charged"
    assert [cell[2] for cell in best.cells] == ["better", "better", "better", "undecided"]
    assert best.cells[1][0] == "+5.00"
    assert best.cells[2][0] == "−1.00"
    assert rows[2].cells[0][2] == "worse"
    assert rows[2].rank == 0


def test_the_verdict_tells_which_are_beyond_chance() -> None:
    assert verdict_of(trials()).startswith(
        "Favoured by 6 paired replications of a week of these dates: more riders (+80.00 yuan; hiring "
    )
    nothing = replace(trials(), trials=[t for t in trials().trials if t.name == "dear <b>"])
    assert verdict_of(nothing).startswith("No lever brought more contribution")


def test_heads_and_settings() -> None:
    assert heads(trials()) == [
        ("Contribution", "yuan"), ("On time share", "points"), ("Drop out rate", "points"),
        ("Active users", "users")]  # fmt: skip
    assert written(SETTINGS["dear <b>"]) == "incentive.policy: peak, incentive.params: none"
    assert written(SETTINGS["nothing"]) == "platform.promise_min: 45.5"
    assert len(lever_rows(trials())[0].cells) == len(OUTCOMES)


def test_the_figure_of_changes_marks_each(ax: Axes) -> None:
    data = moves([FELL, STEADY, GREW, SHORT])
    assert len(data.rows) == 3
    assert "unusual: On time share −5.0, Orders 10.0" in data.alt
    plot_moves(data, ax)
    marked = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in ("o", "D", "^")]  # type: ignore[arg-type, index]
    assert marked == pytest.approx([FELL.times, STEADY.times, GREW.times])
    low, high = ax.get_xlim()
    assert low < min(marked)
    assert max(marked) < high


def test_without_earlier_weeks_the_figure_says_so(ax: Axes) -> None:
    plot_moves(Moves(()), ax)
    assert "too few earlier weeks" in ax.texts[0].get_text()
    assert "too few" in Moves(()).alt


def test_the_figure_of_levers_shows_all_from_the_best(ax: Axes) -> None:
    data = gains(trials())
    plot_gains(data, ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["more riders", "nothing", "dear <b>"]
    assert "nothing" in data.alt
    assert "(undecided)" in data.alt
    assert data.height > 1


def test_the_page_stands_alone_and_tells_all(file: Path, month: RunResult) -> None:
    page = Page(file)
    assert file.name == "week.html"
    for words in ("The week of each side", "Users.", "hiring is not charged"):
        assert words in page.text
    for words in ("week 4", "23 Mar to 29 Mar", "favoured 1", "coupon (response.on is off in this run)", "dear <b>",
                  "Why orders of the week were late", "disruptions of the run are left out",
                  "those of the first seven days of a run"):  # fmt: skip
        assert words in page.text
    assert not any(token in page.source for token in ("http://", "https://", "@import", "url(", "<script"))
    assert {path.name for path in (file.parent / "figures").iterdir()} == {
        f"week_{name}.{ending}" for name in ("changes", "levers") for ending in ("png", "svg")
    }
    assert f"{month.tables.contribution['contribution'][3] / 100:,.2f}" in page.text.replace("−", "-")
    assert all(row.title in page.text for row in change_rows(changes(month, 3)))


def test_the_first_week_has_nothing_to_compare_with(month: RunResult, tmp_path: Path) -> None:
    page = Page(report_week(replace(month, folder=tmp_path), 0, trials(0)))
    assert "The first week has none before it" in page.text
    assert "left out" not in page.text.split("What to do")[1].split("Lever")[0].replace("Left out", "")


def test_the_same_twice(file: Path, month: RunResult, tmp_path: Path) -> None:
    assert report_week(replace(month, folder=tmp_path), 3, trials(3)).read_bytes() == file.read_bytes()


def test_only_whole_weeks_are_reported(month: RunResult, town: RunResult) -> None:
    assert whole_week(month, 4) == 3
    with pytest.raises(ValueError, match="--week 5: the run has whole weeks 1 to 4"):
        whole_week(month, 5)
    with pytest.raises(ValueError, match="no whole week"):
        whole_week(town, 1)
    with pytest.raises(ValueError, match="no directory"):
        report_week(month, 0, trials(0))
