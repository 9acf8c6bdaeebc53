"""The diagnosis on the page: the table's words, the figure's cells, and no group below ten people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.experiment.run import RunResult
from sim.kpi.diagnosis import CAUSES, FEWEST_PEOPLE, WHOLE, diagnose
from sim.report.diagnosis import ADVICE, MOST, late_table
from sim.report.pictures import PHONE
from sim.report.plots.diagnosis import COLOURS, NAMES, ROWS, USUAL, LateCells, late_cells, plot_late_cells
from sim.report.run import report_run
from sim.report.style import RC
from tests.report.page_reader import Page

SHORT = {
    "population": {"users": 1500},
    "riders": {
        "count": 30,
        "shifts": {"lunch": {"start": "10:15", "hours": 4, "share": 0.2},
                   "dinner": {"start": "15:15", "hours": 8, "share": 0.8}},
    },
}  # fmt: skip
"""Too few riders at lunch, none in the morning."""


@pytest.fixture(scope="module")
def short(made: Callable[..., RunResult]) -> RunResult:
    return made(**SHORT)


@pytest.fixture
def ax() -> Iterator[Axes]:
    with rc_context(RC):
        yield Figure(figsize=(8, 4)).add_axes((0.1, 0.15, 0.85, 0.65))


def cells(result: RunResult) -> LateCells:
    return late_cells(diagnose(result.tables, result.city.places.zone), result.city.zones)


def diagnosis(*rows: tuple[int, int, int, int, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["zone", "hour", "orders", "late", "cause", "named"])


def test_words_have_a_name_a_colour_and_advice_for_every_cause() -> None:
    assert tuple(NAMES) == tuple(ADVICE) == tuple(COLOURS) == CAUSES
    assert len({*COLOURS.values(), USUAL}) == len(CAUSES) + 1
    assert all(text.endswith(".") and len(text) > 20 for text in ADVICE.values())


def test_the_table_says_what_the_diagnosis_found(short: RunResult) -> None:
    table, found = late_table(short), diagnose(short.tables, short.city.places.zone)
    named = found[found["named"]]
    assert len(named) > 0
    assert f"{len(named)} of the {len(found) - 1} zone-hours" in table.sentence
    assert len(table.rows) == 1 + min(len(named), MOST)
    whole, first = table.rows[:2]
    assert (whole.name, whole.hour, whole.orders) == ("Whole run", "", f"{len(short.tables.orders):,}")
    assert whole.on_time == f"{100 * short.kpis['on_time_share']:.1f}%"
    assert whole.cause == first.cause == "Wait for a rider"
    assert first.advice == ADVICE["assignment"]
    assert first.name in short.city.zones
    assert {row.hour for row in table.rows[1:]} <= {f"{h:02d}:00–{h + 1:02d}:00" for h in named["hour"]}


def test_the_worst_stand_first_and_shares_fill_the_bar(short: RunResult) -> None:
    found = diagnose(short.tables, short.city.places.zone)
    above = found["late"] - found["orders"] * (1 - found["on_time"].iloc[0])
    worst = found.loc[above[found["named"]].idxmax()]
    table = late_table(short)
    assert table.rows[1].name == short.city.zones[int(worst["zone"])]
    assert table.rows[1].hour.startswith(f"{int(worst['hour']):02d}:00")
    for row in table.rows:
        assert sum(width for _, width in row.bar) == pytest.approx(100)
        assert float(row.share.rstrip("%")) == pytest.approx(max(width for _, width in row.bar), abs=0.5)


def test_nothing_is_said_of_fewer_than_ten_people(by_hand: RunResult, nobody: RunResult) -> None:
    for result in (by_hand, nobody):
        assert len(result.tables.orders) < FEWEST_PEOPLE
        table = late_table(result)
        assert table.rows == ()
        assert "too few to compare" in table.sentence
        assert cells(result).zones == ()


def test_a_run_that_is_even_says_so(made: Callable[..., RunResult]) -> None:
    """Nobody is served anywhere: no zone-hour is worse than another, and the whole run has its cause."""
    table = late_table(made(riders={"count": 0}, population={"users": 1500}))
    assert table.sentence.startswith("None of the ")
    assert [(row.name, row.on_time, row.cause) for row in table.rows] == [("Whole run", "0.0%", "Wait for a rider")]


def test_the_figure_shows_the_cells_of_the_diagnosis(short: RunResult, ax: Axes) -> None:
    found = diagnose(short.tables, short.city.places.zone)
    data, named = cells(short), found[found["named"]]
    assert np.isfinite(data.cause).sum() == len(found) - 1
    assert (data.cause >= 0).sum() == len(named)
    plot_late_cells(data, ax)
    assert sorted(int(text.get_text()) for text in ax.texts) == sorted(named["late"])
    assert [label.get_text() for label in ax.get_yticklabels()] == list(data.zones)
    assert f"{len(named)} of them later" in data.alt


def test_colours_rows_and_hours_are_those_of_the_cells(ax: Axes) -> None:
    frame = diagnosis(
        (WHOLE, WHOLE, 90, 20, "door", False),
        (2, 11, 20, 9, "kitchen", True),
        (2, 13, 20, 2, "travel", False),
        (0, 12, 50, 8, "promise", True),
    )
    data = late_cells(frame, ["A1", "A2", "B1"])
    assert (data.zones, data.first_h) == (("A1", "B1"), 11)
    np.testing.assert_array_equal(data.cause, [[np.nan, 4, np.nan], [0, np.nan, -1]])
    plot_late_cells(data, ax)
    mesh = ax.collections[0]
    mesh.update_scalarmappable()
    seen = np.asarray(mesh.get_facecolor()).reshape(2, 3, 4)
    assert [to_hex(seen[at]) for at in ((0, 1), (1, 0), (1, 2))] == [COLOURS["promise"], COLOURS["kitchen"], USUAL]
    assert seen[0, 0, 3] == 0  # nothing is drawn where too few people ordered
    assert {text.get_text(): text.get_position() for text in ax.texts} == {"8": (12.5, 0.5), "9": (11.5, 1.5)}


def test_of_many_zones_the_busiest_are_shown() -> None:
    frame = diagnosis(*((zone, 12, 10 + zone, 1, "door", False) for zone in range(ROWS + 5)))
    assert late_cells(frame, [f"Z{z}" for z in range(99)]).zones == tuple(f"Z{z}" for z in range(5, ROWS + 5))


@pytest.mark.parametrize("width", [8.0, PHONE])
def test_all_causes_fit_above_the_figure(width: float) -> None:
    frame = diagnosis(*((zone, 8 + zone, 20, 9, cause, True) for zone, cause in enumerate(CAUSES)))
    with rc_context(RC):
        drawn = Figure(figsize=(width, 2.4))
        ax = drawn.add_axes((0.5 / width, 0.42 / 2.4, 1 - 0.75 / width, 1 - 1.16 / 2.4))
        plot_late_cells(late_cells(frame, [f"A{z}" for z in range(9)]), ax)
        drawn.canvas.draw()
        box = ax.artists[0].get_window_extent()
    assert box.y1 <= drawn.bbox.y1
    assert box.x1 <= drawn.bbox.x1


def test_the_page_shows_figure_table_and_advice(short: RunResult, tmp_path: Path) -> None:
    page = Page(report_run(replace(short, folder=tmp_path)))
    table = late_table(short)
    for words in ("Why orders were late", table.sentence, "Whole run", ADVICE["assignment"], table.rows[1].hour):
        assert words in page.text
    assert "fewer than 10 people ordered" in page.text
    assert (tmp_path / "figures" / "diagnosis.png").is_file()
