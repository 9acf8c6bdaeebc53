"""Play: streaks, tasks, boxes and the board."""

import numpy as np
import pytest
from numpy.random import default_rng

from sim.entities import Grants, Touch
from sim.policies.membership.play import Leaderboard, MysteryBox, Streak, Task
from tests.policies.membership.nights import ended, members, night, recent

RNG = default_rng(1)
SUNDAY = 6


def got(given: Grants) -> list[int]:
    return [] if given.points is None else given.points.tolist()


def test_every_seventh_day_in_a_row_is_rewarded() -> None:
    who = members(5, streak=[0, 6, 7, 8, 14], registered=[True] * 5)
    given = Streak(days=7, points=20)(night(who), RNG)
    assert got(given) == [0, 0, 20, 0, 20]
    assert given.touch is Touch.GAME
    assert np.array_equal(given.touched, np.array(got(given)) > 0)  # type: ignore[arg-type]


def test_a_task_is_done_with_enough_orders_of_the_week() -> None:
    """Orders of the week before do not count."""
    before = [[0, 0, 0]] * 6 + [[0, 9, 0]]
    who = members(recent_orders=recent([1, 1, 3], *before), registered=[True, True, True])
    assert got(Task(orders=3, days=7, points=20)(night(who, day=SUNDAY), RNG)) == [0, 0, 20]
    who = members(recent_orders=recent([0, 1, 3], [3, 0, 0], *before[1:]), registered=[True, True, False])
    assert got(Task(orders=3, days=7, points=20)(night(who, day=SUNDAY), RNG)) == [20, 0, 0]


def test_tasks_are_settled_on_the_last_night_of_the_period_only() -> None:
    who = members(recent_orders=recent([9, 9, 9]))
    assert [day for day in range(-1, 21) if sum(got(Task()(night(who, day=day), RNG)))] == [6, 13, 20]


def test_a_box_comes_only_with_a_delivered_order() -> None:
    orders = ended(user=[0, 1], delivered=np.array([True, False]))
    given = MysteryBox(chance=1, yuan=(4,), weights=(1,), floor_yuan=15, days=2)(night(orders=orders), RNG)
    assert given.offer is not None
    assert (given.offer.value.tolist(), given.offer.floor, given.offer.days) == ([400, 0, 0], 1500, 2)
    assert np.array_equal(given.touched, [True, False, False])  # type: ignore[arg-type]


def test_boxes_hold_what_their_weights_say() -> None:
    users = 20_000
    seen = night(members(users), ended(user=np.arange(users)))
    given = MysteryBox(chance=0.5, yuan=(1, 3, 10), weights=(6, 3, 1))(seen, default_rng(2))
    assert given.offer is not None
    found = [np.mean(given.offer.value == fen) for fen in (100, 300, 1000)]
    assert np.allclose(found, [0.3, 0.15, 0.05], atol=0.015)  # over four standard errors
    assert set(given.offer.value.tolist()) == {0, 100, 300, 1000}


def test_a_content_without_weight_is_in_no_box() -> None:
    seen = night(members(500), ended(user=np.arange(500)))
    offer = MysteryBox(chance=1, yuan=(1, 3, 10), weights=(1, 1, 0))(seen, RNG).offer
    assert offer is not None
    assert set(offer.value.tolist()) == {100, 300}


def test_the_board_names_who_ordered_most_and_among_equals_who_spent_more() -> None:
    who = members(
        5,
        recent_orders=recent([4, 5, 4, 4, 9]),
        recent_spent=recent([100, 0, 300, 200, 900]),
        registered=[True, True, True, True, False],
    )
    assert got(Leaderboard(places=2, points=50)(night(who, day=SUNDAY), RNG)) == [0, 50, 50, 0, 0]


def test_nobody_is_named_without_an_order_and_no_board_is_shown_during_the_week() -> None:
    assert got(Leaderboard(places=2)(night(day=SUNDAY), RNG)) == [0, 0, 0]
    assert got(Leaderboard()(night(members(recent_orders=recent([1, 2, 3])), day=5), RNG)) == []


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (Streak, {"days": 1}, "days must be 2"),
        (Streak, {"points": -1}, "points must be 0"),
        (Task, {"days": 31}, "days must be 1 to 30"),
        (Task, {"orders": 0}, "orders must be 1"),
        (MysteryBox, {"chance": 1.5}, "chance must be 0 to 1"),
        (MysteryBox, {"yuan": (1, 2)}, "weights must have a value for each of yuan"),
        (MysteryBox, {"weights": (0, 0, 0)}, "not all of them 0"),
        (MysteryBox, {"floor_yuan": -1}, "floor_yuan must be 0"),
        (Leaderboard, {"places": 0}, "places must be 1"),
    ],
)
def test_nonsense_is_refused(rule: type, params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)
