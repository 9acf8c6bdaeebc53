"""Rewards for points: partners' goods by interest, scarce things by auction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from sim.entities import Grants
from sim.policies.membership.rewards import Auction, Partner
from tests.policies.membership.nights import members, night, points

WINDOW = 6
"""The day that ends a week."""


def spent(given: Grants) -> list[int]:
    return [] if given.spent is None else given.spent.tolist()


def test_who_has_the_points_may_take_a_partners_goods() -> None:
    who = members(4, points=points(499, 500, 700, 900), registered=[True, True, True, False])
    given = Partner(points=500, cost_yuan=20, interest=1)(night(who, day=WINDOW), default_rng(1))
    assert spent(given) == [0, 500, 500, 0]
    assert round(500 * given.reward_cost) == 2000


def test_the_window_is_shut_on_other_evenings() -> None:
    who = members(points=points(900, 900, 900))
    open_on = [day for day in range(-1, 20) if sum(spent(Partner(interest=1)(night(who, day=day), default_rng(1))))]
    assert open_on == [6, 13]


def test_interest_is_the_share_who_take() -> None:
    who = members(4000, points=points(*[500] * 4000))
    taken = np.array(spent(Partner(interest=0.2)(night(who, day=WINDOW), default_rng(1)))) > 0
    assert abs(taken.mean() - 0.2) < 0.03  # five standard errors


AUCTION = Auction(lots=2, least=100, every_days=7, cost_yuan=50, interest=1)


def test_the_highest_bids_win_and_all_pay_the_highest_that_lost() -> None:
    """Bids are at least 100: of three users with exactly 100, the first two win."""
    who = members(4, points=points(99, 100, 100, 100))
    given = AUCTION(night(who, day=WINDOW), default_rng(1))
    assert spent(given) == [0, 100, 100, 0]
    assert round(100 * given.reward_cost) == 5000


def test_without_a_losing_bid_the_price_is_the_least_bid() -> None:
    who = members(points=points(5000, 0, 3000))
    assert spent(AUCTION(night(who, day=WINDOW), default_rng(1))) == [100, 0, 100]


def test_those_who_could_bid_are_told_the_evening_before() -> None:
    who = members(points=points(99, 100, 5000), registered=[True, True, False])
    given = AUCTION(night(who, day=WINDOW - 1), default_rng(1))
    assert np.array_equal(given.touched, [False, True, False])  # type: ignore[arg-type]
    assert given.spent is None
    assert not np.any(AUCTION(night(who, day=WINDOW + 1), default_rng(1)).touched)


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=30),
    st.integers(1, 8),
    st.integers(1, 500),
    st.floats(0, 1),
    st.integers(0, 2**32 - 1),
)
def test_an_auction_is_fair(balances: list[int], lots: int, least: int, interest: float, seed: int) -> None:
    """No more winners than lots, one price for all, nobody pays more than he has, and it costs what the lots cost."""
    rule = Auction(lots=lots, least=least, every_days=7, cost_yuan=50, interest=interest)
    given = rule(night(members(len(balances), points=points(*balances)), day=WINDOW), default_rng(seed))
    paid = np.array(spent(given))
    winners = paid > 0
    assert winners.sum() <= lots
    assert len(set(paid[winners].tolist())) <= 1
    assert np.all(paid <= np.array(balances))
    assert np.all(paid[winners] >= least)
    assert np.rint(paid * given.reward_cost).sum() == 5000 * winners.sum()


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        (Partner, {"points": 0}, "points must be 1"),
        (Partner, {"interest": 2}, "interest must be 0 to 1"),
        (Partner, {"every_days": 0}, "every_days must be 1"),
        (Auction, {"lots": 0}, "lots must be 1"),
        (Auction, {"every_days": 1}, "every_days must be 2"),
        (Auction, {"cost_yuan": -1}, "cost_yuan must be 0"),
    ],
)
def test_nonsense_is_refused(rule: type, params: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule(**params)
