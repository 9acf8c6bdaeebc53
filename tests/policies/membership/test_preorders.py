"""The question on the eve: whom it reaches, on which days, and what it costs."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Grants, Touch
from sim.policies.membership.preorders import Preorder
from tests.policies.membership.nights import members, night, recent

DICE = np.random.default_rng(1)
OF = members(4, recent_orders=recent([1, 0, 3, 1]), zone=[0, 0, 1, 1], registered=[True, True, True, False])


def said(day: int = 3, **params: Any) -> Grants:
    grants = Preorder(**params)(night(OF, day=day, zones=("A1", "B1")), DICE)
    assert grants.touch is Touch.QUESTION
    return grants


def asked(day: int = 3, **params: Any) -> list[bool]:
    return np.asarray(said(day, **params).touched).tolist()


def test_it_is_asked_on_the_eve_of_its_days() -> None:
    assert [day for day in range(-1, 14) if any(asked(day, weekdays=(4, 0)))] == [-1, 3, 6, 10, 13]
    assert all(any(asked(day)) for day in range(7))


def test_who_is_in_the_group() -> None:
    assert asked() == [True, False, True, False]
    assert asked(active_orders=0) == [True, True, True, False]
    assert asked(active_orders=2) == [False, False, True, False]
    assert asked(zones=("B1",)) == [False, False, True, False]


def test_it_costs_a_little_and_gives_nothing_unless_a_coupon_is_promised() -> None:
    plain, paid = said().offer, said(yuan=2, floor_yuan=15).offer
    assert plain is not None
    assert paid is not None
    assert plain.value.tolist() == [0, 0, 0, 0]
    assert (paid.value.tolist(), paid.floor, paid.days) == ([200, 0, 200, 0], 1500, 1)
    assert said(cost_yuan=0.1).touch_cost == 10


@pytest.mark.parametrize(
    "params", [{"weekdays": (7,)}, {"weekdays": (1.5,)}, {"active_orders": -1}, {"yuan": -1}, {"cost_yuan": 2000}]
)
def test_nonsense_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Preorder(**params)
