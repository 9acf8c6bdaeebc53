"""Community leaders: who they are, whom they talk to, and what they earn."""

from typing import Any

import numpy as np
import pytest

from sim.policies.membership.leaders import Leaders
from tests.policies.membership.nights import ended, members, night

N = 3000
ZONES = ("A1", "B1", "C1")


def crowd(**columns: Any) -> Any:
    return members(N, **({"zone": np.arange(N) % 3, "registered": np.arange(N) % 2 == 0} | columns))


def dice() -> np.random.Generator:
    return np.random.default_rng(1)


def test_each_zone_has_so_many_and_they_stay() -> None:
    seen = night(crowd(), zones=ZONES)
    leads = Leaders(per_zone=2).leaders(seen)
    assert np.bincount(seen.members.zone[leads]).tolist() == [2, 2, 2]
    assert seen.members.registered[leads].all()
    later = crowd(registered=np.ones(N, np.bool_), joined=np.where(np.arange(N) % 2, 5, -1))
    assert np.array_equal(Leaders(per_zone=2).leaders(night(later, day=9, zones=ZONES)), leads)


def test_only_chosen_zones_have_leaders_and_no_zone_more_than_it_has_users() -> None:
    seen = night(crowd(registered=np.arange(N) < 4), zones=ZONES)
    assert np.flatnonzero(Leaders(zones=("A1",), per_zone=5).leaders(seen)).tolist() == [0, 3]


def test_they_talk_to_neighbours_without_account() -> None:
    seen = night(crowd(), zones=ZONES)
    rule = Leaders(per_zone=10, talks_per_day=5)
    given = rule(seen, dice()).approach
    assert given is not None
    assert given.by is not None
    assert not given.who[seen.members.registered].any()
    assert given.who.sum() == pytest.approx(150, rel=0.25)
    by = given.by[given.who]
    assert rule.leaders(seen)[by].all()
    assert np.array_equal(seen.members.zone[by], seen.members.zone[given.who])
    assert len(np.unique(by)) > 20, "all of them talk"
    assert (given.offer, given.cost) == (600, 0)


def test_nobody_is_talked_to_where_there_is_no_leader() -> None:
    seen = night(crowd(registered=np.zeros(N, np.bool_)), zones=ZONES)
    given = Leaders()(seen, dice()).approach
    assert given is not None
    assert given.by is not None
    assert not given.who.any()
    assert (given.by == -1).all()


def test_two_yuan_for_a_first_order_and_one_for_each_later_one() -> None:
    leads = [0, 2]
    inviter = np.full(N, -1)
    inviter[[10, 11, 12, 13]] = 0, 0, 2, 1
    orders = ended(
        user=[10, 10, 11, 12, 13, 20],
        first=[True, False, True, False, True, True],
        delivered=[True, True, False, True, True, True],
    )
    seen = night(crowd(inviter=inviter), orders, zones=ZONES)
    gift = np.asarray(Leaders(per_zone=1)(seen, dice()).gift)
    assert np.flatnonzero(Leaders(per_zone=1).leaders(seen)).tolist() == [0, 2, 4]
    assert gift[leads].tolist() == [300, 100], "an order that was cancelled, and one of no leader's friend, pay nothing"
    assert gift.sum() == 400


@pytest.mark.parametrize("params", [{"per_zone": 0}, {"talks_per_day": -1}, {"share_first": 2000}])
def test_nonsense_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Leaders(**params)
