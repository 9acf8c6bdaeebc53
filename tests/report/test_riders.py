"""The tables of riders: tenure week by week and by four, and the star mix."""

from dataclasses import replace

import numpy as np
import pytest

from sim.events import Kind
from sim.experiment.run import RunResult, run
from sim.kpi.tables import Tables
from sim.report.riders import star_rows, tenure_rows
from tests.engine.test_careers import ALL, scenario
from tests.kpi.test_star_mix import CLIMB
from tests.kpi.test_tenure import HIRED, QUIT, nights


@pytest.fixture(scope="module")
def lived() -> RunResult:
    return run(scenario(**ALL, calendar={"days": 7, "drain_min": 60}))


def with_log(result: RunResult, events: np.ndarray) -> RunResult:
    return replace(result, tables=Tables(events))


def test_four_weeks_stand_alone_and_later_ones_by_four(lived: RunResult) -> None:
    events = nights(42, (3, HIRED, 20), (30, QUIT, 0), (38, QUIT, 1), before=20)
    rows = tenure_rows(with_log(lived, events))
    assert [row.name for row in rows] == ["week 1", "week 2", "week 3", "week 4", "weeks 5 to 6"]
    assert rows[0].before == ("20", "0", "0.0%")
    assert rows[4].before == ("20", "2", "5.3%"), "two in 38 weeks seen"
    assert rows[0].hired == ("1", "0", "–"), "too few to tell a rate"


def test_a_side_without_riders_is_left_blank(lived: RunResult) -> None:
    assert tenure_rows(with_log(lived, nights(7, before=20)))[0].hired == ("–", "–", "–")


def test_stars_from_none_upwards(lived: RunResult) -> None:
    rows = star_rows(with_log(lived, CLIMB))
    assert [(row.name, row.riders, row.share) for row in rows] == [
        ("no star", "3", "75.0%"), ("1 star", "0", "0.0%"), ("2 stars", "1", "25.0%")]  # fmt: skip


def test_without_riders_who_respond_there_is_nothing() -> None:
    plain = run(scenario(calendar={"days": 1, "drain_min": 60}))
    assert tenure_rows(plain) == []
    assert star_rows(plain) == []


def test_the_rows_of_a_run_count_its_quits(lived: RunResult) -> None:
    told = sum(int(side[1]) for row in tenure_rows(lived) for side in (row.hired, row.before) if side[1] != "–")
    assert told == (lived.tables.events["kind"] == Kind.QUIT).sum()
