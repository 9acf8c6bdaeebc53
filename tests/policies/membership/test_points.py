"""Points: earned by order and yuan with factors, burnt by a ladder, lapsed by age."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.entities import Ended, Touch, Weather
from sim.policies.membership.points import Burn, Earn, Expiry
from tests.policies.membership.nights import birthday_on, ended, members, night, points

RNG = np.random.default_rng(1)
HOUR = 3600.0


def earned(rule: Earn, orders: Ended, **columns: object) -> list[int]:
    got = rule(night(members(2, **columns), orders), RNG).points
    assert got is not None
    return got.tolist()


def test_every_delivered_order_earns() -> None:
    orders = ended(user=[0, 0, 1, 1], delivered=np.array([True, True, True, False]))
    assert earned(Earn(per_order=10), orders) == [20, 10]


def test_yuan_earn_and_more_of_them_in_the_morning() -> None:
    orders = ended(user=[0, 1], paid=np.array([2550, 2550]), placed_at=np.array([7 * HOUR, 9 * HOUR]))
    assert earned(Earn(per_order=0, per_yuan=1), orders) == [30, 25]


@pytest.mark.parametrize(("hour", "factor"), [(5.99, 3), (6, 1), (21.99, 1), (22, 3), (24 + 23, 3), (24 + 12, 1)])
def test_the_night_multiplies(hour: float, factor: int) -> None:
    orders = ended(user=[0], placed_at=np.array([hour * HOUR]))
    assert earned(Earn(per_order=10, night=3), orders) == [10 * factor, 0]


def test_harsh_weather_and_the_birthday_multiply_and_the_highest_factor_counts() -> None:
    orders = ended(user=[0, 1, 1], weather=np.array([Weather.RAIN, Weather.DRY, Weather.RAIN]))
    rule = Earn(per_order=10, harsh=2, birthday=3)
    assert earned(rule, orders, birthday=[birthday_on(5), birthday_on(0)]) == [20, 60]


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=8), st.floats(0, 5))
def test_paying_more_never_earns_less(paid: list[int], per_yuan: float) -> None:
    rule, users = Earn(per_order=0, per_yuan=per_yuan), np.zeros(len(paid), np.int64)
    less, more = (earned(rule, ended(user=users, paid=np.array(paid) + extra))[0] for extra in (0, 100))
    assert 0 <= less <= more


def test_the_ladder_is_told_in_fen_and_in_order() -> None:
    assert Burn(((500, 30), (100, 5)))(night(), RNG).ladder == ((100, 500), (500, 3000))


def test_a_festival_comes_now_and_then() -> None:
    rule = Burn(((100, 5),), factor=2, every_days=10, days=2)
    worth = [rule(night(day=tomorrow - 1), RNG).ladder[0][1] for tomorrow in range(23)]
    assert [day for day, fen in enumerate(worth) if fen == 1000] == [10, 11, 20, 21]
    assert set(worth) == {500, 1000}


def test_points_lapse_when_they_reach_the_age() -> None:
    old, young = points(40, 7, age=2), points(0, 3, age=1)
    lapsed = Expiry(months=2)(night(members(2, points=old + young), day=59), RNG).expired
    assert lapsed is not None
    assert lapsed.tolist() == [40, 7]


@pytest.mark.parametrize(("day", "reminded"), [(21, False), (22, True), (23, False), (52, True)])
def test_who_is_about_to_lose_points_is_reminded_a_week_before(day: int, reminded: bool) -> None:
    who = members(3, points=points(5, 0, 5, age=1), registered=[True, True, False])
    given = Expiry(months=2, reminder_fen=7)(night(who, day=day), RNG)
    assert (given.touch, given.touch_cost) == (Touch.REMINDER, 7)
    assert np.array_equal(given.touched, [reminded, False, False])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (Earn, {"per_order": -1}, "per_order must be 0"),
        (Earn, {"per_yuan": float("inf")}, "per_yuan must be 0 to 1e\\+06, got inf"),
        (Earn, {"night": 0.5}, "night must be 1 to 100"),
        (Earn, {"birthday": True}, "birthday must be 1 to 100, got True"),
        (Burn, {"ladder": [[0, 5]]}, "ladder: points must be 1"),
        (Burn, {"ladder": [[100, -5]]}, "ladder: yuan must be 0.01"),
        (Burn, {"ladder": [[100, 5], [100, 6]]}, "ladder: points must rise"),
        (Burn, {"factor": 0}, "factor must be 1 to 10"),
        (Burn, {"every_days": 2, "days": 3}, "days must be 1 to 2"),
        (Expiry, {"months": 12}, "months must be 1 to 11"),
        (Expiry, {"months": 1.5}, "months must be a whole number, got 1.5"),
        (Expiry, {"reminder_fen": -5}, "reminder_fen must be 0"),
    ],
)
def test_nonsense_is_refused(rule: type, params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)
