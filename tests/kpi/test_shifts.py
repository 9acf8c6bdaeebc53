"""Figures of riders at work, on logs made by hand."""

from math import isnan

import numpy as np
import pytest

from sim.entities import Need
from sim.events import Kind
from sim.kpi.events import Events
from sim.kpi.kpis import KPIS
from sim.kpi.tables import Tables
from tests.kpi.hand_made import NOTHING, STORY, Row, delivered, departed, idle, log, on_shift

HOUR = 3600


def value(name: str, events: Events) -> float:
    return KPIS[name].value(Tables(events))


def rest(t: float, rider: int, length_s: int) -> Row:
    return Row(t, Kind.BREAK, rider=rider, place=1, amount=length_s)


def rostered(t: float, rider: int, planned_s: int = 4 * HOUR) -> Row:
    return Row(t, Kind.ROSTERED, rider=rider, place=1, amount=planned_s)


def off(t: float, rider: int) -> Row:
    return Row(t, Kind.OFF_SHIFT, rider=rider, place=1)


LONG_DAY = log(
    on_shift(0, 1, 1, 10 * HOUR),
    idle(0, 1, 1),
    rest(4 * HOUR, 1, 1800),
    idle(4 * HOUR + 1800, 1, 1),
    departed(5 * HOUR, 1, 100),
    delivered(8 * HOUR, 0, 1),  # exactly eight hours
    delivered(8 * HOUR + 1, 1, 1),
    rest(9 * HOUR, 1, 900),
    idle(9 * HOUR + 900, 1, 1),
    off(10 * HOUR, 1),
    on_shift(20 * HOUR, 1, 1, 2 * HOUR),
    delivered(21 * HOUR, 2, 1),  # of a new shift
    off(22 * HOUR, 1),
    on_shift(0, 2, 1, 2 * HOUR),
    off(2 * HOUR, 2),
)


def test_hours_are_on_shift_less_breaks() -> None:
    assert value("hours_per_rider", LONG_DAY) == pytest.approx((10 - 0.75 + 2 + 2) / 2)


def test_an_order_late_in_a_long_shift_counts() -> None:
    assert value("beyond_8h_share", LONG_DAY) == pytest.approx(1 / 3)
    assert value("beyond_8h_share", STORY) == 0


def test_breaks_per_shift() -> None:
    assert value("breaks_per_shift", LONG_DAY) == 2 / 3
    assert isnan(value("breaks_per_shift", STORY))


def test_a_break_ends_the_idle_spell_and_is_no_work() -> None:
    table = Tables(LONG_DAY).riders.iloc[0]
    assert (table["duty_s"], table["break_s"], table["wait_s"]) == (12 * HOUR, 0.75 * HOUR, 0)
    assert (table["idle_s"], table["busy_s"]) == (5.25 * HOUR, 6 * HOUR)


ROSTER = log(
    *(rostered(60 * t, rider) for t, rider in ((0, 1), (0, 2), (0, 3), (5, 4))),
    on_shift(0, 1, 1, HOUR),
    on_shift(600, 2, 1, HOUR),
    on_shift(5 * HOUR, 3, 1, HOUR),  # the next shift, for which there is no roster: he missed the first
)


def test_who_does_not_come_is_a_no_show() -> None:
    assert value("no_show_share", ROSTER) == 2 / 4
    assert isnan(value("no_show_share", STORY))


def test_lateness_is_over_those_who_come() -> None:
    assert value("late_start_mean", ROSTER) == (0 + 10) / 2
    assert isnan(value("late_start_mean", STORY))


def test_two_shifts_of_one_rider_are_told_apart() -> None:
    events = log(rostered(0, 1), rostered(6 * HOUR, 1), on_shift(6 * HOUR + 300, 1, 1, HOUR))
    assert value("no_show_share", events) == 1 / 2
    assert value("late_start_mean", events) == 5


def test_mismatches_are_of_the_orders_that_need_something() -> None:
    needs = [(0, 0, Need.BOX), (1, Need.BOX, Need.BOX | Need.RANGE), (2, Need.STAIRS, Need.STAIRS), (3, 0, Need.RANGE)]
    events = log(*(Row(9, Kind.FIT, order, 1, amount=int(lacks), detail=int(all_)) for order, lacks, all_ in needs))
    assert value("mismatch_share", events) == 2 / 4
    assert isnan(value("mismatch_share", STORY))


def test_swaps_per_shift() -> None:
    events = log(on_shift(0, 1, 1, HOUR), *(Row(t, Kind.SWAPPED, rider=1, place=0, amount=300) for t in (9, 99)))
    assert value("swaps_per_shift", events) == 2
    assert isnan(value("swaps_per_shift", STORY))


def test_plans_are_compared_with_the_last_one() -> None:
    def plan(t: float, order: int, ahead_s: int) -> Row:
        return Row(t, Kind.PLANNED, order, 1, amount=ahead_s)

    plans = [plan(0, 0, 600), plan(300, 0, 900), plan(0, 1, 600), plan(0, 2, 600)]
    events = log(*plans, delivered(1260, 0, 1), delivered(480, 1, 1), delivered(700, 7, 1))
    assert value("plan_error_mean", events) == (1 + 2) / 2
    assert value("plan_bias", events) == (1 - 2) / 2
    assert isnan(value("plan_error_mean", STORY))
    assert isnan(value("plan_bias", log(*plans)))


@pytest.mark.parametrize("events", [NOTHING, log(rest(0, 1, 5)), log(rostered(0, 1)), log(off(5, 1))])
def test_odd_logs_make_no_warning(events: Events) -> None:
    for name in ("hours_per_rider", "beyond_8h_share", "breaks_per_shift", "no_show_share", "plan_error_mean"):
        assert np.isnan(value(name, events)) or value(name, events) >= 0
