"""Points for checking in, reviewing, sharing and choosing green."""

import numpy as np
import pytest

from sim.entities import Grants
from sim.policies.membership.deeds import CheckIn, Review, Share
from sim.policies.membership.green import Green
from tests.policies.membership.nights import ended, members, night

RNG = np.random.default_rng(1)


def got(given: Grants) -> list[int]:
    assert given.points is not None
    return given.points.tolist()


def test_who_has_opened_the_app_today_has_checked_in() -> None:
    who = members(4, opened=[3, 2, -1, 3], registered=[True, True, True, False])
    assert got(CheckIn(points=2)(night(who, day=3), RNG)) == [2, 0, 0, 0]


def test_nobody_has_checked_in_on_the_eve() -> None:
    """Then the day is -1, as is the last opening of somebody who never opened the app."""
    assert got(CheckIn()(night(day=-1), RNG)) == [0, 0, 0]


def test_every_rated_order_is_a_review_however_many_stars_it_got() -> None:
    orders = ended(user=[0, 0, 1, 2], stars=np.array([1, 5, 0, 4]))
    assert got(Review(points=5)(night(orders=orders), RNG)) == [10, 0, 5]


def test_a_friend_who_joined_yesterday_is_thanked_for_once() -> None:
    who = members(4, joined=[-1, 6, 6, 5], inviter=[-1, 0, 0, 0])
    given = Share(points=20, cost_fen=5)(night(who, day=6), RNG)
    assert got(given) == [40, 0, 0, 0]
    assert np.array_equal(given.touched, [True, False, False, False])  # type: ignore[arg-type]
    assert given.touch_cost == 5


def test_nobody_is_thanked_for_those_who_were_there_before_the_run() -> None:
    assert got(Share()(night(day=-1), RNG)) == [0, 0, 0]


def test_group_orders_and_green_kinds_are_green() -> None:
    orders = ended(
        user=[0, 0, 1, 1, 2],
        people=np.array([1, 2, 3, 1, 2]),
        kind=np.array([0, 0, 2, 2, 0]),
        delivered=np.array([True, True, True, True, False]),
    )
    assert got(Green(points=5)(night(orders=orders), RNG)) == [5, 5, 0]
    assert got(Green(points=5, kinds=(2,))(night(orders=orders), RNG)) == [5, 10, 0]
    assert got(Green(points=5, together=3)(night(orders=orders), RNG)) == [0, 5, 0]


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (CheckIn, {"points": -1}, "points must be 0"),
        (Review, {"points": 0.5}, "points must be a whole number"),
        (Share, {"points": "many"}, "points must be 0 to 1e\\+06, got 'many'"),
        (Share, {"cost_fen": -1}, "cost_fen must be 0"),
        (Green, {"together": 1}, "together must be 2"),
        (Green, {"kinds": (-1,)}, "kinds must be 0"),
    ],
)
def test_nonsense_is_refused(rule: type, params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)
