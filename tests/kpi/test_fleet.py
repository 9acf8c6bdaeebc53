"""Riders over weeks, on hand-made logs and on a run."""

from math import isnan

import numpy as np
import pytest

from sim.engine.log import Log
from sim.events import NONE, Kind, Purpose
from sim.kpi.fleet import FLEET, extra_per_order, income_cv, inequality, kept_share, p10, weekly_incomes
from sim.kpi.fleet_weeks import rider_weeks
from sim.kpi.kpis import KPIS
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


def test_attrition_is_of_those_who_could_quit() -> None:
    told = written(quits=((3, 0), (4, 1))).events
    hired = np.zeros(1, told.dtype)
    hired["t"], hired["kind"], hired["rider"] = 5 * DAY, Kind.HIRED, 2
    told = np.concatenate([told, hired])
    told["detail"][(told["kind"] == Kind.FLEET) & (told["t"] >= 5 * DAY)] = 1
    weeks = Tables(told).fleet
    assert weeks["riders"].tolist() == [1, 1]
    assert weeks["at_risk"].tolist() == [3, 1]
    assert KPIS["rider_attrition_weekly"].value(Tables(told)) == 2 / 4
    assert KPIS["rider_attrition_yearly"].value(Tables(told)) == 1 - 0.5**52


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
    assert row["riders"] == row["at_risk"] - row["quit"] == 16 + row["hired"] - row["quit"]
    assert 0 < extra_per_order(tables) < 10
    assert 0 <= KPIS["star_share"].value(tables) <= 1


def test_a_week_of_a_rider_is_what_he_worked_and_earned() -> None:
    table = rider_weeks(written(hours=5).events)
    assert table[["week", "rider"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    np.testing.assert_allclose(table["hours"], 35)
    assert table["earned"].tolist() == [7000, 14000, 7000, 14000]


def test_what_is_paid_at_the_last_midnight_is_of_the_week_that_ends() -> None:
    told = written(days=8)
    bonus = np.zeros(1, told.events.dtype)
    bonus["t"], bonus["kind"], bonus["rider"] = 7 * DAY, PAID, 1
    bonus["amount"], bonus["detail"] = 500, Purpose.BONUS
    events = np.concatenate([told.events, bonus])
    assert rider_weeks(events)["earned"].tolist() == [7000, 14500]
    assert Tables(events).fleet["extra"].tolist() == [500]
    assert Tables(events).fleet["earned"].tolist() == [21500]


def test_what_is_earned_after_midnight_is_of_the_shift() -> None:
    told = written(hours=16, days=8)
    late = np.zeros(2, told.events.dtype)
    late["t"], late["kind"], late["rider"] = (7 * DAY + HOUR, 7 * DAY + 3 * HOUR), PAID, 1
    late["amount"], late["detail"] = (500, 90), Purpose.RIDER_PAY
    events = np.sort(np.concatenate([told.events, late]), order="t", kind="stable")
    assert rider_weeks(events)["earned"].tolist() == [7000, 14500], "at three he has gone home"
    assert not len(rider_weeks(events[events["kind"] == PAID]))


def test_incomes_of_a_week_are_those_of_the_riders_who_came() -> None:
    tables = written()
    assert weekly_incomes(tables, p10).tolist() == pytest.approx([77, 77])
    assert weekly_incomes(tables, inequality).tolist() == pytest.approx([1 / 6, 1 / 6])
    assert KPIS["rider_income_per_week"].value(tables) == pytest.approx(105)
    assert KPIS["rider_income_per_week_p10"].value(tables) == pytest.approx(77)
    assert KPIS["rider_income_per_week_gini"].value(tables) == pytest.approx(1 / 6)
    assert KPIS["fleet_hours_per_week"].value(tables) == pytest.approx(140)


def test_mean_and_tenth_are_both_means_over_weeks() -> None:
    told = written().events
    told = told[(told["t"] < 7 * DAY) | (told["rider"] != 1)]  # rider 1, who earns twice as much, is gone
    assert KPIS["rider_income_per_week"].value(Tables(told)) == pytest.approx((105 + 70) / 2)
    assert KPIS["rider_income_per_week_p10"].value(Tables(told)) == pytest.approx((77 + 70) / 2)


def test_debts_count_as_nothing_in_the_inequality() -> None:
    assert inequality(np.array([-5.0, 0.0, 8.0])) == inequality(np.array([0.0, 0.0, 8.0])) == pytest.approx(2 / 3)
    assert isnan(inequality(np.array([-5.0])))
