"""Riders over weeks, on hand-made logs and on a run."""

from math import isnan

import numpy as np
import pytest

from sim.engine.log import Log
from sim.events import NONE, Kind, Purpose
from sim.kpi.fleet import FLEET, extra_per_order, income_cv, kept_share, levels, market_elasticity
from sim.kpi.tables import Tables
from sim.units import DAY, HOUR
from tests.engine.test_careers import of_all

PAID = Kind.PAID


def written(quits: tuple[tuple[int, int], ...] = (), hours: float = 10, days: int = 15) -> Tables:
    """Two riders who work every day; quits are pairs of night and rider."""
    log = Log()
    rows: list[tuple[float, Kind, dict[str, int]]] = []
    for day in range(days):
        rows.append((day * DAY, Kind.FLEET, {"amount": 900, "detail": 2}))
        for rider in range(2):
            noon = day * DAY + 10 * HOUR
            rows.append((noon, Kind.ON_SHIFT, {"rider": rider, "place": 0, "amount": round(hours * HOUR)}))
            rows.append(
                (noon + HOUR, PAID, {"rider": rider, "amount": 1000 * (rider + 1), "detail": Purpose.RIDER_PAY})
            )
            rows.append((noon + hours * HOUR, Kind.OFF_SHIFT, {"rider": rider, "place": 0}))
    rows += [(night * DAY, Kind.QUIT, {"rider": rider, "amount": night}) for night, rider in quits]
    for t, kind, columns in sorted(rows, key=lambda row: row[0]):
        log.record(t, kind, NONE, **columns)
    return Tables(log.events())


def test_weeks_count_what_happened_in_them() -> None:
    weeks = written(quits=((7, 0), (8, 1)), hours=5).fleet
    assert weeks["week"].tolist() == [0, 1]
    assert weeks["quit"].tolist() == [1, 1]  # the night of day 7 ends the first week
    assert weeks["working"].tolist() == [2, 2]
    np.testing.assert_allclose(weeks["hours"], [70, 70])
    np.testing.assert_allclose(weeks["earned"], [21000, 21000])
    assert weeks["overtime"].tolist() == [0, 0]


def test_long_weeks_are_overtime() -> None:
    assert written(hours=10).fleet["overtime"].tolist() == [2, 2]


def test_who_was_there_and_has_not_quit_was_kept() -> None:
    assert kept_share(written()) == 1
    assert kept_share(written(quits=((3, 1),))) == 0.5


def test_income_that_never_changes_has_no_spread() -> None:
    assert income_cv(written(days=22)) == pytest.approx(0)  # the last week is not whole
    assert isnan(income_cv(written(days=8)))


def test_nothing_has_a_value_where_riders_do_not_respond() -> None:
    tables = Tables(np.zeros(0, written().events.dtype))
    assert all(isnan(kpi.value(tables)) for kpi in FLEET)


def test_the_figures_of_a_run_hang_together() -> None:
    tables = Tables(of_all())
    weeks = tables.fleet
    assert len(weeks) == 1
    row = weeks.iloc[0]
    assert 0 < row["working"] <= 28
    assert row["riders"] == 16 + row["hired"] - row["quit"]
    assert 0 < extra_per_order(tables) < 10
    assert 0 <= levels(tables) <= 1


def test_elasticity_is_that_of_the_hours() -> None:
    assert market_elasticity(written(hours=5), written(hours=10), 1.0, 2.0) == pytest.approx(1.0)
    assert market_elasticity(written(hours=5), written(hours=5), 5.0, 6.0) == 0
