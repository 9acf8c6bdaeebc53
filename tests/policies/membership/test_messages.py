"""Content, reminders to stock up, and calls to elders."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Grants, Members, Touch
from sim.policies.membership.messages import Calls, Content, Restock
from tests.policies.membership.nights import members, night, recent

DICE = np.random.default_rng(1)
SEGMENTS = ("student", "elder")


def days_told(rule: Any, of: Members, kind: Touch, until: int = 40) -> list[int]:
    """On which days the first user is told."""
    told = []
    for day in range(until):
        grants: Grants = rule(night(of, day=day, segments=SEGMENTS), DICE)
        assert grants.touch == kind
        if np.asarray(grants.touched)[0]:
            told.append(day)
    return told


def test_everybody_sees_something_new_every_few_days() -> None:
    assert days_told(Content(every_days=3), members(1), Touch.CONTENT, 10) == [0, 3, 6, 9]
    assert Content(cost_yuan=0.02)(night(), DICE).touch_cost == 2
    assert days_told(Content(), members(1, registered=[False]), Touch.CONTENT) == []


@pytest.mark.parametrize(("orders", "day"), [(2, 20), (3, 15), (10, 8), (30, 6)])
def test_a_reminder_comes_in_the_users_own_rhythm(orders: int, day: int) -> None:
    of = members(1, recent_orders=recent([orders]), last_order=[5])
    assert days_told(Restock(least_orders=2), of, Touch.REMINDER) == [day]


def test_who_has_no_rhythm_is_not_reminded() -> None:
    assert days_told(Restock(), members(1, recent_orders=recent([1]), last_order=[5]), Touch.REMINDER) == []


def test_elders_are_called_when_they_have_been_quiet() -> None:
    of = members(2, segment=[1, 0], last_order=[4, 4])
    assert days_told(Calls(quiet_days=7, every_days=7), of, Touch.CALL) == [14, 21, 28, 35]
    grants = Calls(every_days=1)(night(of, day=20, segments=SEGMENTS), DICE)
    assert np.asarray(grants.touched).tolist() == [True, False]
    assert grants.touch_cost == 300


def test_a_segment_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no segment 'elder'; there are student"):
        Calls()(night(segments=("student",)), DICE)


@pytest.mark.parametrize(("rule", "params"), [(Content, {"every_days": 0}), (Restock, {"cost_yuan": -1})])
def test_nonsense_is_refused(rule: Any, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        rule(**params)
