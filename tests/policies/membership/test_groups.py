"""The themed day of a compound's group."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Touch
from sim.policies.membership.groups import ThemedDay
from tests.policies.membership.nights import members, night, recent

DICE = np.random.default_rng(1)
OF = members(4, recent_orders=recent([1, 0, 3, 1]), zone=[0, 0, 1, 1], registered=[True, True, True, False])


def told(day: int, **params: Any) -> list[bool]:
    grants = ThemedDay(**params)(night(OF, day=day, zones=("A1", "B1")), DICE)
    assert grants.touch == Touch.COMMUNITY
    return np.asarray(grants.touched).tolist()


def test_on_the_eve_of_its_day_the_group_hears_of_it() -> None:
    heard = [day for day in range(14) if any(told(day, weekday=4))]
    assert heard == [3, 10], "Thursdays"


def test_who_is_in_the_group() -> None:
    assert told(3) == [True, False, True, False]
    assert told(3, active_orders=0) == [True, True, True, False]
    assert told(3, zones=("B1",)) == [False, False, True, False]


def test_the_coupon_lasts_for_the_day() -> None:
    grants = ThemedDay(yuan=3, floor_yuan=20, cost_yuan=0.1)(night(OF, day=3, zones=("A1", "B1")), DICE)
    assert grants.offer is not None
    assert (grants.offer.value.tolist(), grants.offer.floor, grants.offer.days) == ([300, 0, 300, 0], 2000, 1)
    assert grants.touch_cost == 10


@pytest.mark.parametrize("params", [{"weekday": 7}, {"active_orders": -1}, {"yuan": -1}])
def test_nonsense_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ThemedDay(**params)
