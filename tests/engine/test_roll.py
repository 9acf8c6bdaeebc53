"""Bonuses of the night: what riders make of money that is paid for a week."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.events import Kind
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


def test_a_bonus_of_seven_nights_before_is_forgotten() -> None:
    careers = prized("weekly")[1].careers
    assert careers.nights == 16
    assert careers.bonuses[:2].any(axis=1).tolist() == [False, False], "row 0 is of the night to come"
    assert np.flatnonzero(careers.bonuses.any(axis=1)).tolist() == [2], "paid on the night after day 13"
