"""Bonuses of the night: what riders make of money that is paid for a week."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.events import Kind
from sim.units import DAY, HOUR
from tests.engine.test_careers import lived, scenario


def wages(events: np.ndarray) -> np.ndarray:
    """Market wage of each day, in yuan an hour."""
    return events[events["kind"] == Kind.FLEET]["amount"] / 100


PRIZES = Path(__file__).with_name("prizes.py")
FROZEN = {"on": True, "elasticity": 0.0, "quits_per_week": 0.0, "usual_yuan_per_hour": 12}


@cache
def prized(rule: str) -> tuple[np.ndarray, Any]:
    """Fifteen days of a fleet that stays as it is, with a bonus."""
    blocks: dict[str, Any] = {"crew": {"prize": {"rule": f"{PRIZES}:{rule}"}}} if rule else {}
    return lived(scenario(supply=FROZEN, calendar={"days": 15, "drain_min": 60}, population={"users": 150}, **blocks))


def test_money_paid_at_the_end_of_a_week_is_learnt_as_pay_of_that_week_and_not_of_a_day() -> None:
    plain, weekly = (wages(prized(rule)[0]) for rule in ("", "weekly"))
    gain = weekly - plain
    assert gain[:7].tolist() == [0.0] * 7, "nothing is paid before the first week is over"
    assert gain[7:] == pytest.approx(2.0, rel=0.25), "two yuan an hour, and never those of a week in a day"


def test_the_same_money_by_day_or_by_week_is_expected_alike_in_the_long_run() -> None:
    plain, by_day, by_week = (wages(prized(rule)[0]) for rule in ("", "daily", "weekly"))
    assert (by_day - plain)[8:].mean() == pytest.approx((by_week - plain)[8:].mean(), rel=0.1)
    assert (by_day - plain).max() < 2.5, "nor is it more in the first week"


def test_a_weekly_bonus_counts_for_seven_days() -> None:
    careers = prized("weekly")[1].careers
    assert careers.nights == 16
    counts = careers.bonuses.any(axis=1)
    assert counts.tolist() == [True] * 5 + [False] * 23, "paid after day 13: until day 19"


@cache
def hiring(rule: str, days: int) -> Any:
    """Careers of riders who think of nothing but their last day at work, and of newcomers on any day."""
    think = {"own_weight": 1.0, "heard_weight": 0.0, "pool": 20, "joins_per_week": 0.7, "joins_income": 0.0}
    blocks: dict[str, Any] = {"crew": {"prize": {"rule": f"{PRIZES}:{rule}"}}} if rule else {}
    calendar = {"days": days, "drain_min": 60}
    return lived(scenario(supply=FROZEN | think, calendar=calendar, population={"users": 150}, **blocks))[1].careers


@pytest.mark.parametrize("days", [3, 10, 12])
def test_a_daily_bonus_is_worth_the_same_to_a_newcomer_as_to_anybody(days: int) -> None:
    plain, prize = hiring("", days), hiring("daily", days)
    worked = (plain.crew.worked_s > 0).any(axis=0)
    new = worked & (plain.crew.hired > days - 7)
    assert new.sum() > 1
    assert (prize.expected - plain.expected)[worked] == pytest.approx(2.0, abs=0.01), "two yuan for each hour"
    assert (prize.expected - plain.expected)[~worked].tolist() == [0.0] * (~worked).sum()


def test_a_weekly_bonus_is_pay_of_the_hours_that_a_newcomer_has_worked() -> None:
    plain, prize = hiring("", 10), hiring("weekly", 10)
    week = (plain.crew.worked_s[4:] > 0).any(axis=0)
    again = week & (plain.crew.worked_s[1:4] > 0).any(axis=0)
    assert (again & (plain.crew.hired > 0)).any()
    assert (prize.expected - plain.expected)[again] == pytest.approx(2.0, abs=0.01)


def test_a_shift_over_midnight_is_work_of_both_days() -> None:
    owls = {"owls": {"start": "20:00", "hours": 8, "share": 1}}
    events, world = lived(scenario(supply=FROZEN, riders={"shifts": owls}, calendar={"days": 4, "drain_min": 600}))
    crew, days = world.careers.crew, np.arange(4)[:, None] * DAY
    on, off = (events[events["kind"] == kind] for kind in (Kind.ON_SHIFT, Kind.OFF_SHIFT))
    worked = np.zeros((4, len(crew)))
    for rider in range(len(crew)):
        begin, end = (np.sort(rows["t"][rows["rider"] == rider]) for rows in (on, off))
        worked[:, rider] = np.clip(np.minimum(end, days + DAY) - np.maximum(begin, days), 0, None).sum(axis=1)
    assert (worked[1:] > 3 * HOUR).any()
    assert worked[1:].max() <= 10 * HOUR
    assert crew.worked_s[1:5][::-1] == pytest.approx(worked, abs=2)
