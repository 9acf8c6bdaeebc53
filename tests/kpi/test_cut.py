"""A week cut out of a log: everything begun in it, once, and nothing of the others."""

import numpy as np
import pytest

from sim.events import Kind, Purpose
from sim.kpi.cut import NIGHTLY, week_of
from sim.kpi.events import of
from sim.kpi.kpis import KPIS
from sim.kpi.span import days_lived, days_of
from sim.kpi.tables import Tables
from sim.units import DAY
from tests.kpi.hand_made import NOTHING, Row, log
from tests.kpi.weeks_made import FORTNIGHT, order


def test_the_weeks_of_a_fortnight() -> None:
    weeks = [week_of(FORTNIGHT, week) for week in range(2)]
    assert [set(week.orders["order"]) for week in weeks] == [{0, 1, 3}, {2, 4}]
    assert [week.days for week in weeks] == [0, 0]
    assert weeks[0].rules == FORTNIGHT.rules


def test_an_order_belongs_to_the_week_of_its_wish_with_all_that_follows() -> None:
    told = Tables(log(*order(0, 1, 6, hour=23.8), *order(1, 1, 7, hour=0.1)))
    first, second = week_of(told, 0), week_of(told, 1)
    assert first.orders["state"].tolist() == second.orders["state"].tolist() == ["delivered"]
    assert first.events["t"].max() > 7 * DAY
    assert set(second.events["order"]) == {1}


def test_weeks_share_out_the_log(city_of_weeks: Tables) -> None:
    weeks = [week_of(city_of_weeks, week) for week in range(6)]
    orders = np.concatenate([week.orders["order"] for week in weeks])
    assert sorted(orders) == sorted(city_of_weeks.orders["order"])
    events = city_of_weeks.events
    late = (events["order"] < 0) & (events["t"] >= 42 * DAY)
    kept = ~np.isin(events["kind"], NIGHTLY) & ~late
    assert sum(len(week.events) for week in weeks) == kept.sum()


@pytest.mark.parametrize("name", ["on_time_share", "utilisation", "income_per_hour_mean", "click_to_door_mean"])
def test_kpis_of_a_week_are_those_of_a_run_like_it(city_of_weeks: Tables, name: str) -> None:
    values = [KPIS[name].value(week_of(city_of_weeks, week)) for week in range(6)]
    assert min(values) <= KPIS[name].value(city_of_weeks) <= max(values)


def test_days_lived_with_and_without_response(city_of_weeks: Tables) -> None:
    assert days_lived(city_of_weeks.events) == days_of(city_of_weeks.events) == 42
    assert days_lived(NOTHING) == 1
    assert days_lived(log(*order(0, 1, 2))) == 3
    assert days_lived(log(*order(0, 1, 0), Row(9 * DAY, Kind.OFF_SHIFT, rider=0, place=0))) == 1
    assert len(of(city_of_weeks.events, Kind.CENSUS)) == 43


def test_what_is_paid_at_midnight_is_of_the_week_that_has_ended() -> None:
    nights = [Row(day * DAY, Kind.PAID, rider=0, amount=day + 1, detail=Purpose.BONUS) for day in (0, 7, 14)]
    told = Tables(log(*order(0, 1, 6), *order(1, 1, 8), *nights))
    paid = [of(week_of(told, week).events, Kind.PAID) for week in range(2)]
    assert [rows["amount"][rows["order"] < 0].tolist() for rows in paid] == [[1, 8], [15]]
