"""Whom a rule means."""

import numpy as np
import pytest

from sim.policies.membership.people import high_value, living_in, newcomers, since_last, whose_turn
from tests.policies.membership.nights import members, night, recent


def test_recency_counts_from_the_last_order_or_the_joining() -> None:
    seen = night(members(last_order=[-1, 4, -1], joined=[-1, -1, 7]), day=9)
    assert since_last(seen).tolist() == [10, 5, 2]


def test_frequency_counts_thirty_days_and_only_accounts() -> None:
    of = members(recent_orders=recent([1, 3, 3], [1, 0, 0]), registered=[True, True, False])
    assert high_value(of, 3).tolist() == [False, True, False]
    assert high_value(of, 2).tolist() == [True, True, False]


def test_money_counts_thirty_days_too() -> None:
    of = members(recent_orders=recent([3, 3, 3]), recent_spent=recent([9999, 6000, 20000], [0, 4000, 0]))
    assert high_value(of, 3, yuan=100).tolist() == [False, True, True]
    assert high_value(of, 4, yuan=100).tolist() == [False, False, False]
    assert high_value(of, 3).all(), "without a bound whoever orders often is of high value"


def test_newcomers_joined_the_night_before_and_have_not_ordered() -> None:
    seen = night(members(4, joined=[5, 4, 5, -1], orders=[0, 0, 1, 0]), day=5)
    assert newcomers(seen).tolist() == [True, False, False, False]
    assert not newcomers(night(members(4), day=-1)).any(), "on the eve nobody has just joined"


def test_zones_are_named_and_none_means_all() -> None:
    seen = night(members(zone=[0, 1, 2]), zones=("A1", "B1", "C1"))
    assert living_in(seen, ["B1", "C1"]).tolist() == [False, True, True]
    assert living_in(seen, []).all()
    with pytest.raises(ValueError, match="no zone 'Z9'; there are A1, B1, C1"):
        living_in(seen, ["Z9"])


@pytest.mark.parametrize("every", [1, 3, 7])
def test_everybodys_turn_comes_once_in_so_many_days(every: int) -> None:
    turns = np.array([whose_turn(night(members(50), day=day), every) for day in range(2 * every)])
    assert (turns.sum(axis=0) == 2).all()
    assert turns.sum(axis=1).min() >= 50 // every
    assert not whose_turn(night(members(50), day=-1), every).any()
