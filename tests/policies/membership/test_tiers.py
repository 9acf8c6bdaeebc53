"""Tiers: levels by orders, spending or friends, kept until a review, and the terms of each."""

from typing import Any

import numpy as np
import pytest

from sim.entities import Touch
from sim.policies.membership.tiers import Tiers
from tests.policies.membership.nights import members, night, points, recent

RNG = np.random.default_rng(1)


def levels(rule: Tiers, day: int = 5, **columns: Any) -> list[int]:
    tier = rule(night(members(**columns), day=day), RNG).tier
    assert tier is not None
    return tier.tolist()


def test_orders_of_the_last_thirty_days_decide() -> None:
    assert levels(Tiers(), recent_orders=recent([3, 4, 16])) == [0, 1, 3]
    assert levels(Tiers(), recent_orders=recent([2, 0, 8], [1, 8, 7])) == [0, 2, 2]


def test_spending_counts_in_yuan() -> None:
    by_spending = Tiers(by="spent", least=(100, 300, 900))
    assert levels(by_spending, recent_spent=recent([9_999, 10_000, 90_000])) == [0, 1, 3]


def test_friends_count_for_ever() -> None:
    assert levels(Tiers(by="friends", least=(3, 6, 9)), friends=[2, 3, 9]) == [0, 1, 3]


def test_nobody_without_an_account_has_a_level() -> None:
    assert levels(Tiers(), registered=[True, False, True], recent_orders=recent([9, 9, 9])) == [2, 0, 2]


@pytest.mark.parametrize(("day", "kept"), [(28, 3), (29, 0), (30, 3), (59, 0)])
def test_a_level_is_kept_until_the_next_review(day: int, kept: int) -> None:
    assert levels(Tiers(), day, tier=[3, 0, 0]) == [kept, 0, 0]
    assert levels(Tiers(review_days=1), day, tier=[3, 0, 0]) == [0, 0, 0]


def test_each_level_has_its_terms() -> None:
    rule = Tiers(discount=(0.01, 0.02, 0.05), fee_off_yuan=(0, 1.5, 2), priority=(0, 0, 1))
    given = rule(night(members(4, recent_orders=recent([0, 4, 8, 16]))), RNG)
    assert given.discount is not None
    assert given.discount.tolist() == [0, 0.01, 0.02, 0.05]
    assert np.array_equal(given.fee_off, [0, 0, 150, 200])  # type: ignore[arg-type]
    assert np.array_equal(given.priority, [0, 0, 0, 1])  # type: ignore[arg-type]


def test_a_promotion_is_honoured_once_and_a_step_down_is_not() -> None:
    who = members(4, tier=[0, 1, 2, 3], recent_orders=recent([4, 8, 8, 0]))
    given = Tiers(welcome_yuan=(2, 5, 10))(night(who, day=29), RNG)
    assert given.touch is Touch.HONOUR
    assert np.array_equal(given.touched, [True, True, False, False])  # type: ignore[arg-type]
    assert given.offer is not None
    assert given.offer.value.tolist() == [200, 500, 0, 0]


@pytest.mark.parametrize("day", [28, 29, 30])
def test_who_was_lifted_has_the_terms_of_his_level_through_every_review(day: int) -> None:
    held = Tiers(welcome_yuan=(1, 2, 3))(night(members(tier=[2, 0, 3], lifted=[2, 0, 9]), day=day), RNG)
    assert np.array_equal(held.tier, [2, 0, 3])  # type: ignore[arg-type]
    assert np.array_equal(held.discount, [0.02, 0, 0.05])  # type: ignore[arg-type]
    assert not np.any(held.touched)


def test_who_is_lifted_is_welcomed() -> None:
    given = Tiers(welcome_yuan=(1, 2, 3))(night(members(lifted=[2, 0, 0]), day=29), RNG)
    assert np.array_equal(given.touched, [True, False, False])  # type: ignore[arg-type]
    assert given.offer is not None
    assert given.offer.value.tolist() == [200, 0, 0]


def test_a_tier_above_the_highest_one_is_no_error() -> None:
    """Another rule may have lifted the user there, or the programme had more levels before."""
    assert levels(
        Tiers(least=(4,), discount=(0,), fee_off_yuan=(0,), priority=(0,), welcome_yuan=(0,)), tier=[7, 0, 0]
    ) == [1, 0, 0]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"by": "luck"}, "by must be one of orders, spent, friends"),
        ({"least": (8, 4, 16)}, "least must rise"),
        ({"least": (0, 4, 16)}, "least must be 1e-09"),
        ({"discount": (0, 0, 1.2)}, "discount must be 0 to 1, got 1.2"),
        ({"discount": (0.1,)}, "discount must have 3 values"),
        ({"fee_off_yuan": (0, 0, -1)}, "fee_off_yuan must be 0 to 100"),
        ({"priority": (0, 0.5, 1)}, "priority must be a whole number"),
        ({"welcome_yuan": (0, 0, float("nan"))}, "welcome_yuan must be 0 to 1000, got nan"),
        ({"review_days": 0}, "review_days must be 1 to 365"),
    ],
)
def test_nonsense_is_refused(params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Tiers(**params)  # type: ignore[arg-type]


def test_points_do_not_lift_anybody() -> None:
    assert levels(Tiers(), points=points(9000, 0, 0)) == [0, 0, 0]
