"""Changes from week to week: what is usual, what is not, and whether they add up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.run import RunResult
from sim.kpi.fleet import p10, weekly_incomes
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from sim.kpi.trading import merchant_weeks
from sim.report.week_changes import OF_A_WEEK, UNUSUAL, Change, changes, lines_changed
from tests.engine.markets import tables_of
from tests.engine.test_careers import of_all


def told(*values: float, kpi: str = "on_time_share") -> Change:
    return Change(KPIS[kpi], np.array(values))


def test_a_change_is_held_against_the_changes_before() -> None:
    found = told(0.80, 0.82, 0.80, 0.70)
    assert found.usual == pytest.approx(0.02)
    assert found.difference == pytest.approx(-0.10)
    assert found.times == pytest.approx(-5)
    assert found.is_unusual
    assert found.is_good is False


def test_lower_is_better_for_some_and_nothing_for_others() -> None:
    assert told(30, 31, 30, 20, kpi="click_to_door_mean").is_good is True
    assert told(30, 31, 30, 20, kpi="orders").is_good is None
    assert told(1, 1, 1, 1).is_good is None


def test_too_few_weeks_say_nothing_of_what_is_usual() -> None:
    for found in (told(0.8, 0.1), told(0.8, 0.7, 0.1), told(0.8)):
        assert np.isnan(found.times)
        assert not found.is_unusual
    assert np.isnan(told(0.8).before)
    assert np.isnan(told(5, 5, 5, 9).times)


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=12), st.floats(0.1, 100))
def test_the_scale_of_a_figure_does_not_matter(values: list[float], by: float) -> None:
    plain, scaled = told(*values), told(*(by * value for value in values))
    if plain.usual > 1e-6:
        assert scaled.times == pytest.approx(plain.times, rel=1e-6, abs=1e-9)
        if abs(abs(plain.times) - UNUSUAL) > 1e-6:
            assert scaled.is_unusual == plain.is_unusual


def test_the_figures_of_a_run_week_by_week(month: RunResult) -> None:
    found = {change.kpi.name: change for change in changes(month, 3)}
    assert set(OF_A_WEEK) <= set(found)
    assert {"contribution", "users_active", "users_dropped_out", "trust_mean"} <= set(found)
    assert all(len(change.values) == 4 for change in found.values())
    assert found["orders"].values.sum() == len(month.tables.orders)
    assert found["contribution"].values.tolist() == (month.tables.contribution["contribution"] / 100).tolist()
    assert found["users_active"].values.tolist() == month.tables.weeks["active"].tolist()


def test_the_sides_tell_of_themselves(month: RunResult) -> None:
    assert {change.side for change in changes(month, 3)} == {"Service", "Money", "Users"}


def test_merchants_and_riders_are_told_week_by_week(month: RunResult) -> None:
    traded = {c.kpi.name: c for c in changes(replace(month, tables=tables_of({}, calendar={"days": 14})), 1)}
    weeks = merchant_weeks(tables_of({}, calendar={"days": 14}))
    assert {c.side for c in traded.values() if c.kpi.name.startswith("merchant")} == {"Merchants"}
    assert traded["merchants_active"].values.tolist() == weeks["active"].tolist()
    assert traded["merchant_sales"].values.tolist() == (weeks["gmv"] / 100).tolist()
    assert traded["merchant_margin_share"].values == pytest.approx(weeks["margin"] / weeks["gmv"])
    lived = Tables(of_all())
    worked = {c.kpi.name: c for c in changes(replace(month, tables=lived), 0)}
    assert worked["rider_hours"].values.tolist() == lived.fleet["hours"].tolist()
    assert worked["rider_income"].values == pytest.approx(lived.fleet["earned"] / 100 / lived.fleet["working"])
    assert worked["rider_income_p10"].values.tolist() == weekly_incomes(lived, p10).tolist()


def test_a_run_without_users_who_respond_tells_of_service_and_money(week: RunResult) -> None:
    names = [change.kpi.name for change in changes(week, 0)]
    assert "contribution" in names
    assert not {"users_active", "riders_quit"} & set(names)


def test_the_lines_add_up_to_the_change_of_the_contribution(month: RunResult) -> None:
    lines, kept = lines_changed(month.tables, 2), month.tables.contribution["contribution"] / 100
    assert lines["now"].sum() == pytest.approx(kept[2])
    assert lines["change"].sum() == pytest.approx(kept[2] - kept[1])
    assert {"fees", "commission", "rider_pay"} <= set(lines["line"])
    assert lines_changed(month.tables, 0)["change"].isna().all()
