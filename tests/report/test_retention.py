"""Retention over its range, as the pages tell it."""

from pathlib import Path
from typing import Any

import pytest

from sim.experiment.range import Moved, Range, write_range
from sim.experiment.stats import Estimate, estimate
from sim.report.page import TEMPLATES, _templates
from sim.report.retention import RangeTable, range_table
from sim.scenario.schema import Scenario

WEEKS: dict[str, Any] = {"calendar": {"days": 14}, "response": {"on": True}}
SCENARIOS = {"": Scenario.model_validate(WEEKS)}
ONE = tuple(estimate([value]) for value in (0.41, 0.4, 0.38))
MANY = tuple(Estimate(mean, mean - 0.01, mean + 0.01, 5) for mean in (0.02, 0.03, 0.05))


def table(folder: Path, *rows: Moved) -> RangeTable:
    write_range(Range("key", (0.2, 0.7, 1.0), rows), folder)
    found = range_table(folder, SCENARIOS)
    assert found is not None
    return found


def told(found: RangeTable) -> str:
    text = '{% from "range.html" import retention %}{{ retention(range) }}'
    return " ".join(_templates().from_string(text).render(range=found).split())


def test_a_single_run_has_no_intervals(tmp_path: Path) -> None:
    found = table(tmp_path, Moved("", "retention_day_7", (ONE[0], ONE[1], ONE[2])))
    assert found.heads == ("0.2, low end", "0.7, as given", "1, high end")
    assert not found.several
    assert [cell for cell, half in found.rows[0].cells if not half] == ["41.000", "40.000", "38.000"]
    page = told(found)
    assert '<th scope="row">Retention day 7</th><td>%</td>' in page
    assert "±" not in page


def test_a_study_tells_whose_rows_they_are(tmp_path: Path) -> None:
    rows = [Moved(what, "retention_week_4", (MANY[0], MANY[1], MANY[2])) for what in ("old", "new less old")]
    found = table(tmp_path, *rows)
    assert found.several
    assert [(row.what, row.unit) for row in found.rows] == [("old", "%"), ("new less old", "points")]
    assert found.rows[1].cells[2][1].startswith("± 1")
    assert "<td>new less old</td>" in told(found)


def test_a_range_that_was_not_run_is_told(tmp_path: Path) -> None:
    found = range_table(tmp_path, SCENARIOS)
    assert found is not None
    page = told(found)
    assert "The range was not run" in page
    assert "0.2 to 1" in page
    assert "<table" not in page


@pytest.mark.parametrize("changes", [{"calendar": {"days": 7}}, {"response": {"on": False}}])
def test_nothing_is_told_where_there_is_no_retention(changes: dict[str, Any], tmp_path: Path) -> None:
    assert range_table(tmp_path, {"": Scenario.model_validate(WEEKS | changes)}) is None


@pytest.mark.parametrize("page", ["run.html", "compare.html"])
def test_both_pages_tell_it(page: str) -> None:
    assert "retention(range)" in (TEMPLATES / page).read_text(encoding="utf-8")
