"""Offers to those who are new, of high value or asleep."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Night
from sim.policies.membership.segments import OfferTo
from tests.policies.membership.nights import members, night, recent

DICE = np.random.default_rng(1)


def values(rule: OfferTo, seen: Night) -> list[int]:
    offer = rule(seen, DICE).offer
    assert offer is not None
    return np.asarray(offer.value).tolist()


def test_newcomers_get_one_for_their_first_order() -> None:
    rule = OfferTo(segment="new", yuan=8, floor_yuan=15, days=10)
    seen = night(members(joined=[3, 2, -1]), day=3)
    assert values(rule, seen) == [800, 0, 0]
    offer = rule(seen, DICE).offer
    assert offer is not None
    assert (offer.floor, offer.days) == (1500, 10)


def test_high_value_users_get_one_in_turn() -> None:
    rule = OfferTo(segment="high_value", orders=3, every_days=30, yuan=3)
    of = members(recent_orders=recent([3, 2, 4]))
    given = np.array([values(rule, night(of, day=day)) for day in range(30)])
    assert given.sum(axis=0).tolist() == [300, 0, 300]


def test_high_value_may_ask_for_money_besides() -> None:
    rule = OfferTo(segment="high_value", orders=3, yuan_spent=200, every_days=1, yuan=3)
    of = members(recent_orders=recent([3, 3, 2]), recent_spent=recent([19_999, 20_000, 30_000]))
    assert values(rule, night(of, day=3)) == [0, 300, 0]


def asleep_on(day: int, last_order: int, joined: int = -1, **params: Any) -> bool:
    of = members(1, last_order=[last_order], joined=[joined])
    return values(OfferTo(segment="asleep", **params), night(of, day=day)) != [0]


def test_sleepers_get_one_after_sixty_days_and_then_every_thirty() -> None:
    assert [day for day in range(200) if asleep_on(day, last_order=5)] == [65, 95, 125, 155, 185]
    assert [day for day in range(100) if asleep_on(day, last_order=-1)] == [59, 89]
    assert not asleep_on(70, last_order=-1, joined=30)
    assert asleep_on(20, last_order=0, asleep_days=10, every_days=5)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"segment": "rich"}, "segment must be one of new, high_value, asleep, got 'rich'"),
        ({"every_days": 0}, "must be 1 to 3660"),
        ({"orders": 1.5}, "whole number"),
        ({"yuan": -1}, "must be 0 to 1000"),
        ({"yuan_spent": -1}, "yuan_spent must be 0 to"),
    ],
)
def test_nonsense_is_refused(params: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        OfferTo(**params)
